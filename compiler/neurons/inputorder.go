package neurons

import (
	"math"
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/compiler/table"
)

// hopeless is how many times larger than the smallest table another
// one may be to be tried: more states have never needed fewer neurons by that.
const hopeless = 16

// maxTried is how many cells are gone through in search of the order of the inputs
// of boxes.
const maxTried = 1 << 21

// boxPlan is a table to cut into boxes, before the order of its inputs is chosen.
type boxPlan struct {
	inputs []input // the scalar, if any, is the last
	table.Partial
	classes [][]float64 // by input: states that the table tells apart have different numbers
	when    int
}

// planOver tabulates v over the given variables and chooses how to read them: by
// indicators of their states, or, if they are there sooner then, some of them as
// one scalar. nil if they do not determine v or the table is too large.
func (l *MLP) planOver(v *facts.Variable, vars []*facts.Variable) *boxPlan {
	t, ok := tableOver(v, vars)
	if !ok {
		return nil
	}
	p := &boxPlan{Partial: t}
	for i, x := range vars {
		p.inputs = append(p.inputs, input{variable: x})
		p.Partial = coarsened(x, p.Partial, i)
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

func (p *boxPlan) classify() {
	p.classes = nil
	for i := range p.inputs {
		p.classes = append(p.classes, distinct(p.Partial.Classes(i)))
	}
}

// distinct are numbers for classes that no linear function yields by accident, NaN for
// none.
func distinct(classes []int32) []float64 {
	return facts.ByState(classes, func(c int32) float64 { return math.Sqrt(float64(c) + 2) })
}

// choose decides which inputs to read as scalars: those whose states are
// told apart too late, if there are numbers that are there in time.
func (p *boxPlan) choose(l *MLP) {
	whens, analogs, sooner := make([]int, len(p.inputs)), make([]*input, len(p.inputs)), 0
	for i, in := range p.inputs {
		whens[i] = l.When(in.variable, p.classes[i])
		t := whens[i]
		if a := l.Number(in.variable, p.classes[i]); a != nil {
			analogs[i] = &input{variable: in.variable, scalar: a}
			t = min(t, a.When)
		}
		sooner = max(sooner, t)
	}
	p.when = plan.NextMLP(slices.Max(whens))
	var late, others []int
	for i, t := range whens {
		if t > sooner {
			late = append(late, i)
		} else {
			others = append(others, i)
		}
	}
	if plan.NextMLP(sooner) == p.when {
		return
	}
	if number := p.mixedRadix(l, analogs, others, late); number != nil {
		p.when = plan.NextMLP(max(sooner, number.scalar.When))
		inputs, sizes := p.inputs, p.Sizes
		p.inputs, p.Sizes = nil, nil
		for _, i := range others {
			p.inputs, p.Sizes = append(p.inputs, inputs[i]), append(p.Sizes, sizes[i])
		}
		p.inputs, p.Sizes = append(p.inputs, *number), append(p.Sizes, len(number.scalar.Y))
		p.classify()
	}
}

// scalar is the input that is read as a number, nil if there is none.
func (p *boxPlan) scalar() *input {
	if last := &p.inputs[len(p.inputs)-1]; last.scalar != nil {
		return last
	}
	return nil
}

// sifted puts the inputs into the order that gives the fewest boxes, the
// scalar last.
func (p *boxPlan) sifted() *boxes {
	small := p.compressed()
	u := &boxes{when: p.when, Count: math.MaxInt}
	depth := len(p.inputs)
	if p.scalar() != nil {
		depth--
	}
	try := func(order []int) int {
		if depth < len(p.inputs) { // the scalar last
			order = append(slices.Clone(order), depth)
		}
		n := small.Permute(order).CountBoxes(depth)
		if n < u.Count {
			u.Count, u.order = n, slices.Clone(order)
		}
		return n
	}
	if depth <= 4 {
		table.Permutations(depth, func(order []int) { try(order) })
	} else {
		table.Sift(depth, maxTried/max(1, len(small.Cells)), try)
	}
	u.rest = commonest(small.Permute(u.order).Boxes(depth))
	u.cells = p.Permute(u.order).Cells
	for _, k := range u.order {
		u.inputs = append(u.inputs, p.inputs[k])
	}
	if depth == 0 {
		u.rest = p.base()
	}
	return u
}

// base is the state at which the steps of a lone scalar begin.
func (p *boxPlan) base() int {
	f := make([]float64, len(p.Cells))
	for s, state := range p.Cells {
		f[s] = float64(state)
		if state == facts.None {
			f[s] = math.NaN()
		}
	}
	base, _ := demand.Staircase(demand.Clean(demand.PointsOf(p.scalar().scalar.Y, f)))
	return int(base.F)
}

// compressed is the table with one state for each that it tells apart.
func (p *boxPlan) compressed() table.Partial {
	t := p.Partial
	for i, f := range p.classes {
		var keep []int
		seen := map[float64]bool{}
		for s, x := range f {
			if !math.IsNaN(x) && !seen[x] {
				seen[x] = true
				keep = append(keep, s)
			}
		}
		t = t.Pick(i, keep)
	}
	return t
}

func commonest(boxes []table.Box) int {
	votes, best := map[int32]int{}, int32(0)
	for _, b := range boxes {
		for _, c := range b.Table {
			if c != facts.None {
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
