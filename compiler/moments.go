package compiler

import (
	"math"
	"slices"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// aggregate finds the values of an aggregate. If each row is known to select
// one key at most, or the values are strings or booleans (of which there is no
// mean), it brings one value or the default. Otherwise it is a mean, and its
// states are the pairs of sum and width that can occur.
func (a *analysis) aggregate(n *graph.Node) (*relation, error) {
	val := a.relations[n.Args[1]]
	if val.unbounded {
		return &relation{unbounded: true}, nil
	}
	if a.atMostOne(n.Args[0]) {
		return a.fetch(n, val), nil
	}
	if !meanable(val.values) {
		a.doubt(n, "a mean of values that are not numbers, where a row selects more than one")
		return a.fetch(n, val), nil
	}
	unit, ok := commonUnit(val.values)
	if !ok {
		return &relation{unbounded: true}, nil
	}
	return a.mean(n, val, unit), nil
}

// fetch: one state for each value that can be brought, the default included.
func (a *analysis) fetch(n *graph.Node, val *relation) *relation {
	values := slices.Clone(val.values)
	if !slices.Contains(values, n.Value) {
		values = append(values, n.Value)
	}
	slices.SortFunc(values, compareValues)
	v := a.newVariable(n, fetchVariable, len(values))
	return identity(v, func(s int) value.Value { return values[s] })
}

// meanable: ints and floats have a mean, strings and booleans do not.
func meanable(values []value.Value) bool {
	for _, v := range values {
		if v.Kind() == value.String || v.Kind() == value.Bool {
			return false
		}
	}
	return true
}

// commonUnit is a power of two of which all values are moderate multiples, so
// that sums of them are exact in float64; false if there is none, or if two
// values differ in type alone.
func commonUnit(values []value.Value) (float64, bool) {
	for unit := 1.0; unit >= 1.0/(1<<16); unit /= 2 {
		ok, seen := true, map[float64]bool{}
		for _, v := range values {
			f := v.Float64()
			ok = ok && f == math.Trunc(f/unit)*unit && math.Abs(f/unit) < 1<<20 && !seen[f]
			seen[f] = true
		}
		if ok {
			return unit, true
		}
	}
	return 0, false
}

// mean lists the states (sum, width) of a mean of up to n values, or gives up.
// If the width of a row follows from the position or the length, the states are
// kept apart by that, so that products such as length*mean stay functions of
// the sum.
func (a *analysis) mean(n *graph.Node, val *relation, unit float64) *relation {
	units := make([]int, len(val.values))
	single := map[int]value.Value{} // the element itself, where one is selected
	for i, x := range val.values {
		units[i] = int(x.Float64() / unit)
		single[units[i]] = x
	}
	sums := reachableSums(units, a.domain.Length)
	if sums == nil {
		return &relation{unbounded: true}
	}
	v := a.newVariable(n, meanVariable, 0)
	b := newBuilder([]*variable{v}, 0)
	add := func(s sum) {
		v.sums = append(v.sums, s)
		b.cells = append(b.cells, b.id(meanValue(n, s, single, unit)))
	}
	if width := a.widthKnown(n.Args[0]); width != nil && a.statesWith(width, sums) <= maxStates {
		d := determined{variable: width.vars[0]}
		for state, w := range width.cells {
			if w == none {
				continue
			}
			count := int(width.values[w].Float64())
			for _, total := range sums[count] {
				add(sum{total, count})
				d.state = append(d.state, int32(state))
			}
		}
		v.determines = []determined{d}
	} else {
		for w, totals := range sums {
			for _, total := range totals {
				add(sum{total, w})
			}
		}
	}
	v.size = len(v.sums)
	return b.relation()
}

func meanValue(n *graph.Node, s sum, single map[int]value.Value, unit float64) value.Value {
	switch s.width {
	case 0:
		return n.Value
	case 1:
		return single[s.total]
	}
	return value.OfFloat(float64(s.total) * unit / float64(s.width))
}

// widthKnown is the width of the rows of a positional selector, where it
// depends on the position alone or on the length alone.
func (a *analysis) widthKnown(sel *graph.Node) *relation {
	r := a.rows[sel]
	if r == nil || len(r.width.vars) != 1 {
		return nil
	}
	return r.width
}

func (a *analysis) statesWith(width *relation, sums [][]int) int {
	states := 0
	for _, w := range width.cells {
		if w != none {
			states += len(sums[int(width.values[w].Float64())])
		}
	}
	return states
}

// reachableSums lists, for each width up to n, the sums of that many units;
// nil if there are too many.
func reachableSums(units []int, n int) [][]int {
	sums := make([][]int, n+1)
	sums[0] = []int{0}
	states := 1
	for w := 1; w <= n; w++ {
		seen := map[int]bool{}
		for _, s := range sums[w-1] {
			for _, u := range units {
				seen[s+u] = true
			}
		}
		for s := range seen {
			sums[w] = append(sums[w], s)
		}
		slices.Sort(sums[w])
		if states += len(sums[w]); states > maxStates {
			return nil
		}
	}
	return sums
}
