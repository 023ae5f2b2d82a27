package compiler

import (
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
	val := a.table(n.Args[1])
	if val.unbounded {
		a.selectorOf(n.Args[0])
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
		a.mixed = n
		return nil, diag.Errorf(n.Span, diag.Limit, "%s averages values that are numbers on some inputs and strings on others", graph.Describe(n)).
			WithHint("give %s one type on all inputs", graph.Describe(n.Args[1]))
	}
	if bools {
		a.doubt(n, "a mean of booleans, where a row selects more than one")
	}
	r := a.mean(n)
	if len(n.Args) > 2 && !r.unbounded {
		r = a.replayed(n, r)
	}
	return r, nil
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

// mean lists the states of a mean, or gives up: each sum that rows of a width can
// have. If the width of a row follows from the position or the length, the states
// are kept apart by that, so that products such as length*mean stay functions of
// the sum.
func (a *analysis) mean(n *graph.Node) *relation {
	v := a.newVariable(n, meanVariable, 0)
	v.units, v.per = unitsOf(a.table(n.Args[1]).values)
	s := summingOf(a.table(n.Args[1]), a.domain.Length, v.units)
	if s == nil {
		return &relation{unbounded: true}
	}
	kinds := a.kindsByState(n.Args[0], s)
	if kinds == nil {
		kinds = rowsByWidth(s.subsets(a.domain.Length))
	}
	if kinds == nil || a.watched[n] {
		if seen := a.observe(n, s); seen != nil {
			kinds = seen
		}
	}
	total, one := a.onlySum(n, v.units)
	b := newBuilder([]*variable{v}, 0)
	var sums []float64
	d := determined{}
	for _, k := range kinds {
		for _, r := range k.sums.sorted() {
			if one && k.width > 0 && r.total != total {
				continue
			}
			v.sums = append(v.sums, sum{r.total, k.width})
			v.singles = append(v.singles, r.only)
			sums = append(sums, r.sum)
			x := a.meanValue(n, r, k.width)
			v.values = append(v.values, x)
			b.cells = append(b.cells, b.id(x))
			d.state = append(d.state, k.state)
		}
	}
	if len(v.sums) > maxStates || len(v.sums) == 0 {
		return &relation{unbounded: true}
	}
	if v.per == 0 { // sums without a unit are told apart by their rank, but for rounding
		order := slices.CompactFunc(slices.Sorted(slices.Values(sums)), sameNumber)
		for i, x := range sums {
			at, found := slices.BinarySearch(order, x)
			if v.sums[i].total = at; !found {
				v.sums[i].total--
			}
		}
	}
	if width := a.widthKnown(n.Args[0]); width != nil && kinds[0].state != none {
		d.variable = width.vars[0]
		v.determines = []determined{d}
	}
	v.size = len(v.sums)
	return b.relation()
}

// meanValue is what the interpreter makes of a row.
func (a *analysis) meanValue(n *graph.Node, r reached, width int) value.Value {
	switch {
	case width == 0:
		return n.Value
	case r.only != none:
		return a.table(n.Args[1]).values[r.only]
	}
	return value.OfFloat(r.sum / float64(width))
}

// rowKind is rows of one width, in one state of what their width follows from.
type rowKind struct {
	state int32 // none if it is not known
	width int
	sums  reachedSums
}

func rowsByWidth(sums []reachedSums) (kinds []rowKind) {
	for w, set := range sums {
		kinds = append(kinds, rowKind{none, w, set})
	}
	return kinds
}

// kindsByState lists the rows of a positional selector whose width is known; nil
// if it is not, or there are too many sums.
func (a *analysis) kindsByState(sel *graph.Node, s *summing) (kinds []rowKind) {
	width := a.widthKnown(sel)
	if width == nil {
		return nil
	}
	var any []reachedSums
	sizes := 0
	for state, w := range width.cells {
		if w == none {
			continue
		}
		k := rowKind{state: int32(state), width: int(width.values[w].Float64())}
		if len(s.places) > 1 && a.rows[sel].selected != nil {
			k.sums = s.rows(a.rows[sel].of(width.vars[0] == a.position, state))
		} else {
			if any == nil {
				if any = s.subsets(a.domain.Length); any == nil {
					return nil
				}
			}
			k.sums = any[k.width]
		}
		if sizes += len(k.sums); k.sums == nil || sizes > maxStates {
			return nil
		}
		kinds = append(kinds, k)
	}
	return kinds
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

// onlySum finds the sum of a mean whose values are 0 everywhere but at position
// 0, which every row selects: the way RASP measures the width of a row.
func (a *analysis) onlySum(n *graph.Node, units []int) (total int, ok bool) {
	r := a.table(n.Args[1])
	if units == nil || len(r.vars) != 1 || r.vars[0] != a.position || r.cells[0] == none || !a.selectsFirst(n.Args[0]) {
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
	s, err := a.selectorOf(sel)
	if err != nil {
		return false
	}
	for _, g := range s.groups {
		if g.key.variable != a.position || g.key.class[0] == none {
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
