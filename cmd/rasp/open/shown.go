package open

import (
	"slices"
	"strings"
	"unicode/utf8"

	"rasp/lang/value"
)

// Append appends to text how results show the input: as ShowInput does.
func (g *Given) Append(text []byte) []byte {
	if strings.HasPrefix(g.Text, "[") {
		return appendInput(text, g.Text, g.Tokens())
	}
	return value.AppendQuoted(text, g.Text)
}

// ShowInput is an input as results show it: plain text in quotes, a list with a
// blank after each comma.
func ShowInput(text string, tokens []value.Value) string {
	return string(appendInput(nil, text, tokens))
}

// appendInput appends what ShowInput gives.
func appendInput(to []byte, text string, tokens []value.Value) []byte {
	if strings.HasPrefix(text, "[") && tokens != nil {
		return append(append(append(to, '['), JoinJSON(tokens, ", ")...), ']')
	}
	return value.AppendQuoted(to, text)
}

// ShowAsText shows an input as text if it can be given so, else as a list.
func ShowAsText(tokens []value.Value) string {
	text := ""
	for _, t := range tokens {
		if t.Kind() != value.String || utf8.RuneCountInString(t.Text()) != 1 {
			return ShowInput("[", tokens)
		}
		text += t.Text()
	}
	return ShowInput(text, tokens)
}

// Typed is an input as somebody types it, so that Input reads it again: one character a
// token if that can be, else a JSON list.
func Typed(input []value.Value, v *Vocabulary) string {
	text := ""
	for _, t := range input {
		text += t.String()
	}
	if read, err := Input(text, v); text != "" && err == nil && slices.Equal(read, input) {
		return text
	}
	return ShowInput("[", input)
}

// JoinJSON is tokens as JSON, with a separator between.
func JoinJSON(tokens []value.Value, separator string) string {
	texts := make([]string, len(tokens))
	for i, token := range tokens {
		texts[i] = token.JSON()
	}
	return strings.Join(texts, separator)
}
