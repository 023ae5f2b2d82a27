package construct

import (
	"math"
	"sync/atomic"

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
// S w/c, by how far c e is from 1, and by at most 2^-26 for each key.

// TallyOffset is O.
const TallyOffset = 1.5 * (1 << 23)

// TallyWeight is c, the weight of BOS beside a selected key, and sink, its logarithm
// as the model has it: base Gaps are added to that in float32, and taken away again. c is about 2^40 n, so
// that n keys move S by 2^-40 of it, or less where c v + O must be exact for
// values of the given size: it is a multiple of 2^22, as O is, and 2 c v stays below 2^46.
// Of such weights it is the one that float32 makes the least of: c exp(-sink) is 1 but
// for 2^-26, if n is 20 and more.
func TallyWeight(n int, size, base float64) (c, sink float64) {
	place := &tallies[(math.Float64bits(size)^math.Float64bits(base)<<1^uint64(n)<<2)*0x9e3779b97f4a7c15>>56]
	if t := place.Load(); t != nil && t.n == n && t.size == size && t.base == base {
		return t.c, t.sink
	}
	c, sink = tallyWeight(n, size, base)
	place.Store(&tally{n, size, base, c, sink})
	return c, sink
}

// tally is a weight that was looked for. That takes thousands of logarithms, as long as all else
// that lowers a small program, and programs of one domain ask for few.
type tally struct {
	n                   int
	size, base, c, sink float64
}

// tallies are the last ones, by their hash.
var tallies [1 << 8]atomic.Pointer[tally]

func tallyWeight(n int, size, base float64) (c, sink float64) {
	keys := math.Exp2(math.Ceil(elementary.Log2(float64(n))))
	about := min(keys*(1<<40), math.Exp2(math.Floor(45-elementary.Log2(max(1, size)))))
	step, off := max(1<<22, about/(1<<15)), math.Inf(1)
	grid := Ulp * math.Exp2(math.Ceil(elementary.Log2(elementary.Log(about)+float64(2*base*Gap))))
	for w := 0.75 * about; w < about; w += step {
		log := elementary.Log(w)
		score := float64(math.Round(log/grid) * grid)
		if o := math.Abs(log - score); o < off {
			c, sink, off = w, score, o
		}
	}
	return c, sink
}

// TallyUnit is what a value of 1 adds to a tally whose BOS weighs c and scores sink.
func TallyUnit(c, sink float64) float64 { return float64(c * elementary.Exp(-sink)) }

// TallyError bounds how far z is from O + S before it is rounded, for n keys of
// size at most v where BOS weighs c, and where what each key adds, c e v, is off by
// off at most, beside what exp and a product round.
//
// In float32 a key adds v_i + d_i, |d_i| <= h = off + v K u + O/c with u = 2^-24 and K
// ulps of exp and a product. Package runtime promises the shape of the sum: chains that
// add one key after the other, and what they come to is added up. A sum with O in it
// is rounded to a whole number each time, so it stays exact while what is added is off
// by less than 1/2. Without O let a chain be at A = W + D, W the sum of whole numbers.
// Whole numbers are on every grid of float32 below 2^24, so D is rounded, to a
// multiple of g = ulp(A), by g/2 <= u |A| at most. Let T be the least power of two above
// h/u, so that T <= 2 h/u.
//
//   - Where a step leads to |A| < T, it is rounded by u T/2 <= h at most.
//   - Where it leads to |A| >= T from below, it is rounded by 2 h at most, since v < T and
//     so |A| < 2 T.
//   - Beyond T it is g/2 > h: D, on the grid already, stays what it is when less than
//     g/2 is added. It is rounded only where the grid gets coarser, at 2^j T for
//     the first time since |A| < T, by u 2^j T. From 2^(j-1) T on, that took 2^(j-1) T/v - 1
//     steps or more, which is 2 u v / (1 - v/T) < h for each of them.
//
// With the d_i a step moves D by less than 3 h, and all chains together are off by 3 n h,
// whatever n and the signs of the v_i are. Adding them up rounds each of the sums
// that a key is in, up to TallyDepth of them, by u times its size: by TallyDepth u n v.
// (Terms of one sign come to less; patterns such as +v, -1, .., -1 to a third.)
//
// In any order, each of the n additions rounds by u times its size, n (v+h) at most. Where
// weights are divided by their sum before, that is nothing if the sum is exactly 1: each key
// adds 1/c to 1, and all of them less than half of what 1 can be off, u.
func (p Precision) TallyError(n int, v, c, off float64) float64 {
	keys := float64(n)
	if !p.Rounds {
		err := float64(keys * v * p.Ulp * (elementary.Log(c) + 7 + float64(keys/2)))
		return err + float64(keys*off) + float64(keys*v*keys/c) + float64((TallyOffset+float64(keys*v))*p.Ulp*(float64(2*keys)+8))
	}
	ulps := p.Exp + 3 // exp, the product 1 beside 1 + O/(c v), what is of second order
	key := off + float64(ulps*v*p.Ulp) + TallyOffset/c
	switch {
	case p.Divides && !(keys/c < p.Ulp/2):
		return math.Inf(1)
	case p.AnyOrder:
		return float64(keys*key) + float64(1.01*p.Ulp*keys*float64(keys*(v+key)))
	}
	return float64(3*keys*key) + float64(TallyDepth*p.Ulp*keys*(v+key))
}

// TallyDepth is how many sums without BOS a chain of keys may go through until the
// whole sum is there: package runtime promises it.
const TallyDepth = 8
