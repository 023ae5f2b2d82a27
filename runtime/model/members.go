package model

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// The header of a model of words is 12 MB of JSON, nearly all of it strings, and
// encoding/json goes over it once for each level, and copies it twice. What is read here
// was found valid before, so that its strings are found by their ends.

// part is the text of a value in JSON: a piece of the text that was read, which does not
// change.
type part []byte

// membersOf are the values of an object of JSON, by key; of equal keys the last. The error is
// that of encoding/json for what is not valid, or no object. null has none.
func membersOf(text []byte) (map[string]part, error) {
	if !json.Valid(text) {
		return nil, json.Unmarshal(text, &map[string]json.RawMessage{})
	}
	return membersOfValid(text)
}

func membersOfValid(text []byte) (map[string]part, error) {
	members := map[string]part{}
	if bytes.TrimLeft(text, " \t\r\n")[0] != '{' {
		return members, json.Unmarshal(text, &map[string]json.RawMessage{})
	}
	var key string
	depth, start := 0, -1 // of the brackets; where the value begins, -1 before a colon
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			end := i + stringLength(text[i:])
			if depth == 1 && start < 0 {
				key = unquoted(text[i:end])
			}
			i = end - 1
		case c == '{' || c == '[':
			depth++
		case depth == 1 && c == ':' && start < 0:
			start = i + 1
		case depth == 1 && start >= 0 && (c == ',' || c == '}'):
			members[key], start = bytes.TrimSpace(text[start:i]), -1
		case c == '}' || c == ']':
			depth--
		}
	}
	return members, nil
}

// stringsOf is an object of strings; null, which encoding/json takes for "", among them.
// The text is valid.
func stringsOf(text []byte) (map[string]string, error) {
	members, err := membersOfValid(text)
	if err != nil {
		return nil, inWords(err)
	}
	list := map[string]string{}
	for key, value := range members {
		if value[0] != '"' {
			return list, parseJSON(text, &list)
		}
		list[key] = unquoted(value)
	}
	return list, nil
}

// unquoted is a string of JSON, in its quotes.
func unquoted(quoted []byte) string {
	var b strings.Builder
	b.Grow(len(quoted))
	rest := quoted[1 : len(quoted)-1]
	for {
		at := bytes.IndexByte(rest, '\\')
		if at < 0 {
			break
		}
		b.Write(rest[:at])
		c, ok := escapes[rest[at+1]]
		if !ok {
			return decoded(quoted)
		}
		b.WriteByte(c)
		rest = rest[at+2:]
	}
	b.Write(rest)
	if !utf8.ValidString(b.String()) {
		return decoded(quoted)
	}
	return b.String()
}

// escapes are the characters that stand for others after a backslash, but for u.
var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// decoded is unquoted by encoding/json.
func decoded(quoted []byte) string {
	var text string
	_ = json.Unmarshal(quoted, &text) // it is valid
	return text
}
