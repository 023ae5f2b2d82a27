package compiler

import (
	"math"
	"slices"

	"rasp/compiler/construct"
)

// hopeless is how many times larger than the smallest table of a unit another
// one may be to be tried: more states have never needed fewer neurons by that.
const hopeless = 16

// maxTried is how many cells are gone through in search of the order of the inputs
// of a unit.
const maxTried = 1 << 21

// unitPlan is a table for a unit, before the order of its inputs is chosen.
type unitPlan struct {
	inputs  []input // the analog one, if any, is the last
	sizes   []int
	cells   []int32
	classes [][]float64 // by input: states that the table tells apart have different numbers
	when    int
}

// planUnit tabulates v over the given variables and chooses how to read them: by
// indicators of their states, or, if that makes the unit sooner, some of them as
// one analog number. nil if they do not determine v or the table is too large.
func (l *mlp) planUnit(v *variable, vars []*variable) *unitPlan {
	cells := l.tableOver(v, vars)
	if cells == nil {
		return nil
	}
	p := &unitPlan{cells: cells}
	for i, x := range vars {
		p.inputs, p.sizes = append(p.inputs, input{variable: x}), append(p.sizes, x.size)
		p.cells = l.coarsened(x, p.sizes, i, p.cells)
	}
	p.classify()
	p.choose(l)
	for i, f := range p.classes {
		for _, x := range f {
			p.inputs[i].never = append(p.inputs[i].never, math.IsNaN(x))
		}
	}
	return p
}

func (p *unitPlan) classify() {
	p.classes = nil
	for i := range p.inputs {
		p.classes = append(p.classes, distinctions(p.sizes, i, p.cells))
	}
}

// choose decides which inputs to read as analog numbers: those whose states are
// told apart too late, if there are numbers that are there in time.
func (p *unitPlan) choose(l *mlp) {
	whens, analogs, sooner := make([]int, len(p.inputs)), make([]*input, len(p.inputs)), 0
	for i, in := range p.inputs {
		whens[i] = l.when(in.variable, p.classes[i])
		t := whens[i]
		if a := l.number(in.variable, p.classes[i]); a != nil {
			analogs[i] = &input{variable: in.variable, analog: a}
			t = min(t, a.when)
		}
		sooner = max(sooner, t)
	}
	p.when = nextMLP(slices.Max(whens))
	var late, others []int
	for i, t := range whens {
		if t > sooner {
			late = append(late, i)
		} else {
			others = append(others, i)
		}
	}
	if nextMLP(sooner) == p.when {
		return
	}
	if number := p.asOne(l, analogs, others, late); number != nil {
		p.when = nextMLP(sooner)
		inputs, sizes := p.inputs, p.sizes
		p.inputs, p.sizes = nil, nil
		for _, i := range others {
			p.inputs, p.sizes = append(p.inputs, inputs[i]), append(p.sizes, sizes[i])
		}
		p.inputs, p.sizes = append(p.inputs, *number), append(p.sizes, len(number.analog.y))
		p.classify()
	}
}

// analog is the input that is read as a number, nil if there is none.
func (p *unitPlan) analog() *input {
	if last := &p.inputs[len(p.inputs)-1]; last.analog != nil {
		return last
	}
	return nil
}

// arrange puts the inputs into the order that gives the fewest boxes, the
// analog one last.
func (p *unitPlan) arrange() *unit {
	sizes, small := p.compressed()
	u := &unit{when: p.when, boxes: math.MaxInt}
	depth := len(p.inputs)
	if p.analog() != nil {
		depth--
	}
	// inOrder is the table with its inputs in an order, the analog one last.
	inOrder := func(order []int) ([]int, []int32) {
		s := make([]int, len(order))
		for i, k := range order {
			s[i] = sizes[k]
		}
		return s, transposed(sizes, small, order)
	}
	try := func(order []int) int {
		if depth < len(p.inputs) {
			order = append(slices.Clone(order), depth)
		}
		s, cells := inOrder(order)
		n := construct.CountBoxes(s, depth, cells)
		if n < u.boxes {
			u.boxes, u.order = n, slices.Clone(order)
		}
		return n
	}
	if depth <= 4 {
		permuteInts(depth, func(order []int) { try(order) })
	} else {
		sift(depth, maxTried/max(1, len(small)), try)
	}
	s, cells := inOrder(u.order)
	u.rest = commonest(construct.Boxes(s, depth, cells))
	u.cells = transposed(p.sizes, p.cells, u.order)
	for _, k := range u.order {
		u.inputs = append(u.inputs, p.inputs[k])
	}
	if depth == 0 {
		u.rest = p.base()
	}
	return u
}

// base is the state at which the steps of a lone analog input begin.
func (p *unitPlan) base() int {
	f := make([]float64, len(p.cells))
	for s, state := range p.cells {
		f[s] = float64(state)
		if state == none {
			f[s] = math.NaN()
		}
	}
	base, _ := ladder(clean(pointsOf(p.analog().analog.y, f)))
	return int(base.f)
}

// compressed is the table with one state for each that it tells apart.
func (p *unitPlan) compressed() (sizes []int, cells []int32) {
	cells, sizes = p.cells, slices.Clone(p.sizes)
	for i, f := range p.classes {
		var keep []int
		seen := map[float64]bool{}
		for s, x := range f {
			if !math.IsNaN(x) && !seen[x] {
				seen[x] = true
				keep = append(keep, s)
			}
		}
		cells = picked(sizes, i, cells, keep)
		sizes[i] = len(keep)
	}
	return sizes, cells
}

func commonest(boxes []construct.Box) int {
	votes, best := map[int32]int{}, int32(0)
	for _, b := range boxes {
		for _, c := range b.Table {
			if c != none {
				votes[c]++
				if n := votes[c]; n > votes[best] || n == votes[best] && c < best {
					best = c
				}
				break
			}
		}
	}
	return int(best)
}

// permuteInts calls f with all orders of n things.
func permuteInts(n int, f func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var rec func(k int)
	rec = func(k int) {
		if k == n {
			f(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			rec(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	rec(0)
}

// sift looks for the order of n things of least cost: it moves one after the
// other to the place that is best for it, with so many tries at most.
func sift(n, tries int, cost func([]int) int) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	best := cost(order)
	for x := range n {
		for place := range n {
			if tries--; tries < 1 {
				return
			}
			moved := slices.DeleteFunc(slices.Clone(order), func(y int) bool { return y == x })
			moved = slices.Insert(moved, place, x)
			if slices.Equal(moved, order) {
				continue
			}
			if c := cost(moved); c < best {
				best, order = c, moved
			}
		}
	}
}
