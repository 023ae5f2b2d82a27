package compiler

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// sum is the sum under a mean, in units, by state: a tally of the values, or
// where they are too large for that or come out of a head with an error, each
// value times a tally of its keys.
func (l *lowering) sum(v *variable) *combination {
	if c := l.linears[v]; c != nil {
		return c
	}
	n, m := v.node, l.meanOf(v)
	label := labelOf(n, "sum of "+describe(n.Args[1]))
	var c *combination
	if size := l.size(n.Args[1]) / m.unit; l.tallies(size) && !l.rough(n.Args[1]) {
		values := l.scalar(n.Args[1])
		c = l.tally(l.selection(n.Args[0], nil), values.times(1/m.unit), label)
	} else {
		c = l.countedSum(v, m)
	}
	c.label = label
	for _, s := range v.sums {
		c.numbers = append(c.numbers, float64(s.total))
	}
	l.linears[v] = c
	return c
}

// tallies reports whether whole numbers up to size can be tallied.
func (l *lowering) tallies(size float64) bool {
	return construct.TallyError(l.domain.Length, size, construct.TallyWeight(l.domain.Length)) < 0.5
}

// rough reports that the number n may be read from a head that averages, as a
// fraction with an error.
func (l *lowering) rough(n *graph.Node) bool {
	switch v := l.source(n); {
	case v == nil:
		return false
	case v.kind == meanVariable:
		return !l.all(v.node, isInteger)
	case v.kind == computedVariable:
		lin := l.linear(n)
		return lin != nil && slices.ContainsFunc(lin.nodes, l.rough)
	}
	return false
}

func (l *lowering) countedSum(v *variable, m meanOf) *combination {
	n, c := v.node, &combination{}
	if len(m.ids) > 64 {
		l.fail(diag.Errorf(n.Span, diag.Limit, "the sum of %s needs a count of each of its %d values, the limit is 64", describe(n.Args[1]), len(m.ids)))
	}
	for _, id := range m.ids {
		w := l.width(l.selection(n.Args[0], &keyFilter{n.Args[1], []int32{id}}))
		c.add(w, float64(m.units[id]))
	}
	return c
}

// zeros is how many selected keys have the value 0, if all others have one and
// the same; nil if not.
func (l *lowering) zeros(v *variable, m meanOf) *combination {
	if len(m.ids) != 1 {
		return nil
	}
	c, unit := &combination{label: labelOf(v.node, "zeros of "+describe(v.node.Args[1]))}, m.units[m.ids[0]]
	c.add(l.width(l.selection(v.node.Args[0], nil)), 1)
	c.add(l.sum(v), -1/float64(unit))
	for _, s := range v.sums {
		c.numbers = append(c.numbers, float64(s.width-s.total/unit))
	}
	return c
}

// moments is a number that tells the states of a mean apart: the sum, times as
// many as there are widths, plus the width, or the state of what the width
// follows from.
func (l *lowering) moments(v *variable) *combination {
	c := &combination{label: labelOf(v.node, "sum and width of "+describe(v.node))}
	other := l.width(l.selection(v.node.Args[0], nil))
	which := widthsOf(v)
	if len(v.determines) > 0 {
		d := v.determines[0]
		other = l.states(d.variable)
		for s, state := range d.state {
			which[s] = float64(state)
		}
	}
	many := math.Exp2(math.Ceil(math.Log2(float64(l.domain.Length + 1))))
	c.add(l.sum(v), many)
	c.add(other, 1)
	for s, x := range v.sums {
		c.numbers = append(c.numbers, float64(x.total)*many+which[s])
	}
	return c
}

// states is the number of the state of a variable.
func (l *lowering) states(v *variable) *combination {
	f := widths(v.size - 1)
	return &combination{addends: []*reading{l.reading(v, f)}, factors: []float64{1}}
}
