package main

import (
	"rasp/cmd/rasp/open"
	"rasp/lang/value"
)

// showBriefly is showInput for messages, in which a long input is cut short.
func showBriefly(text string, tokens []value.Value) string {
	const longest = 72 // characters
	shown := []rune(open.ShowInput(text, tokens))
	if len(shown) <= longest {
		return string(shown)
	}
	return string(shown[:longest]) + "..."
}
