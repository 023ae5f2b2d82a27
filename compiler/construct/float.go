package construct

import "math"

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
)

// Ulp64 is the relative rounding error of float64, 2^-53.
const Ulp64 = 0x1p-53

// Precision is the arithmetic in which a model runs.
type Precision struct {
	Name string
	Ulp  float64 // its relative rounding error
	// Rounds: offsets round what is added to them to a grid.
	Rounds bool
	// How many bits behind the first are left of the factors of a product, weights and
	// activations; and of all that is written down: weights, the residual stream, queries, keys,
	// values, scores, the weights of attention, what a head moves, neurons and logits. Products
	// are added up in float32. 0 for those of float32.
	Factor, Stored int
	Largest        float64 // the largest number; 0 where no number comes near it
	Least          float64 // half of the least one; 0 where it does not matter
}

// The offsets of a model are made for float32. In float64 they change nothing, and
// numbers are off by so little that they need not be rounded.
var (
	Float32 = Precision{Name: "float32", Ulp: Ulp, Rounds: true}
	Float64 = Precision{Name: "float64", Ulp: Ulp64}
)

// Arithmetics with fewer digits, for models that stand noise. TF32 is what a GPU may take for
// float32: it rounds the factors of products alone. In bfloat16 and float16 all is rounded that
// is written down; softmax is computed in float32 from scores that are, and its exponentials and
// what is made of them are rounded again.
var (
	TF32     = Precision{Name: "tf32", Ulp: Ulp, Rounds: true, Factor: 10}
	BFloat16 = Precision{Name: "bfloat16", Ulp: Ulp, Rounds: true, Factor: 7, Stored: 7}
	Float16  = Precision{Name: "float16", Ulp: Ulp, Rounds: true, Factor: 10, Stored: 10, Largest: 65504, Least: 0x1p-25}
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
	mantissa, exp := math.Frexp(x)
	m := int64(math.Abs(mantissa) * (1 << 53))
	return math.Ldexp(float64(m&-m), exp-53)
}
