package compiler

import (
	"rasp/compiler/construct"
	"rasp/lang/graph"
)

// compared reads a function of a comparison of means.
func (l *attention) compared(v *variable, g []float64) *offer {
	d, y := l.comparisons[v.node].difference, l.comparisons[v.node].at
	f := make([]float64, len(y))
	for i, holds := range l.comparisons[v.node].holds {
		f[i] = g[int(holds)]
	}
	points := clean(pointsOf(y, f))
	gap := leastGap(points)
	if !changes(points) {
		return l.steps(analog{y: y}, f)
	}
	r, grid := l.rounded(d, construct.Grid(gap/max(1, l.meanFactors(d))))
	return l.steps(analog{when: r.when, form: r.get, grid: grid, label: labelOf(v.node, graph.Describe(v.node)), y: y}, f)
}
