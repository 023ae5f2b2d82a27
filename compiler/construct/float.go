package construct

import (
	"math"
	"math/bits"
)

// Ulp is the relative rounding error of float32, 2^-24.
const Ulp = 1.0 / (1 << 24)

const (
	// NumberError is how far a number may be off as float32 computes it, relative to the
	// largest that comes up in it.
	NumberError = 1e-5

	// CoarsestNumber is how far a number that is shown may be off, relative to the largest
	// that it can be. Where large terms cancel, that is the smaller of the two.
	CoarsestNumber = 1e-3

	// LeastNumber is the least size of numbers of which float32 keeps all digits through
	// sums and products with weights; below 2^-126 it has fewer.
	LeastNumber = 0x1p-100

	// LeastNormal is the least number of which float32 has all digits at all.
	LeastNormal = 0x1p-126

	// LargestNumber is the largest that a model computes with as a number: float32 ends at
	// 2^128, and sums and products with weights must stay below.
	LargestNumber = 0x1p100

	// LargestSum is what the values of all keys may add up to: package runtime may have it 2^24
	// times as large before it is divided by the sum of the weights.
	LargestSum = 0x1p103
)

// Ulp64 is the relative rounding error of float64, 2^-53.
const Ulp64 = 0x1p-53

// Precision is the arithmetic in which a model runs.
type Precision struct {
	Name string
	Ulp  float64 // its relative rounding error
	// Rounds: offsets round what is added to them to a grid.
	Rounds bool
	// Exp is how far exp of a score is off, in Ulps of it; exp(0) is 1, and exp(-104) is 0.
	Exp float64
	// AnyOrder: what a head brings of keys is added up in any order, and not in the chains
	// that package runtime promises.
	AnyOrder bool
	// Divides: the weights of keys are divided by their sum before values are added up.
	Divides bool
	Norm    Norm
	// How many bits behind the first are left of the factors of a product, weights and
	// activations; and of all that is written down: weights, the residual stream, queries, keys,
	// values, scores, the weights of attention, what a head moves, neurons and logits. Products
	// are added up in float32. 0 for those of float32.
	Factor, Stored int
	Largest        float64 // the largest number; 0 where no number comes near it
	Least          float64 // half of the least one; 0 where it does not matter
}

// Norm is what a tool does to the residual stream before heads, neurons and logits read it,
// where a form has made that the identity: a weight of 2^60 undoes eps = 2^120.
type Norm uint8

const (
	NoNorm Norm = iota
	// Centred: the mean that is taken away is exactly 0, or none is.
	Centred
	// Uncentred: the mean is that of numbers of which each has its opposite, added up in any
	// order.
	Uncentred
)

// What is less than NormLeast times a whole number loses up to NormLoses where a norm makes it
// 2^60 times smaller and larger again, since float32 ends at 2^-149.
const (
	NormLeast = 0x1p-89
	NormLoses = 0x1p-90
)

// The offsets of a model are made for float32. In float64 they change nothing, and
// numbers are off by so little that they need not be rounded. For exp see package runtime.
var (
	Float32 = Precision{Name: "float32", Ulp: Ulp, Rounds: true, Exp: 3}
	Float64 = Precision{Name: "float64", Ulp: Ulp64, Exp: 3}
)

// Arithmetics with fewer digits, for models that stand noise. TF32 is what a GPU may take for
// float32: it rounds the factors of products alone. In bfloat16 and float16 all is rounded that
// is written down; softmax is computed in float32 from scores that are, and its exponentials and
// what is made of them are rounded again.
var (
	TF32     = Precision{Name: "tf32", Ulp: Ulp, Rounds: true, Exp: 3, Factor: 10}
	BFloat16 = Precision{Name: "bfloat16", Ulp: Ulp, Rounds: true, Exp: 3, Factor: 7, Stored: 7}
	Float16  = Precision{Name: "float16", Ulp: Ulp, Rounds: true, Exp: 3, Factor: 10, Stored: 10, Largest: 65504, Least: 0x1p-25}
)

// ToBits rounds x to so many bits behind the first, to the even one of two that are as near; 0
// leaves it as it is.
func ToBits(x float64, bits int) float64 {
	if bits == 0 || x == 0 {
		return x
	}
	mantissa, exp := math.Frexp(x)
	return math.Ldexp(math.RoundToEven(math.Ldexp(mantissa, bits+1)), exp-bits-1)
}

// Unit is the relative error of that.
func Unit(bits int) float64 {
	if bits == 0 {
		return 0
	}
	return math.Ldexp(1, -bits-1)
}

// PowerOfTwo is the largest power of two that divides x, infinite for 0: x is on that
// grid and on no coarser one.
func PowerOfTwo(x float64) float64 {
	if x == 0 {
		return math.Inf(1)
	}
	const digits, exponents = 52, 1<<11 - 1
	significand := math.Float64bits(x)&(1<<digits-1) | 1<<digits
	exponent := int(math.Float64bits(x)>>digits) & exponents
	if p := exponent - digits + bits.TrailingZeros64(significand); exponent < exponents && p > 0 {
		return math.Float64frombits(uint64(p) << digits) // as is that of all that are not subnormal
	}
	mantissa, exp := math.Frexp(x)
	m := int64(math.Abs(mantissa) * (1 << 53))
	return math.Ldexp(float64(m&-m), exp-53)
}
