package construct

import (
	"math"

	"rasp/lang/elementary"
)

const (
	// Border is how far a logit must be below the largest to have no probability: half of
	// the smallest float32 is exp(-103.97), see package rasp/lang/predict.
	Border = 104

	// ProbabilityError is how far a probability of a model may be off, relative to itself.
	ProbabilityError = 1e-5

	// SoftmaxRounding is what float64 rounds of a probability, relative to itself, in
	// logarithms of at most some hundreds and the sum of their exponentials.
	SoftmaxRounding = 1e-12
)

// What a head brings, over a row of w selected keys among n, whose scores are 0 and all
// others at most -Gap/2 (BOS) or -Gap, so that softmax gives e_j = 1 or exactly 0:
//
//	copy  w <= 1: z = v_j of the one key, or that of BOS: exact
//	any   v = 1 at keys, 0 at BOS: z = 1 or 0, up to AnyError
//	mean  z = (sum of v_j) / w, up to MeanError
//
// (Vaswani et al. 2017, equation 1; the OV circuit of Elhage et al. 2021). Scores that
// are off by scoreErr at most make weights that differ by a factor of exp(2 scoreErr).
// The rounding of a sum of n terms is at most n ulp of their magnitudes, in any order
// (Higham 2002, section 4.2).

// MeanError bounds how far a mean is off, of n values of a size at most, all multiples of
// grid (0: of none). Sums of whole multiples below 1/Ulp are exact: then the division, and
// what goes into it and comes out, is rounded, no more. Weights that are divided first are
// rounded each, and so are their products with values.
func (p Precision) MeanError(n int, size, grid, scoreErr float64) float64 {
	rounding := 3 * p.Ulp
	switch {
	case p.Divides:
		rounding = float64(n+5) * p.Ulp
	case grid == 0 || scoreErr > 0 || float64(n)*size > grid/p.Ulp:
		rounding = float64(n+4) * p.Ulp
	}
	return size * (rounding + p.Unequal(n, scoreErr))
}

// AnyError bounds how far "any" is from 0 or 1.
func (p Precision) AnyError(n int, scoreErr float64) float64 {
	terms := n + 4
	if p.Divides {
		terms++
	}
	return p.Unequal(n, scoreErr) + float64(float64(terms)*p.Ulp)
}

// Unequal bounds what weights that are not exactly 0 or 1 add, relative to the largest
// value: the factor by which they differ, and the rounding of n additions in the
// denominator too; each weight is off by exp and a product, twice as much above and below
// together, and so is each factor by which an online softmax scales down what it has, one
// for 32 keys.
func (p Precision) Unequal(n int, scoreErr float64) float64 {
	if scoreErr == 0 {
		return 0
	}
	m := float64(n + 1)
	return elementary.Expm1(2*scoreErr) + float64(p.Ulp*(m+float64(2*(p.Exp+1)*(1+math.Ceil(m/32)))))
}
