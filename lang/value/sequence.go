package value

import (
	"fmt"
	"strconv"

	"rasp/lang/diag"
)

// TypeOf is the type of a sequence: "strings", "bools", "ints" (bools among
// them allowed) or "floats" (ints and bools among them allowed; each element
// keeps its own kind). Strings among others are a type fault.
func TypeOf(sequence []Value) (string, error) {
	kinds := 0
	for i := range sequence {
		kinds |= 1 << sequence[i].kind
	}
	if name := typeOf(kinds); name != "" {
		return name, nil
	}
	return "", mixed(sequence)
}

// typeOf is the type of a sequence, of which kinds has a bit for each kind that is there; empty
// if it has none.
func typeOf(kinds int) string {
	switch {
	case kinds&^(1<<String) == 0:
		return "strings"
	case kinds&(1<<String) != 0:
		return ""
	case kinds == 1<<Bool:
		return "bools"
	case kinds&(1<<Float) == 0:
		return "ints"
	}
	return "floats"
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
func FormatSequence(sequence []Value) string { return string(AppendSequence(nil, sequence)) }

// AppendSequence appends to text what FormatSequence prints.
func AppendSequence(text []byte, sequence []Value) []byte {
	text = append(text, '[')
	if constant := len(sequence) > 1 && allEqual(sequence); constant {
		text = append(appendShort(text, sequence[0]), "]*"...)
		text = strconv.AppendInt(text, int64(len(sequence)), 10)
	} else {
		for i, v := range sequence {
			if i > 0 {
				text = append(text, ", "...)
			}
			text = appendShort(text, v)
		}
		text = append(text, ']')
	}
	if name, err := TypeOf(sequence); err == nil {
		text = append(append(append(text, " ("...), name...), ')')
	}
	return text
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
func (v Value) Short() string { return string(appendShort(nil, v)) }

// appendShort appends an element inside a sequence. Rounding to 3 places is that of the
// exact binary value, ties to even.
func appendShort(text []byte, v Value) []byte {
	switch {
	case v.kind == String && len(v.text) == 1 && ' ' <= v.text[0] && v.text[0] <= '~': // as most are
		return append(text, v.text[0])
	case v.kind == Bool:
		return append(text, v.String()[0])
	case v.kind == Float:
		rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v.Float64(), 'f', 3, 64), 64)
		return append(text, floatText(rounded)...)
	case v.kind == Int && v.text == "":
		if v.bits < 10 { // as many counts are
			return append(text, byte('0'+v.bits))
		}
		return strconv.AppendInt(text, int64(v.bits), 10)
	}
	return append(text, diag.Visible(v.String())...)
}
