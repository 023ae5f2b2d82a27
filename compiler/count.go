package compiler

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/lang/graph"
	"rasp/runtime"
)

// count reads functions of the width of a selector. A head whose BOS weighs as
// much as c keys, with value 1 at BOS and 0 elsewhere, writes x = c/(c+w); the
// MLP of the same layer tells the widths apart by steps.
func (l *lowering) count(v *variable, g []float64) *reading {
	if v.kind == lengthVariable {
		f := append([]float64{math.NaN()}, g...) // state 0 is length 1
		return l.countOf(l.fullSelection(), f)
	}
	return l.countOf(l.selection(v.node.Args[0], v.only), g)
}

// fullSelection selects every key of the input.
func (l *lowering) fullSelection() *selection {
	s := l.selections["full"]
	if s == nil {
		s = &selection{parts: []*part{{}}}
		l.selections["full"] = s
	}
	return s
}

// countOf reads the function f of the width, given for the widths 0..n.
func (l *lowering) countOf(sel *selection, f []float64) *reading {
	parts, always := l.uncertain(sel)
	switch len(parts) {
	case 0:
		return &reading{make: func() form { return constantForm(f[always]) }}
	case 1:
		shifted := slices.Repeat([]float64{math.NaN()}, len(f))
		copy(shifted, f[always:])
		return l.countOfPart(sel, parts[0], shifted)
	}
	if sel.sum == nil {
		sel.sum = l.sumOfParts(sel)
	}
	return l.combined(sel.sum, f, sel.sum.numbers)
}

// sumOfParts is the width of a selector of several parts, the sum of their
// widths: a linear form.
func (l *lowering) sumOfParts(sel *selection) *combination {
	c := &combination{numbers: widths(l.domain.Length), label: labelOf(sel.node, "width of "+selectorText(sel.node))}
	parts, always := l.uncertain(sel)
	for _, p := range parts {
		c.addends = append(c.addends, l.countOfPart(sel, p, widths(l.domain.Length)))
		c.factors = append(c.factors, 1)
	}
	c.constant = float64(always)
	return c
}

// uncertain lists the parts whose width must be counted. A part that selects
// position 0 and nothing else always has the width 1.
func (l *lowering) uncertain(sel *selection) (parts []*part, always int) {
	for _, p := range sel.parts {
		if len(p.conditions) == 1 && l.isFirst(p.conditions[0]) {
			always++
		} else {
			parts = append(parts, p)
		}
	}
	return parts, always
}

// isFirst reports that a condition allows position 0 alone, to every query.
func (l *lowering) isFirst(c *condition) bool {
	if c.key.variable != l.position {
		return false
	}
	for _, row := range c.allowed {
		for k, allowed := range row {
			first := c.key.class[0] == int32(k)
			if allowed == 1 && (!first || c.key.size[k] != 1) || allowed == 0 && first {
				return false
			}
		}
	}
	return true
}

func widths(n int) []float64 {
	f := make([]float64, n+1)
	for w := range f {
		f[w] = float64(w)
	}
	return f
}

func (l *lowering) countOfPart(sel *selection, p *part, f []float64) *reading {
	key := partFunction{p, functionKey(f)}
	r := l.counts[key]
	if r == nil {
		points := make([]point, 0, len(f))
		for w := len(f) - 1; w >= 0; w-- {
			points = append(points, point{construct.Counter(l.countWeight(), w), f[w]})
		}
		r = l.steps(l.counter(sel, p), points)
		l.counts[key] = r
	}
	return r
}

// counter is the share of BOS in the rows of part p.
func (l *lowering) counter(sel *selection, p *part) analog {
	t := l.headWhen(p, 0)
	n := l.domain.Length
	gap := construct.Counter(l.countWeight(), n-1) - construct.Counter(l.countWeight(), n)
	label := labelOf(sel.node, "share of BOS beside "+selectorText(sel.node))
	return analog{when: t, label: label, form: func() form {
		h := l.head(p, t, sinkCount, sel.node)
		c := h.byValue["count"]
		if c == nil {
			c = l.newColumn(t, label)
			c.bos = 1
			l.round(c, construct.Grid(gap), 1)
			h.bring(bringsShare, constantForm(0), 1, c)
			h.byValue["count"] = c
		}
		return form{terms: []formTerm{{c, 1}}}
	}}
}

