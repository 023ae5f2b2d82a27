package heads

import (
	"fmt"
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
// value times the count of its keys; where counts are shares, of few values too. nil if the values have no unit, or it takes too
// many tallies.
func (l *Attention) sum(v *facts.Variable) *demand.Number {
	if c, ok := l.Linears[v]; ok {
		return c
	}
	n, label := v.Node, demand.LabelOf(v.Node, "sum of "+graph.Describe(v.Node.Args[1]))
	size := 0.0
	for _, u := range v.Units {
		size = max(size, math.Abs(float64(u)))
	}
	var c *demand.Number
	switch {
	case v.Per == 0:
	case l.countsFew(n, idsOf(v.Units)):
		c = l.countedSum(n, n, idsOf(v.Units))
	case l.tallies(size) && !l.rough(n.Args[1]):
		c = l.tally(n, l.Selection(n.Args[0], nil), l.inUnits(v), size, label)
	default:
		c = l.countedSum(n, n, idsOf(v.Units))
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
	return l.AsHeadsRead(src, f)
}

// tallies reports whether whole numbers up to size can be tallied.
func (l *Attention) tallies(size float64) bool {
	if l.Robust {
		return construct.SumWeight(l.Domain.Length, size) <= construct.MostSumWeight
	}
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

// idsOf the values of a mean that are not 0, by what they are in units.
func idsOf(units []int) map[float64][]int32 {
	ids := map[float64][]int32{}
	for id, u := range units {
		if u != 0 {
			ids[float64(u)] = append(ids[float64(u)], int32(id))
		}
	}
	return ids
}

// countedSum is the sum of the values under a mean, each times the count of its keys, for n;
// nil if they are too many.
func (l *Attention) countedSum(n, mean *graph.Node, ids map[float64][]int32) *demand.Number {
	if len(ids) > maxCounted {
		return nil
	}
	c := &demand.Number{}
	for _, u := range slices.Sorted(maps.Keys(ids)) {
		c.Add(l.width(n, l.Selection(mean.Args[0], &demand.KeyFilter{Node: mean.Args[1], IDs: ids[u]})), u)
	}
	return c
}

// countsFew reports that a sum is read off counts because these are shares: there is no head
// for each of many values.
func (l *Attention) countsFew(mean *graph.Node, ids map[float64][]int32) bool {
	return l.Policy.Share > 0 && !l.Robust && l.whyTally(mean, ids) == ""
}

// whyTally says why a sum is a tally though counts are to be shares; empty if it is none, or
// they are not. nil are values that cannot be listed.
func (l *Attention) whyTally(mean *graph.Node, ids map[float64][]int32) string {
	switch {
	case l.Policy.Share == 0, l.Robust:
	case !l.shares():
		return l.noShares()
	case ids == nil, len(ids) > fewCounted, l.Selector(mean.Args[0]).Pick != facts.Every:
		return fmt.Sprintf("a tally: counts are added up for %d values at most", fewCounted)
	}
	return ""
}

// maxCounted is how many values are counted one by one.
const maxCounted = 64

// fewCounted is how many values are, so that they are shares.
const fewCounted = 2

// SumOfMean reads a function of a mean that asks for its sum alone.
// Where counts are to be shares, and the sum is a tally all the same, steps of the mean are
// read instead, if they are there as soon.
func (l *Attention) SumOfMean(v *facts.Variable, g []float64) *demand.Offer {
	o, why := l.ofNumber(l.sum(v), g), l.whyTally(v.Node, idsOf(v.Units))
	if o == nil || why == "" {
		return o
	}
	if mean := l.Thresholds(v, g); mean != nil && mean.When <= o.When {
		return nil
	}
	o.Why = why
	return o
}
