package main

import (
	"strings"

	"rasp/lang/diag"
	"rasp/lang/value"
	"rasp/runtime/text"
)

// vocabulary knows the tokens of a program or model; the nil one knows none.
type vocabulary struct {
	text.Vocabulary // by how tokens print: the string if there is one, else the first
	tokens          []value.Value
	ids             map[value.Value]int
}

func newVocabulary(tokens []value.Value) *vocabulary {
	if len(tokens) == 0 {
		return nil
	}
	v := &vocabulary{tokens: tokens, ids: make(map[value.Value]int, len(tokens))}
	names, named := make([]string, len(tokens)), make(map[string]int, len(tokens))
	for id, token := range tokens {
		name := token.String()
		v.ids[token], names[id] = id, name
		if _, taken := named[name]; !taken || token == value.OfString(name) {
			named[name] = id
		}
	}
	v.Vocabulary = text.NewVocabulary(names, named)
	return v
}

// token is what a character of plain text stands for: itself or, if only a
// token of another kind prints like it, that one.
func (v *vocabulary) token(character string) value.Value {
	if v != nil {
		if id, ok := v.IDs[character]; ok {
			return v.tokens[id]
		}
	}
	return value.OfString(character)
}

// encode gives the ids of an input for a model that takes at most so many
// tokens, or says what the model cannot take.
func (v *vocabulary) encode(input []value.Value, longest int) ([]int, error) {
	if len(input) == 0 {
		return nil, faultf(diag.Value, "", "the input is empty")
	}
	if len(input) > longest {
		return nil, faultf(diag.Domain, "a model for longer inputs is compiled with --length",
			"the input has %d tokens, the model takes at most %d", len(input), longest)
	}
	ids := make([]int, len(input))
	for i, token := range input {
		id, ok := v.ids[token]
		if !ok {
			return nil, faultf(diag.Domain, v.hint(token), "%s (position %d) is not in the vocabulary", value.Describe(token), i)
		}
		ids[i] = id
	}
	return ids, nil
}

func (v *vocabulary) hint(token value.Value) string {
	if alike, ok := v.IDs[token.String()]; ok {
		return "the vocabulary has " + value.Describe(v.tokens[alike])
	}
	return "the vocabulary is " + v.list(20)
}

// list shows at most so many tokens.
func (v *vocabulary) list(most int) string {
	shown := v.tokens[:min(most, len(v.tokens))]
	texts := make([]string, len(shown))
	for i, token := range shown {
		texts[i] = token.JSON()
	}
	if len(shown) < len(v.tokens) {
		texts = append(texts, "...")
	}
	return strings.Join(texts, " ")
}
