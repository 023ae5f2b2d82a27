package compiler

import (
	"rasp/compiler/linear"

	"math"
	"slices"

	"rasp/lang/value"
)

// ofOne: a function of an s-op that depends on one variable alone is one of that; the
// same for a mean whose rounding is replayed, if the function does not ask for that.
func (l *mlp) ofOne(v *variable, g []float64) *offer {
	var o *offer
	if r := v.table; len(r.vars) == 1 {
		f := slices.Repeat([]float64{math.NaN()}, len(r.cells))
		for s, id := range r.cells {
			if id != none {
				f[s] = g[id]
			}
		}
		o = l.later(r.vars[0], f)
	} else if m := l.meanVariable(v.node); m != nil {
		f, ok := l.onMean(v.node, m, g)
		if !ok {
			return nil
		}
		o = l.later(m, f)
	}
	if o != nil {
		o.final = true
	}
	return o
}

// linearForm is that of a computed variable, and the function g by what it is; nil if
// there is none, or g tells apart what it does not, such as 1 from 1.0.
func (l *mlp) linearForm(v *variable, g []float64) (c *combination, f []float64) {
	f, ok := v.table.onRepresentatives(g)
	if !ok || v.linear == nil {
		return nil, nil
	}
	if c = l.combination(v, v.linear); !functionOf(f, c.numbers) {
		return nil, nil
	}
	return c, f
}

// linearly reads a linear form of operands as it is, up to scale and shift.
func (l *mlp) linearly(v *variable, g []float64) *offer {
	c, f := l.linearForm(v, g)
	if c == nil {
		return nil
	}
	o := l.scaled(c, f, c.numbers)
	if o != nil {
		o.final = true
	}
	return o
}

// staircase reads any other function of a linear form of operands by steps.
func (l *mlp) staircase(v *variable, g []float64) *offer {
	c, f := l.linearForm(v, g)
	if c == nil {
		return nil
	}
	number := c.analog(c.numbers)
	if number.unit == 0 {
		if number = l.undecoded(v, f); number == nil {
			return nil
		}
	}
	return l.steps(*number, f)
}

// boxes has neurons compute the function from a table, unless steps are there as soon
// as any neurons can be, or that takes very many.
func (l *mlp) boxes(v *variable, g []float64, best *offer) *offer {
	f, ok := v.table.onRepresentatives(g)
	if !ok || best != nil && best.when <= nextMLP(l.earliest(v)) {
		return nil
	}
	u := l.unit(v)
	if u == nil || best != nil && u.boxes > manyNeurons {
		return nil
	}
	if values := l.spelling(widths(len(f)-1), f); values != nil {
		return spelled(u.when, values, func(x float64) *offer { return l.demand(v, functionThat(f, x)) })
	}
	return &offer{when: u.when, cost: cost{neurons: u.boxes, columns: 1}, make: func() form {
		c := l.newColumn(u.when, l.label(v, f))
		l.pending[v] = append(l.pending[v], &wanted{f, c})
		return linear.Of(c).Plus(constantForm(u.restOf(f)))
	}}
}

// coarseKey is a variable and a function of it, see coarse.
type coarseKey struct {
	variable *variable
	f        string
}

// coarse reads a function of a variable whose values cannot all be told apart, or not
// in one table, from a table of the function itself.
func (l *mlp) coarse(v *variable, g []float64, best *offer) *offer {
	if best != nil && best.when < notAtAll {
		return nil
	}
	if f, ok := v.table.onRepresentatives(g); ok {
		if g = f; countValues(g) == len(v.table.values) {
			return nil
		}
	}
	key := coarseKey{v, functionKey(g)}
	w := l.coarser[key]
	if w == nil {
		b := newBuilder(v.table.vars, len(v.table.cells))
		for i, id := range v.table.cells {
			if id != none && !math.IsNaN(g[id]) {
				b.set(i, value.OfFloat(g[id]))
			}
		}
		n := *v.node
		n.ID = firstCoarse + len(l.coarser)
		w = &variable{id: 3 + 2*n.ID, kind: computedVariable, node: &n, table: b.relation()}
		w.size = len(w.table.values)
		l.coarser[key] = w
	}
	return l.later(w, l.stateNumbers(w))
}

// firstCoarse is the least ID of the s-ops that coarse variables are of.
const firstCoarse = 1 << 21

// countValues is the number of different values of a function.
func countValues(g []float64) int {
	seen := map[float64]bool{}
	for _, x := range g {
		if !math.IsNaN(x) {
			seen[x] = true
		}
	}
	return len(seen)
}
