package construct

import "math"

// A tally is the sum S of a whole number v over the keys that a head selects, as
// a whole number that comes out of the head exactly, with no neuron to decode it.
//
//	QK: score 0 if selected, <= -Gap if not; BOS: ln c, the largest of all
//	OV: c v at a key, O = TallyOffset at BOS;  b_O: -O
//	=>  z = (O + c e S) / (1 + e w),  e = exp(-ln c),  w keys selected
//
// BOS weighs exp(0) = 1 exactly, and every key so little that the denominator is
// 1. Around O = 1.5 * 2^23 the numbers that float32 has are the integers: z, less
// than half off O + S, is O + S, in whatever order its terms are added, and the
// bias takes O away again. Rows of any width, the empty one with S = 0 among
// them, show their sums in the same unit, so that sums of sums need no decoding
// either. With v = 1 the tally is selector_width.
//
// Exact while TallyError < 1/2, which keeps |S| far below the 2^22 by which O lies
// inside the range with spacing 1.

// TallyOffset is O.
const TallyOffset = 1.5 * (1 << 23)

// TallyWeight is c, the weight of BOS beside a selected key: a power of two, so
// that c v is exact, and large enough that n keys move O by less than 1/20.
func TallyWeight(n int) float64 {
	return math.Exp2(28 + math.Ceil(math.Log2(float64(n))))
}

// TallyError bounds how far z is from O + S before it is rounded, for n keys of
// size at most v where BOS weighs c: e is off by the rounding of ln c and of exp
// itself, n terms are multiplied and added, and the denominator may stand for up
// to n/c.
func TallyError(n int, v, c float64) float64 {
	const ulp = 1.0 / (1 << 24)
	relative := ulp * (math.Log(c) + 6 + float64(n)/2)
	return float64(n)*v*relative + (TallyOffset+float64(n)*v)*float64(n)/c
}
