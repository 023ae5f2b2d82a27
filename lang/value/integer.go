package value

import (
	"math/big"
	"math/bits"

	"rasp/lang/diag"
)

// Ints and bools. Each operation first tries machine words and turns to
// math/big only when they overflow.

func intAdd(a, b Value) (Value, error) {
	x, okX := a.Int64()
	y, okY := b.Int64()
	if sum := x + y; okX && okY && (sum > x) == (y > 0) {
		return OfInt(sum), nil
	}
	return bounded(new(big.Int).Add(a.Big(), b.Big()))
}

func intSub(a, b Value) (Value, error) {
	x, okX := a.Int64()
	y, okY := b.Int64()
	if diff := x - y; okX && okY && (diff < x) == (y > 0) {
		return OfInt(diff), nil
	}
	return bounded(new(big.Int).Sub(a.Big(), b.Big()))
}

func intMul(a, b Value) (Value, error) {
	x, okX := a.Int64()
	y, okY := b.Int64()
	if okX && okY {
		// |x|*|y| < 2^63 fits with either sign; the one other case that fits,
		// -2^63, may take the slow path.
		if high, low := bits.Mul64(magnitude(x), magnitude(y)); high == 0 && low < 1<<63 {
			return OfInt(x * y), nil
		}
	}
	return bounded(new(big.Int).Mul(a.Big(), b.Big()))
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

// intDiv is the double nearest to the exact quotient.
func intDiv(a, b Value) (Value, error) {
	const exact = 1 << 53 // up to here int64 to float64 loses nothing
	x, okX := a.Int64()
	y, okY := b.Int64()
	switch {
	case okY && y == 0:
		return Value{}, byZero(Div, a, b)
	case okX && x == 0: // 0/-3 is -0.0
		return OfFloat(0 * float64(b.Big().Sign())), nil
	case okX && okY && magnitude(x) <= exact && magnitude(y) <= exact:
		return OfFloat(float64(x) / float64(y)), nil
	}
	f, _ := new(big.Rat).SetFrac(a.Big(), b.Big()).Float64()
	return finite(f, Div, a, b)
}

// intMod has the sign of the divisor.
func intMod(a, b Value) (Value, error) {
	x, okX := a.Int64()
	y, okY := b.Int64()
	switch {
	case okY && y == 0:
		return Value{}, byZero(Mod, a, b)
	case okX && okY:
		rem := x % y
		if rem != 0 && (rem < 0) != (y < 0) {
			rem += y
		}
		return OfInt(rem), nil
	}
	divisor := b.Big()
	rem := new(big.Int).Rem(a.Big(), divisor)
	if rem.Sign() != 0 && rem.Sign() != divisor.Sign() {
		rem.Add(rem, divisor)
	}
	return bounded(rem)
}

// intPow is an int for an exponent from 0, else a float.
func intPow(a, b Value) (Value, error) {
	base, exponent := a.Big(), b.Big()
	switch {
	case exponent.Sign() < 0:
		return onFloats(Pow, a, b)
	case base.BitLen() <= 1: // -1, 0, 1: the parity decides
		parity := new(big.Int).And(exponent, big.NewInt(1))
		if exponent.Sign() > 0 && parity.Sign() == 0 {
			parity.SetInt64(2)
		}
		return OfBig(parity.Exp(base, parity, nil)), nil
	case !exponent.IsInt64() || exponent.Int64() > MaxBits/int64(base.BitLen()-1):
		return Value{}, faultf(diag.Limit, "%s ^ %s has more than %d bits", Describe(a), Describe(b), MaxBits)
	}
	return bounded(base.Exp(base, exponent, nil))
}

func bounded(i *big.Int) (Value, error) {
	if i.BitLen() > MaxBits {
		return Value{}, faultf(diag.Limit, "an int of more than %d bits", MaxBits)
	}
	return OfBig(i), nil
}

func byZero(fn Fn, a, b Value) error {
	return faultf(diag.Value, "division by zero: %s %s %s", Describe(a), fn, Describe(b))
}
