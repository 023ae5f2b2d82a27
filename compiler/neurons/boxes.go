package neurons

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/compiler/table"
	"rasp/lang/diag"
	"rasp/lang/elementary"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Produce emits the neurons of all boxes that were asked for, those that others
// are computed from after them.
func (l *MLP) Produce() {
	for len(l.pending) > 0 && l.Err == nil {
		var next *facts.Variable
		for v := range l.pending {
			if next == nil || v.Id > next.Id {
				next = v
			}
		}
		requests := l.pending[next]
		delete(l.pending, next)
		l.produceBoxes(next, l.chosen[next], requests)
	}
}

// produceBoxes cuts the table into boxes on which all requested functions are
// constant. A box becomes a neuron that is 1 inside it and 0 outside:
//
//	relu(sum over its inputs of [state in the box's set] - (inputs - 1))
//
// and with a scalar as input one or two neurons a step, closed outside the box by
// a penalty larger than the step's ramp can grow.
func (l *MLP) produceBoxes(v *facts.Variable, u *boxes, requests []*wanted) {
	class, examples := classesOf(u, requests)
	depth := len(u.inputs)
	last := u.inputs[depth-1]
	if last.scalar != nil {
		depth--
	}
	boxes := u.boxesOf(class, depth)
	if l.Robust {
		boxes = l.inRuns(u, boxes)
	}
	if len(boxes) > MaxNeurons {
		l.Fail(diag.Errorf(v.Node.Span, diag.Limit, "%s needs %d neurons, the limit is %d", graph.Describe(v.Node), len(boxes), MaxNeurons).
			WithHint("use a shorter #rasp:length or a smaller #rasp:vocab, or compute it in smaller steps"))
		return
	}
	b := &boxWriter{MLP: l, boxes: u, requests: requests, layer: u.when / 2, variable: v, rest: class[u.rest], examples: examples}
	b.codes = l.indicators(u.inputs[:depth], boxes)
	for _, r := range requests {
		r.out.Zeros = l.Robust && last.scalar == nil // Inside closes neurons by 1
		for c := range examples {
			r.out.Holds(b.value(r, int32(c)))
		}
	}
	for _, box := range boxes {
		if last.scalar == nil {
			b.constantBox(box, box.Table[0])
		} else {
			b.steppedBox(box, last)
		}
	}
}

// boxesOf are the boxes of the first depth inputs on which the class of the
// variable depends on the rest alone.
func (u *boxes) boxesOf(class []int32, depth int) []table.Box {
	classified := func(states []int32) []int32 {
		cells := make([]int32, len(states))
		for i, c := range states {
			cells[i] = facts.None
			if c != facts.None {
				cells[i] = class[c]
			}
		}
		return cells
	}
	if u.cut != nil {
		boxes := make([]table.Box, len(u.cut))
		for i, b := range u.cut {
			boxes[i] = table.Box{In: b.In, Table: classified(b.Table)}
		}
		return boxes
	}
	sizes := make([]int, len(u.inputs))
	for i, in := range u.inputs {
		sizes[i] = len(in.never)
	}
	return (table.Partial{Sizes: sizes, Cells: classified(u.cells)}).Boxes(depth)
}

const MaxNeurons = 1 << 15

// classesOf numbers the states of a variable by what the requests are there;
// examples has a state of each class.
func classesOf(u *boxes, requests []*wanted) (class []int32, examples []int) {
	known := map[string]int32{}
	class = make([]int32, len(requests[0].g))
	for s := range class {
		x := make([]float64, len(requests))
		for i, r := range requests {
			x[i] = r.g[s]
			if math.IsNaN(x[i]) {
				x[i] = u.restOf(r.g)
			}
		}
		key := facts.FunctionKey(x)
		c, ok := known[key]
		if !ok {
			c = int32(len(examples))
			known[key] = c
			examples = append(examples, s)
		}
		class[s] = c
	}
	return class, examples
}

// boxWriter emits the neurons of the boxes of one variable.
type boxWriter struct {
	*MLP
	boxes    *boxes
	variable *facts.Variable
	requests []*wanted
	layer    int
	rest     int32
	examples []int
	codes    []indicator
}