// analog is a number that a neuron can read before it has been decoded.
type analog struct {
	when int
	form func() form
	// unit: the number is an exact multiple of it; 0 for a number that carries
	// an error and needs steps with a margin.
	unit  float64
	label runtime.Label
}

// point is a value of an analog number, and what a function is there.
type point struct{ y, f float64 }

// steps reads a function of an analog number, given at the points where the
// number can be: it is the value at the least point plus a step at each change,
// two neurons a step (see construct.Step).
func (l *lowering) steps(a analog, points []point) *reading {
	points = clean(points)
	if len(points) == 0 || !changes(points) {
		x := 0.0
		if len(points) > 0 {
			x = points[0].f
		}
		return &reading{make: func() form { return constantForm(x) }}
	}
	t := nextMLP(a.when)
	return &reading{when: t, make: func() form {
		c := l.newColumn(t, a.label)
		in := a.form()
		for i := 1; i < len(points); i++ {
			c.holds(points[i].f - points[0].f)
			if delta := points[i].f - points[i-1].f; delta != 0 {
				l.addStep(t/2, in, a.step(l.robust, in, points[i-1].y, points[i].y), form{}).write(c, delta)
			}
		}
		return form{terms: []formTerm{{c, 1}}, constant: points[0].f}
	}}
}

// holds notes an ideal value of a column that an MLP writes.
func (c *column) holds(x float64) {
	if c.low == 0 && c.high == 0 && c.unit == 0 {
		c.unit = math.Inf(1)
	}
	c.low, c.high, c.unit = min(c.low, x), max(c.high, x), min(c.unit, powerOfTwo(x))
}

// step is a step between two neighbouring values of an analog number.
type step struct {
	ramp   construct.Ramp
	margin float64 // how far the neurons' input may be off
	label  runtime.Label
}

// step chooses the ramp. Exact numbers rise within one unit from the lower one,
// so that neighbouring steps share neurons; others, and all if robust, rise in
// the middle of the gap.
func (a analog) step(robust bool, in form, low, high float64) step {
	s := step{label: a.label}
	s.label.What = fmt.Sprintf("%s above %.6g", a.label.What, (low+high)/2)
	if a.unit > 0 && !robust {
		s.ramp, s.margin = construct.Ramp{Slope: 1 / a.unit, At: low / a.unit}, exactly
		return s
	}
	s.ramp = construct.Step(low, high, gridOf(in))
	s.margin = s.ramp.Slope * s.ramp.Margin(low, high)
	return s
}

// exactly is the margin of a step that needs its input exact.
const exactly = 1e-30

// stepPair is the two neurons of a step.
type stepPair [2]*neuron

// addStep adds the neurons of a step to a layer; gates is added to their input
// to keep them closed.
func (l *lowering) addStep(layer int, in form, s step, gates form) stepPair {
	var p stepPair
	for i := range p {
		p[i] = l.neuron(layer, in.times(s.ramp.Slope).plus(constantForm(-s.ramp.At-float64(i))).plus(gates), s.label)
		if p[i].margin == 0 || s.margin < p[i].margin {
			p[i].margin = s.margin
		}
	}
	return p
}

func (p stepPair) write(c *column, delta float64) {
	p[0].write(c, delta)
	p[1].write(c, -delta)
}

// gridOf is the grid of a form over rounded columns, 0 if it has none.
func gridOf(f form) float64 {
	grid := 0.0
	for _, t := range f.terms {
		if t.column.grid == 0 {
			return 0
		}
		if grid == 0 || t.column.grid < grid {
			grid = t.column.grid
		}
	}
	return grid
}

// clean sorts points, and drops those that never matter.
func clean(points []point) []point {
	points = slices.DeleteFunc(points, func(p point) bool { return math.IsNaN(p.f) || math.IsNaN(p.y) })
	slices.SortFunc(points, func(p, q point) int {
		switch {
		case p.y < q.y:
			return -1
		case p.y > q.y:
			return 1
		}
		return 0
	})
	return slices.CompactFunc(points, func(p, q point) bool { return p.y == q.y })
}

func changes(points []point) bool {
	return slices.ContainsFunc(points, func(p point) bool { return p.f != points[0].f })
}

