package compiler

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/linear"
	"rasp/lang/graph"
)

// A linear form of means, as the heads bring them, tells what a threshold asks
// (indices > mean, length - mean == 3) before any of the means is decoded. Each
// mean carries an error of half a grid, so the grid is as fine as the number of
// means demands.

// undecoded is the number of a computed variable as a linear form of means and
// exact numbers, fine enough for what f tells apart; nil if it has none, or the
// numbers that f tells apart lie too close.
func (l *attention) undecoded(v *variable, f []float64) *analog {
	if !l.packed || v.kind != computedVariable || v.linear == nil || !l.isMean(v.node) {
		return nil
	}
	y := l.stateNumbers(v)
	if !functionOf(f, y) {
		return nil
	}
	gap := leastGap(clean(pointsOf(y, f)))
	if math.IsInf(gap, 1) || gap < leastSplit {
		return nil
	}
	r, grid := l.rounded(v.node, construct.Grid(gap/max(1, l.meanFactors(v.node))))
	return &analog{when: r.when, form: r.get, grid: grid, label: labelOf(v.node, graph.Describe(v.node)), y: y}
}

// rounded reads n as scalar does, with means rounded to a grid, and tells of which
// power of two what it reads is a multiple.
func (l *attention) rounded(n *graph.Node, grid float64) (*offer, float64) {
	switch {
	case !l.isMean(n) || l.all(n, isInteger):
		return l.scalar(n), l.binaryUnit(n)
	case n.Op == graph.Aggregate:
		a := l.meanColumn(n, l.selection(n.Args[0], nil).parts[0], grid)
		return &offer{when: a.when, make: a.form}, grid
	}
	lin := l.linear(n)
	c, common := &combination{Form: linear.Constant[*offer](lin.Constant)}, construct.PowerOfTwo(lin.Constant)
	for _, t := range lin.Terms {
		r, unit := l.rounded(t.Of, grid)
		c.Terms = append(c.Terms, linear.Term[*offer]{Of: r, Factor: t.Factor})
		common = min(common, construct.PowerOfTwo(t.Factor)*unit)
	}
	return &offer{when: c.when(), make: c.form}, common
}

// binaryUnit is a power of two of which all values of n are multiples.
func (l *attention) binaryUnit(n *graph.Node) float64 {
	unit := math.Inf(1)
	for _, x := range l.table(n).values {
		unit = min(unit, construct.PowerOfTwo(x.Float64()))
	}
	return unit
}

// meanFactors is by how much the errors of the means in n count in all.
func (l *attention) meanFactors(n *graph.Node) float64 {
	switch {
	case !l.isMean(n) || l.all(n, isInteger):
		return 0
	case n.Op == graph.Aggregate:
		return 1
	}
	lin, sum := l.linear(n), 0.0
	for _, t := range lin.Terms {
		sum += math.Abs(t.Factor) * l.meanFactors(t.Of)
	}
	return sum
}
