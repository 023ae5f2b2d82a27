package construct

import "math"

// Ulp is the relative rounding error of float32, 2^-24.
const Ulp = 1.0 / (1 << 24)

// Precision is the arithmetic in which a model runs.
type Precision struct {
	Name string
	Ulp  float64 // its relative rounding error
	// Rounds: offsets round what is added to them to a grid.
	Rounds bool
}

// The offsets of a model are made for float32. In float64 they change nothing, and
// numbers are off by so little that they need not be rounded.
var (
	Float32 = Precision{"float32", Ulp, true}
	Float64 = Precision{"float64", 1.0 / (1 << 53), false}
)

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
