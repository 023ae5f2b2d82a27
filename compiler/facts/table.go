package facts

import (
	"cmp"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/keys"
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
	values []value.Value

	// The ids of values: of floats and of ints by number, of others by themselves.
	floats, ints     keys.Numbering
	ofFloats, ofInts []int32
	others           map[value.Value]int32
}

func NewBuilder(vars []*Variable, size int) *builder {
	b := &builder{vars: vars, Cells: make([]int32, size), others: map[value.Value]int32{}}
	for i := range b.Cells {
		b.Cells[i] = None
	}
	return b
}

// Id is the number of a value among those of the table, as long as it is not sorted.
func (b *builder) Id(v value.Value) int32 {
	if v.Kind() == value.Float {
		return b.numbered(&b.floats, &b.ofFloats, math.Float64bits(v.Float64()), v)
	}
	if i, ok := v.Int64(); ok && v.Kind() == value.Int {
		return b.numbered(&b.ints, &b.ofInts, uint64(i), v)
	}
	id, ok := b.others[v]
	if !ok {
		id = b.add(v)
		b.others[v] = id
	}
	return id
}

// numbered is the id of a value that has a key among those of its kind.
func (b *builder) numbered(numbers *keys.Numbering, ids *[]int32, key uint64, v value.Value) int32 {
	number, isNew := numbers.Of(key)
	if isNew {
		*ids = append(*ids, b.add(v))
	}
	return (*ids)[number]
}

// add is the id of a value that is not there yet.
func (b *builder) add(v value.Value) int32 {
	b.values = append(b.values, v)
	return int32(len(b.values) - 1)
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

// RoundingOf is the relative error up to which a number counts as the fraction
// that it is near to: what some dozens of roundings of float64 add up to.
const RoundingOf = 1e-13

// nearly reports that two numbers which are the same but for the order of an addition
// (see Variable.Alike) differ by no more than that explains, given the size of those that
// they stand among.
func nearly(x, y, size float64) bool { return math.Abs(x-y) <= RoundingOf*size }

// sizeOf is the largest finite absolute value of numbers.
func sizeOf(numbers []float64) float64 {
	size := 0.0
	for _, x := range numbers {
		if x = math.Abs(x); x > size && !math.IsInf(x, 1) {
			size = x
		}
	}
	return size
}

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

// Places are those of values, which are distinct.
func Places(values []value.Value) map[value.Value]int {
	places := make(map[value.Value]int, len(values))
	for i, v := range values {
		places[v] = i
	}
	return places
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
	// Beside: values that an unbounded s-op can have and that are no ints or floats.
	Beside []value.Value
	twins  []int32 // see Representatives
}

// Representatives are the ids of the values, but for floats that stand for states which
// differ by the order of an addition alone (see Variable.Alike): of these, that of the
// least. Values that are near each other for any other reason are different.
func (r *Table) Representatives() []int32 {
	if r.twins == nil {
		r.twins = Range32(len(r.Values))
		stride := len(r.Cells)
		for _, v := range r.Vars {
			stride /= v.Size
			if alike := v.alike(); alike != nil {
				r.unite(v, alike, stride)
			}
		}
		for id := range r.twins {
			r.twins[id] = r.least(int32(id))
		}
	}
	return r.twins
}

// unite makes those floats one that cells have which differ in states alike of a
// variable, whose neighbouring states are stride cells apart, unless they differ by more
// than rounding: by a decision that is made of it.
func (r *Table) unite(v *Variable, alike []int32, stride int) {
	noise, most := v.size(), r.Size()
	first := slices.Repeat([]int32{None}, len(r.Cells))
	for cell, id := range r.Cells {
		if id == None || r.Values[id].Kind() != value.Float {
			continue
		}
		s := cell / stride % v.Size
		at := cell + (int(alike[s])-s)*stride
		if first[at] == None {
			first[at] = id
			continue
		}
		x, y := r.Values[id].Float64(), r.Values[first[at]].Float64()
		if nearly(x, y, max(noise, math.Abs(x), math.Abs(y))) && math.Abs(x-y) <= construct.CoarsestNumber*most {
			one, other := r.least(first[at]), r.least(id)
			r.twins[max(one, other)] = min(one, other)
		}
	}
}

// least follows the values that are one down to the least of them.
func (r *Table) least(id int32) int32 {
	for r.twins[id] != id {
		id = r.twins[id]
	}
	return id
}

// Size is the largest finite absolute value.
func (r *Table) Size() float64 { return sizeOf(r.valueNumbers()) }

// Spread is how far apart values are that count as one.
func (r *Table) Spread() float64 {
	spread := 0.0
	for id, twin := range r.Representatives() {
		if int(twin) != id {
			spread = max(spread, math.Abs(r.Values[id].Float64()-r.Values[twin].Float64()))
		}
	}
	return spread
}

// MeanAlone is the mean of which an s-op is a function, nil if it is of others.
func (r *Table) MeanAlone() *Variable {
	if r == nil || r.Unbounded || len(r.Vars) != 1 || r.Vars[0].Source != Mean {
		return nil
	}
	return r.Vars[0]
}

// Twin reports that two values differ by the order of an addition at most.
func (r *Table) Twin(x, y int32) bool {
	twins := r.Representatives()
	return twins[x] == twins[y]
}

// OnRepresentatives is a function of the values made one of the representatives;
// false if it tells others apart from these.
func (r *Table) OnRepresentatives(g []float64) (f []float64, ok bool) {
	f = slices.Clone(g)
	size := sizeOf(g)
	for id, twin := range r.Representatives() {
		switch {
		case int(twin) == id || math.IsNaN(g[id]):
		case math.IsNaN(f[twin]):
			f[twin] = g[id]
		case !nearly(f[twin], g[id], size):
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
	return Range32(len(r.Values))
}

// valueNumbers are the values as numbers, by id.
func (r *Table) valueNumbers() []float64 {
	return ByState(Range32(len(r.Values)), func(id int32) float64 { return r.Values[id].Float64() })
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
