package construct

import "math"

// One of several keys that a query matches has all the weight, if scores have a slope by
// position j: of a pattern (qk.go) with scores p(i, j) of Base for keys that match and Base-1
// at most for others, in units of Gap, and n positions from 0,
//
//	score(i, j) = Step Gap (p(i, j) - Base) + Slope j,   BOS at -Gap/2
//	Slope = Gap/2,   Step a power of two >= (n+1)/2
//
// A key that matches scores Slope j >= 0: the latest is Slope above the one before, and Gap/2
// above BOS. Others score -Step Gap + Slope (n-1) <= -Gap at most, Gap/2 below BOS. exp(-104)
// is 0 in float32, so the latest that matches has weight 1 and all others exactly 0; if none
// does BOS has it. With n-1-j in place of j it is the earliest.
//
// Exact while SlopedSize < 2^24: all products are multiples of Slope, so that sums of them, in
// any order, are so, too.

// Slope is how many logits each position is above the one before.
const Slope = Gap / 2

// SlopedStep is how many times Gap a key that does not match is below those that do.
func SlopedStep(length int) float64 {
	step := 1.0
	for 2*step < float64(length+1) {
		step *= 2
	}
	return step
}

// SlopedSize bounds the sums of the products of a score, in units of Slope, where those of the
// pattern, and Base, add up to size, in units of Gap.
func SlopedSize(length int, size float64) float64 {
	return float64(size*SlopedStep(length)*Gap/Slope) + float64(length)
}

// Size bounds the sums of the products of a score, and Base.
func (p Pattern) Size() float64 {
	size := math.Abs(p.Base)
	for _, d := range p.Dims {
		size += float64(largest(d.Query) * largest(d.Key))
	}
	return size
}

func largest(f []float64) float64 {
	most := 0.0
	for _, x := range f {
		if !math.IsNaN(x) {
			most = max(most, math.Abs(x))
		}
	}
	return most
}
