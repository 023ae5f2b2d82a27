package construct

import (
	"math"

	"rasp/lang/elementary"
)

// A share is the number w of the keys that a head selects as what they have of its
// attention, beside a BOS that weighs as much as c keys:
//
//	QK: score 0 if selected, <= -Gap if not; BOS: ln c
//	OV: 1 at a key, 0 at BOS
//	=>  y = w / (c + w)
//
// With c = 1 BOS is one more key: it and each key that is selected have 1/(1+w), which a
// picture of the head shows as it is. Neighbours w and w+1 differ by c/((c+w)(c+w+1)), so steps
// of y halfway between them (see Step) tell w, in the MLP of the same layer.
//
// Exact in float32 while ShareError and half the grid to which y is rounded are less than
// a quarter of the least gap. With c = 1 numerator and denominator are whole numbers, and
// y is rounded once, so that is so up to some hundreds of keys; what then ends it is that
// the sum of the steps must be exact (see Shares).

// Share is y for w keys, beside a BOS that weighs c.
func Share(w, c float64) float64 { return w / (c + w) }

// ShareGap is the least distance of the shares of neighbouring numbers up to n.
func ShareGap(n int, c float64) float64 { return Share(float64(n), c) - Share(float64(n-1), c) }

// ShareError bounds how far the share of up to n keys is off, where BOS weighs c by a score
// of sink and scores are off by scoreErr at most: whole numbers are added up exactly; else
// each weight is off by exp and a product, above and below the line.
func (p Precision) ShareError(n int, c, sink, scoreErr float64) float64 {
	if c == 1 && sink == 0 {
		return p.MeanError(n+1, 1, 1, scoreErr)
	}
	weights := math.Abs(sink-elementary.Log(c)) + float64(2*(p.Exp+1)*p.Ulp)
	return p.MeanError(n+1, 1, 0, scoreErr) + weights
}

// Shares reports whether float32 tells the shares of up to n keys apart beside a BOS that
// weighs c: they are right to a quarter of the least gap, and the neurons of a step at each
// of them, which grow to 4/gap, add up on the grid on which they stand, an eighth or less,
// with nothing rounded.
func Shares(n int, c float64) bool {
	gap := ShareGap(n, c)
	off := Float32.ShareError(n, c, elementary.Log(c), 0) + float64(Grid(gap)/2)
	steps := float64(8 / gap * (1 + elementary.Log(float64(n)+1)))
	return off < gap/4 && steps < 1/(32*Ulp)
}
