package compiler

import (
	"rasp/compiler/linear"

	"math"
	"slices"
)

// fetched: one head a part brings g(value) - g(default), and BOS nothing; at
// most one key is selected in all parts together, so the sum is right.
func (l *attention) fetched(v *variable, g []float64) *offer {
	n := v.node
	sel := l.selection(n.Args[0], nil)
	source, f, fallback := l.brought(v, g)
	when := 0
	if source != nil {
		when = l.when(source, f)
	}
	t := 0
	for _, p := range sel.parts {
		t = max(t, l.headWhen(p, when, sinkDefault))
	}
	return &offer{when: t, cost: cost{heads: len(sel.parts), columns: 1}, make: func() form {
		c := l.newColumn(t, l.label(v, g))
		for _, p := range sel.parts {
			value := constantForm(f[0])
			if source != nil {
				value = l.read(source, f)
			}
			l.head(p, t, sinkDefault, n).bring(bringsOne, value, 0, c)
		}
		return linear.Of(c).Plus(constantForm(fallback))
	}}
}

// brought is g of what an aggregate brings, minus g of the default, as a
// function of the source of its values; and g of the default.
func (l *attention) brought(v *variable, g []float64) (source *variable, f []float64, fallback float64) {
	n := v.node
	val, values := l.table(n.Args[1]), l.table(n).values
	if at := slices.Index(values, n.Value); at >= 0 && !math.IsNaN(g[at]) {
		fallback = g[at]
	}
	ids := l.idsBySource(n.Args[1])
	f = make([]float64, len(ids))
	for s, id := range ids {
		f[s] = math.NaN()
		if id != none {
			f[s] = g[slices.Index(values, val.values[id])] - fallback
		}
	}
	return l.source(n.Args[1]), f, fallback
}
