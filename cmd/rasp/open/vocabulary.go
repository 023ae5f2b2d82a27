package open

import (
	"slices"
	"strings"
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/value"
	"rasp/runtime/form"
	"rasp/runtime/text"
)

// Vocabulary knows the tokens of a program or model; the nil one knows none.
type Vocabulary struct {
	text.Vocabulary // by how tokens print: the string if there is one, else the first
	Tokens          []value.Value
	Form            *form.Form // of the inputs; nil: of any
	ids             map[value.Value]int
	letters         [1 << 8]int32  // ids of what single bytes of plain text stand for, -1 for none
	characters      map[string]int // and of the other characters
}

// NewVocabulary of the tokens by id; nil if there are none.
func NewVocabulary(tokens []value.Value) *Vocabulary {
	if len(tokens) == 0 {
		return nil
	}
	v := &Vocabulary{Tokens: tokens, ids: make(map[value.Value]int, len(tokens))}
	names, named := make([]string, len(tokens)), make(map[string]int, len(tokens))
	for id, token := range tokens {
		name := token.String()
		v.ids[token], names[id] = id, name
		if _, taken := named[name]; !taken || token == value.OfString(name) {
			named[name] = id
		}
	}
	v.Vocabulary = text.NewVocabulary(names, named)
	v.spell(names)
	return v
}

// spell finds what the characters of plain text stand for among tokens with these names.
func (v *Vocabulary) spell(names []string) {
	for c := range v.letters {
		v.letters[c] = -1
	}
	v.characters = map[string]int{}
	for _, name := range names {
		if utf8.RuneCountInString(name) != 1 || !utf8.ValidString(name) {
			continue
		}
		id := v.ids[v.token(name)]
		if v.characters[name] = id; name[0] < utf8.RuneSelf {
			v.letters[name[0]] = int32(id)
		}
	}
}

// plain gives the ids of plain text, in room if that is large enough; nil of any other input,
// and of text that has what the vocabulary has not.
func (v *Vocabulary) plain(room []int, text string) []int {
	if v == nil || text == "" || text[0] == '[' {
		return nil
	}
	ids := slices.Grow(room[:0], len(text))[:len(text)]
	n := 0
	for from := 0; from < len(text); n++ {
		id, size := int(v.letters[text[from]]), 1
		if id < 0 {
			_, size = utf8.DecodeRuneInString(text[from:])
			var ok bool
			if id, ok = v.characters[text[from:from+size]]; !ok {
				return nil
			}
		}
		ids[n] = id
		from += size
	}
	return ids[:n]
}

// token is what a character of plain text stands for: itself or, if only a
// token of another kind prints like it, that one.
func (v *Vocabulary) token(character string) value.Value {
	if v != nil {
		if id, ok := v.IDs[character]; ok {
			return v.Tokens[id]
		}
	}
	return value.OfString(character)
}

// encode gives the ids of an input for a model that takes at most so many
// tokens, in room if that is large enough, or says what the model cannot take.
func (v *Vocabulary) encode(room []int, input []value.Value, longest int) ([]int, error) {
	if len(input) == 0 {
		return nil, Faultf(diag.Value, "", "the input is empty")
	}
	if len(input) > longest {
		return nil, tooLong(len(input), longest)
	}
	ids := slices.Grow(room[:0], len(input))[:len(input):len(input)]
	for i, token := range input {
		id, ok := v.ids[token]
		if !ok {
			return nil, v.absent(token, i)
		}
		ids[i] = id
	}
	return ids, v.Outside(ids)
}

func tooLong(tokens, longest int) error {
	return Faultf(diag.Domain, "a model for longer inputs is compiled with --length",
		"the input has %d tokens, the model takes at most %d", tokens, longest)
}

// absent is the fault of a token of an input that is not in the vocabulary.
func (v *Vocabulary) absent(token value.Value, position int) error {
	hint := "the vocabulary is " + v.List(20)
	if alike, ok := v.IDs[token.String()]; ok {
		hint = "the vocabulary has " + value.Describe(v.Tokens[alike])
	}
	return Faultf(diag.Domain, hint, "%s (position %d) is not in the vocabulary", value.Describe(token), position)
}

// List shows at most so many tokens.
func (v *Vocabulary) List(most int) string {
	shown := v.Tokens[:min(most, len(v.Tokens))]
	texts := make([]string, len(shown))
	for i, token := range shown {
		texts[i] = token.JSON()
	}
	if len(shown) < len(v.Tokens) {
		texts = append(texts, "...")
	}
	return strings.Join(texts, " ")
}
