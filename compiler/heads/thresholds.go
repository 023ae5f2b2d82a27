package heads

import (
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
)

// Any other function of a mean by steps of the head's output (demand/staircase.go), each
// in the middle between two means that the function tells apart. The output is rounded to
// a grid of a sixteenth of the least gap (construct.Grid), by the column's offset. Exact
// while half a grid and construct.MeanError are less than the margin of a step.

// resolved reports that the means at which g is defined lie farther apart than the output
// of a head is off, if g is no constant.
func (l *Attention) resolved(v *facts.Variable, g []float64) bool {
	points := demand.Clean(demand.PointsOf(v.Numbers(), g))
	return !demand.Changes(points) || points[len(points)-1].Y-points[0].Y >= l.resolution(v)
}

// Thresholds reads a function of the mean from the head's output: the mean up
// to scale and shift directly, any other function by thresholds between the
// values that it tells apart. nil if g depends on more than the mean.
func (l *Attention) Thresholds(v *facts.Variable, g []float64) *demand.Offer {
	n := v.Node
	sel := l.Selection(n.Args[0], nil)
	if !n.Value.IsNumber() || len(sel.Parts) != 1 || l.wholeOnly(v, g) {
		return nil
	}
	if scale, shift, ok := facts.Affine(g, v.Numbers()); ok && l.resolved(v, g) {
		raw := l.meanColumn(n, sel.Parts[0], 0)
		return &demand.Offer{When: raw.When, Cost: demand.Cost{Heads: 1, Columns: 1}, Make: func() plan.Form { return raw.Form().Times(scale).Plus(plan.Constant(shift)) }}
	}
	if mean := l.meanNumber(v, g); mean != nil {
		if o := l.Steps(*mean, g); o != nil {
			o.Cost = o.Cost.Plus(demand.Cost{Heads: 1, Columns: 1})
			return o
		}
	}
	return nil
}
