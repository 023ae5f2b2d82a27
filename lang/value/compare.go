package value

import (
	"cmp"
	"math"
	"math/big"

	"rasp/lang/diag"
)

// Truthy is false for False, 0, 0.0 and "".
func (v Value) Truthy() bool {
	switch v.kind {
	case String:
		return v.text != ""
	case Float:
		return v.Float64() != 0
	}
	return v.bits != 0 || v.text != ""
}

// Equal is the == of RASP: numbers and bools by number (1, 1.0 and True are
// equal), strings by content, a string and a number never.
func Equal(a, b Value) bool {
	if a.kind == String || b.kind == String {
		return a.kind == b.kind && a.text == b.text
	}
	order, ordered := compareNumbers(a, b)
	return ordered && order == 0
}

// Compare is -1, 0 or 1 as a is below, equal to or above b: numbers and bools
// by number, strings by code point. A string against a number is a type fault,
// nan, which has no place in the order, a value fault.
func Compare(a, b Value) (int, error) {
	switch {
	case a.kind == String && b.kind == String:
		return cmp.Compare(a.text, b.text), nil
	case a.kind == String || b.kind == String:
		return 0, faultf(diag.Type, "cannot order %s and %s", Describe(a), Describe(b))
	}
	order, ordered := compareNumbers(a, b)
	if !ordered {
		return 0, faultf(diag.Value, "nan has no place in an order")
	}
	return order, nil
}

// comparison computes a fn b for == != < <= > >=; nan is unequal to all and
// neither below nor above.
func comparison(fn Fn, a, b Value) (Value, error) {
	switch {
	case fn == Eq:
		return OfBool(Equal(a, b)), nil
	case fn == Ne:
		return OfBool(!Equal(a, b)), nil
	case (a.kind == String) != (b.kind == String):
		return Value{}, cannot(fn, a, b)
	case isNaN(a) || isNaN(b):
		return OfBool(false), nil
	}
	order, err := Compare(a, b)
	return OfBool(fn.Holds(order)), err
}

// Holds tells whether a comparison is true of two atoms that Compare to order.
func (f Fn) Holds(order int) bool {
	switch f {
	case Eq:
		return order == 0
	case Ne:
		return order != 0
	case Lt:
		return order < 0
	case Le:
		return order <= 0
	case Gt:
		return order > 0
	}
	return order >= 0
}

func isNaN(v Value) bool { return v.kind == Float && math.IsNaN(v.Float64()) }

// compareNumbers compares exactly: an int is not rounded to a float first.
func compareNumbers(a, b Value) (order int, ordered bool) {
	x, okX := a.Int64()
	y, okY := b.Int64()
	switch {
	case okX && okY:
		return cmp.Compare(x, y), true
	case isNaN(a) || isNaN(b):
		return 0, false
	case a.kind == Float && b.kind == Float:
		return cmp.Compare(a.Float64(), b.Float64()), true
	}
	if isFloat(a) && isFloat(b) {
		return cmp.Compare(a.Float64(), b.Float64()), true
	}
	return exactly(a).Cmp(exactly(b)), true
}

// isFloat reports that a number is a float64 exactly, as is any int up to 2^53.
func isFloat(v Value) bool {
	i, ok := v.Int64()
	return v.kind == Float || ok && i <= 1<<53 && i >= -1<<53
}

func exactly(v Value) *big.Float {
	if v.kind == Float {
		return big.NewFloat(v.Float64())
	}
	return new(big.Float).SetInt(v.Big())
}
