package attention

import (
	"math"
	"unsafe"
)

// scores are those of a query for a block of keys, and what softmax makes of them.
type scores struct {
	x       *float32 // n scores; then n weights exp(scale (score - largest))
	n       int
	scale   float32
	largest float32 // before: of the blocks so far; then of this one too
	sum     float32 // of the weights
}

// softmaxGeneric is weigh in plain Go.
//
// The assembly computes exp as 2^n exp(r), n being the integer nearest to x / ln 2,
// and exp(r) = 1 + r + r^2 P(r) for |r| <= ln 2 / 2. P, of degree 4, is the best in
// the relative error of exp, 2^-28, found by iteratively reweighted least squares.
// Rounding adds more than that; the test goes through all floats from -104 to 0 and
// finds the result within 1 ulp of the exact one. exp(0) is 1 since r is 0 and both
// sums are exact. Below -104 the result is the 0 that exp(-105) rounds to.
func softmaxGeneric(r *scores) {
	x := unsafe.Slice(r.x, r.n)
	for _, v := range x {
		r.largest = max(r.largest, v)
	}
	r.sum = 0
	for j, v := range x {
		x[j] = exp((v - r.largest) * r.scale)
		r.sum += x[j]
	}
}

// exp is e to the power of x <= 0: exactly 1 for 0, exactly 0 from -104 on, since
// half of the smallest float32, 2^-150, is exp(-103.97).
func exp(x float32) float32 {
	if x <= -104 {
		return 0
	}
	return float32(math.Exp(float64(x)))
}
