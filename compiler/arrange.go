package compiler

import (
	"math"
	"slices"

	"rasp/compiler/construct"
)

// hopeless is how many times larger than the smallest table of a unit another
// one may be to be tried: more states have never needed fewer neurons by that.
const hopeless = 16

// unitPlan is a table for a unit, before the order of its inputs is chosen.
type unitPlan struct {
	inputs  []input // the analog one, if any, is at index analog
	analog  int     // -1: none
	sizes   []int
	cells   []int32
	classes []([]float64) // by input: states that the table tells apart have different numbers
	when    int
}

// planUnit tabulates v over the given variables and chooses how to read them:
// one of them as an analog number if that makes the unit sooner. nil if they do
// not determine v or the table is too large.
func (l *lowering) planUnit(v *variable, vars []*variable) *unitPlan {
	cells := l.tableOver(v, vars)
	if cells == nil {
		return nil
	}
	p := &unitPlan{cells: cells, analog: -1}
	for _, x := range vars {
		p.inputs, p.sizes = append(p.inputs, input{variable: x}), append(p.sizes, x.size)
	}
	whens, analogs := make([]int, len(vars)), make([]*input, len(vars))
	for i, x := range vars {
		f := distinctions(p.sizes, i, cells)
		p.classes = append(p.classes, f)
		whens[i] = l.when(x, f)
		if a := l.analogInput(x, f); a != nil {
			analogs[i] = a
		}
	}
	p.when = nextMLP(latest(whens, -1))
	for i, a := range analogs {
		if a != nil {
			if t := nextMLP(max(a.analog.when, latest(whens, i))); t < p.when {
				p.when, p.analog = t, i
			}
		}
	}
	if p.analog >= 0 {
		p.inputs[p.analog] = *analogs[p.analog]
	}
	for i, f := range p.classes {
		for _, x := range f {
			p.inputs[i].never = append(p.inputs[i].never, math.IsNaN(x))
		}
	}
	return p
}

func latest(whens []int, except int) int {
	t := 0
	for i, w := range whens {
		if i != except {
			t = max(t, w)
		}
	}
	return t
}

// arrange puts the inputs into the order that gives the fewest boxes, the
// analog one last.
func (p *unitPlan) arrange() *unit {
	sizes, small := p.compressed()
	var u *unit
	permuteInts(len(p.inputs), func(order []int) {
		depth := len(order)
		if p.analog >= 0 {
			if depth--; order[depth] != p.analog {
				return
			}
		}
		s := make([]int, len(order))
		for i, k := range order {
			s[i] = sizes[k]
		}
		boxes := construct.Boxes(s, depth, transposed(sizes, small, order))
		if u != nil && len(boxes) >= u.boxes {
			return
		}
		u = &unit{when: p.when, boxes: len(boxes), rest: commonest(boxes), order: slices.Clone(order)}
	})
	u.cells = transposed(p.sizes, p.cells, u.order)
	for _, k := range u.order {
		u.inputs = append(u.inputs, p.inputs[k])
	}
	if p.analog >= 0 && len(p.inputs) == 1 {
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
	base, _ := p.inputs[0].analog.ladder(clean(pointsOf(p.inputs[0].y, f)))
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

// permuteInts calls f with the orders of n things: all of them up to 4, beyond
// that those that keep all but the first and the last in place.
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
			if n > 4 && i != k && i != n-1 {
				continue
			}
			order[k], order[i] = order[i], order[k]
			rec(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	rec(0)
}
