package facts

import (
	"math"
	"slices"

	"rasp/compiler/linear"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime/form"
)

// A variable is something that the values at one position depend on and that
// is not itself computed, elementwise, from the same position: the token, the
// position, the length of the input, what an aggregate brought. It has finitely
// many states. An elementwise s-op is a function of variables, and the compiler
// knows it as a table over their states (see table).
type Variable struct {
	Id     int // order in tables: token, position, length, then the nodes
	Source Source
	Node   *graph.Node // the node whose value it is; nil for the first three
	Size   int         // number of states

	// Table is that of the node; linear, of an elementwise one, its linear form, nil if
	// it has none. A whole number has a linear form, or stands in Facts.Totals or Facts.Rounded.
	Table  *Table
	Linear *linear.Form[*graph.Node]

	Chain *Chain // of what is chosen

	// Sums[s] is, of a mean, what state s stands for, in units of which per make 1, and
	// units has the values under it. per is 0 if they have no unit; then totals
	// only tell sums apart. States with equal sums differ in the rounding of
	// float64, or in the type of a single value.
	Sums    []Sum
	Singles []int32       // by state: id of the value where just one is selected, or none
	Values  []value.Value // by state: the mean, but for rounding
	Units   []int64
	Per     float64
	// Alike is, by state, the first of those that differ from it by the order of an addition
	// alone, as float64 rounds; nil if there are none. What is made of them is one value
	// that the interpreter gives with different roundings.
	Alike []int32
	// Determines lists variables whose state follows from the state of this one.
	Determines []Determined
	// At tells, of the token, which there can be where; nil: any.
	At *form.Possible
	// Unique: no two positions of an input are ever in the same state, or in
	// states of equal value.
	Unique bool
}

type Source uint8

const (
	Token    Source = iota
	Position        // state p: position p
	Length          // state l: length l+1; bidirectional only, where it is the same at all positions
	Fetched         // an aggregate of at most one selected value: one state a value
	Any             // whether a selector selects something: false, true
	Width           // how many columns a selector selects: 0..n
	Mean            // a mean of numbers: one state for each sum and width
	Computed        // the value of an elementwise s-op, taken as given
	Row             // the row of a large table that is looked up: none, then the rows
	Compared        // a comparison of means: false, true
	Chosen          // the value of a chain of conditions: one state a value
	Whole           // an int that is a linear form of ints, the sum of a row, or a fraction rounded: one state a value
)

// Numbers are the values of a mean by state; NaN where it is not a number.
func (v *Variable) Numbers() []float64 {
	f := make([]float64, v.Size)
	for s, x := range v.Values {
		f[s] = math.NaN()
		if x.IsNumber() {
			f[s] = x.Float64()
		}
	}
	return f
}

// alike is Alike; what is taken as given has the values of its table as states.
func (v *Variable) alike() []int32 {
	if v.Source == Computed {
		return v.Table.Representatives()
	}
	return v.Alike
}

// size is the largest absolute value that the variable has as a number.
func (v *Variable) size() float64 {
	if v.Source == Mean {
		return sizeOf(v.Numbers())
	}
	return v.Table.Size()
}

// AlikeSums finds the states of a mean that are the same number but for the order of an
// addition, which sets sums no farther apart than that: floats of one sum and width. Those
// of one fraction are not, since 1/1 and 2/2 times the width differ, and neither are single
// values, to which nothing is added.
func (v *Variable) AlikeSums(apart float64) []int32 {
	if v.SumsRise() {
		return nil
	}
	firsts, alike, any := map[Sum][]int32{}, Range32(v.Size), false
	for s, x := range v.Sums {
		if x.Width <= 1 || v.Values[s].Kind() != value.Float {
			continue
		}
		near := func(t int32) bool {
			return math.Abs(v.Values[s].Float64()-v.Values[t].Float64())*float64(x.Width) <= apart
		}
		if at := slices.IndexFunc(firsts[x], near); at >= 0 {
			alike[s], any = firsts[x][at], true
		} else {
			firsts[x] = append(firsts[x], int32(s))
		}
	}
	if !any {
		return nil
	}
	return alike
}

// SumsRise reports that the sums of a mean go up from each state to the next, or else the
// width: so no two are equal.
func (v *Variable) SumsRise() bool {
	for s := range len(v.Sums) - 1 {
		x, y := v.Sums[s], v.Sums[s+1]
		if x.Width > y.Width || x.Width == y.Width && x.Total >= y.Total {
			return false
		}
	}
	return true
}

// Sum is a state of a mean: the numbers selected add up to total units, and
// there are width of them.
type Sum struct {
	Total int64
	Width int
}

type Determined struct {
	Variable *Variable
	State    []int32 // by state of the determining variable
}

// Space enumerates the joint states of a set of variables.
type Space struct {
	Free        []*Variable // independent of each other
	All         []*Variable // free, then what they determine
	Slots       map[*Variable]int
	Size        int
	Pos, length int // slots of position and length, or -1
	token       int // slot of a token of which not any can be anywhere, or -1
}

// tooMany stands for any number of joint states beyond all budgets.
const tooMany = 1 << 30

// NewSpace is the space of all joint states of the given variables. Variables
// that others determine are not enumerated.
func NewSpace(vars []*Variable) *Space {
	s := &Space{Slots: map[*Variable]int{}, Size: 1, Pos: -1, length: -1, token: -1}
	follows := map[*Variable]bool{}
	for _, v := range vars {
		for _, d := range v.Determines {
			follows[d.Variable] = true
		}
	}
	add := func(v *Variable) {
		if _, ok := s.Slots[v]; !ok {
			s.Slots[v] = len(s.All)
			s.All = append(s.All, v)
		}
	}
	for _, v := range vars {
		if !follows[v] {
			s.Free = append(s.Free, v)
			if v.Size > 0 && s.Size > tooMany/v.Size {
				s.Size = tooMany
			} else {
				s.Size *= v.Size
			}
			add(v)
		}
	}
	for _, v := range s.Free {
		for _, d := range v.Determines {
			add(d.Variable)
		}
	}
	for i, v := range s.All {
		switch v.Source {
		case Position:
			s.Pos = i
		case Length:
			s.length = i
		case Token:
			if v.At != nil {
				s.token = i
			}
		}
	}
	return s
}

