package value

import (
	"math"
	"math/big"

	"rasp/lang/diag"
)

// onFloats computes in float64. Sums, products and quotients may be infinite;
// an int too large for a float and a power too large are faults.
func onFloats(fn Fn, a, b Value) (Value, error) {
	x, err := ToFloat(a)
	if err != nil {
		return Value{}, err
	}
	y, err := ToFloat(b)
	if err != nil {
		return Value{}, err
	}
	// The conversions forbid fused multiply-add, which would round once less.
	switch p, q := x.Float64(), y.Float64(); fn {
	case Add:
		return OfFloat(float64(p + q)), nil
	case Sub:
		return OfFloat(float64(p - q)), nil
	case Mul:
		return OfFloat(float64(p * q)), nil
	case Div:
		if q == 0 {
			return Value{}, byZero(fn, a, b)
		}
		return OfFloat(p / q), nil
	case Mod:
		if q == 0 {
			return Value{}, byZero(fn, a, b)
		}
		return OfFloat(floatMod(p, q)), nil
	case Pow:
		return floatPow(p, q, a, b)
	}
	return Value{}, cannot(fn, a, b)
}

// floatMod has the sign of the divisor, zeros too.
func floatMod(x, y float64) float64 {
	rem := math.Mod(x, y)
	switch {
	case rem == 0:
		return math.Copysign(0, y)
	case (rem < 0) != (y < 0):
		return rem + y
	}
	return rem
}

// floatPow is x^y; a and b are the operands as the user gave them.
func floatPow(x, y float64, a, b Value) (Value, error) {
	special := math.IsInf(x, 0) || math.IsInf(y, 0) || math.IsNaN(x) || math.IsNaN(y)
	switch {
	case x == 0 && y < 0:
		return Value{}, faultf(diag.Value, "division by zero: %s ^ %s", Describe(a), Describe(b))
	case special || x == 0 || y == 0:
		return OfFloat(math.Pow(x, y)), nil // as C99 and IEEE 754 have it
	case x < 0 && y != math.Trunc(y):
		return Value{}, faultf(diag.Value, "a fractional power of a negative number: %s ^ %s", Describe(a), Describe(b))
	}
	f := power(math.Abs(x), y)
	if x < 0 && math.Mod(y, 2) != 0 {
		f = -f
	}
	return finite(f, Pow, a, b)
}

// finite refuses an infinite result of finite operands.
func finite(f float64, fn Fn, a, b Value) (Value, error) {
	if math.IsInf(f, 0) {
		return Value{}, faultf(diag.Value, "%s %s %s is too large for a float", Describe(a), fn, Describe(b))
	}
	return OfFloat(f), nil
}

// roundFloat is the nearest int, ties to even.
func roundFloat(f float64) (Value, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return Value{}, faultf(diag.Value, "cannot round %s to an int", Describe(OfFloat(f)))
	}
	return ofWhole(math.RoundToEven(f)), nil
}

// ofWhole makes an int of a float that has no fraction.
func ofWhole(f float64) Value {
	if math.Abs(f) < 1<<63 {
		return OfInt(int64(f))
	}
	i, _ := new(big.Float).SetFloat64(f).Int(nil)
	return OfBig(i)
}
