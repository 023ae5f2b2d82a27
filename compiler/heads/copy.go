package heads

import (
	"math"
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
)

// Fetched reads functions of what a selector brings that selects one key at most.
func (l *Attention) Fetched(v *facts.Variable, g []float64) *demand.Offer {
	if l.Selector(v.Node.Args[0]).Pick != facts.Every {
		return nil
	}
	return l.fetched(v, g)
}

// Picked reads functions of what the latest or the earliest key brings of those that match:
// see construct/latest.go.
func (l *Attention) Picked(v *facts.Variable, g []float64) *demand.Offer {
	if l.Selector(v.Node.Args[0]).Pick == facts.Every {
		return nil
	}
	return l.fetched(v, g)
}

// fetched: one head a part brings g(value) - g(default), and BOS nothing; at
// most one key is selected in all parts together, so the sum is right.
func (l *Attention) fetched(v *facts.Variable, g []float64) *demand.Offer {
	n := v.Node
	sel := l.Selection(n.Args[0], nil)
	source, f, fallback := l.brought(v, g)
	when := 0
	if source != nil {
		when = l.AsHeadsRead(source, f).When
	}
	t := 0
	for _, p := range sel.Parts {
		t = max(t, l.HeadWhen(p, when, demand.SinkDefault))
	}
	return &demand.Offer{When: t, Cost: demand.Cost{Heads: len(sel.Parts), Columns: 1}, Make: func() plan.Form {
		c := l.NewColumn(t, l.Label(v, g))
		for _, p := range sel.Parts {
			value := plan.Constant(f[0])
			if source != nil {
				value = l.Decode(source, f)
			}
			l.Head(p, t, demand.SinkDefault, n).Bring(plan.Value{Kind: plan.Copies, Value: l.OnTokens(value), Out: c, For: n.ID})
		}
		return linear.Of(c).Plus(plan.Constant(fallback))
	}}
}

// brought is g of what an aggregate brings, minus g of the default, as a
// function of the source of its values; and g of the default.
func (l *Attention) brought(v *facts.Variable, g []float64) (source *facts.Variable, f []float64, fallback float64) {
	n := v.Node
	val, values := l.Table(n.Args[1]), l.Table(n).Values
	if at := slices.Index(values, n.Value); at >= 0 && !math.IsNaN(g[at]) {
		fallback = g[at]
	}
	f = facts.ByState(l.IdsBySource(n.Args[1]), func(id int32) float64 {
		at := slices.Index(values, val.Values[id])
		if at < 0 { // no row brings it
			return math.NaN()
		}
		return g[at] - fallback
	})
	return l.Source(n.Args[1]), f, fallback
}
