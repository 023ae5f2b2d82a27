package diag

import (
	"fmt"
	"strings"
	"unicode"
)

// Visible is a text with a picture in place of each control character, which a terminal
// would obey, and of those that turn the direction of writing: U+241B for the escape
// character, and so on (Unicode, Control Pictures). What stands in a program or a model
// may come from anybody. Ends of lines are control characters too.
func Visible(text string) string {
	if !strings.ContainsFunc(text, obeyed) {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case !obeyed(r):
			return r
		case r < ' ':
			return '\u2400' + r
		case r == '\u007f':
			return '\u2421'
		}
		return unicode.ReplacementChar
	}, text)
}

// VisibleLines is Visible, but for ends of lines and tabs.
func VisibleLines(text string) string {
	if !strings.ContainsFunc(text, obeyed) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if r == '\n' || r == '\t' {
			b.WriteRune(r)
		} else {
			b.WriteString(Visible(string(r)))
		}
	}
	return b.String()
}

// EscapeJSON writes the characters that Visible replaces as JSON escapes, but for those
// that JSON has no room for in a string anyway.
func EscapeJSON(text string) string {
	escaped := func(r rune) bool { return r >= ' ' && obeyed(r) }
	if !strings.ContainsFunc(text, escaped) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if escaped(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func obeyed(r rune) bool {
	if r < '\u007f' {
		return r < ' '
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}
