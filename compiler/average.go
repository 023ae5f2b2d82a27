package compiler

import (
	"cmp"
	"math"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// average reads a function g of a mean. Which circuit that needs depends on
// what g distinguishes; of those that are enough, the first that is there soonest:
//
//	nothing but whether a value other than 0 is selected   a head, no MLP
//	the width of the row                                    the tally of ones
//	the mean itself, a fraction                             the head's output as it is
//	the sum                                                 the tally of the values
//	how many selected keys have the value 0                 the difference of the two
//	the mean                                                the head's output, by thresholds
//	sum and width                                           both as one number, see moments
//	whether it is an int or a float                         the tally of types
func (l *lowering) average(v *variable, g []float64) *reading {
	g = snapped(g)
	var best *reading
	circuits := []func(*variable, []float64) *reading{
		l.averageAny, l.averageWidth, l.averageFraction, l.averageSum, l.averageZeros, l.averageItself, l.averageMoments, l.averageKind,
	}
	if exact := l.ofCombination(l.moments(v), g); l.fine && exact != nil {
		// Steps between fractions are not as exact as steps between whole numbers.
		circuits = []func(*variable, []float64) *reading{l.averageAny, l.averageWidth, l.averageSum, l.averageZeros, l.averageMoments}
	}
	for _, circuit := range circuits {
		if r := circuit(v, g); r != nil && (best == nil || r.when < best.when) {
			best = r
		}
	}
	if best == nil {
		return &reading{when: notAtAll, make: func() form { return l.fail(l.inseparable(v, g)) }}
	}
	return best
}

func (l *lowering) averageWidth(v *variable, g []float64) *reading {
	f, ok := v.by(g, func(s sum) int { return s.width })
	if !ok {
		return nil
	}
	return l.countOf(l.selection(v.node.Args[0], nil), upTo(f, l.domain.Length))
}

// averageFraction is averageItself for the mean up to scale and shift, unless it
// is an int: that is read exactly.
func (l *lowering) averageFraction(v *variable, g []float64) *reading {
	if _, _, itself := affine(g, v.numbers()); !itself || l.all(v.node, isInteger) {
		return nil
	}
	return l.averageItself(v, g)
}

func (l *lowering) averageSum(v *variable, g []float64) *reading {
	return l.ofCombination(l.sum(v), g)
}

func (l *lowering) averageZeros(v *variable, g []float64) *reading {
	return l.ofCombination(l.zeros(v), g)
}

func (l *lowering) averageMoments(v *variable, g []float64) *reading {
	return l.ofCombination(l.moments(v), g)
}

// ofCombination reads g from a combination, nil if there is none or g depends on
// more.
func (l *lowering) ofCombination(c *combination, g []float64) *reading {
	if c == nil || !functionOf(g, c.numbers) {
		return nil
	}
	return l.combined(c, g, c.numbers)
}

// snapped replaces numbers that differ by the rounding of float64 alone by one of
// them: what tells them apart decides a table, which has other numbers.
func snapped(g []float64) []float64 {
	order := make([]int, 0, len(g))
	for s, x := range g {
		if !math.IsNaN(x) {
			order = append(order, s)
		}
	}
	slices.SortFunc(order, func(s, t int) int { return cmp.Compare(g[s], g[t]) })
	f := slices.Clone(g)
	for i := 1; i < len(order); i++ {
		if x, last := g[order[i]], f[order[i-1]]; sameNumber(x, last) {
			f[order[i]] = last
		}
	}
	return f
}

func sameNumber(x, y float64) bool { return math.Abs(x-y) <= roundingOf*max(1, math.Abs(x)) }

// nonzero are the ids of the values under a mean that are not 0.
func (l *lowering) nonzero(v *variable) (ids []int32) {
	for id, u := range v.units {
		if u != 0 {
			ids = append(ids, int32(id))
		}
	}
	return ids
}

// onlyUnit is the value under a mean if it is one, or 0, and the ids of the zeros;
// 0 if there are several others.
func (l *lowering) onlyUnit(v *variable) (unit int, zero []int32) {
	for id, u := range v.units {
		switch {
		case u == 0:
			zero = append(zero, int32(id))
		case unit == 0:
			unit = u
		case unit != u:
			return 0, nil
		}
	}
	return unit, zero
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
func (l *lowering) averageAny(v *variable, g []float64) *reading {
	n := v.node
	every := l.selection(n.Args[0], nil)
	if f, ok := v.by(g, func(s sum) int { return positive(s.width) }); ok {
		return l.anyOf(every, at(f, 0), at(f, 1))
	}
	if v.per == 0 {
		return nil
	}
	ids := l.nonzero(v)
	sameSign := slices.Min(v.units) >= 0 || slices.Max(v.units) <= 0
	if f, ok := v.by(g, func(s sum) int { return positive(abs(s.total)) }); ok && sameSign {
		return l.anyOf(l.selection(n.Args[0], &keyFilter{n.Args[1], ids}), at(f, 0), at(f, 1))
	}
	unit, zero := l.onlyUnit(v)
	if unit == 0 || len(zero) == 0 {
		return nil
	}
	if f, ok := v.by(g, func(s sum) int { return positive(s.width - s.total/unit) }); ok {
		return l.anyOf(l.selection(n.Args[0], &keyFilter{n.Args[1], zero}), at(f, 0), at(f, 1))
	}
	return nil
}

func abs(x int) int { return max(x, -x) }

// averageItself reads a function of the mean from the head's output: the mean up
// to scale and shift directly, any other function by thresholds between the
// values that it tells apart. nil if g depends on more than the mean.
func (l *lowering) averageItself(v *variable, g []float64) *reading {
	n := v.node
	sel := l.selection(n.Args[0], nil)
	if !n.Value.IsNumber() || len(sel.parts) != 1 {
		return nil
	}
	if scale, shift, ok := affine(g, v.numbers()); ok {
		raw := l.meanColumn(n, sel.parts[0], 0)
		return &reading{when: raw.when, make: func() form { return raw.form().times(scale).plus(constantForm(shift)) }}
	}
	if in := l.meanInput(v, g); in != nil {
		return l.steps(*in.analog, pointsOf(in.y, g))
	}
	return nil
}

// averageKind reads functions that ask of which type the mean is where the values
// are of several: a single one keeps its type.
func (l *lowering) averageKind(v *variable, g []float64) *reading {
	f := slices.Repeat([]float64{math.NaN()}, kindFloat+1)
	for s, x := range g {
		if math.IsNaN(x) {
			continue
		}
		k := kindFloat
		switch {
		case v.sums[s].width == 0:
			k = 0
		case v.singles[s] != none:
			k = kindWeight(v.values[s])
		}
		if !math.IsNaN(f[k]) && f[k] != x {
			return nil
		}
		f[k] = x
	}
	return l.kindOf(v.node, f)
}

// The type of a mean is told by the sum of a weight of the type over what is
// selected: only a single int or a single boolean has less than that of a float.
const (
	kindInt   = 2
	kindBool  = 3
	kindFloat = 4
)

func kindWeight(v value.Value) int {
	switch v.Kind() {
	case value.Int:
		return kindInt
	case value.Bool:
		return kindBool
	}
	return kindFloat
}

// kindOf reads a function of the type of a mean, given by its weight.
func (l *lowering) kindOf(n *graph.Node, f []float64) *reading {
	c := l.tally(l.selection(n.Args[0], nil), l.kinds(n.Args[1]), labelOf(n, "type of "+describe(n)))
	c.numbers = widths(kindFloat * l.domain.Length)
	return l.combined(c, append(slices.Clone(f), slices.Repeat(f[kindFloat:], kindFloat*(l.domain.Length-1))...), c.numbers)
}

// kinds reads the weight of the type of an s-op of numbers.
func (l *lowering) kinds(n *graph.Node) *reading {
	r := l.table(n)
	if r.unbounded {
		float := l.isFloat(n)
		return &reading{when: float.when, make: func() form { return float.get().times(kindFloat - kindInt).plus(constantForm(kindInt)) }}
	}
	ids := l.idsBySource(n)
	g := make([]float64, len(ids))
	for s, id := range ids {
		g[s] = math.NaN()
		if id != none {
			g[s] = float64(kindWeight(r.values[id]))
		}
	}
	src := l.source(n)
	return &reading{when: l.when(src, g), make: func() form { return l.read(src, g) }}
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

// scalar reads an s-op of numbers as one linear form, whether or not its values
// can be listed: fractions that are linear in means as they come out of the heads.
func (l *lowering) scalar(n *graph.Node) *reading {
	r := l.table(n)
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
	return l.sumOfScalars(n)
}

// sumOfScalars is scalar for a linear form, term by term.
func (l *lowering) sumOfScalars(n *graph.Node) *reading {
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
