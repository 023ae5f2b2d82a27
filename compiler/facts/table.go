package facts

import (
	"cmp"
	"math"
	"slices"

	"rasp/compiler/table"
	"rasp/lang/value"
)

// Budgets: cells of a table, states of a variable.
const (
	MaxCells  = 1 << 18
	MaxStates = 1 << 17
)

// builder collects a table cell by cell.
type builder struct {
	vars   []*Variable
	Cells  []int32
	ids    map[value.Value]int32
	values []value.Value
}

func NewBuilder(vars []*Variable, size int) *builder {
	b := &builder{vars: vars, Cells: make([]int32, size), ids: map[value.Value]int32{}}
	for i := range b.Cells {
		b.Cells[i] = None
	}
	return b
}

func (b *builder) Id(v value.Value) int32 {
	id, ok := b.ids[v]
	if !ok {
		id = int32(len(b.values))
		b.ids[v] = id
		b.values = append(b.values, v)
	}
	return id
}

func (b *builder) Set(cell int, v value.Value) { b.Cells[cell] = b.Id(v) }

// Relation sorts the values and renumbers the cells.
func (b *builder) Table() *Table {
	order := make([]int32, len(b.values))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int { return CompareValues(b.values[i], b.values[j]) })
	r := &Table{Vars: b.vars, Cells: b.Cells, Values: make([]value.Value, len(order))}
	rank := make([]int32, len(order))
	for k, i := range order {
		rank[i] = int32(k)
		r.Values[k] = b.values[i]
	}
	for i, c := range r.Cells {
		if c != None {
			r.Cells[i] = rank[c]
		}
	}
	return r
}

// SameNumber reports that two numbers differ by the rounding of float64 alone.
func SameNumber(x, y float64) bool { return math.Abs(x-y) <= RoundingOf*max(1, math.Abs(x)) }

// RoundingOf is the relative error up to which a number counts as the fraction
// that it is near to: what some dozens of roundings of float64 add up to.
const RoundingOf = 1e-13

// CompareValues orders numbers by value, then by kind, before strings.
func CompareValues(x, y value.Value) int {
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

// Partial is the table by itself.
func (r *Table) Partial() table.Partial {
	sizes := make([]int, len(r.Vars))
	for i, v := range r.Vars {
		sizes[i] = v.Size
	}
	return table.Partial{Sizes: sizes, Cells: r.Cells}
}

// Pruned drops the variables that do not matter.
func (r *Table) Pruned() *Table {
	t := r.Partial()
	for i := len(r.Vars) - 1; i >= 0; i-- {
		if without, ok := t.Drop(i); ok {
			t = without
			r.Vars = append(slices.Clone(r.Vars[:i]), r.Vars[i+1:]...)
		}
	}
	r.Cells = t.Cells
	return r
}

// Table is what the compiler knows about an s-op: it is a function of
// variables, given as a table.
type Table struct {
	Vars   []*Variable
	Cells  []int32       // row-major over vars: index into values; none where it has no value
	Values []value.Value // distinct, numbers first, ascending
	// Unbounded: a number that can take too many values to list (a mean of
	// floats). There is no table; only linear use is possible.
	Unbounded bool
	twins     []int32 // see representatives
}

// Representatives are the ids of the values, but for those of numbers of one type
// that differ by the rounding of float64 alone: of these, that of the least. float32
// cannot tell them apart.
func (r *Table) Representatives() []int32 {
	if r.twins == nil {
		r.twins = make([]int32, len(r.Values))
		last := map[value.Kind]int32{}
		for id, v := range r.Values {
			r.twins[id] = int32(id)
			if old, ok := last[v.Kind()]; ok && v.IsNumber() && SameNumber(v.Float64(), r.Values[old].Float64()) {
				r.twins[id] = old
			}
			last[v.Kind()] = r.twins[id]
		}
	}
	return r.twins
}

// MeanAlone is the mean of which an s-op is a function, nil if it is of others.
func (r *Table) MeanAlone() *Variable {
	if r == nil || r.Unbounded || len(r.Vars) != 1 || r.Vars[0].Source != Mean {
		return nil
	}
	return r.Vars[0]
}

// Twin reports that two values differ by rounding at most.
func (r *Table) Twin(x, y int32) bool {
	twins := r.Representatives()
	return twins[x] == twins[y]
}

// OnRepresentatives is a function of the values made one of the representatives;
// false if it tells others apart from these.
func (r *Table) OnRepresentatives(g []float64) (f []float64, ok bool) {
	f = slices.Clone(g)
	for id, twin := range r.Representatives() {
		switch {
		case int(twin) == id || math.IsNaN(g[id]):
		case math.IsNaN(f[twin]):
			f[twin] = g[id]
		case !SameNumber(f[twin], g[id]):
			return nil, false
		}
		f[id] = f[twin]
	}
	return f, true
}

// bySource are the values as a function of the one variable, or if there are several
// of the value itself: ids.
func (r *Table) bySource() []int32 {
	if len(r.Vars) < 2 {
		return r.Cells
	}
	ids := make([]int32, len(r.Values))
	for i := range ids {
		ids[i] = int32(i)
	}
	return ids
}

// numbers are the values by source; NaN where there is none or it is not a number.
func (r *Table) numbers() []float64 {
	return ByState(r.bySource(), func(id int32) float64 { return r.Values[id].Float64() })
}

// ByState is a function of values by state, given the ids of the values there; NaN where
// there is none.
func ByState(ids []int32, of func(id int32) float64) []float64 {
	f := make([]float64, len(ids))
	for s, id := range ids {
		f[s] = math.NaN()
		if id != None {
			f[s] = of(id)
		}
	}
	return f
}

// Identity is the table of a node that has a variable of its own, with a
// value for each state.
func Identity(v *Variable, f func(state int) value.Value) *Table {
	b := NewBuilder([]*Variable{v}, v.Size)
	for s := range v.Size {
		b.Set(s, f(s))
	}
	return b.Table()
}

// None marks a cell that no input reaches, or on which the program fails.
const None = -1
