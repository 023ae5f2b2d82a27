package heads

import (
	"maps"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/graph"
)

// sum is the sum under a mean, in units, by state: a tally of the values, or
// where they are too large for that or come out of a head with an error, each
// value times a tally of its keys. nil if the values have no unit, or it takes too
// many tallies.
func (l *Attention) sum(v *facts.Variable) *demand.Number {
	if c, ok := l.Linears[v]; ok {
		return c
	}
	n, label := v.Node, demand.LabelOf(v.Node, "sum of "+graph.Describe(v.Node.Args[1]))
	var c *demand.Number
	switch {
	case v.Per == 0:
	case l.tallies(float64(max(slices.Max(v.Units), -slices.Min(v.Units)))) && !l.rough(n.Args[1]):
		c = l.tally(l.Selection(n.Args[0], nil), l.inUnits(v), label)
	default:
		c = l.countedSum(v)
	}
	if c != nil {
		c.Label = label
		for _, s := range v.Sums {
			c.Numbers = append(c.Numbers, float64(s.Total))
		}
	}
	l.Linears[v] = c
	return c
}

// inUnits reads the values under a mean as whole numbers.
func (l *Attention) inUnits(v *facts.Variable) *demand.Offer {
	n := v.Node.Args[1]
	ids := l.IdsBySource(n)
	f := make([]float64, len(ids))
	for s, id := range ids {
		f[s] = math.NaN()
		if id != facts.None {
			f[s] = float64(v.Units[id])
		}
	}
	src := l.Source(n)
	if src == nil {
		return &demand.Offer{Form: plan.Constant(f[0]), Made: true}
	}
	if src.Source == facts.Computed && demand.UnitOf(l.Numbers(n)) == 0 {
		g, scale, shift := facts.Normal(f) // what is linear in fractions is whole but for rounding
		if scale == 0 {
			return &demand.Offer{Form: plan.Constant(shift), Made: true}
		}
		r := l.Decoded(src, g)
		return &demand.Offer{When: r.When, Make: func() plan.Form { return r.Get().Times(scale).Plus(plan.Constant(shift)) }}
	}
	return &demand.Offer{When: l.When(src, f), Make: func() plan.Form { return l.Read(src, f) }}
}

// tallies reports whether whole numbers up to size can be tallied.
func (l *Attention) tallies(size float64) bool {
	return construct.TallyError(l.Domain.Length, size, construct.TallyWeight(l.Domain.Length)) < 0.5
}

// rough reports that the number n may be read from a head that averages, as a
// fraction with an error.
func (l *Attention) rough(n *graph.Node) bool {
	switch v := l.Source(n); {
	case v == nil:
		return false
	case v.Source == facts.Mean:
		return !l.All(v.Node, facts.IsInteger)
	case v.Source == facts.Computed:
		lin := l.Linear(n)
		return lin != nil && slices.ContainsFunc(lin.Over(), l.rough)
	}
	return false
}

func (l *Attention) countedSum(v *facts.Variable) *demand.Number {
	n, c, ids := v.Node, &demand.Number{}, map[int][]int32{}
	for id, u := range v.Units {
		if u != 0 {
			ids[u] = append(ids[u], int32(id))
		}
	}
	if len(ids) > maxCounted {
		return nil
	}
	for _, u := range slices.Sorted(maps.Keys(ids)) {
		c.Add(l.width(l.Selection(n.Args[0], &demand.KeyFilter{Node: n.Args[1], IDs: ids[u]})), float64(u))
	}
	return c
}

// maxCounted is how many values are counted one by one.
const maxCounted = 64

// zeros is how many selected keys have the value 0, if all others have one and
// the same; nil if not.
func (l *Attention) zeros(v *facts.Variable) *demand.Number {
	unit, _ := l.onlyUnit(v)
	sum := l.sum(v)
	if unit == 0 || sum == nil {
		return nil
	}
	c := &demand.Number{Label: demand.LabelOf(v.Node, "zeros of "+graph.Describe(v.Node.Args[1]))}
	c.Add(l.width(l.Selection(v.Node.Args[0], nil)), 1)
	c.Add(sum, -1/float64(unit))
	for _, s := range v.Sums {
		c.Numbers = append(c.Numbers, float64(s.Width-s.Total/unit))
	}
	return c
}

// Moments is a number that tells the states of a mean apart, but for those of
// equal sums: the sum, times as many as there are widths, plus the width, or the
// state of what the width follows from. nil if the sum cannot be read, or the
// number is too large to be exact.
func (l *Attention) Moments(v *facts.Variable) *demand.Number {
	sum := l.sum(v)
	if sum == nil {
		return nil
	}
	c := &demand.Number{Label: demand.LabelOf(v.Node, "sum and width of "+graph.Describe(v.Node))}
	other := l.width(l.Selection(v.Node.Args[0], nil))
	which := widthsOf(v)
	if len(v.Determines) > 0 {
		d := v.Determines[0]
		other = l.states(d.Variable)
		for s, state := range d.State {
			which[s] = float64(state)
		}
	}
	many := math.Exp2(math.Ceil(math.Log2(float64(l.Domain.Length + 1))))
	c.Add(sum, many)
	c.Add(other, 1)
	for s, x := range v.Sums {
		number := float64(x.Total)*many + which[s]
		if math.Abs(number) >= 1<<24 {
			return nil
		}
		c.Numbers = append(c.Numbers, number)
	}
	return c
}

// states is the number of the state of a variable.
func (l *Attention) states(v *facts.Variable) *demand.Number {
	f := facts.Range(v.Size - 1)
	return &demand.Number{Form: linear.Of(l.Demand(v, f))}
}
