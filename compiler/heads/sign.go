package heads

import (
	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// Compared reads a function of a comparison of means, or of exact numbers.
func (l *Attention) Compared(v *facts.Variable, g []float64) *demand.Offer {
	d, y := l.Comparisons[v.Node].Difference, l.Comparisons[v.Node].At
	f := make([]float64, len(y))
	for i, holds := range l.Comparisons[v.Node].Holds {
		f[i] = g[int(holds)]
	}
	points := demand.Clean(demand.PointsOf(y, f))
	gap := demand.LeastGap(points)
	if !demand.Changes(points) {
		return l.Steps(demand.Scalar{Y: y}, f)
	}
	r, grid := l.AsBrought(d, construct.Grid(gap/max(1, l.meanFactors(d))))
	s := demand.Scalar{When: r.When, Form: r.Get, Grid: grid, Label: demand.LabelOf(v.Node, graph.Describe(v.Node)), Y: y}
	if !l.IsMean(d) {
		s.Unit = grid
	}
	return l.Steps(s, f)
}
