package console

import (
	"fmt"
	"strings"
	"unicode"

	"rasp/lang/elab"
	"rasp/lang/value"
)

// quoted is the text of a value by itself: strings in double quotes, as they
// are.
func quoted(v elab.Value) string {
	if a, ok := v.(elab.Atom); ok && a.Kind() == value.String {
		return `"` + a.Text() + `"`
	}
	return repr(v)
}

// repr is the text of a value inside a list: strings in single quotes with
// escapes, as the reference prints them.
func repr(v elab.Value) string {
	switch v := v.(type) {
	case elab.Atom:
		return reprAtom(v.Value)
	case *elab.List:
		texts := make([]string, len(v.Elems))
		for i, elem := range v.Elems {
			texts[i] = repr(elem)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case *elab.Dict:
		texts := make([]string, len(v.Keys))
		for i, key := range v.Keys {
			texts[i] = reprAtom(key) + ": " + repr(v.Values[i])
		}
		return "{" + strings.Join(texts, ", ") + "}"
	case *elab.Function:
		return "<" + signature(v) + ">"
	case elab.Native:
		return "<predefined function: " + nativeSignature + ">"
	}
	return elab.KindOf(v)
}

func reprAtom(v value.Value) string {
	if v.Kind() != value.String {
		return v.String()
	}
	quote := byte('\'')
	if strings.Contains(v.Text(), "'") && !strings.Contains(v.Text(), `"`) {
		quote = '"'
	}
	var b strings.Builder
	b.WriteByte(quote)
	for _, r := range v.Text() {
		switch {
		case r == rune(quote), r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte(quote)
	return b.String()
}
