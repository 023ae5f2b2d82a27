package compiler

import (
	"cmp"
	"math"
	"slices"

	"rasp/compiler/table"
	"rasp/lang/value"
)

// Budgets: cells of a table, states of a variable.
const (
	maxCells  = 1 << 18
	maxStates = 1 << 17
)

// builder collects a relation cell by cell.
type builder struct {
	vars   []*variable
	cells  []int32
	ids    map[value.Value]int32
	values []value.Value
}

func newBuilder(vars []*variable, size int) *builder {
	b := &builder{vars: vars, cells: make([]int32, size), ids: map[value.Value]int32{}}
	for i := range b.cells {
		b.cells[i] = none
	}
	return b
}

func (b *builder) id(v value.Value) int32 {
	id, ok := b.ids[v]
	if !ok {
		id = int32(len(b.values))
		b.ids[v] = id
		b.values = append(b.values, v)
	}
	return id
}

func (b *builder) set(cell int, v value.Value) { b.cells[cell] = b.id(v) }

// relation sorts the values and renumbers the cells.
func (b *builder) relation() *relation {
	order := make([]int32, len(b.values))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int { return compareValues(b.values[i], b.values[j]) })
	r := &relation{vars: b.vars, cells: b.cells, values: make([]value.Value, len(order))}
	rank := make([]int32, len(order))
	for k, i := range order {
		rank[i] = int32(k)
		r.values[k] = b.values[i]
	}
	for i, c := range r.cells {
		if c != none {
			r.cells[i] = rank[c]
		}
	}
	return r
}

// sameNumber reports that two numbers differ by the rounding of float64 alone.
func sameNumber(x, y float64) bool { return math.Abs(x-y) <= roundingOf*max(1, math.Abs(x)) }

// roundingOf is the relative error up to which a number counts as the fraction
// that it is near to: what some dozens of roundings of float64 add up to.
const roundingOf = 1e-13

// compareValues orders numbers by value, then by kind, before strings.
func compareValues(x, y value.Value) int {
	if x.IsNumber() != y.IsNumber() {
		if x.IsNumber() {
			return -1
		}
		return 1
	}
	if !x.IsNumber() {
		return cmp.Compare(x.Text(), y.Text())
	}
	if c := cmp.Or(cmp.Compare(x.Float64(), y.Float64()), cmp.Compare(x.Kind(), y.Kind())); c != 0 || x == y {
		return c
	}
	return cmp.Compare(x.String(), y.String()) // -0.0 and 0.0, ints beyond float64
}

// partial is the table by itself.
func (r *relation) partial() table.Partial {
	sizes := make([]int, len(r.vars))
	for i, v := range r.vars {
		sizes[i] = v.size
	}
	return table.Partial{Sizes: sizes, Cells: r.cells}
}

// pruned drops the variables that do not matter.
func (r *relation) pruned() *relation {
	t := r.partial()
	for i := len(r.vars) - 1; i >= 0; i-- {
		if without, ok := t.Drop(i); ok {
			t = without
			r.vars = append(slices.Clone(r.vars[:i]), r.vars[i+1:]...)
		}
	}
	r.cells = t.Cells
	return r
}

// relation is what the compiler knows about an s-op: it is a function of
// variables, given as a table.
type relation struct {
	vars   []*variable
	cells  []int32       // row-major over vars: index into values; none where it has no value
	values []value.Value // distinct, numbers first, ascending
	// unbounded: a number that can take too many values to list (a mean of
	// floats). There is no table; only linear use is possible.
	unbounded bool
	twins     []int32 // see representatives
}

// representatives are the ids of the values, but for those of numbers of one type
// that differ by the rounding of float64 alone: of these, that of the least. float32
// cannot tell them apart.
func (r *relation) representatives() []int32 {
	if r.twins == nil {
		r.twins = make([]int32, len(r.values))
		last := map[value.Kind]int32{}
		for id, v := range r.values {
			r.twins[id] = int32(id)
			if old, ok := last[v.Kind()]; ok && v.IsNumber() && sameNumber(v.Float64(), r.values[old].Float64()) {
				r.twins[id] = old
			}
			last[v.Kind()] = r.twins[id]
		}
	}
	return r.twins
}

// meanAlone is the mean of which an s-op is a function, nil if it is of others.
func (r *relation) meanAlone() *variable {
	if r == nil || r.unbounded || len(r.vars) != 1 || r.vars[0].kind != meanVariable {
		return nil
	}
	return r.vars[0]
}

// twin reports that two values differ by rounding at most.
func (r *relation) twin(x, y int32) bool {
	twins := r.representatives()
	return twins[x] == twins[y]
}

// onRepresentatives is a function of the values made one of the representatives;
// false if it tells others apart from these.
func (r *relation) onRepresentatives(g []float64) (f []float64, ok bool) {
	f = slices.Clone(g)
	for id, twin := range r.representatives() {
		switch {
		case int(twin) == id || math.IsNaN(g[id]):
		case math.IsNaN(f[twin]):
			f[twin] = g[id]
		case !sameNumber(f[twin], g[id]):
			return nil, false
		}
		f[id] = f[twin]
	}
	return f, true
}

// bySource are the values as a function of the one variable, or if there are several
// of the value itself: ids.
func (r *relation) bySource() []int32 {
	if len(r.vars) < 2 {
		return r.cells
	}
	ids := make([]int32, len(r.values))
	for i := range ids {
		ids[i] = int32(i)
	}
	return ids
}

// numbers are the values by source; NaN where there is none or it is not a number.
func (r *relation) numbers() []float64 {
	ids := r.bySource()
	f := make([]float64, len(ids))
	for s, id := range ids {
		f[s] = math.NaN()
		if id != none {
			f[s] = r.values[id].Float64()
		}
	}
	return f
}

// identity is the relation of a node that has a variable of its own, with a
// value for each state.
func identity(v *variable, f func(state int) value.Value) *relation {
	b := newBuilder([]*variable{v}, v.size)
	for s := range v.size {
		b.set(s, f(s))
	}
	return b.relation()
}

// none marks a cell that no input reaches, or on which the program fails.
const none = -1
