package construct

import (
	"math"

	"rasp/lang/elementary"
)

// A tally is the sum S of a whole number v over the keys that a head selects, as
// a whole number that comes out of the head exactly, with no neuron to decode it.
//
//	QK: score 0 if selected, <= -Gap if not; BOS: ln c, the largest of all
//	OV: c v + O at a key, O = TallyOffset at BOS;  b_O: -O
//	=>  z = (O (1 + e w) + c e S) / (1 + e w),  e = exp(-ln c),  w keys selected
//	      = O + S / (1 + w/c)
//
// BOS weighs exp(0) = 1 exactly, and every key so little that the denominator is
// 1. Around O = 1.5 * 2^23 the numbers that float32 has are the integers: z, less
// than half off O + S, is O + S, in whatever order its terms are added, and the
// bias takes O away again. Rows of any width, the empty one with S = 0 among
// them, show their sums in the same unit, so that sums of sums need no decoding
// either. With v = 1 the tally is selector_width.
//
// Exact in float32 while TallyError < 1/2, which keeps |S| far below the 2^22 by
// which O lies inside the range with spacing 1. float64 does not round there. Since
// a key brings O as BOS does, O stays O whatever the row weighs, and S is off by
// S w/c, by how far c e is from 1, and by about 2^-30 for each key.

// TallyOffset is O.
const TallyOffset = 1.5 * (1 << 23)

// TallyWeight is c, the weight of BOS beside a selected key, and sink, its logarithm
// as the model has it: base Gaps are added to that in float32. c is from 2^28 n, so
// that n keys move S by 2^-28 of it, up to 2^40 n, as long as c v + O is exact for
// values of the given size: it is a multiple of 2^22, as O is, and c v stays below 2^45.
// Of such weights it is the one that float32 makes the least of: c exp(-sink) is 1 but
// for 2^-26, if n is 20 and more.
func TallyWeight(n int, size, base float64) (c, sink float64) {
	keys := math.Exp2(math.Ceil(elementary.Log2(float64(n))))
	about := keys * max(1<<28, min(1<<40, math.Exp2(math.Floor(44-elementary.Log2(keys*max(1, size))))))
	step, off := max(1<<22, about/(1<<12)), math.Inf(1)
	for w := 0.75 * about; w <= 1.25*about; w += step {
		score := float64(float32(elementary.Log(w)+float64(base*Gap))) - float64(base*Gap)
		if o := math.Abs(elementary.Log(w) - score); o < off {
			c, sink, off = w, score, o
		}
	}
	return c, sink
}

// TallyUnit is what a value of 1 adds to a tally whose BOS weighs c and scores sink.
func TallyUnit(c, sink float64) float64 { return float64(c * elementary.Exp(-sink)) }

// TallyError bounds how far z is from O + S before it is rounded, for n keys of
// size at most v where BOS weighs c: e is off by exp, in some implementations by an
// ulp for each unit of its argument, values are rounded, n terms are multiplied and
// added, and the denominator may stand for up to n/c.
func (p Precision) TallyError(n int, v, c float64) float64 {
	keys := float64(n)
	err := float64(keys * v * p.Ulp * (elementary.Log(c) + 7 + float64(keys/2)))
	if p.Rounds {
		return err + float64((TallyOffset+float64(keys*v))*keys/c) // the denominator is 1, and O keys stay above it
	}
	return err + float64(keys*v*keys/c) + float64((TallyOffset+float64(keys*v))*p.Ulp*(float64(2*keys)+8))
}
