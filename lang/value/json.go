package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"strings"

	"rasp/lang/diag"
)

// JSON is the atom as a JSON scalar. Ints have no point, floats always have a
// point or an exponent, so that the two stay apart; floats that JSON lacks are
// the strings "NaN", "Infinity" and "-Infinity".
func (v Value) JSON() string {
	switch v.kind {
	case String:
		return quote(v.text)
	case Bool:
		if v.bits != 0 {
			return "true"
		}
		return "false"
	case Float:
		switch text := v.String(); text {
		case "nan":
			return `"NaN"`
		case "inf":
			return `"Infinity"`
		case "-inf":
			return `"-Infinity"`
		default:
			return text
		}
	}
	return v.String()
}

// AppendJSON appends what JSON gives.
func AppendJSON(to []byte, v Value) []byte {
	if v.kind == String {
		return AppendQuoted(to, v.text)
	}
	return append(to, v.JSON()...)
}

// AppendQuoted appends a text as a JSON string.
func AppendQuoted(to []byte, text string) []byte {
	if asItIs(text) {
		return append(append(append(to, '"'), text...), '"')
	}
	return append(to, quote(text)...)
}

func quote(text string) string {
	if asItIs(text) {
		return `"` + text + `"`
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return `""` // cannot happen: every string has a JSON form
	}
	return diag.EscapeJSON(strings.TrimSuffix(b.String(), "\n"))
}

// asItIs reports whether all of a text stands so in JSON: it is printable ASCII.
func asItIs(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// ParseJSON reads a JSON list of strings, numbers and booleans; a number with a
// point or an exponent is a float, any other an int. Text that is not JSON is a
// syntax fault, null or a nested list or object a type fault.
func ParseJSON(text string) ([]Value, error) {
	var elements []any
	if err := decode(text, &elements); err != nil {
		return nil, err
	}
	if elements == nil {
		return nil, faultf(diag.Type, "null is not a list")
	}
	sequence := make([]Value, len(elements))
	for i, e := range elements {
		v, err := ofJSON(e)
		if err != nil {
			return nil, err
		}
		sequence[i] = v
	}
	return sequence, nil
}

// ParseAtom reads one JSON string, number or boolean, with the faults of
// ParseJSON.
func ParseAtom(text string) (Value, error) {
	if inner, ok := unquoted(text); ok {
		return OfString(inner), nil
	}
	if i, ok := short(text); ok {
		return OfInt(i), nil
	}
	var element any
	if err := decode(text, &element); err != nil {
		return Value{}, err
	}
	return ofJSON(element)
}

// unquoted is what stands between the quotes of a string of printable ASCII without escapes, as
// nearly all tokens are.
func unquoted(text string) (inner string, ok bool) {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return "", false
	}
	inner = text[1 : len(text)-1]
	for _, c := range []byte(inner) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return "", false
		}
	}
	return inner, true
}

// short is a whole number as JSON writes it, of digits enough for an int64 alone.
func short(text string) (i int64, ok bool) {
	digits := strings.TrimPrefix(text, "-")
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && text != "0" {
		return 0, false
	}
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return 0, false
		}
		i = 10*i + int64(c-'0')
	}
	if len(digits) < len(text) {
		i = -i
	}
	return i, true
}

// decode reads exactly one JSON value into target, numbers as they are written.
func decode(text string, target any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	err := d.Decode(target)
	if wrong, ok := err.(*json.UnmarshalTypeError); ok {
		return faultf(diag.Type, "expected a JSON list, found a %s", wrong.Value)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return faultf(diag.Syntax, "not JSON: it ends too early")
	}
	if err != nil {
		return faultf(diag.Syntax, "not JSON: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); err != io.EOF {
		return faultf(diag.Syntax, "not JSON: text after the end of the value")
	}
	return nil
}

func ofJSON(element any) (Value, error) {
	switch e := element.(type) {
	case string:
		return OfString(e), nil
	case bool:
		return OfBool(e), nil
	case json.Number:
		if strings.ContainsAny(e.String(), ".eE") {
			f, err := e.Float64()
			if err != nil {
				return Value{}, faultf(diag.Value, "%s is too large for a float", e)
			}
			return OfFloat(f), nil
		}
		if len(e) > MaxBits/3 {
			return Value{}, faultf(diag.Limit, "an int of more than %d bits", MaxBits)
		}
		i, _ := new(big.Int).SetString(e.String(), 10)
		return OfBig(i), nil
	case nil:
		return Value{}, faultf(diag.Type, "null is not an atom")
	}
	return Value{}, faultf(diag.Type, "an atom is a string, a number or a boolean, not a list or an object")
}
