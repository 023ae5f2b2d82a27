package compiler

import (
	"maps"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/linear"
	"rasp/lang/graph"
)

// sum is the sum under a mean, in units, by state: a tally of the values, or
// where they are too large for that or come out of a head with an error, each
// value times a tally of its keys. nil if the values have no unit, or it takes too
// many tallies.
func (l *attention) sum(v *variable) *combination {
	if c, ok := l.linears[v]; ok {
		return c
	}
	n, label := v.node, labelOf(v.node, "sum of "+graph.Describe(v.node.Args[1]))
	var c *combination
	switch {
	case v.per == 0:
	case l.tallies(float64(max(slices.Max(v.units), -slices.Min(v.units)))) && !l.rough(n.Args[1]):
		c = l.tally(l.selection(n.Args[0], nil), l.inUnits(v), label)
	default:
		c = l.countedSum(v)
	}
	if c != nil {
		c.label = label
		for _, s := range v.sums {
			c.numbers = append(c.numbers, float64(s.total))
		}
	}
	l.linears[v] = c
	return c
}

// inUnits reads the values under a mean as whole numbers.
func (l *attention) inUnits(v *variable) *offer {
	n := v.node.Args[1]
	ids := l.idsBySource(n)
	f := make([]float64, len(ids))
	for s, id := range ids {
		f[s] = math.NaN()
		if id != none {
			f[s] = float64(v.units[id])
		}
	}
	src := l.source(n)
	if src == nil {
		return &offer{form: constantForm(f[0]), made: true}
	}
	if src.kind == computedVariable && unitOf(l.numbers(n)) == 0 {
		g, scale, shift := normal(f) // what is linear in fractions is whole but for rounding
		if scale == 0 {
			return &offer{form: constantForm(shift), made: true}
		}
		r := l.decoded(src, g)
		return &offer{when: r.when, make: func() form { return r.get().Times(scale).Plus(constantForm(shift)) }}
	}
	return &offer{when: l.when(src, f), make: func() form { return l.read(src, f) }}
}

// tallies reports whether whole numbers up to size can be tallied.
func (l *attention) tallies(size float64) bool {
	return construct.TallyError(l.domain.Length, size, construct.TallyWeight(l.domain.Length)) < 0.5
}

// rough reports that the number n may be read from a head that averages, as a
// fraction with an error.
func (l *attention) rough(n *graph.Node) bool {
	switch v := l.source(n); {
	case v == nil:
		return false
	case v.kind == meanVariable:
		return !l.all(v.node, isInteger)
	case v.kind == computedVariable:
		lin := l.linear(n)
		return lin != nil && slices.ContainsFunc(lin.Over(), l.rough)
	}
	return false
}

func (l *attention) countedSum(v *variable) *combination {
	n, c, ids := v.node, &combination{}, map[int][]int32{}
	for id, u := range v.units {
		if u != 0 {
			ids[u] = append(ids[u], int32(id))
		}
	}
	if len(ids) > maxCounted {
		return nil
	}
	for _, u := range slices.Sorted(maps.Keys(ids)) {
		c.add(l.width(l.selection(n.Args[0], &keyFilter{n.Args[1], ids[u]})), float64(u))
	}
	return c
}

// maxCounted is how many values are counted one by one.
const maxCounted = 64

// zeros is how many selected keys have the value 0, if all others have one and
// the same; nil if not.
func (l *attention) zeros(v *variable) *combination {
	unit, _ := l.onlyUnit(v)
	sum := l.sum(v)
	if unit == 0 || sum == nil {
		return nil
	}
	c := &combination{label: labelOf(v.node, "zeros of "+graph.Describe(v.node.Args[1]))}
	c.add(l.width(l.selection(v.node.Args[0], nil)), 1)
	c.add(sum, -1/float64(unit))
	for _, s := range v.sums {
		c.numbers = append(c.numbers, float64(s.width-s.total/unit))
	}
	return c
}

// moments is a number that tells the states of a mean apart, but for those of
// equal sums: the sum, times as many as there are widths, plus the width, or the
// state of what the width follows from. nil if the sum cannot be read, or the
// number is too large to be exact.
func (l *attention) moments(v *variable) *combination {
	sum := l.sum(v)
	if sum == nil {
		return nil
	}
	c := &combination{label: labelOf(v.node, "sum and width of "+graph.Describe(v.node))}
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
	c.add(sum, many)
	c.add(other, 1)
	for s, x := range v.sums {
		number := float64(x.total)*many + which[s]
		if math.Abs(number) >= 1<<24 {
			return nil
		}
		c.numbers = append(c.numbers, number)
	}
	return c
}

// states is the number of the state of a variable.
func (l *attention) states(v *variable) *combination {
	f := widths(v.size - 1)
	return &combination{Form: linear.Of(l.demand(v, f))}
}
