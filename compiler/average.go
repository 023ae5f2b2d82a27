package compiler

import (
	"maps"
	"math"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
)

// average reads a function g of a mean. Which circuit that needs depends on
// what g distinguishes; the first that is enough, of these:
//
//	nothing but whether a value other than 0 is selected   a head, no MLP
//	the mean itself, a fraction                             the head's output as it is
//	the width of the row                                    a head that counts
//	how many keys with one certain value are selected       a head that counts those keys
//	the mean                                                the head's output, by thresholds
//	the sum                                                 thresholds that move with the width, or the sum of such counts
//	sum and width                                           both decoded, then a table
func (l *lowering) average(v *variable, g []float64) *reading {
	n := v.node
	m := l.meanOf(v)
	if r := l.averageAny(v, g, m); r != nil {
		return r
	}
	sel := l.selection(n.Args[0], nil)
	_, _, itself := affine(g, l.numbers(n))
	fraction := itself && !l.all(n, isInteger) && len(sel.parts) == 1
	if !fraction {
		if r := l.averageCount(v, g, m); r != nil {
			return r
		}
	}
	if len(sel.parts) == 1 {
		if r := l.averageItself(v, g, sel.parts[0]); r != nil {
			return r
		}
	}
	if f, ok := v.by(g, func(s sum) int { return s.total }); ok {
		if r := l.fromSum(v, g); r != nil {
			return r
		}
		c := l.sumOfValues(n, m)
		numbers, h := make([]float64, 0, len(f)), make([]float64, 0, len(f))
		for _, total := range slices.Sorted(maps.Keys(f)) {
			numbers, h = append(numbers, float64(total)), append(h, f[total])
		}
		return l.combined(c, h, numbers)
	}
	return l.fromUnit(v, g)
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
	return nil
}

// averageCount handles functions that ask only for the width of the row, or how
// many keys of one kind are selected.
func (l *lowering) averageCount(v *variable, g []float64, m meanOf) *reading {
	n := v.node
	if f, ok := v.by(g, func(s sum) int { return s.width }); ok {
		return l.countOf(l.selection(n.Args[0], nil), upTo(f, l.domain.Length))
	}
	if len(m.ids) != 1 {
		return nil
	}
	unit := m.units[m.ids[0]]
	if f, ok := v.by(g, func(s sum) int { return s.total / unit }); ok {
		return l.countOf(l.selection(n.Args[0], &keyFilter{n.Args[1], m.ids}), upTo(f, l.domain.Length))
	}
	zero := int32(slices.Index(m.units, 0))
	if zero < 0 {
		return nil
	}
	rest := l.selection(n.Args[0], &keyFilter{n.Args[1], []int32{zero}})
	if f, ok := v.by(g, func(s sum) int { return positive(s.width - s.total/unit) }); ok {
		return l.anyOf(rest, at(f, 0), at(f, 1))
	}
	if f, ok := v.by(g, func(s sum) int { return s.width - s.total/unit }); ok {
		return l.countOf(rest, upTo(f, l.domain.Length))
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
	return l.meanOfSum([]multiple{{n, 1}}, p, grid)
}

// multiple is a mean times a factor.
type multiple struct {
	mean   *graph.Node
	factor float64
}

// meanOfSum is the head that averages a sum of values of several means over the
// same part, each times its factor: the same sum of the means.
func (l *lowering) meanOfSum(terms []multiple, p *part, grid float64) analog {
	fallback, t, size := 0.0, 0, 0.0
	var addends []*reading
	for _, m := range terms {
		fallback += m.factor * m.mean.Value.Float64()
		values := l.scalar(m.mean.Args[1])
		addends = append(addends, values)
		t = max(t, l.headWhen(p, values.when, sinkDefault))
		size += math.Abs(m.factor) * l.size(m.mean.Args[1])
	}
	n := terms[0].mean
	label := labelOf(n, "mean "+describe(n))
	return analog{when: t, label: label, form: func() form {
		value := form{}
		for i, m := range terms {
			value = value.plus(addends[i].get().times(m.factor))
		}
		h := l.head(p, t, sinkDefault, n)
		key := value.key() + functionKey([]float64{grid, fallback})
		c := h.byValue[key]
		if c == nil {
			c = l.newColumn(t, label)
			c.bos = fallback
			if grid > 0 {
				l.round(c, grid, size+math.Abs(fallback))
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

// sumOfValues is the sum of the selected values, in units: each value times the
// number of keys that have it.
func (l *lowering) sumOfValues(n *graph.Node, m meanOf) *combination {
	c := &combination{label: labelOf(n, "sum of "+describe(n.Args[1])), numbers: []float64{0, 1}}
	if len(m.ids) > 64 {
		l.fail(diag.Errorf(n.Span, diag.Limit, "the sum of %s needs a count of each of its %d values, the limit is 64", describe(n.Args[1]), len(m.ids)))
	}
	for _, id := range m.ids {
		sel := l.selection(n.Args[0], &keyFilter{n.Args[1], []int32{id}})
		c.addends = append(c.addends, l.countOf(sel, widths(l.domain.Length)))
		c.factors = append(c.factors, float64(m.units[id]))
	}
	return c
}

// scalar reads an s-op of numbers as one linear form, whether or not its values
// can be listed.
func (l *lowering) scalar(n *graph.Node) *reading {
	r := l.relations[n]
	switch {
	case !r.unbounded && len(r.vars) == 0:
		return &reading{make: func() form { return constantForm(r.values[0].Float64()) }}
	case !r.unbounded:
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