// indicator reads membership of an input's state in a set: each set that occurs
// has a code of its own, or each class of states that no set tells apart has.
type indicator func(set []int) plan.Form

func (l *MLP) indicators(inputs []input, boxes []table.Box) []indicator {
	codes := make([]indicator, len(inputs))
	for i, in := range inputs {
		codes[i] = l.indicator(in, i, boxes)
	}
	return codes
}

func (l *MLP) indicator(in input, i int, boxes []table.Box) indicator {
	count, classes, classOf := in.classes(i, boxes)
	if count <= len(classes) {
		return func(set []int) plan.Form { return l.Read(in.variable, in.memberOf(set)) }
	}
	codes := make([]*plan.Form, len(classes))
	return func(set []int) plan.Form {
		sum, added := plan.Form{}, make([]bool, len(classes))
		for _, s := range set {
			c := classOf[s]
			if added[c] {
				continue
			}
			added[c] = true
			if codes[c] == nil {
				f := l.Read(in.variable, in.memberOf(classes[c]))
				codes[c] = &f
			}
			sum = sum.Plus(*codes[c])
		}
		return sum
	}
}

// notBroken is 1 less a number that is 0 where input i is in the set of a box, see demand.Hinge.
// Where the box holds no state of the others it may be anything.
func (b *boxWriter) notBroken(box table.Box, i int) plan.Form {
	in, live := b.boxes.inputs[i], b.boxes.live(box, i)
	member := in.memberOf(box.In[i])
	broken, anything := make([]float64, len(member)), make([]float64, len(member))
	for s, x := range member {
		broken[s] = 1 - x
		if anything[s] = broken[s]; x == 1 && !live[s] {
			anything[s] = math.NaN()
		}
	}
	when := b.When(in.variable, member)
	o := b.Hinge(in.variable, anything)
	if o == nil || o.When > when {
		o = b.Broken(in.variable, broken, when)
	}
	return o.Get().Times(-1).Plus(plan.Constant(1))
}

// inRuns splits boxes whose set of states of a number has others between: each run is within two
// ends, as hinges have it.
func (l *MLP) inRuns(u *boxes, boxes []table.Box) []table.Box {
	for i, in := range u.inputs {
		var list []table.Box
		for _, box := range boxes {
			if i >= len(box.In) || box.In[i] == nil {
				list = append(list, box)
				continue
			}
			runs := l.Runs(in.variable, in.memberOf(box.In[i]))
			if len(runs) < 2 || len(runs) > mostRuns {
				list = append(list, box)
				continue
			}
			for _, run := range runs {
				part := table.Box{In: slices.Clone(box.In), Table: box.Table}
				part.In[i] = run
				list = append(list, part)
			}
		}
		boxes = list
	}
	return boxes
}

// mostRuns is into how many a box is split.
const mostRuns = 4

// live reports the states of input i that occur with states of the others in a box; all, where
// there is no table.
func (u *boxes) live(box table.Box, i int) []bool {
	live := make([]bool, len(u.inputs[i].never))
	if u.cells == nil {
		for s := range live {
			live[s] = true
		}
		return live
	}
	var visit func(axis, cell, state int)
	visit = func(axis, cell, state int) {
		if axis == len(u.inputs) {
			live[state] = live[state] || u.cells[cell] != facts.None
			return
		}
		of := func(s int) {
			if axis == i {
				state = s
			}
			visit(axis+1, cell*len(u.inputs[axis].never)+s, state)
		}
		if axis < len(box.In) && box.In[axis] != nil {
			for _, s := range box.In[axis] {
				of(s)
			}
			return
		}
		for s := range u.inputs[axis].never {
			of(s)
		}
	}
	visit(0, 0, 0)
	return live
}

