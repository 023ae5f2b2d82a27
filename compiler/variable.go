package compiler

import (
	"math"

	"rasp/compiler/linear"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// A variable is something that the values at one position depend on and that
// is not itself computed, elementwise, from the same position: the token, the
// position, the length of the input, what an aggregate brought. It has finitely
// many states. An elementwise s-op is a function of variables, and the compiler
// knows it as a table over their states (see relation).
type variable struct {
	id   int // order in tables: token, position, length, then the nodes
	kind variableKind
	node *graph.Node // the node whose value it is; nil for the first three
	size int         // number of states

	// table is that of the node; linear, of an elementwise one, its linear form, nil if
	// it has none.
	table  *relation
	linear *linear.Form[*graph.Node]

	// mean: sums[s] is what state s stands for, in units of which per make 1, and
	// units has the values under it. per is 0 if they have no unit; then totals
	// only tell sums apart. States with equal sums differ in the rounding of
	// float64, or in the type of a single value.
	sums    []sum
	singles []int32       // by state: id of the value where just one is selected, or none
	values  []value.Value // by state: the mean, but for rounding
	units   []int
	per     float64
	// determines lists variables whose state follows from the state of this one.
	determines []determined
	// unique: no two positions of an input are ever in the same state, or in
	// states of equal value.
	unique bool
}

type variableKind uint8

const (
	tokenVariable      variableKind = iota
	positionVariable                // state p: position p
	lengthVariable                  // state l: length l+1; bidirectional only, where it is the same at all positions
	fetchVariable                   // an aggregate of at most one selected value: one state a value
	anyVariable                     // whether a selector selects something: false, true
	widthVariable                   // how many columns a selector selects: 0..n
	meanVariable                    // a mean of numbers: one state for each sum and width
	computedVariable                // the value of an elementwise s-op, taken as given
	rowVariable                     // the row of a large table that is looked up: none, then the rows
	comparisonVariable              // a comparison of means: false, true
)

// numbers are the values of a mean by state; NaN where it is not a number.
func (v *variable) numbers() []float64 {
	f := make([]float64, v.size)
	for s, x := range v.values {
		f[s] = math.NaN()
		if x.IsNumber() {
			f[s] = x.Float64()
		}
	}
	return f
}

// sum is a state of a mean: the numbers selected add up to total units, and
// there are width of them.
type sum struct{ total, width int }

type determined struct {
	variable *variable
	state    []int32 // by state of the determining variable
}

// space enumerates the joint states of a set of variables.
type space struct {
	free        []*variable // independent of each other
	all         []*variable // free, then what they determine
	slots       map[*variable]int
	size        int
	pos, length int // slots of position and length, or -1
}

// tooMany stands for any number of joint states beyond all budgets.
const tooMany = 1 << 32

// newSpace is the space of all joint states of the given variables. Variables
// that others determine are not enumerated.
func newSpace(vars []*variable) *space {
	s := &space{slots: map[*variable]int{}, size: 1, pos: -1, length: -1}
	follows := map[*variable]bool{}
	for _, v := range vars {
		for _, d := range v.determines {
			follows[d.variable] = true
		}
	}
	add := func(v *variable) {
		if _, ok := s.slots[v]; !ok {
			s.slots[v] = len(s.all)
			s.all = append(s.all, v)
		}
	}
	for _, v := range vars {
		if !follows[v] {
			s.free = append(s.free, v)
			s.size = min(s.size*v.size, tooMany)
			add(v)
		}
	}
	for _, v := range s.free {
		for _, d := range v.determines {
			add(d.variable)
		}
	}
	for i, v := range s.all {
		switch v.kind {
		case positionVariable:
			s.pos = i
		case lengthVariable:
			s.length = i
		}
	}
	return s
}

// each calls f for every joint state that can occur, with the index of its cell
// (row-major over free) and the state of each variable of all. A position is
// below the length of the input, and all variables agree on what they determine.
func (s *space) each(f func(cell int, states []int32)) {
	states := make([]int32, len(s.all))
	follows := s.follows()
	for cell := range s.size {
		if cell > 0 {
			s.advance(states)
		}
		if s.derive(states, follows) {
			f(cell, states)
		}
	}
}

// advance counts the free variables up, the last one fastest.
func (s *space) advance(states []int32) {
	for i := len(s.free) - 1; i >= 0; i-- {
		states[i]++
		if int(states[i]) < s.free[i].size {
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

func (s *space) follows() []follow {
	var list []follow
	for i, v := range s.free {
		for _, d := range v.determines {
			list = append(list, follow{i, s.slots[d.variable], d.state})
		}
	}
	return list
}

// derive fills in what the free variables determine; false if they contradict
// each other.
func (s *space) derive(states []int32, follows []follow) bool {
	for i := len(s.free); i < len(states); i++ {
		states[i] = none
	}
	for _, f := range follows {
		state := f.state[states[f.from]]
		if states[f.to] != none && states[f.to] != state {
			return false
		}
		states[f.to] = state
	}
	return s.pos < 0 || s.length < 0 || states[s.pos] <= states[s.length]
}

// reader looks up the cells of a relation by the states of a space.
type reader struct {
	cells   []int32
	slots   []int
	strides []int
}

func (s *space) reader(r *relation) reader {
	rd := reader{cells: r.cells, slots: make([]int, len(r.vars)), strides: make([]int, len(r.vars))}
	stride := 1
	for i := len(r.vars) - 1; i >= 0; i-- {
		rd.slots[i], rd.strides[i] = s.slots[r.vars[i]], stride
		stride *= r.vars[i].size
	}
	return rd
}

func (r reader) at(states []int32) int32 {
	i := 0
	for k, slot := range r.slots {
		i += int(states[slot]) * r.strides[k]
	}
	return r.cells[i]
}

// union merges the variables of relations, in order.
func union(rels []*relation) []*variable {
	var vars []*variable
	for _, r := range rels {
		for _, v := range r.vars {
			at := 0
			for at < len(vars) && vars[at].id < v.id {
				at++
			}
			if at < len(vars) && vars[at] == v {
				continue
			}
			vars = append(vars[:at], append([]*variable{v}, vars[at:]...)...)
		}
	}
	return vars
}

// describe names a variable for a message.
func (v *variable) describe() string {
	switch v.kind {
	case tokenVariable:
		return "the token"
	case positionVariable:
		return "the position"
	case lengthVariable:
		return "the length"
	}
	return graph.Describe(v.node)
}
