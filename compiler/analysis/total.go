package analysis

import (
	"math"
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/sums"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// RASP adds up by round(mean * width), with the width of the rows that the mean is over.
// Of ints that is their sum S, exactly: float64 has S/w to within half an ulp, its product
// with w to within one more, and the result is off by less than S 2^-51. So it is a whole
// number, with one state for each sum, and neither mean nor product need any: heads add up
// S without dividing (heads/total.go). A row of no keys gives 0, as the sum of nothing is:
// any default that is a number, times 0.
//
// Without round, float64 decides: 3 * (1/3 of 1+1+0) is not 2 for all numbers, and nothing
// is said of it here.

// maxTotal is how large a sum may be, far below where the product is off by a half.
const maxTotal = 1 << 48

// maxTotals is how many sums are listed: a list of them, with no table beside it.
const maxTotals = 1 << 21

// findProducts marks what only round reads and may be the product of a mean and a width,
// and means that only such products read: they are not analysed before that, since the sum
// needs no values of theirs.
func (a *Analysis) findProducts() {
	readers := map[*graph.Node][]*graph.Node{}
	for _, n := range a.Nodes {
		for _, arg := range n.Args {
			readers[arg] = append(readers[arg], n)
		}
	}
	readBy := func(n *graph.Node, is func(reader *graph.Node) bool) bool {
		return !slices.Contains(a.Roots, n) && !slices.ContainsFunc(readers[n], func(r *graph.Node) bool { return !is(r) })
	}
	isRound := func(n *graph.Node) bool { return n.Op == graph.Unary && n.Fn == value.Round }
	a.deferred = map[*graph.Node]bool{}
	for _, n := range a.Nodes {
		if mean, _ := meanAndWidth(n); mean != nil && readBy(n.Args[0], isRound) {
			a.deferred[n.Args[0]] = true
		}
	}
	for _, n := range a.Nodes {
		if n.Op == graph.Aggregate && len(readers[n]) > 0 && a.Table(n) == nil && readBy(n, func(r *graph.Node) bool { return a.deferred[r] }) {
			a.deferred[n] = true
		}
	}
}

// meanAndWidth are the factors of a product that n rounds, if one of them is a mean.
func meanAndWidth(n *graph.Node) (mean, width *graph.Node) {
	if n.Op != graph.Unary || n.Fn != value.Round {
		return nil, nil
	}
	return factors(n.Args[0])
}

// factors of a product, if one of them is a mean.
func factors(n *graph.Node) (mean, width *graph.Node) {
	if n.Op != graph.Binary || n.Fn != value.Mul {
		return nil, nil
	}
	x, y := n.Args[0], n.Args[1]
	if x.Op != graph.Aggregate {
		x, y = y, x
	}
	if x.Op != graph.Aggregate || len(x.Args) > 2 {
		return nil, nil
	}
	return x, y
}

// total takes a sum over rows as a variable; nil if n is none, or the sum has too many
// values. What was deferred for it is analysed now, if it is no such sum.
func (a *Analysis) total(n *graph.Node) (*facts.Table, error) {
	mean, width := meanAndWidth(n)
	if mean == nil {
		return nil, nil
	}
	if a.Table(width) == nil { // another mean
		if err := a.analyse(width); err != nil {
			return nil, err
		}
	}
	classes, list := a.classes(mean, width), a.totals(mean, width)
	for _, x := range []*graph.Node{mean, n.Args[0]} {
		switch {
		case a.Table(x) != nil:
		case list != nil || classes != nil:
			a.record(x, &facts.Table{Unbounded: true})
		default:
			if err := a.analyse(x); err != nil {
				return nil, err
			}
		}
	}
	if list == nil {
		return classes, nil
	}
	a.Totals[n] = mean
	v := a.newVariable(n, facts.Whole, len(list))
	return facts.Identity(v, func(s int) value.Value { return value.OfInt(list[s]) }), nil
}

// fewStates is up to how many states of a mean all is made of these, which know what goes
// with a sum: sums so far are not above what the position allows.
const fewStates = 1 << 15

// totals lists what the sums of the rows of a mean of ints can be, all multiples of what the
// values have in common from the least to the largest; nil if it is another mean, or width
// not that of its rows, or there are too many, or few enough that the mean has states.
func (a *Analysis) totals(mean, width *graph.Node) (list []int64) {
	values := mean.Args[1]
	if !a.KindIs(values, value.Int) || !a.isWidthOf(width, mean.Args[0]) || mean.Value.Kind() != value.Int && mean.Value.Kind() != value.Float {
		return nil
	}
	if x := mean.Value.Float64(); math.IsInf(x, 0) || math.IsNaN(x) || float64(a.Domain.Length)*a.Size(values) > maxTotal {
		return nil
	}
	if _, err := a.selectorOf(mean.Args[0]); err != nil || a.Table(mean) != nil && !a.Table(mean).Unbounded {
		return nil
	}
	step := 0.0
	for _, v := range a.Table(values).Values {
		step = facts.Gcd(step, math.Abs(v.Float64()))
	}
	most := a.mostSelected(mean.Args[0])
	lo, hi := a.extremeSums(values, most)
	if step == 0 || float64(hi-lo)/step >= maxTotals || a.hasFewStates(mean, float64(hi-lo)/step, float64(most)) {
		return nil
	}
	for x := lo; x <= hi; x += int64(step) {
		list = append(list, x)
	}
	return list
}

// hasFewStates reports that a mean of rows of up to most keys, with so many sums, has few
// states, and few beside those of the width, where that does not follow from the position.
func (a *Analysis) hasFewStates(mean *graph.Node, sums, most float64) bool {
	states := sums * most / 2
	return states <= fewStates && (a.widthKnown(mean.Args[0]) != nil || states*(most+1) <= manyCells)
}

// extremeSums are the least and the largest sum of up to most values, one a position.
func (a *Analysis) extremeSums(values *graph.Node, most int) (lo, hi int64) {
	s := sums.Of(a.Table(values), a.Domain.Length, nil)
	var least, largest []int64
	for p := range a.Domain.Length {
		x, y := int64(0), int64(0)
		for _, id := range s.Places[min(p, len(s.Places)-1)] {
			v := int64(s.Values[id].Float64())
			x, y = min(x, v), max(y, v)
		}
		least, largest = append(least, x), append(largest, -y)
	}
	slices.Sort(least)
	slices.Sort(largest)
	for p := range most {
		lo, hi = lo+least[p], hi-largest[p]
	}
	return lo, hi
}

// countsAll reports that an s-op is how many positions are seen, by position or length.
func (a *Analysis) countsAll(w *graph.Node) bool {
	if a.Domain.Causal {
		return a.counts(w, a.Position)
	}
	return a.counts(w, a.Length)
}

// counts reports that an s-op is a position, counted from 1, or the length.
func (a *Analysis) counts(w *graph.Node, seen *facts.Variable) bool {
	have := a.Table(w)
	return !have.Unbounded && len(have.Vars) == 1 && have.Vars[0] == seen && !slices.ContainsFunc(facts.Range32(seen.Size), func(p int32) bool {
		return have.Cells[p] == facts.None || have.Values[have.Cells[p]] != value.OfInt(int64(p)+1)
	})
}

// isWidthOf reports that an s-op is the width of the rows of a selector: that by name, or
// what it is at every position, by position or length.
func (a *Analysis) isWidthOf(w, sel *graph.Node) bool {
	if w.Op == graph.Width && w.Args[0] == sel {
		return true
	}
	have := a.Table(w)
	if have == nil || have.Unbounded || len(have.Vars) != 1 {
		return false
	}
	if s, err := a.selectorOf(sel); err == nil && s.Pick == facts.Every && len(s.Conjuncts) == 1 && len(s.Conjuncts[0].Conditions) == 0 {
		return a.countsAll(w)
	}
	if r := a.Rows[sel]; r != nil {
		want := r.Width
		return len(want.Vars) == 1 && want.Vars[0] == have.Vars[0] && slices.EqualFunc(want.Cells, have.Cells, func(x, y int32) bool {
			return x != facts.None && y != facts.None && want.Values[x] == have.Values[y]
		})
	}
	return false
}
