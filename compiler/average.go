package compiler

import (
	"math"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
)

// average reads a function g of a mean. Which circuit that needs depends on
// what g distinguishes; the first that is enough, of these:
//
//	nothing but whether a value other than 0 is selected   a head, no MLP
//	the width of the row                                    the tally of ones
//	the mean itself, a fraction                             the head's output as it is
//	the sum                                                 the tally of the values
//	how many selected keys have the value 0                 the difference of the two
//	the mean                                                the head's output, by thresholds
//	sum and width                                           both as one number, see moments
func (l *lowering) average(v *variable, g []float64) *reading {
	n := v.node
	m := l.meanOf(v)
	if r := l.averageAny(v, g, m); r != nil {
		return r
	}
	sel := l.selection(n.Args[0], nil)
	if f, ok := v.by(g, func(s sum) int { return s.width }); ok {
		return l.countOf(sel, upTo(f, l.domain.Length))
	}
	_, _, itself := affine(g, l.numbers(n))
	if itself && !l.all(n, isInteger) && len(sel.parts) == 1 {
		return l.averageItself(v, g, sel.parts[0])
	}
	if s := l.sum(v); functionOf(g, s.numbers) {
		return l.combined(s, g, s.numbers)
	}
	if c := l.zeros(v, m); c != nil && functionOf(g, c.numbers) {
		return l.combined(c, g, c.numbers)
	}
	if len(sel.parts) == 1 {
		if r := l.averageItself(v, g, sel.parts[0]); r != nil {
			return r
		}
	}
	return l.combined(l.moments(v), g, l.moments(v).numbers)
}

// meanOf is what is known about the values under a mean.
type meanOf struct {
	units []int   // the values in units, by id
	ids   []int32 // ids of the values that are not 0
	unit  float64
}

func (l *lowering) meanOf(v *variable) meanOf {
	values := l.relations[v.node.Args[1]].values
	unit, _ := commonUnit(values)
	m := meanOf{unit: unit, units: make([]int, len(values))}
	for i, x := range values {
		m.units[i] = int(x.Float64() / unit)
		if m.units[i] != 0 {
			m.ids = append(m.ids, int32(i))
		}
	}
	return m
}

// by is g as a function of something coarser than the state; false if g
// distinguishes states that are the same in that.
func (v *variable) by(g []float64, what func(sum) int) (map[int]float64, bool) {
	f := map[int]float64{}
	for s, x := range g {
		if math.IsNaN(x) {
			continue
		}
		k := what(v.sums[s])
		if old, ok := f[k]; ok && old != x {
			return nil, false
		}
		f[k] = x
	}
	return f, true
}

// at is f at k, NaN where it is not defined.
func at(f map[int]float64, k int) float64 {
	if x, ok := f[k]; ok {
		return x
	}
	return math.NaN()
}

// upTo lists f at 0..n.
func upTo(f map[int]float64, n int) []float64 {
	g := make([]float64, n+1)
	for i := range g {
		g[i] = at(f, i)
	}
	return g
}

func positive(x int) int { return min(x, 1) }

// averageAny handles functions that ask only whether something is selected.
func (l *lowering) averageAny(v *variable, g []float64, m meanOf) *reading {
	n := v.node
	every := l.selection(n.Args[0], nil)
	if f, ok := v.by(g, func(s sum) int { return positive(s.width) }); ok {
		return l.anyOf(every, at(f, 0), at(f, 1))
	}
	sameSign := !slices.ContainsFunc(m.units, func(u int) bool { return u < 0 }) || !slices.ContainsFunc(m.units, func(u int) bool { return u > 0 })
	if f, ok := v.by(g, func(s sum) int { return positive(abs(s.total)) }); ok && sameSign {
		return l.anyOf(l.selection(n.Args[0], &keyFilter{n.Args[1], m.ids}), at(f, 0), at(f, 1))
	}
	zero := int32(slices.Index(m.units, 0))
	if len(m.ids) != 1 || zero < 0 {
		return nil
	}
	unit := m.units[m.ids[0]]
	if f, ok := v.by(g, func(s sum) int { return positive(s.width - s.total/unit) }); ok {
		return l.anyOf(l.selection(n.Args[0], &keyFilter{n.Args[1], []int32{zero}}), at(f, 0), at(f, 1))
	}
	return nil
}

