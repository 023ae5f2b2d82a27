package heads

import (
	"math"
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// The sum S of the ints v_j of a row is a tally of them (construct/count.go). Where they are
// too large for one, each is written in digits to the base r = 2^b, from -r/2 to r/2 - 1,
//
//	v = d_0 + d_1 r + d_2 r^2 ..,   S = S_0 + S_1 r + S_2 r^2 ..
//
// with a tally S_i for each digit, all of one head: exact while construct.TallyError of a
// digit, of size r/2, is below 1/2, and S below 2^24. No neurons, no layer more.
//
// Of S modulo m nothing but the remainders of the values is needed: S' = sum of (v_j mod m)
// is at most n (m-1), however large the values are, and S' mod m = S mod m.

// Total reads a function of the sum of a row.
func (l *Attention) Total(v *facts.Variable, g []float64) *demand.Offer {
	if l.Totals[v.Node] == nil {
		return nil
	}
	c, f := l.remainders(v, g)
	o := (*demand.Offer)(nil)
	if c != nil {
		o = l.OfNumber(c, f, c.Numbers)
	} else {
		c = l.total(v)
		o = l.ofNumber(c, g)
	}
	if o != nil && !c.OfShares() {
		values := l.Totals[v.Node].Args[1]
		o.Why = l.whyTally(l.Totals[v.Node], l.idsOfNumbers(values, l.Numbers(values)))
	}
	return o
}

// AnyOfTotal reads a function that asks whether a sum is 0, where all values have one sign.
func (l *Attention) AnyOfTotal(v *facts.Variable, g []float64) *demand.Offer {
	mean := l.Totals[v.Node]
	if mean == nil {
		return nil
	}
	lo, hi := l.Between(mean.Args[1])
	no, yes := math.NaN(), math.NaN()
	for s, x := range l.StateNumbers(v) {
		at := &yes
		if x == 0 {
			at = &no
		}
		if !math.IsNaN(*at) && !math.IsNaN(g[s]) && *at != g[s] || lo < 0 && hi > 0 {
			return nil
		}
		if !math.IsNaN(g[s]) {
			*at = g[s]
		}
	}
	var ids []int32
	for id, x := range l.Table(mean.Args[1]).Values {
		if x.Float64() != 0 {
			ids = append(ids, int32(id))
		}
	}
	return l.anyOf(v.Node, l.Selection(mean.Args[0], &demand.KeyFilter{Node: mean.Args[1], IDs: ids}), no, yes)
}

// wholeNumber is a whole number as heads bring it, nil if they do not.
func (l *Attention) wholeNumber(v *facts.Variable) *demand.Number {
	switch {
	case v.Linear != nil:
		return l.LinearNumber(v, v.Linear)
	case l.Totals[v.Node] != nil:
		return l.total(v)
	}
	return nil
}

// total is the sum of a row; nil if its values are no tallies, in digits either.
func (l *Attention) total(v *facts.Variable) *demand.Number {
	if c, ok := l.Linears[v]; ok {
		return c
	}
	c := l.totalOf(v, l.Numbers(l.Totals[v.Node].Args[1]))
	if c != nil {
		c.Numbers = l.StateNumbers(v)
	}
	l.Linears[v] = c
	return c
}

// totalOf is the sum of whole numbers f over a row, given by state of the source of what
// the mean is over; for that total v.
func (l *Attention) totalOf(v *facts.Variable, f []float64) *demand.Number {
	mean := l.Totals[v.Node]
	values, label := mean.Args[1], demand.LabelOf(v.Node, "sum of "+graph.Describe(mean.Args[1]))
	base := l.digitBase(f)
	if base == 0 || l.rough(values) || l.Robust && !math.IsInf(base, 1) {
		return nil
	}
	if ids := l.idsOfNumbers(values, f); l.countsFew(mean, ids) {
		c := l.countedSum(v.Node, mean, ids)
		c.Label = label
		return c
	}
	c := &demand.Number{Label: label}
	for unit := 1.0; ; unit *= base {
		digit, rest := digits(f, base)
		c.Add(l.tally(v.Node, l.Selection(mean.Args[0], nil), l.wholes(values, digit), sizeOf(digit), label), unit)
		if rest == nil {
			return c
		}
		f = rest
	}
}

// idsOfNumbers are the values of an s-op for which f, given by state of its source, is not 0,
// by what it is; nil if they cannot be listed.
func (l *Attention) idsOfNumbers(n *graph.Node, f []float64) map[float64][]int32 {
	if l.Table(n).Unbounded || l.Source(n) == nil {
		return nil
	}
	ids := map[float64][]int32{}
	for s, id := range l.IdsBySource(n) {
		if x := f[s]; id != facts.None && x != 0 && !math.IsNaN(x) && !slices.Contains(ids[x], id) {
			ids[x] = append(ids[x], id)
		}
	}
	return ids
}

// wholes reads a function of what an s-op depends on.
func (l *Attention) wholes(n *graph.Node, f []float64) *demand.Offer {
	if src := l.Source(n); src != nil {
		return l.AsHeadsRead(src, f)
	}
	return demand.ConstantOffer(f[0])
}

// digitBase is the base in which numbers are written: infinite if they need no digits, 0 if
// not even the least are tallied.
func (l *Attention) digitBase(f []float64) float64 {
	if l.tallies(sizeOf(f)) {
		return math.Inf(1)
	}
	for base := 1024.0; base >= 4; base /= 2 {
		if l.tallies(base / 2) {
			return base
		}
	}
	return 0
}

// sizeOf is the largest of some numbers, but for the sign.
func sizeOf(f []float64) (size float64) {
	for _, x := range f {
		if !math.IsNaN(x) {
			size = max(size, math.Abs(x))
		}
	}
	return size
}

// digits are the last digits of numbers, and what is above them; nil if nothing is.
func digits(f []float64, base float64) (digit, rest []float64) {
	if math.IsInf(base, 1) {
		return f, nil
	}
	digit, rest = make([]float64, len(f)), make([]float64, len(f))
	above := false
	for s, x := range f {
		rest[s] = math.Floor(x/base + 0.5)
		digit[s] = x - float64(base*rest[s])
		above = above || rest[s] != 0 && !math.IsNaN(x)
	}
	if !above {
		return digit, nil
	}
	return digit, rest
}

// remainders is the sum of the remainders of the values of a total, and g as a function of
// it, if g asks for the remainder of the total alone, and this is the smaller number; nil
// if not.
func (l *Attention) remainders(v *facts.Variable, g []float64) (c *demand.Number, f []float64) {
	numbers := l.StateNumbers(v)
	m, of := period(numbers, g)
	if most := float64(l.Domain.Length) * (m - 1); m == 0 || most >= numbers[len(numbers)-1]-numbers[0] {
		return nil, nil
	}
	c, known := l.remaindersOf[remainderKey{v, m}]
	if !known {
		values := slices.Clone(l.Numbers(l.Totals[v.Node].Args[1]))
		for s, x := range values {
			values[s] = modulo(x, m)
		}
		if c = l.totalOf(v, values); c != nil {
			c.Numbers = facts.Range(l.Domain.Length * int(m-1))
		}
		l.remaindersOf[remainderKey{v, m}] = c
	}
	if c == nil {
		return nil, nil
	}
	for _, x := range c.Numbers {
		f = append(f, of[int(modulo(x, m))])
	}
	return c, f
}

// remainderKey is a total, modulo a number.
type remainderKey struct {
	total *facts.Variable
	m     float64
}

// modulo is the remainder of a whole number, from 0 to m-1.
func modulo(x, m float64) float64 { return x - float64(m*math.Floor(x/m)) }

// mostPeriod bounds the search for a period.
const mostPeriod = 1 << 10

// period is the least m of which a function of numbers needs the remainder alone, and the
// function of that; 0 if there is none that is met twice.
func period(numbers, g []float64) (m float64, f []float64) {
	for m := max(2, longestRun(g)+1); m <= min(mostPeriod, len(numbers)/2); m++ {
		if f := ofRemainders(numbers, g, float64(m)); f != nil {
			return float64(m), f
		}
	}
	return 0, nil
}

// longestRun is how many sums in a row, at most, a function has the same value of. These
// have all remainders by no more than that, since sums are evenly spaced: a function that
// has such a period has that value everywhere.
func longestRun(g []float64) int {
	longest, run := 0, 0
	for s, x := range g {
		switch {
		case math.IsNaN(x):
			run = 0
		case s > 0 && x == g[s-1]:
			run++
		default:
			run = 1
		}
		longest = max(longest, run)
	}
	return longest
}

// ofRemainders is a function of numbers as one of their remainders; nil if it is none.
func ofRemainders(numbers, g []float64, m float64) []float64 {
	f := slices.Repeat([]float64{math.NaN()}, int(m))
	for s, x := range g {
		at := int(modulo(numbers[s], m))
		if math.IsNaN(x) {
			continue
		}
		if !math.IsNaN(f[at]) && f[at] != x {
			return nil
		}
		f[at] = x
	}
	return f
}
