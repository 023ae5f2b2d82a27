package value

import (
	"fmt"
	"strconv"
	"strings"

	"rasp/lang/diag"
)

// TypeOf is the type of a sequence: "strings", "bools", "ints" (bools among
// them allowed) or "floats" (ints and bools among them allowed; each element
// keeps its own kind). Strings among others are a type fault.
func TypeOf(sequence []Value) (string, error) {
	kinds := 0 // a bit for each that is there
	for i := range sequence {
		kinds |= 1 << sequence[i].kind
	}
	switch {
	case kinds&^(1<<String) == 0:
		return "strings", nil
	case kinds&(1<<String) != 0:
		return "", mixed(sequence)
	case kinds == 1<<Bool:
		return "bools", nil
	case kinds&(1<<Float) == 0:
		return "ints", nil
	}
	return "floats", nil
}

// mixed names the first two elements that cannot be in one sequence.
func mixed(sequence []Value) error {
	first := sequence[0]
	for _, v := range sequence {
		if (v.kind == String) != (first.kind == String) {
			message := fmt.Sprintf("a sequence cannot hold both %s and %s", Describe(first), Describe(v))
			return &Fault{Kind: diag.Type, Class: diag.Refused, Message: message}
		}
	}
	return nil
}

// FormatSequence prints a sequence as the reference does: [e, l, l, o]
// (strings), with bools as T and F and floats rounded to 3 places; two or more
// equal elements are [3]*5 (ints). A sequence without a type prints without
// one.
func FormatSequence(sequence []Value) string {
	var b strings.Builder
	b.WriteByte('[')
	if constant := len(sequence) > 1 && allEqual(sequence); constant {
		b.WriteString(short(sequence[0]))
		b.WriteString("]*")
		b.WriteString(strconv.Itoa(len(sequence)))
	} else {
		for i, v := range sequence {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(short(v))
		}
		b.WriteByte(']')
	}
	if name, err := TypeOf(sequence); err == nil {
		b.WriteString(" (" + name + ")")
	}
	return b.String()
}

func allEqual(sequence []Value) bool {
	for _, v := range sequence {
		if !Equal(v, sequence[0]) {
			return false
		}
	}
	return true
}

// Short is an element as it prints inside a sequence.
func (v Value) Short() string { return short(v) }

// short is an element inside a sequence. Rounding to 3 places is that of the
// exact binary value, ties to even.
func short(v Value) string {
	switch v.kind {
	case Bool:
		return v.String()[:1]
	case Float:
		rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v.Float64(), 'f', 3, 64), 64)
		return floatText(rounded)
	}
	return diag.Visible(v.String())
}