func abs(x int) int { return max(x, -x) }

// averageItself reads a function of the mean from the head's output: the mean up
// to scale and shift directly, any other function by thresholds between the
// values that it tells apart. nil if g depends on more than the mean.
func (l *lowering) averageItself(v *variable, g []float64, p *part) *reading {
	n := v.node
	if !n.Value.IsNumber() {
		return nil
	}
	if scale, shift, ok := affine(g, l.numbers(n)); ok {
		raw := l.meanColumn(n, p, 0)
		return &reading{when: raw.when, make: func() form { return raw.form().times(scale).plus(constantForm(shift)) }}
	}
	if in := l.meanInput(v, g); in != nil {
		return l.steps(*in.analog, pointsOf(in.y, g))
	}
	return nil
}

// meanColumn is the output of the head that averages the values of n over part
// p: a number between the least and the largest value, the default where
// nothing is selected. grid > 0 rounds it, for thresholds.
func (l *lowering) meanColumn(n *graph.Node, p *part, grid float64) analog {
	values, fallback := l.scalar(n.Args[1]), n.Value.Float64()
	t := l.headWhen(p, values.when, sinkDefault)
	label := labelOf(n, "mean "+describe(n))
	return analog{when: t, label: label, form: func() form {
		h, value := l.head(p, t, sinkDefault, n), values.get()
		key := value.key() + functionKey([]float64{grid, fallback})
		c := h.byValue[key]
		if c == nil {
			c = l.newColumn(t, label)
			c.bos = fallback
			if grid > 0 {
				l.round(c, grid, l.size(n.Args[1])+math.Abs(fallback))
			}
			h.bring(bringsMean, value, fallback, c)
			h.byValue[key] = c
		}
		return form{terms: []formTerm{{c, 1}}}
	}}
}

// size is the largest absolute value of an s-op.
func (l *lowering) size(n *graph.Node) float64 {
	x := 0.0
	for _, v := range l.relations[n].values {
		x = max(x, math.Abs(v.Float64()))
	}
	return x
}

// scalar reads an s-op of numbers as one linear form, whether or not its values
// can be listed: fractions that are linear in means as they come out of the heads.
func (l *lowering) scalar(n *graph.Node) *reading {
	r := l.relations[n]
	switch {
	case !r.unbounded && len(r.vars) == 0:
		return &reading{make: func() form { return constantForm(r.values[0].Float64()) }}
	case !r.unbounded && (n.Op == graph.Aggregate || !l.isMean(n) || l.all(n, isInteger)):
		src, f := l.source(n), l.numbers(n)
		return &reading{when: l.when(src, f), make: func() form { return l.read(src, f) }}
	case n.Op == graph.Aggregate:
		sel := l.selection(n.Args[0], nil)
		if len(sel.parts) != 1 {
			return &reading{make: func() form { return l.fail(unsupportedMean(n)) }}
		}
		a := l.meanColumn(n, sel.parts[0], 0)
		return &reading{when: a.when, make: a.form}
	}
	lin := l.linear(n)
	c := &combination{constant: lin.constant, factors: lin.factors}
	for _, arg := range lin.nodes {
		c.addends = append(c.addends, l.scalar(arg))
	}
	return &reading{when: c.when(), make: c.form}
}

func unsupportedMean(n *graph.Node) *diag.Diagnostic {
	return diag.Errorf(n.Span, diag.Limit, "a mean of numbers of this kind over a selector that is not one conjunction is not supported yet").
		WithHint("split the selector, or average ints")
}
