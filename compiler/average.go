package compiler

import (
	"rasp/compiler/linear"

	"cmp"
	"math"
	"slices"

	"rasp/lang/graph"
)

// wholeOnly: steps between fractions are not as exact as steps between whole numbers,
// which the policy wants if there are any.
func (l *attention) wholeOnly(v *variable, g []float64) bool {
	return l.fine && l.ofCombination(l.moments(v), g) != nil
}

func (l *attention) averageWidth(v *variable, g []float64) *offer {
	f, ok := by(v, g, func(s sum) int { return s.width })
	if !ok {
		return nil
	}
	return l.countOf(l.selection(v.node.Args[0], nil), upTo(f, l.domain.Length))
}

// averageFraction is averageItself for the mean up to scale and shift, unless it
// is an int: that is read exactly.
func (l *attention) averageFraction(v *variable, g []float64) *offer {
	if _, _, itself := affine(g, v.numbers()); !itself || l.all(v.node, isInteger) || l.wholeOnly(v, g) {
		return nil
	}
	return l.averageItself(v, g)
}

func (l *attention) averageSum(v *variable, g []float64) *offer {
	return l.ofCombination(l.sum(v), g)
}

func (l *attention) averageZeros(v *variable, g []float64) *offer {
	return l.ofCombination(l.zeros(v), g)
}

func (l *attention) averageMoments(v *variable, g []float64) *offer {
	return l.ofCombination(l.moments(v), g)
}

// ofCombination reads g from a combination, nil if there is none or g depends on
// more.
func (l *attention) ofCombination(c *combination, g []float64) *offer {
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

// nonzero are the ids of the values under a mean that are not 0.
func (l *attention) nonzero(v *variable) (ids []int32) {
	for id, u := range v.units {
		if u != 0 {
			ids = append(ids, int32(id))
		}
	}
	return ids
}

// onlyUnit is the value under a mean if it is one, or 0, and the ids of the zeros;
// 0 if there are several others.
func (l *attention) onlyUnit(v *variable) (unit int, zero []int32) {
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
func by(v *variable, g []float64, what func(sum) int) (map[int]float64, bool) {
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

// averageAny handles functions that ask only whether something is selected.
func (l *attention) averageAny(v *variable, g []float64) *offer {
	n := v.node
	every := l.selection(n.Args[0], nil)
	if f, ok := by(v, g, func(s sum) int { return min(s.width, 1) }); ok {
		return l.anyOf(every, at(f, 0), at(f, 1))
	}
	if v.per == 0 {
		return nil
	}
	ids := l.nonzero(v)
	sameSign := slices.Min(v.units) >= 0 || slices.Max(v.units) <= 0
	if f, ok := by(v, g, func(s sum) int { return min(max(s.total, -s.total), 1) }); ok && sameSign {
		return l.anyOf(l.selection(n.Args[0], &keyFilter{n.Args[1], ids}), at(f, 0), at(f, 1))
	}
	unit, zero := l.onlyUnit(v)
	if unit == 0 || len(zero) == 0 {
		return nil
	}
	if f, ok := by(v, g, func(s sum) int { return min(s.width-s.total/unit, 1) }); ok {
		return l.anyOf(l.selection(n.Args[0], &keyFilter{n.Args[1], zero}), at(f, 0), at(f, 1))
	}
	return nil
}

// averageItself reads a function of the mean from the head's output: the mean up
// to scale and shift directly, any other function by thresholds between the
// values that it tells apart. nil if g depends on more than the mean.
func (l *attention) averageItself(v *variable, g []float64) *offer {
	n := v.node
	sel := l.selection(n.Args[0], nil)
	if !n.Value.IsNumber() || len(sel.parts) != 1 || l.wholeOnly(v, g) {
		return nil
	}
	if scale, shift, ok := affine(g, v.numbers()); ok {
		raw := l.meanColumn(n, sel.parts[0], 0)
		return &offer{when: raw.when, cost: cost{heads: 1, columns: 1}, make: func() form { return raw.form().Times(scale).Plus(constantForm(shift)) }}
	}
	if mean := l.meanNumber(v, g); mean != nil {
		o := l.steps(*mean, g)
		o.cost = o.cost.plus(cost{heads: 1, columns: 1})
		return o
	}
	return nil
}

// meanColumn is the output of the head that averages the values of n over part
// p: a number between the least and the largest value, the default where
// nothing is selected. grid > 0 rounds it, for thresholds.
func (l *attention) meanColumn(n *graph.Node, p *part, grid float64) analog {
	values, fallback := l.scalar(n.Args[1]), n.Value.Float64()
	t := l.headWhen(p, values.when, sinkDefault)
	label := labelOf(n, "mean "+graph.Describe(n))
	return analog{when: t, label: label, form: func() form {
		h, value := l.head(p, t, sinkDefault, n), values.get()
		key := broughtKey{h, keyOf(value) + functionKey([]float64{grid, fallback})}
		c := l.moved[key]
		if c == nil {
			c = l.newColumn(t, label)
			c.bos = fallback
			if grid > 0 {
				l.round(c, grid, l.size(n.Args[1])+math.Abs(fallback))
			}
			h.bring(bringsMean, value, fallback, c)
			l.moved[key] = c
		}
		return linear.Of(c)
	}}
}
