package value

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"rasp/lang/diag"
)

// ToString is the text form of an atom, as tokens_str has it.
func ToString(v Value) Value { return OfString(v.String()) }

// ToBool is the truthiness of an atom, as tokens_bool has it: "0" is true.
func ToBool(v Value) Value { return OfBool(v.Truthy()) }

// ToInt reads an atom as tokens_int does: decimal text, with a sign and blanks
// around it if need be, is parsed; a float is cut towards zero; a bool is 0 or
// 1. Other text, inf and nan are a value fault.
func ToInt(v Value) (Value, error) {
	switch v.kind {
	case String:
		return parseInt(v.text)
	case Float:
		f := v.Float64()
		if math.IsInf(f, 0) || math.IsNaN(f) {
			return Value{}, faultf(diag.Value, "cannot read %s as an int", Describe(v))
		}
		return ofWhole(math.Trunc(f)), nil
	case Bool:
		return OfInt(int64(v.bits)), nil
	}
	return v, nil
}

// ToFloat reads an atom as tokens_float does: text is parsed, with exponents,
// inf and nan; an int or a bool is converted. Other text and an int too large
// for a float are a value fault.
func ToFloat(v Value) (Value, error) {
	switch v.kind {
	case Float:
		return v, nil
	case String:
		return parseFloat(v.text)
	}
	f := v.Float64()
	if math.IsInf(f, 0) {
		return Value{}, faultf(diag.Value, "%s is too large for a float", Describe(v))
	}
	return OfFloat(f), nil
}

func parseInt(text string) (Value, error) {
	digits := strings.TrimSpace(text)
	if i, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return OfInt(i), nil
	}
	if len(digits) > MaxBits/3 { // a decimal digit is more than 3 bits
		return Value{}, faultf(diag.Limit, "an int of more than %d bits", MaxBits)
	}
	if unsigned := strings.TrimLeft(digits, "+-"); strings.Trim(unsigned, "0123456789") == "" {
		if i, ok := new(big.Int).SetString(digits, 10); ok {
			return OfBig(i), nil
		}
	}
	return Value{}, faultf(diag.Value, "cannot read %s as an int", Describe(OfString(text)))
}

func parseFloat(text string) (Value, error) {
	trimmed := strings.TrimSpace(text)
	if unsigned := strings.TrimLeft(trimmed, "+-"); strings.EqualFold(unsigned, "nan") && len(trimmed)-len(unsigned) <= 1 {
		return OfFloat(math.NaN()), nil
	}
	// Hexadecimal floats and digit separators are Go's, not RASP's.
	if !strings.ContainsAny(trimmed, "xX_") {
		f, err := strconv.ParseFloat(trimmed, 64)
		if err == nil || math.IsInf(f, 0) { // out of range reads as infinite
			return OfFloat(f), nil
		}
	}
	return Value{}, faultf(diag.Value, "cannot read %s as a float", Describe(OfString(text)))
}
