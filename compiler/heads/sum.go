package heads

import (
	"maps"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
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
		c = l.tally(n, l.Selection(n.Args[0], nil), l.inUnits(v), label)
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
	f := facts.ByState(l.IdsBySource(n), func(id int32) float64 { return float64(v.Units[id]) })
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
	return l.Later(src, f)
}

// tallies reports whether whole numbers up to size can be tallied.
func (l *Attention) tallies(size float64) bool {
	weight, sink := construct.TallyWeight(l.Domain.Length, size, 0)
	unit := math.Abs(construct.TallyUnit(weight, sink) - 1)
	return construct.Float32.TallyError(l.Domain.Length, size, weight, float64(size*unit)) < 0.5
}

// rough reports that the number n may be read from a head that averages, as a
// fraction with an error.
func (l *Attention) rough(n *graph.Node) bool {
	switch v := l.Source(n); {
	case v == nil:
		return false
	case v.Source == facts.Mean && l.All(v.Node, facts.IsInteger):
		_, _, asItIs := facts.Affine(l.Numbers(n), v.Numbers()) // any other function is made of steps
		return asItIs
	case v.Source == facts.Mean:
		return true
	case v.Source == facts.Computed, v.Source == facts.Whole:
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
		c.Add(l.width(n, l.Selection(n.Args[0], &demand.KeyFilter{Node: n.Args[1], IDs: ids[u]})), float64(u))
	}
	return c
}

// maxCounted is how many values are counted one by one.
const maxCounted = 64

// SumOfMean reads a function of a mean that asks for its sum alone.
func (l *Attention) SumOfMean(v *facts.Variable, g []float64) *demand.Offer {
	return l.ofNumber(l.sum(v), g)
}
