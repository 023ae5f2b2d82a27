package interp

import (
	"cmp"
	"slices"
	"sort"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// runsFrom is the length from which selectors are runs where they can be: below it,
// a row of a matrix is a few words.
const runsFrom = 256

// runs is a selector whose rows are runs of positions in some order: row i selects
// order[lo[i]:hi[i]]. Most selectors are: positions in the order of their keys have
// those that are equal to a query, or below it, side by side. So a selector takes
// n log n steps and 8 n bytes, where a matrix takes n^2.
type runs struct {
	// sortedBy is the step by whose values the positions are in order, equal ones from
	// left to right. It is -1 for the positions in their own order, where order is nil.
	sortedBy int
	order    []int32
	places   []int32 // where in the order each position is
	lo, hi   []int32
	// one more position in each row, -1 for none; nil for none in all: what "or position
	// 0" adds, with which the library counts what a row selects
	extra  []int32
	extras []int32 // the buffer of extra
	// ascending: the positions of each row are from left to right. So they are where
	// keys are equal, and in the order of positions.
	ascending bool
}

// at is the position at a place of the order.
func (r *runs) at(place int32) int32 {
	if r.order == nil {
		return place
	}
	return r.order[place]
}

// reset makes room for n rows in the order of other runs, or of positions.
func (r *runs) reset(n int, like *runs) {
	r.lo, r.hi, r.extra, r.ascending = resize(r.lo, n), resize(r.hi, n), nil, false
	if r.sortedBy, r.order, r.places = -1, nil, nil; like != nil {
		r.sortedBy, r.order, r.places = like.sortedBy, like.order, like.places
	}
}

// width is how many positions row i has.
func (r *runs) width(i int) int {
	k := int(r.hi[i] - r.lo[i])
	if r.extra != nil && r.extra[i] >= 0 {
		k++
	}
	return k
}

// has reports that position j is in the run of row i.
func (r *runs) has(i int, j int32) bool {
	if r.order != nil {
		j = r.places[j]
	}
	return r.lo[i] <= j && j < r.hi[i]
}

// first is a position of row i, which is not empty.
func (r *runs) first(i int) int32 {
	if r.lo[i] < r.hi[i] {
		return r.at(r.lo[i])
	}
	return r.extra[i]
}

// arePoints reports that no row has two positions.
func (r *runs) arePoints() bool {
	for i := range r.lo {
		if r.width(i) > 1 {
			return false
		}
	}
	return true
}

// set makes row i a run; all empty ones are the same.
func (r *runs) set(i int, lo, hi int32) {
	if lo >= hi {
		lo, hi = 0, 0
	}
	r.lo[i], r.hi[i] = lo, hi
}

// clip is the run of those of row i that are at positions from begin to end. The
// rows must be ascending.
func (r *runs) clip(i int, begin, end int32) (lo, hi int32) {
	lo, hi = r.lo[i], r.hi[i]
	if r.order == nil {
		return max(lo, begin), min(hi, end)
	}
	row := r.order[lo:hi]
	from, _ := slices.BinarySearch(row, begin)
	to, _ := slices.BinarySearch(row, end)
	return lo + int32(from), lo + int32(to)
}

// each visits the positions of row i.
func (r *runs) each(i int, visit func(j int32)) {
	for place := r.lo[i]; place < r.hi[i]; place++ {
		visit(r.at(place))
	}
	if r.extra != nil && r.extra[i] >= 0 {
		visit(r.extra[i])
	}
}

// fill writes the rows to a matrix.
func (r *runs) fill(m matrix) {
	clear(m.bits)
	for i := range r.lo {
		row := m.row(i)
		r.each(i, func(j int32) { row[j/64] |= 1 << (j % 64) })
	}
}

// compareRuns makes runs of a Select, whose keys and queries are words; false where
// rows are none.
func (e *Evaluator) compareRuns(s *step) bool {
	r, fn := &s.runs, s.node.Fn
	if fn == value.Ne {
		return false
	}
	r.reset(e.n, nil)
	e.sortKeys(s.args[0], r)
	r.ascending = r.order == nil || fn == value.Eq
	if e.causal && !r.ascending {
		return false
	}
	sorted := e.keyWords
	if r.order != nil {
		e.sorted = resize(e.sorted, e.n)
		for place, j := range r.order {
			e.sorted[place] = e.keyWords[j]
		}
		sorted = e.sorted
	}
	var below, upTo int32 // keys below the query, and up to it
	for i, q := range e.queries {
		if i == 0 || q != e.queries[i-1] {
			below = int32(sort.Search(e.n, func(place int) bool { return sorted[place] >= q }))
			upTo = below + int32(sort.Search(e.n-int(below), func(place int) bool { return sorted[int(below)+place] > q }))
		}
		switch fn {
		case value.Eq:
			r.set(i, below, upTo)
		case value.Lt:
			r.set(i, 0, below)
		case value.Le:
			r.set(i, 0, upTo)
		case value.Ge:
			r.set(i, below, int32(e.n))
		case value.Gt:
			r.set(i, upTo, int32(e.n))
		}
	}
	e.hideRuns(r)
	return true
}

// sortKeys gives r the order of positions by the values of a step, which e.keyWords
// has: found once a Run.
func (e *Evaluator) sortKeys(keys int, r *runs) {
	s := &e.steps[keys]
	if !s.sorted {
		s.sorted, s.order = true, s.order[:0]
		if !slices.IsSorted(e.keyWords) {
			e.sortPositions(s)
		}
	}
	if len(s.order) > 0 {
		r.sortedBy, r.order, r.places = keys, s.order, s.places
	}
}

func (e *Evaluator) sortPositions(s *step) {
	for j := range e.n {
		s.order = append(s.order, int32(j))
	}
	slices.SortFunc(s.order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(e.keyWords[a], e.keyWords[b]), cmp.Compare(a, b))
	})
	s.places = resize(s.places, e.n)
	for place, j := range s.order {
		s.places[j] = int32(place)
	}
}