// neuron is the neuron of a layer with the given input; one for all that want
// the same.
func (l *lowering) neuron(layer int, in form, label runtime.Label) *neuron {
	key := neuronKey{layer, in.key()}
	n := l.neuronOf[key]
	if n == nil {
		n = &neuron{layer: layer, in: in, label: label}
		l.neuronOf[key] = n
		l.neurons = append(l.neurons, n)
	}
	return n
}

// write adds factor times the neuron's activation to a column.
func (n *neuron) write(c *column, factor float64) {
	for i := range n.outs {
		if n.outs[i].column == c {
			n.outs[i].factor += factor
			return
		}
	}
	n.outs = append(n.outs, formTerm{c, factor})
}

// combination is an integer-valued linear form of other readings: it is there
// as soon as they are, but a function of it other than itself needs an MLP.
type combination struct {
	numbers  []float64 // its value, by state
	addends  []*reading
	factors  []float64
	constant float64
	label    runtime.Label
}

func (c *combination) when() int {
	t := 0
	for _, r := range c.addends {
		t = max(t, r.when)
	}
	return t
}

func (c *combination) form() form {
	sum := constantForm(c.constant)
	for i, r := range c.addends {
		sum = sum.plus(r.get().times(c.factors[i]))
	}
	return sum
}

func (c *combination) analog() analog {
	return analog{when: c.when(), form: c.form, unit: unitOf(c.numbers), label: c.label}
}

// unitOf is a power of two of which all numbers are multiples, 0 if there is
// none of moderate size.
func unitOf(numbers []float64) float64 {
	for unit := 1.0; unit >= 1.0/1024; unit /= 2 {
		if !slices.ContainsFunc(numbers, func(x float64) bool { return !math.IsNaN(x) && x/unit != math.Trunc(x/unit) }) {
			return unit
		}
	}
	return 0
}

// combined reads a function f of a combination: itself up to scale and shift
// directly, any other by steps.
func (l *lowering) combined(c *combination, f, numbers []float64) *reading {
	if scale, shift, ok := affine(f, numbers); ok {
		return &reading{when: c.when(), make: func() form { return c.form().times(scale).plus(constantForm(shift)) }}
	}
	points := make([]point, len(f))
	for s := range f {
		points[s] = point{numbers[s], f[s]}
	}
	return l.steps(c.analog(), points)
}

// label names a function of a variable: for one value "x = v", for a code f(x).
func (l *lowering) label(v *variable, g []float64) runtime.Label {
	var label runtime.Label
	name := "?"
	switch v.kind {
	case tokenVariable:
		name = "token"
	case positionVariable:
		name = "position"
	case lengthVariable:
		name = "length"
	default:
		label = labelOf(v.node, "")
		name = describe(v.node)
	}
	label.What = name + l.functionText(v, g)
	return label
}

// functionText says which function g is.
func (l *lowering) functionText(v *variable, g []float64) string {
	var on, off []int
	for s, x := range g {
		switch x {
		case 1:
			on = append(on, s)
		case 0:
			off = append(off, s)
		}
	}
	switch {
	case len(on) == 1 && v.size > 2:
		return " = " + l.stateText(v, on[0])
	case len(off) == 1 && len(on) > 1 && v.size == len(on)+1:
		return " is not " + l.stateText(v, off[0])
	case len(on) > 0 && len(on)+len(off) == v.size && len(on) <= 8:
		text := " in"
		for _, s := range on {
			text += " " + l.stateText(v, s)
		}
		return text
	}
	if numbers := l.stateNumbers(v); numbers != nil {
		if _, _, ok := affine(g, numbers); ok {
			return ""
		}
	}
	return " coded"
}

func (l *lowering) stateText(v *variable, s int) string {
	switch v.kind {
	case tokenVariable:
		return l.domain.Vocab[s].JSON()
	case positionVariable, widthVariable:
		return fmt.Sprint(s)
	case lengthVariable:
		return fmt.Sprint(s + 1)
	case meanVariable:
		return fmt.Sprintf("%d/%d", v.sums[s].total, v.sums[s].width)
	}
	if v.node == nil || v.node.Op == graph.Select {
		return fmt.Sprint(s)
	}
	return l.relations[v.node].values[s].JSON()
}
