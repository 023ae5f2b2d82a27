package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/pattern"
	"rasp/lang/value"
)

// maxVocab bounds a range: each token costs a row of the embedding.
const maxVocab = 1 << 20

var (
	intRange = pattern.Of(`^([-+]?[0-9]+)\s*\.\.\s*([-+]?[0-9]+)$`)
	bareWord = pattern.Of(`^[^\s"\[][^\s"]*$`)
)

// ParseVocab reads a vocabulary, in one of four forms:
//
//	"abc"         one token a character; there are no escapes
//	["the", 1]    a JSON list of strings, numbers and booleans
//	0..9  -3..3   ints, both ends included
//	abc           as "abc", for the command line: no blank or quote, no [ at its beginning
//
// The order is kept. An empty vocabulary, a token given twice and text of
// another form are errors; every error is a *value.Fault of kind domain.
func ParseVocab(text string) ([]value.Value, error) {
	text = strings.TrimSpace(text)
	tokens, err := vocabTokens(text)
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 {
		return nil, domainFault("the vocabulary is empty")
	}
	seen := make(map[value.Value]bool, len(tokens))
	for _, t := range tokens {
		if seen[t] {
			return nil, domainFault(value.Describe(t) + " stands twice in the vocabulary")
		}
		seen[t] = true
	}
	return tokens, nil
}

func vocabTokens(text string) ([]value.Value, error) {
	ends := intRange().FindStringSubmatch(text)
	switch {
	case !utf8.ValidString(text):
		return nil, domainFault("the vocabulary is not UTF-8")
	case text == "":
		return nil, domainFault("the vocabulary is missing")
	case strings.HasPrefix(text, "["):
		tokens, err := value.ParseJSON(text)
		if err != nil {
			return nil, domainFault(err.Error())
		}
		return tokens, nil
	case ends != nil:
		return rangeTokens(ends[1], ends[2])
	case len(text) >= 2 && text[0] == '"' && strings.IndexByte(text[1:], '"') == len(text)-2:
		return characters(text[1 : len(text)-1]), nil
	case bareWord().MatchString(text):
		return characters(text), nil
	}
	return nil, domainFault("a vocabulary cannot be " + shorten(text))
}

// rangeTokens are the ints from first to last, both included.
func rangeTokens(first, last string) ([]value.Value, error) {
	low, err1 := strconv.ParseInt(first, 10, 64)
	high, err2 := strconv.ParseInt(last, 10, 64)
	switch {
	case err1 != nil || err2 != nil || low <= high && uint64(high)-uint64(low) >= maxVocab:
		return nil, domainFault("the range " + shorten(first+".."+last) + " has more than " + strconv.Itoa(maxVocab) + " tokens")
	case low > high:
		return nil, domainFault("the range " + first + ".." + last + " is empty: " + first + " is above " + last)
	}
	tokens := make([]value.Value, 0, high-low+1)
	for i := low; ; i++ {
		tokens = append(tokens, value.OfInt(i))
		if i == high {
			return tokens, nil
		}
	}
}

func characters(text string) []value.Value {
	var tokens []value.Value
	for _, r := range text {
		tokens = append(tokens, value.OfString(string(r)))
	}
	return tokens
}

func domainFault(message string) error {
	return &value.Fault{Kind: diag.Domain, Message: message}
}
