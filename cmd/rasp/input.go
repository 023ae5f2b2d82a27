package main

import (
	"strings"
	"unicode/utf8"

	"rasp/lang/value"
)

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

// showAsText shows an input as text if it can be given so, else as a list.
func showAsText(tokens []value.Value) string {
	text := ""
	for _, t := range tokens {
		if t.Kind() != value.String || utf8.RuneCountInString(t.Text()) != 1 {
			return showInput("[", tokens)
		}
		text += t.Text()
	}
	return showInput(text, tokens)
}
