package inside

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"

	"rasp/lang/diag"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// TokenText is a token for people: a string without its quotes, but where they show where it
// begins and ends, and with escapes for what is not to be seen; True is T and False F, as in
// what rasp run shows.
func TokenText(t model.Token) string {
	v, err := value.ParseAtom(string(t))
	switch {
	case t == model.Undefined:
		return "no value"
	case err != nil:
		return diag.Visible(string(t))
	case v.Kind() == value.Bool:
		return v.String()[:1]
	case v.Kind() != value.String:
		return string(t)
	}
	text := v.String()
	switch {
	case !strings.ContainsFunc(text, isSeen) || strings.ContainsFunc(text, isUnseen):
		return escaped(string(t))
	case strings.ContainsFunc(text, unicode.IsSpace):
		return diag.Visible(string(t))
	}
	return diag.Visible(text)
}

// isSeen reports that a character shows where it stands alone.
func isSeen(r rune) bool { return !unicode.In(r, unicode.Cf, unicode.M, unicode.Z) }

// isUnseen reports that a character never shows; joiners show in what they join.
func isUnseen(r rune) bool { return unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' }

// escaped is a JSON string with escapes for all characters that do not show.
func escaped(token string) string {
	var b strings.Builder
	for _, r := range token {
		if r == ' ' || isSeen(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return diag.Visible(b.String())
}

// String is a reading for people.
func (r Reading) String() string {
	switch {
	case r.Number != nil:
		return fmt.Sprintf("%.4g", *r.Number)
	case len(r.Values) == 0:
		return "no code"
	case len(r.Values) == 1:
		return TokenText(r.Values[0])
	}
	const most = 3
	var list []string
	for _, t := range r.Values[:min(most, len(r.Values))] {
		list = append(list, TokenText(t))
	}
	if len(r.Values) > most {
		return fmt.Sprintf("(one of %d: %s, ..)", len(r.Values), strings.Join(list, ", "))
	}
	return fmt.Sprintf("(one of %s)", strings.Join(list, ", "))
}
