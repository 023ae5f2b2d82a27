package value

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"rasp/lang/diag"
)

// Fault says why an operation on atoms has no result. Every error of this
// package is a *Fault.
type Fault struct {
	Kind    diag.Kind
	Class   diag.Class
	Message string // lower case, no full stop
}

func (f *Fault) Error() string { return f.Message }

func faultf(kind diag.Kind, format string, args ...any) error {
	return &Fault{Kind: kind, Class: diag.Failed, Message: fmt.Sprintf(format, args...)}
}

// Describe names the kind and the content of an atom for a message, shortened
// if it is long: int 3, string "abc".
func Describe(v Value) string {
	const longest = 40
	text := v.String()
	if len(text) > longest {
		cut := longest
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "..."
	}
	if v.kind == String {
		text = strconv.Quote(text)
	}
	return v.kind.String() + " " + text
}
