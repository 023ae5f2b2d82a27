package heads

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// A fraction x, rounded, is a staircase of the number as heads bring it, with a step at
// each k + 1/2: x is that, or at least a gap away from it, on either side. The middle
// itself is rounded to the even one of k and k + 1, so the step stands
//
//	in the middle between k + 1/2 and k + 1/2 + gap if k is even, and one gap lower if it is odd
//
// Exact while construct.MeanError and half a grid are less than the margin, a third of the
// gap: of a mean of ints over n keys the gap is 1/(2n).

// Rounded reads a function of a fraction that is rounded.
func (l *Attention) Rounded(v *facts.Variable, g []float64) *demand.Offer {
	s, y := l.unrounded(v)
	if s == nil {
		return nil
	}
	var f []float64
	for _, x := range g {
		f = append(f, x, x)
	}
	s.Y = y
	return l.Steps(*s, f)
}

// unrounded is what a rounded number is made of, and for each of its values the least and
// the largest number that is rounded to that; nil if it is another number.
func (l *Attention) unrounded(v *facts.Variable) (s *demand.Scalar, ends []float64) {
	gap := l.Facts.Rounded[v.Node]
	if gap == 0 {
		return nil, nil
	}
	for _, k := range l.StateNumbers(v) {
		half := 0.5
		if math.Mod(k, 2) != 0 {
			half -= gap
		}
		ends = append(ends, k-half, k+half)
	}
	n := v.Node.Args[0]
	r, grid := l.AsBrought(n, construct.Grid(gap/max(1, l.meanFactors(n))))
	return &demand.Scalar{When: r.When, Form: r.Get, Grid: grid, Label: demand.LabelOf(v.Node, graph.Describe(v.Node))}, ends
}
