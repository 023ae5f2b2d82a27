package main

import (
	"strings"
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/value"
)

// parseInput reads an input: a JSON list if it starts with [, otherwise one
// token a character, as the vocabulary has it. The error is a fault of the
// text.
func parseInput(text string, v *vocabulary) ([]value.Value, error) {
	if !utf8.ValidString(text) {
		return nil, faultf(diag.Syntax, "", "the input is not UTF-8")
	}
	if strings.HasPrefix(text, "[") {
		tokens, err := value.ParseJSON(text)
		if err != nil {
			d := asDiagnostic(err)
			d.Hint = `an input that starts with [ is a JSON list, such as ["a", 1, 2.5, true]`
			return nil, d
		}
		return tokens, nil
	}
	tokens := make([]value.Value, 0, len(text))
	for _, r := range text {
		tokens = append(tokens, v.token(string(r)))
	}
	return tokens, nil
}

// showInput is an input as results show it: plain text in quotes, a list with a
// blank after each comma.
func showInput(text string, tokens []value.Value) string {
	if strings.HasPrefix(text, "[") && tokens != nil {
		return "[" + joinJSON(tokens, ", ") + "]"
	}
	return value.OfString(text).JSON()
}

// showBriefly is showInput for messages, in which a long input is cut short.
func showBriefly(text string, tokens []value.Value) string {
	const longest = 72 // characters
	shown := []rune(showInput(text, tokens))
	if len(shown) <= longest {
		return string(shown)
	}
	return string(shown[:longest]) + "..."
}

func joinJSON(tokens []value.Value, separator string) string {
	texts := make([]string, len(tokens))
	for i, token := range tokens {
		texts[i] = token.JSON()
	}
	return strings.Join(texts, separator)
}