// hideRuns clears the columns that are not visible; rows must be ascending then.
func (e *Evaluator) hideRuns(r *runs) {
	if !e.causal {
		return
	}
	for i := range r.lo {
		lo, hi := r.clip(i, 0, int32(i+1))
		r.set(i, lo, hi)
	}
}

// combineRuns makes runs of a SelAnd, SelOr or SelNot; false where rows are none.
func (e *Evaluator) combineRuns(s *step) bool {
	first, last := &e.steps[s.args[0]], &e.steps[s.args[len(s.args)-1]]
	a, b := &first.runs, &last.runs
	if first.dense || last.dense || a.extra != nil || b.extra != nil {
		return false
	}
	r := &s.runs
	switch s.node.Op {
	case graph.SelNot:
		return e.notRuns(r, a)
	case graph.SelAnd:
		return r.and(a, b) || r.and(b, a) || r.andPoints(a, b) || r.andPoints(b, a) || r.meet(a, b)
	}
	return r.or(a, b) || r.orPoints(a, b) || r.orPoints(b, a)
}

// and has the rows that are in both, where these have the same order, or a has
// ascending rows and b the order of positions.
func (r *runs) and(a, b *runs) bool {
	r.reset(len(a.lo), a)
	r.ascending = a.ascending || b.ascending
	same := a.sortedBy == b.sortedBy
	if !same && (b.order != nil || !a.ascending) {
		return false
	}
	for i := range r.lo {
		lo, hi := max(a.lo[i], b.lo[i]), min(a.hi[i], b.hi[i])
		if !same {
			lo, hi = a.clip(i, b.lo[i], b.hi[i])
		}
		r.set(i, lo, hi)
	}
	return true
}

// andPoints has what is in both, where no row of b has two positions.
func (r *runs) andPoints(a, b *runs) bool {
	if !b.arePoints() {
		return false
	}
	r.reset(len(a.lo), b)
	r.ascending = true
	for i := range r.lo {
		if r.set(i, b.lo[i], b.hi[i]); b.width(i) > 0 && !a.has(i, b.first(i)) {
			r.set(i, 0, 0)
		}
	}
	return true
}

// meet has what is in both, where no row has two such positions: one of those of the shorter
// run. Not where that takes more steps than matrices of both, and of what is in both, would.
func (r *runs) meet(a, b *runs) bool {
	n := len(a.lo)
	r.reset(n, nil)
	r.ascending = true
	left := 8 * n * wordsFor(n)
	for i := range r.lo {
		few, many := a, b
		if few.width(i) > many.width(i) {
			few, many = b, a
		}
		if left -= few.width(i); left < 0 {
			return false
		}
		r.set(i, 0, 0)
		for place := few.lo[i]; place < few.hi[i]; place++ {
			j := few.at(place)
			if !many.has(i, j) {
				continue
			}
			if r.lo[i] < r.hi[i] {
				return false
			}
			r.set(i, j, j+1)
		}
	}
	return true
}

// or has the rows that are in one of them, where they have the same order and touch.
func (r *runs) or(a, b *runs) bool {
	r.reset(len(a.lo), a)
	r.ascending = a.order == nil
	if a.sortedBy != b.sortedBy {
		return false
	}
	for i := range r.lo {
		switch {
		case a.lo[i] == a.hi[i]:
			r.set(i, b.lo[i], b.hi[i])
		case b.lo[i] == b.hi[i]:
			r.set(i, a.lo[i], a.hi[i])
		case max(a.lo[i], b.lo[i]) > min(a.hi[i], b.hi[i]):
			return false
		default:
			r.set(i, min(a.lo[i], b.lo[i]), max(a.hi[i], b.hi[i]))
		}
	}
	return true
}

// orPoints has what is in one of them, where no row of b has two positions.
func (r *runs) orPoints(a, b *runs) bool {
	if !b.arePoints() {
		return false
	}
	r.reset(len(a.lo), a)
	r.extra = resize(r.extras, len(r.lo))
	r.extras = r.extra
	for i := range r.lo {
		r.set(i, a.lo[i], a.hi[i])
		if r.extra[i] = -1; b.width(i) > 0 && !a.has(i, b.first(i)) {
			r.extra[i] = b.first(i)
		}
	}
	return true
}

// notRuns has the other positions that are visible, where rows are in the order of
// positions and begin or end with these.
func (e *Evaluator) notRuns(r, a *runs) bool {
	r.reset(e.n, nil)
	r.ascending = true
	for i := range r.lo {
		visible := int32(e.visible(i))
		switch lo, hi := a.lo[i], a.hi[i]; {
		case a.order != nil:
			return false
		case lo == 0:
			r.set(i, hi, visible)
		case hi == visible:
			r.set(i, 0, lo)
		default:
			return false
		}
	}
	return true
}
