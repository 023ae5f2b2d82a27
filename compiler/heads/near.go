package heads

import (
	"math"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/diag"
	"rasp/lang/elementary"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Sums in a model that stands noise (construct.SumWeight): what a head brings is near a whole
// number, and steps with margins tell which, or one of what several such numbers add up to.

// sumOfPart is the sum of a whole number of a size at most over the keys that a part selects.
// The column holds it in units of what it can be at most, so that no number in the residual
// stream is large.
func (l *Attention) sumOfPart(n *graph.Node, sel *demand.Selection, p *facts.Conjunct, value *demand.Offer, size float64, label model.Label) *demand.Scalar {
	t := l.HeadWhen(p, value.When, demand.SinkSum)
	unit := math.Exp2(math.Ceil(elementary.Log2(float64(l.Domain.Length) * max(1, size))))
	return &demand.Scalar{When: t, Label: label, Form: func() plan.Form {
		if p.Pick != facts.Every {
			return l.Fail(diag.Errorf(sel.Node.Span, diag.Limit, "%s picks one of the keys that match by its place, by scores that differ by little beside their size: no noise is stood there", graph.DescribeSelector(sel.Node)))
		}
		h, v := l.Head(p, t, demand.SinkSum, sel.Node), l.OnTokens(value.Get())
		key := demand.BroughtKey{Head: h, What: plan.Key(v)}
		c := l.Moved[key]
		if c == nil {
			c = l.NewColumn(t, label)
			h.Weight = max(h.Weight, size)
			h.Bring(plan.Value{Kind: plan.Sums, Value: v.Times(1 / unit), Out: c, For: demand.NumberOf(n)})
			l.Moved[key] = c
		}
		return linear.Of(c).Times(unit)
	}}
}
