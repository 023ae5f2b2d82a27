package value

import (
	"strconv"
	"strings"
)

// String is the text of an atom as a scalar prints: True, 12, 0.1, 2.0, 1e-05;
// strings are bare.
func (v Value) String() string {
	switch v.kind {
	case String:
		return v.text
	case Float:
		return floatText(v.Float64())
	case Bool:
		if v.bits != 0 {
			return "True"
		}
		return "False"
	}
	if v.text != "" {
		return v.text
	}
	return strconv.FormatInt(int64(v.bits), 10)
}

// floatText is the shortest decimal that reads back as f, always with a point
// or an exponent; the exponent is used below 1e-4 and from 1e16.
func floatText(f float64) string {
	text := strconv.FormatFloat(f, 'e', -1, 64)
	_, tail, ok := strings.Cut(text, "e")
	if !ok { // NaN, +Inf, -Inf
		return strings.ToLower(strings.TrimPrefix(text, "+"))
	}
	if exponent, _ := strconv.Atoi(tail); exponent < -4 || exponent >= 16 {
		return text
	}
	text = strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}
