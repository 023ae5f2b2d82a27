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
	letters         [utf8.RuneSelf]letter
}

// letter is what one byte of text stands for, so that plain text takes no search.
type letter struct {
	token value.Value
	id    int // -1: it is not in the vocabulary
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
	for c := range v.letters {
		token := v.meant(string(rune(c)))
		id, ok := v.ids[token]
		if !ok {
			id = -1
		}
		v.letters[c] = letter{token, id}
	}
	return v
}

// token is what a character of plain text stands for: itself or, if only a
// token of another kind prints like it, that one.
func (v *Vocabulary) token(character string) value.Value {
	if v == nil {
		return value.OfString(character)
	}
	return v.meant(character)
}

func (v *Vocabulary) meant(character string) value.Value {
	if id, ok := v.IDs[character]; ok {
		return v.Tokens[id]
	}
	return value.OfString(character)
}

// id of a token, false if it is not in the vocabulary.
func (v *Vocabulary) id(token value.Value) (int, bool) {
	if text := token.Text(); len(text) == 1 && token.Kind() == value.String && text[0] < utf8.RuneSelf {
		// What a letter stands for may be another token that prints like it.
		if l := &v.letters[text[0]]; l.token.Kind() == value.String {
			return l.id, l.id >= 0
		}
	}
	id, ok := v.ids[token]
	return id, ok
}

// encode gives the ids of an input for a model that takes at most so many
// tokens, in room if that is large enough, or says what the model cannot take.
func (v *Vocabulary) encode(room []int, input []value.Value, longest int) ([]int, error) {
	if len(input) == 0 {
		return nil, Faultf(diag.Value, "", "the input is empty")
	}
	if len(input) > longest {
		return nil, Faultf(diag.Domain, "a model for longer inputs is compiled with --length",
			"the input has %d tokens, the model takes at most %d", len(input), longest)
	}
	ids := slices.Grow(room[:0], len(input))[:len(input):len(input)]
	for i, token := range input {
		id, ok := v.id(token)
		if !ok {
			return nil, v.absent(token, i)
		}
		ids[i] = id
	}
	return ids, v.Outside(ids)
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
