package heads

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/elementary"
	"rasp/lang/graph"
)

// Any: BOS writes 0, every key 1, and BOS has weight only where nothing is
// selected: the head's output is 0 or 1 up to rounding, which the column's offset
// removes. With several parts the sum counts those that select something.
func (l *Attention) Any(v *facts.Variable, g []float64) *demand.Offer {
	return l.anyOf(v.Node, l.Selection(v.Node.Args[0], nil), g[0], g[1])
}

// anyOf offers, for n, whether a selection selects something.
func (l *Attention) anyOf(n *graph.Node, sel *demand.Selection, no, yes float64) *demand.Offer {
	t := 0
	for _, p := range sel.Parts {
		if len(p.Conditions) == 0 {
			return demand.ConstantOffer(yes)
		}
		t = max(t, l.HeadWhen(p, 0, demand.SinkDefault))
	}
	total := func() plan.Form {
		sum := plan.Form{}
		for _, p := range sel.Parts {
			sum = sum.Plus(linear.Of(l.anyColumn(n, p, t, sel)))
		}
		return sum
	}
	heads := demand.Cost{Heads: len(sel.Parts), Columns: len(sel.Parts)}
	if len(sel.Parts) <= 1 {
		return &demand.Offer{When: t, Cost: heads, Make: func() plan.Form { return total().Times(yes - no).Plus(plan.Constant(no)) }}
	}
	f := slices.Repeat([]float64{yes}, len(sel.Parts)+1)
	f[0] = no
	o := l.Steps(demand.Scalar{When: t, Form: total, Unit: 1, Label: demand.LabelOf(sel.Node, "any of "+sel.Text()), Y: facts.Range(len(sel.Parts))}, f)
	o.Cost = o.Cost.Plus(heads)
	return o
}

// anyColumn is 1 where part p selects something, 0 where it does not.
func (l *Attention) anyColumn(n *graph.Node, p *facts.Conjunct, t int, sel *demand.Selection) *plan.Column {
	h := l.Head(p, t, demand.SinkDefault, sel.Node)
	if c := l.Moved[demand.BroughtKey{Head: h, What: "any"}]; c != nil {
		return c
	}
	c := l.NewColumn(t, demand.LabelOf(sel.Node, "any of "+sel.Text()))
	l.Round(c, l.anyGrid(), 2)
	h.Bring(plan.Value{Kind: plan.AnyOf, Value: l.OnTokens(plan.Constant(1)), Out: c, For: demand.NumberOf(n)})
	l.Moved[demand.BroughtKey{Head: h, What: "any"}] = c
	return c
}

// anyGrid is a power of two well above the rounding error of a mean of ones, and
// as small as that allows: the offset grows with it.
func (l *Attention) anyGrid() float64 {
	return math.Exp2(math.Ceil(elementary.Log2(16 * construct.Ulp * float64(l.Domain.Length+8))))
}

// AnyOfMean handles functions that ask only whether something is selected.
func (l *Attention) AnyOfMean(v *facts.Variable, g []float64) *demand.Offer {
	n := v.Node
	every := l.Selection(n.Args[0], nil)
	if f, ok := by(v, g, func(s facts.Sum) int { return min(s.Width, 1) }); ok {
		return l.anyOf(n, every, at(f, 0), at(f, 1))
	}
	if v.Per == 0 {
		return nil
	}
	ids := l.nonzero(v)
	sameSign := slices.Min(v.Units) >= 0 || slices.Max(v.Units) <= 0
	if f, ok := by(v, g, func(s facts.Sum) int { return min(max(s.Total, -s.Total), 1) }); ok && sameSign {
		return l.anyOf(n, l.Selection(n.Args[0], &demand.KeyFilter{Node: n.Args[1], IDs: ids}), at(f, 0), at(f, 1))
	}
	unit, zero := l.onlyUnit(v)
	if unit == 0 || len(zero) == 0 {
		return nil
	}
	if f, ok := by(v, g, func(s facts.Sum) int { return min(s.Width-s.Total/unit, 1) }); ok {
		return l.anyOf(n, l.Selection(n.Args[0], &demand.KeyFilter{Node: n.Args[1], IDs: zero}), at(f, 0), at(f, 1))
	}
	return nil
}
