package heads

import (
	"math"

	"rasp/compiler/analysis"
	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/lang/graph"
)

// A linear form of means, as the heads bring them, tells what a threshold asks
// (indices > mean, length - mean == 3) before any of the means is decoded. Each
// mean carries an error of half a grid, so the grid is as fine as the number of
// means demands.

// Undecoded is the number of a computed variable as a linear form of means and
// exact numbers, fine enough for what f tells apart; nil if it has none, or the
// numbers that f tells apart lie too close.
func (l *Attention) Undecoded(v *facts.Variable, f []float64) *demand.Scalar {
	if !l.Packed || v.Source != facts.Computed || v.Linear == nil || !l.IsMean(v.Node) {
		return nil
	}
	y := l.StateNumbers(v)
	if !l.Tells(y, f) {
		return nil
	}
	gap := demand.LeastGap(l.Points(y, f))
	if math.IsInf(gap, 1) || gap < analysis.LeastSplit {
		return nil
	}
	r, grid := l.AsBrought(v.Node, construct.Grid(gap/max(1, l.meanFactors(v.Node))))
	return &demand.Scalar{When: r.When, Form: r.Get, Grid: grid, Label: demand.LabelOf(v.Node, graph.Describe(v.Node)), Y: y}
}

// AsBrought reads n as scalar does, with means rounded to a grid, and tells of which
// power of two what it reads is a multiple.
func (l *Attention) AsBrought(n *graph.Node, grid float64) (*demand.Offer, float64) {
	switch {
	case !l.IsMean(n) || l.All(n, facts.IsInteger):
		return l.Scalar(n), l.binaryUnit(n)
	case l.Quotients[n] != nil:
		return l.Scalar(n), 0
	case n.Op == graph.Aggregate:
		a := l.meanColumn(n, l.Selection(n.Args[0], nil).Parts[0], grid)
		return &demand.Offer{When: a.When, Make: a.Form}, grid
	}
	key := roundedNode{n, grid}
	if known, ok := l.rounded[key]; ok {
		return known.Offer, known.unit
	}
	lin := l.Linear(n)
	c, common := &demand.Number{Form: linear.Constant[*demand.Offer](lin.Constant)}, construct.PowerOfTwo(lin.Constant)
	for _, t := range lin.Terms {
		r, unit := l.AsBrought(t.Of, grid/scaleOf(t.Factor))
		c.Terms = append(c.Terms, linear.Term[*demand.Offer]{Of: r, Factor: t.Factor})
		common = min(common, construct.PowerOfTwo(t.Factor)*unit)
	}
	offer := &demand.Offer{When: c.When(), Make: c.Sum}
	l.rounded[key] = roundedOffer{offer, common}
	return offer, common
}

// scaleOf is the size of a factor that is a power of two, else 1: means on grids that differ
// by that are on one when they are multiplied, and their offsets add up to no more.
func scaleOf(factor float64) float64 {
	if x := math.Abs(factor); x == construct.PowerOfTwo(x) {
		return x
	}
	return 1
}

// binaryUnit is a power of two of which all values of n are multiples, 0 if none is known.
func (l *Attention) binaryUnit(n *graph.Node) float64 {
	unit := math.Inf(1)
	if l.Table(n).Unbounded {
		lin := l.Linear(n)
		if lin == nil {
			return 0
		}
		unit = construct.PowerOfTwo(lin.Constant)
		for _, t := range lin.Terms {
			unit = min(unit, construct.PowerOfTwo(t.Factor)*l.binaryUnit(t.Of))
		}
	}
	for _, x := range l.Table(n).Values {
		unit = min(unit, construct.PowerOfTwo(x.Float64()))
	}
	return unit
}

// meanFactors is by how much the errors of the means in n count in all.
func (l *Attention) meanFactors(n *graph.Node) float64 {
	switch {
	case !l.IsMean(n) || l.All(n, facts.IsInteger):
		return 0
	case l.IsBrought(n):
		return 1
	}
	sum, known := l.factors[n]
	if known {
		return sum
	}
	lin := l.Linear(n)
	for _, t := range lin.Terms {
		sum += float64(math.Abs(t.Factor) * l.meanFactors(t.Of))
	}
	l.factors[n] = sum
	return sum
}
