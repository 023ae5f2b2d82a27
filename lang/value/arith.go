package value

import (
	"strings"

	"rasp/lang/diag"
)

// Budgets that keep a small program from filling the memory. The reference has
// none, but it prints no int above 4300 digits either.
const (
	MaxBits = 1 << 18 // of an int
	MaxText = 1 << 20 // bytes of a string
)

// Unary computes fn (Neg, Pos, Not, Round or Indicator) of an atom. Neg, Pos
// and Round are a type fault for a string; Round is a value fault for inf and
// nan.
func Unary(fn Fn, a Value) (Value, error) {
	switch fn {
	case Not:
		return OfBool(!a.Truthy()), nil
	case Indicator:
		if a.Truthy() {
			return OfInt(1), nil
		}
		return OfInt(0), nil
	}
	if a.kind == String {
		return Value{}, faultf(diag.Type, "cannot compute %s of %s", fn, Describe(a))
	}
	switch {
	case fn == Round && a.kind == Float:
		return roundFloat(a.Float64())
	case fn == Neg && a.kind == Float:
		return OfFloat(-a.Float64()), nil
	case fn == Neg:
		return intSub(OfInt(0), a)
	case a.kind == Bool:
		return OfInt(int64(a.bits)), nil
	}
	return a, nil
}

// Binary computes a fn b of atoms; And and Or return an operand. Bools count as
// 0 and 1. Operands of the wrong kinds are a type fault; a zero divisor, a
// fractional power of a negative number, and an int or a power outside the
// floats where a float is due are a value fault; an int above MaxBits or a
// string above MaxText is a limit fault.
func Binary(fn Fn, a, b Value) (Value, error) {
	if a.kind == Int && b.kind == Int && a.text == "" && b.text == "" {
		if v, ok := onSmall(fn, int64(a.bits), int64(b.bits)); ok {
			return v, nil
		}
	}
	switch {
	case fn == And:
		if a.Truthy() {
			return b, nil
		}
		return a, nil
	case fn == Or:
		if a.Truthy() {
			return a, nil
		}
		return b, nil
	case fn.IsComparison():
		return comparison(fn, a, b)
	case a.kind == String || b.kind == String:
		return onStrings(fn, a, b)
	case a.kind == Float || b.kind == Float:
		return onFloats(fn, a, b)
	}
	return onInts(fn, a, b)
}

// onSmall computes what most operations on ints are; false for the others, and for a sum that
// needs more than 64 bits.
func onSmall(fn Fn, x, y int64) (Value, bool) {
	switch fn {
	case Eq:
		return OfBool(x == y), true
	case Ne:
		return OfBool(x != y), true
	case Lt:
		return OfBool(x < y), true
	case Le:
		return OfBool(x <= y), true
	case Gt:
		return OfBool(x > y), true
	case Ge:
		return OfBool(x >= y), true
	case Add:
		sum := x + y
		return OfInt(sum), (sum > x) == (y > 0)
	case Sub:
		difference := x - y
		return OfInt(difference), (difference < x) == (y > 0)
	}
	return Value{}, false
}

// onInts computes with two ints or bools.
func onInts(fn Fn, a, b Value) (Value, error) {
	switch fn {
	case Add:
		return intAdd(a, b)
	case Sub:
		return intSub(a, b)
	case Mul:
		return intMul(a, b)
	case Div:
		return intDiv(a, b)
	case Mod:
		return intMod(a, b)
	case Pow:
		return intPow(a, b)
	}
	return Value{}, cannot(fn, a, b)
}

// onStrings computes with at least one string: concatenation and repetition.
func onStrings(fn Fn, a, b Value) (Value, error) {
	switch {
	case fn == Add && a.kind == String && b.kind == String:
		if len(a.text)+len(b.text) > MaxText {
			return Value{}, tooLong(fn, a, b)
		}
		return OfString(a.text + b.text), nil
	case fn == Mul && a.kind != String:
		a, b = b, a
	}
	if fn != Mul || b.kind == String || b.kind == Float {
		return Value{}, cannot(fn, a, b)
	}
	count, fits := b.Int64()
	switch {
	case a.text == "" || fits && count <= 0 || !fits && b.Big().Sign() < 0:
		return OfString(""), nil
	case !fits || count > int64(MaxText/len(a.text)):
		return Value{}, tooLong(fn, a, b)
	}
	return OfString(strings.Repeat(a.text, int(count))), nil
}

func cannot(fn Fn, a, b Value) error {
	return faultf(diag.Type, "cannot compute %s %s %s", Describe(a), fn, Describe(b))
}

func tooLong(fn Fn, a, b Value) error {
	return faultf(diag.Limit, "%s %s %s is longer than %d bytes", Describe(a), fn, Describe(b), MaxText)
}