// classes counts the sets of input i that occur in the boxes, and groups its
// states by the sets that they belong to.
func (in input) classes(i int, boxes []table.Box) (count int, classes [][]int, classOf []int) {
	membership := make([][]byte, len(in.never))
	seen := map[string]bool{}
	for _, b := range boxes {
		key := fmt.Sprint(b.In[i])
		if b.In[i] == nil || seen[key] {
			continue
		}
		seen[key] = true
		for _, s := range b.In[i] {
			membership[s] = fmt.Append(membership[s], count, " ")
		}
		count++
	}
	number := map[string]int{}
	classOf = make([]int, len(in.never))
	for s, m := range membership {
		if len(m) == 0 {
			continue
		}
		c, ok := number[string(m)]
		if !ok {
			c = len(classes)
			number[string(m)] = c
			classes = append(classes, nil)
		}
		classes[c] = append(classes[c], s)
		classOf[s] = c
	}
	return count, classes, classOf
}

// memberOf is 1 at the states of a set, 0 at others and NaN at those that do not
// occur: to tell them from the others may need what is not there yet.
func (in input) memberOf(set []int) []float64 {
	f := make([]float64, len(in.never))
	for s := range f {
		if in.never[s] {
			f[s] = math.NaN()
		}
	}
	for _, s := range set {
		f[s] = 1
	}
	return f
}

// gates is how many inputs of the box are open, minus how many must be: 0
// inside, at most -1 outside.
func (b *boxWriter) gates(box table.Box) (f plan.Form, count int) {
	for i, set := range box.In {
		if set == nil {
			continue
		}
		if b.Robust {
			f = f.Plus(b.notBroken(box, i))
		} else {
			f = f.Plus(b.codes[i](set))
		}
		count++
	}
	return f.Plus(plan.Constant(-float64(count))), count
}

func (b *boxWriter) label(box table.Box) model.Label {
	var terms []string
	for i, set := range box.In {
		if len(set) > 0 {
			g := b.boxes.inputs[i].memberOf(set)
			terms = append(terms, b.MLP.Label(b.boxes.inputs[i].variable, g).What)
		}
	}
	return demand.LabelOf(b.variable.Node, strings.Join(terms, " and "))
}

// value is request r in a class, beyond what the form's constant says.
func (b *boxWriter) value(r *wanted, class int32) float64 {
	x := r.g[b.examples[class]]
	if math.IsNaN(x) {
		return 0
	}
	return x - b.boxes.restOf(r.g)
}

func (b *boxWriter) constantBox(box table.Box, class int32) {
	if class == b.rest || class == facts.None {
		return
	}
	gates, _ := b.gates(box)
	n := b.Neuron(b.layer, b.Inside(gates), b.Robust, b.label(box))
	n.Inside = b.Robust
	for _, r := range b.requests {
		if x := b.value(r, class); x != 0 {
			n.Write(r.out, x)
		}
	}
}

// steppedBox emits the steps of a scalar within a box.
func (b *boxWriter) steppedBox(box table.Box, in input) {
	var points []demand.Point
	for s, class := range box.Table {
		if class != facts.None {
			points = append(points, demand.Point{Y: in.scalar.Y[s], F: float64(class)})
		}
	}
	points = demand.Clean(points)
	if len(points) == 0 {
		return
	}
	base, rungs := demand.Staircase(points)
	b.constantBox(box, int32(base.F))
	y, gap := in.scalar.Form(), demand.LeastRise(rungs)
	gates, count := b.gates(box)
	for _, r := range rungs {
		st := in.scalar.Ramp(b.Policy, y, r, gap)
		what := st.Label.What
		st.Label = b.label(box)
		if st.Label.What != "" {
			what = st.Label.What + " and " + what
		}
		st.Label.What = what
		closed := plan.Form{}
		if count > 0 {
			closed = gates.Times(math.Exp2(math.Ceil(elementary.Log2(float64(st.Reach*b.reach(in)) + 2))))
		}
		from, to := int32(r.Low.F), int32(r.High.F)
		if r.Down {
			from, to = to, from
		}
		pair := b.AddStep(b.layer, st, closed)
		for _, q := range b.requests {
			if d := b.value(q, to) - b.value(q, from); d != 0 {
				pair.Write(q.out, d)
			}
		}
	}
}

// reach is the range of a scalar: how far a ramp can grow.
func (b *boxWriter) reach(in input) float64 {
	low, high := extent(in.scalar.Y)
	return high - low
}