// TooLarge reports that a table over the space is beyond the budget: over one variable it
// has a cell for each of the states, which are listed already.
func (s *Space) TooLarge() bool { return s.Size > MaxCells && len(s.Free) > 1 }

// Each calls f for every joint state that can occur, with the index of its cell
// (row-major over free) and the state of each variable of all. A position is
// below the length of the input, and of a token that can be there, and all variables agree
// on what they determine.
func (s *Space) Each(f func(cell int, states []int32)) {
	for cell, states := range s.Cells {
		f(cell, states)
	}
}

// Cells are what Each goes through, as a sequence.
func (s *Space) Cells(yield func(cell int, states []int32) bool) { s.cells(1, yield) }

// Runs are the first of each Run cells: from there on, the last free variable goes up.
func (s *Space) Runs(yield func(cell int, states []int32) bool) { s.cells(s.Run(), yield) }

// Run is how many states of the last free variable can occur with all states of the others: all
// of them, or 1 where that is not known.
func (s *Space) Run() int {
	if len(s.Free) == 0 || s.isBound() {
		return 1
	}
	return s.Free[len(s.Free)-1].Size
}

// isBound reports that not all joint states may occur.
func (s *Space) isBound() bool {
	return len(s.follows()) > 0 || s.Pos >= 0 && (s.token >= 0 || s.length >= 0)
}

// cells goes through every so many cells, of which that number is one or a run.
func (s *Space) cells(run int, yield func(cell int, states []int32) bool) {
	states := make([]int32, len(s.All))
	follows, bound := s.follows(), s.isBound()
	for cell := 0; cell < s.Size; cell += run {
		if cell > 0 {
			s.advance(states, run)
		}
		if (!bound || s.derive(states, follows)) && !yield(cell, states) {
			return
		}
	}
}

// advance counts the free variables up, the last one fastest, by a cell or a run of them.
func (s *Space) advance(states []int32, run int) {
	last := len(s.Free) - 1
	if run > 1 {
		last--
	}
	for i := last; i >= 0; i-- {
		states[i]++
		if int(states[i]) < s.Free[i].Size {
			return
		}
		states[i] = 0
	}
}

// follow is a variable whose state another one determines.
type follow struct {
	from, to int // slots
	state    []int32
}

func (s *Space) follows() []follow {
	var list []follow
	for i, v := range s.Free {
		for _, d := range v.Determines {
			list = append(list, follow{i, s.Slots[d.Variable], d.State})
		}
	}
	return list
}

// derive fills in what the free variables determine; false if they contradict
// each other.
func (s *Space) derive(states []int32, follows []follow) bool {
	for i := len(s.Free); i < len(states); i++ {
		states[i] = None
	}
	for _, f := range follows {
		state := f.state[states[f.from]]
		if states[f.to] != None && states[f.to] != state {
			return false
		}
		states[f.to] = state
	}
	if s.Pos >= 0 && s.token >= 0 && !s.All[s.token].At.Can(int(states[s.Pos]), int(states[s.token])) {
		return false
	}
	return s.Pos < 0 || s.length < 0 || states[s.Pos] <= states[s.length]
}

// Reader looks up the cells of a table by the states of a space.
type Reader struct {
	cells   []int32 // nil: the state itself of its one variable
	slots   []int
	strides []int
	step    int // from a state of the last free variable of the space to the next
}

// Reader reads a table over variables of the space; one of a single variable that has no
// cells is the state of that.
func (s *Space) Reader(r *Table) Reader {
	rd := Reader{cells: r.Cells, slots: make([]int, len(r.Vars)), strides: make([]int, len(r.Vars))}
	stride := 1
	for i := len(r.Vars) - 1; i >= 0; i-- {
		rd.slots[i], rd.strides[i] = s.Slots[r.Vars[i]], stride
		if rd.slots[i] == len(s.Free)-1 {
			rd.step = stride
		}
		stride *= r.Vars[i].Size
	}
	return rd
}

func (r *Reader) At(states []int32) int32 { return r.Of(r.Place(states), 0) }

// Place is where the cell of states is, and Of what stands there, or in the k-th cell of a run
// from there on.
func (r *Reader) Place(states []int32) int {
	at := 0
	for k, slot := range r.slots {
		at += int(states[slot]) * r.strides[k]
	}
	return at
}

func (r *Reader) Of(place, k int) int32 {
	if place += k * r.step; r.cells != nil {
		return r.cells[place]
	}
	return int32(place)
}

// Union merges the variables of tables, in order.
func Union(rels []*Table) []*Variable {
	var vars []*Variable
	for _, r := range rels {
		for _, v := range r.Vars {
			at := 0
			for at < len(vars) && vars[at].Id < v.Id {
				at++
			}
			if at < len(vars) && vars[at] == v {
				continue
			}
			vars = append(vars[:at], append([]*Variable{v}, vars[at:]...)...)
		}
	}
	return vars
}

// Describe names a variable for a message.
func (v *Variable) Describe() string {
	switch v.Source {
	case Token:
		return "the token"
	case Position:
		return "the position"
	case Length:
		return "the length"
	}
	return graph.Describe(v.Node)
}
