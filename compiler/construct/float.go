package construct

import "math"

// Ulp is the relative rounding error of float32, 2^-24.
const Ulp = 1.0 / (1 << 24)

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
