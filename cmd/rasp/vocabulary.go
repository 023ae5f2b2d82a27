package main

import (
	"strings"

	"rasp/lang/diag"
	"rasp/lang/value"
)

// vocabulary knows the tokens of a program or model; the nil one knows none.
type vocabulary struct {
	tokens []value.Value
	ids    map[value.Value]int
	texts  map[string]value.Value // the first token that prints like this
}

func newVocabulary(tokens []value.Value) *vocabulary {
	if len(tokens) == 0 {
		return nil
	}
	v := &vocabulary{tokens, make(map[value.Value]int, len(tokens)), make(map[string]value.Value, len(tokens))}
	for id, token := range tokens {
		v.ids[token] = id
		if _, taken := v.texts[token.String()]; !taken {
			v.texts[token.String()] = token
		}
	}
	return v
}

// token is what a character of plain text stands for: itself or, if only a
// token of another kind prints like it, that one.
func (v *vocabulary) token(character string) value.Value {
	itself := value.OfString(character)
	if v == nil {
		return itself
	}
	if _, known := v.ids[itself]; !known {
		if token, ok := v.texts[character]; ok {
			return token
		}
	}
	return itself
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
	if alike, ok := v.texts[token.String()]; ok {
		return "the vocabulary has " + value.Describe(alike)
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
