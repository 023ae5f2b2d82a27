package compiler

import (
	"math"
	"slices"

	"rasp/lang/diag"
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
	numbers, bools, texts := kindsIn(val.values)
	if !numbers {
		a.doubt(n, "a mean of values that are not numbers, where a row selects more than one")
		return a.fetch(n, val), nil
	}
	if texts {
		return nil, diag.Errorf(n.Span, diag.Limit, "%s averages values that are numbers on some inputs and strings on others", describe(n)).
			WithHint("give %s one type on all inputs", describe(n.Args[1]))
	}
	if bools {
		a.doubt(n, "a mean of booleans, where a row selects more than one")
	}
	unit, ok := commonUnit(val.values)
	if !ok {
		return &relation{unbounded: true}, nil
	}
	return a.mean(n, val, unit), nil
}

// fetch: one state for each value that can be brought, the default included
// unless each row surely selects.
func (a *analysis) fetch(n *graph.Node, val *relation) *relation {
	values := slices.Clone(val.values)
	if !slices.Contains(values, n.Value) && !a.alwaysSelects(n.Args[0]) {
		values = append(values, n.Value)
	}
	slices.SortFunc(values, compareValues)
	v := a.newVariable(n, fetchVariable, len(values))
	return identity(v, func(s int) value.Value { return values[s] })
}

// kindsIn tells what there is: ints and floats have a mean, also where booleans
// are among them; strings and booleans alone have none.
func kindsIn(values []value.Value) (numbers, bools, texts bool) {
	for _, v := range values {
		switch v.Kind() {
		case value.String:
			texts = true
		case value.Bool:
			bools = true
		default:
			numbers = true
		}
	}
	return numbers, bools, texts
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
	sums := reachableSums(units, a.occurrences(n.Args[1]), a.domain.Length)
	if total, ok := a.onlySum(n, units); ok {
		sums = sums.only(total)
	}
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

func (a *analysis) statesWith(width *relation, sums sumsByWidth) int {
	states := 0
	for _, w := range width.cells {
		if w != none {
			states += len(sums[int(width.values[w].Float64())])
		}
	}
	return states
}

// sumsByWidth lists the sums that a row of each width can have.
type sumsByWidth [][]int

// reachableSums lists, for each width up to n, the sums of that many units, a
// unit used as often as it occurs at most; nil if there are too many.
func reachableSums(units, occurrences []int, n int) sumsByWidth {
	reached := make([]map[int]bool, n+1)
	for w := range reached {
		reached[w] = map[int]bool{}
	}
	reached[0][0] = true
	states := 1
	extend := func(from, to, total int) {
		for s := range reached[from] {
			if !reached[to][s+total] {
				reached[to][s+total] = true
				states++
			}
		}
	}
	for i, u := range units {
		if occurrences[i] >= n {
			for w := 1; w <= n && states <= maxStates; w++ {
				extend(w-1, w, u)
			}
			continue
		}
		for w := n; w > 0 && states <= maxStates; w-- {
			for k := 1; k <= min(w, occurrences[i]); k++ {
				extend(w-k, w, k*u)
			}
		}
	}
	if states > maxStates {
		return nil
	}
	sums := make(sumsByWidth, n+1)
	for w, set := range reached {
		for s := range set {
			sums[w] = append(sums[w], s)
		}
		slices.Sort(sums[w])
	}
	return sums
}

// only keeps one sum for all rows that select something.
func (s sumsByWidth) only(total int) sumsByWidth {
	for w := range s {
		if w > 0 {
			s[w] = slices.DeleteFunc(s[w], func(x int) bool { return x != total })
		}
	}
	return s
}

// occurrences tells how many positions of an input can have each value of n: a
// function of the position has a value as often as positions do, anything else
// everywhere.
func (a *analysis) occurrences(n *graph.Node) []int {
	r := a.relations[n]
	times := make([]int, len(r.values))
	for i := range times {
		times[i] = a.domain.Length
	}
	if len(r.vars) == 1 && r.vars[0] == a.position {
		clear(times)
		for _, id := range r.cells {
			if id != none {
				times[id]++
			}
		}
	}
	return times
}

// onlySum finds the sum of a mean whose values are 0 everywhere but at position
// 0, which every row selects: the way RASP measures the width of a row.
func (a *analysis) onlySum(n *graph.Node, units []int) (total int, ok bool) {
	r := a.relations[n.Args[1]]
	if len(r.vars) != 1 || r.vars[0] != a.position || r.cells[0] == none || !a.selectsFirst(n.Args[0]) {
		return 0, false
	}
	for p, id := range r.cells {
		if p > 0 && id != none && units[id] != 0 {
			return 0, false
		}
	}
	return units[r.cells[0]], true
}

// selectsFirst reports that every row of a selector selects position 0.
func (a *analysis) selectsFirst(sel *graph.Node) bool {
	s, err := a.selector(sel)
	if err != nil {
		return false
	}
	for _, g := range s.groups {
		if g.key.variable != a.position {
			continue
		}
		residuals, first, always := g.residuals(s.root), g.key.class[0], true
		for _, row := range g.holds {
			always = always && (row[first] == never || residuals[row[first]].op == isTrue)
		}
		if always {
			return true
		}
	}
	return false
}
