package heads

import (
	"cmp"
	"math"
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/graph"
)

// wholeOnly: steps between fractions are not as exact as steps between whole numbers,
// which the policy wants if there are any.
func (l *Attention) wholeOnly(v *facts.Variable, g []float64) bool {
	return l.TwoColumns && l.ofNumber(l.Moments(v), g) != nil
}

func (l *Attention) AverageWidth(v *facts.Variable, g []float64) *demand.Offer {
	f, ok := by(v, g, func(s facts.Sum) int { return s.Width })
	if !ok {
		return nil
	}
	return l.countOf(l.Selection(v.Node.Args[0], nil), upTo(f, l.Domain.Length))
}

// AverageFraction is averageItself for the mean up to scale and shift, unless it
// is an int: that is read exactly.
func (l *Attention) AverageFraction(v *facts.Variable, g []float64) *demand.Offer {
	if _, _, itself := facts.Affine(g, v.Numbers()); !itself || l.All(v.Node, facts.IsInteger) || l.wholeOnly(v, g) {
		return nil
	}
	return l.AverageItself(v, g)
}

func (l *Attention) AverageSum(v *facts.Variable, g []float64) *demand.Offer {
	return l.ofNumber(l.sum(v), g)
}

func (l *Attention) AverageZeros(v *facts.Variable, g []float64) *demand.Offer {
	return l.ofNumber(l.zeros(v), g)
}

func (l *Attention) AverageMoments(v *facts.Variable, g []float64) *demand.Offer {
	return l.ofNumber(l.Moments(v), g)
}

// ofNumber offers g of a number, nil if there is none or g depends on
// more.
func (l *Attention) ofNumber(c *demand.Number, g []float64) *demand.Offer {
	if c == nil || !facts.FunctionOf(g, c.Numbers) {
		return nil
	}
	return l.OfNumber(c, g, c.Numbers)
}

// Snapped replaces numbers that differ by the rounding of float64 alone by one of
// them: what tells them apart decides a table, which has other numbers.
func Snapped(g []float64) []float64 {
	order := make([]int, 0, len(g))
	for s, x := range g {
		if !math.IsNaN(x) {
			order = append(order, s)
		}
	}
	slices.SortFunc(order, func(s, t int) int { return cmp.Compare(g[s], g[t]) })
	f := slices.Clone(g)
	for i := 1; i < len(order); i++ {
		if x, last := g[order[i]], f[order[i-1]]; facts.SameNumber(x, last) {
			f[order[i]] = last
		}
	}
	return f
}

// nonzero are the ids of the values under a mean that are not 0.
func (l *Attention) nonzero(v *facts.Variable) (ids []int32) {
	for id, u := range v.Units {
		if u != 0 {
			ids = append(ids, int32(id))
		}
	}
	return ids
}

// onlyUnit is the value under a mean if it is one, or 0, and the ids of the zeros;
// 0 if there are several others.
func (l *Attention) onlyUnit(v *facts.Variable) (unit int, zero []int32) {
	for id, u := range v.Units {
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
func by(v *facts.Variable, g []float64, what func(facts.Sum) int) (map[int]float64, bool) {
	f := map[int]float64{}
	for s, x := range g {
		if math.IsNaN(x) {
			continue
		}
		k := what(v.Sums[s])
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

// AverageAny handles functions that ask only whether something is selected.
func (l *Attention) AverageAny(v *facts.Variable, g []float64) *demand.Offer {
	n := v.Node
	every := l.Selection(n.Args[0], nil)
	if f, ok := by(v, g, func(s facts.Sum) int { return min(s.Width, 1) }); ok {
		return l.anyOf(every, at(f, 0), at(f, 1))
	}
	if v.Per == 0 {
		return nil
	}
	ids := l.nonzero(v)
	sameSign := slices.Min(v.Units) >= 0 || slices.Max(v.Units) <= 0
	if f, ok := by(v, g, func(s facts.Sum) int { return min(max(s.Total, -s.Total), 1) }); ok && sameSign {
		return l.anyOf(l.Selection(n.Args[0], &demand.KeyFilter{Node: n.Args[1], IDs: ids}), at(f, 0), at(f, 1))
	}
	unit, zero := l.onlyUnit(v)
	if unit == 0 || len(zero) == 0 {
		return nil
	}
	if f, ok := by(v, g, func(s facts.Sum) int { return min(s.Width-s.Total/unit, 1) }); ok {
		return l.anyOf(l.Selection(n.Args[0], &demand.KeyFilter{Node: n.Args[1], IDs: zero}), at(f, 0), at(f, 1))
	}
	return nil
}

// AverageItself reads a function of the mean from the head's output: the mean up
// to scale and shift directly, any other function by thresholds between the
// values that it tells apart. nil if g depends on more than the mean.
func (l *Attention) AverageItself(v *facts.Variable, g []float64) *demand.Offer {
	n := v.Node
	sel := l.Selection(n.Args[0], nil)
	if !n.Value.IsNumber() || len(sel.Parts) != 1 || l.wholeOnly(v, g) {
		return nil
	}
	if scale, shift, ok := facts.Affine(g, v.Numbers()); ok {
		raw := l.meanColumn(n, sel.Parts[0], 0)
		return &demand.Offer{When: raw.When, Cost: demand.Cost{Heads: 1, Columns: 1}, Make: func() plan.Form { return raw.Form().Times(scale).Plus(plan.Constant(shift)) }}
	}
	if mean := l.meanNumber(v, g); mean != nil {
		o := l.Steps(*mean, g)
		o.Cost = o.Cost.Plus(demand.Cost{Heads: 1, Columns: 1})
		return o
	}
	return nil
}

// meanColumn is the output of the head that averages the values of n over part
// p: a number between the least and the largest value, the default where
// nothing is selected. grid > 0 rounds it, for thresholds.
func (l *Attention) meanColumn(n *graph.Node, p *facts.Conjunct, grid float64) demand.Scalar {
	values, fallback := l.Scalar(n.Args[1]), n.Value.Float64()
	t := l.HeadWhen(p, values.When, demand.SinkDefault)
	label := demand.LabelOf(n, "mean "+graph.Describe(n))
	return demand.Scalar{When: t, Label: label, Form: func() plan.Form {
		h, value := l.Head(p, t, demand.SinkDefault, n), values.Get()
		key := demand.BroughtKey{Head: h, What: plan.Key(value) + facts.FunctionKey([]float64{grid, fallback})}
		c := l.Moved[key]
		if c == nil {
			c = l.NewColumn(t, label)
			c.Bos = fallback
			if grid > 0 {
				l.Round(c, grid, l.Size(n.Args[1])+math.Abs(fallback))
			}
			h.Bring(plan.Averages, value, fallback, c)
			l.Moved[key] = c
		}
		return linear.Of(c)
	}}
}
