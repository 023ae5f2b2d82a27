package compiler

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// A unit is a group of neurons in one MLP that computes functions of one
// variable from functions of others, its inputs: a table, cut into boxes on
// which it is constant, with a neuron for each. One input may be analog, a
// number that is not decoded yet; its values are told apart by steps, gated by
// the others.
type unit struct {
	inputs []input
	cells  []int32 // row-major over the inputs: state of the variable, none where it cannot be
	rest   int     // the state that costs nothing, because most boxes have it
	when   int
	boxes  int
	order  []int // of the inputs, in the plan that it comes from
}

// input is a variable that a unit reads.
type input struct {
	variable *variable
	analog   *analog   // nil: by indicators of its states
	y        []float64 // analog: the number by state
}

// request asks a unit for a function of its variable.
type request struct {
	g   []float64
	out *column
}

// maxInputs and maxPlans bound the search for the inputs of a unit.
const (
	maxInputs = 6
	maxPlans  = 24
)

// computed reads a function of an elementwise s-op. If it depends on one
// variable alone, the function is one of that. If the s-op is linear, the function reads the linear form of its operands: as it is if
// it is linear too, by steps if not. Else, or if that is sooner, a unit computes
// it.
func (l *lowering) computed(v *variable, g []float64) *reading {
	if r := l.relations[v.node]; len(r.vars) == 1 {
		f := slices.Repeat([]float64{math.NaN()}, len(r.cells))
		for s, id := range r.cells {
			if id != none {
				f[s] = g[id]
			}
		}
		return &reading{when: l.when(r.vars[0], f), make: func() form { return l.read(r.vars[0], f) }}
	}
	lin := l.linear(v.node)
	if lin == nil {
		return l.fromUnit(v, g)
	}
	c := l.combination(v, lin)
	r := l.combined(c, g, c.numbers)
	if r.when == c.when() {
		return r
	}
	if unitOf(c.numbers) > 0 {
		if c.last() > 1 {
			return r // a unit decodes one of them at most by itself
		}
		if u := l.unit(v); u == nil || r.when <= u.when {
			return r
		}
	}
	return l.fromUnit(v, g)
}

// last counts the operands that come out of the last MLP that the sum waits for.
func (c *combination) last() int {
	n := 0
	for _, r := range c.addends {
		if r.when > 0 && r.when == c.when() {
			n++
		}
	}
	return n
}

// decoded reads a function of both the sum and the width of a mean (or, where
// the width follows from the position or length, of that and the sum).
func (l *lowering) decoded(v *variable, g []float64) *reading { return l.fromUnit(v, g) }

func (l *lowering) fromUnit(v *variable, g []float64) *reading {
	u := l.unit(v)
	if u == nil {
		return &reading{make: func() form {
			return l.fail(diag.Errorf(v.node.Span, diag.Limit, "%s depends on too many combinations of values to compute it in one step", describe(v.node)).
				WithHint("use a shorter #rasp:length or a smaller #rasp:vocab, or compute it in smaller steps"))
		}}
	}
	return &reading{when: u.when, make: func() form {
		c := l.newColumn(u.when, l.label(v, g))
		l.pending[v] = append(l.pending[v], &request{g, c})
		return form{terms: []formTerm{{c, 1}}, constant: u.restOf(g)}
	}}
}

func (u *unit) restOf(g []float64) float64 {
	if x := g[u.rest]; !math.IsNaN(x) {
		return x
	}
	return 0
}

// combination is the linear form of a computed variable.
func (l *lowering) combination(v *variable, lin *linearForm) *combination {
	c := l.linears[v]
	if c != nil {
		return c
	}
	c = &combination{constant: lin.constant, numbers: l.stateNumbers(v), label: labelOf(v.node, describe(v.node))}
	for i, n := range lin.nodes {
		if src := l.source(n); src == nil {
			c.constant += lin.factors[i] * l.relations[n].values[0].Float64()
		} else {
			f := l.numbers(n)
			g, scale, shift := normal(f)
			c.constant += lin.factors[i] * shift
			if scale != 0 {
				c.addends, c.factors = append(c.addends, l.reading(src, g)), append(c.factors, lin.factors[i]*scale)
			}
		}
	}
	l.linears[v] = c
	return c
}

// unit plans how a variable is computed: among sets of inputs on which it
// depends (its operands, what they depend on, differences that it compares)
// those with which it is there first, then with the fewest boxes.
func (l *lowering) unit(v *variable) *unit {
	if u, ok := l.units[v]; ok {
		return u
	}
	var plans []*unitPlan
	first := math.MaxInt
	for _, vars := range l.inputSets(v) {
		if p := l.planUnit(v, vars); p != nil {
			plans = append(plans, p)
			first = min(first, p.when)
		}
	}
	plans = slices.DeleteFunc(plans, func(p *unitPlan) bool { return p.when > first })
	slices.SortStableFunc(plans, func(p, q *unitPlan) int { return len(p.cells) - len(q.cells) })
	var best *unit
	for _, p := range plans {
		if len(p.cells) > hopeless*len(plans[0].cells) {
			break
		}
		if u := p.arrange(); best == nil || u.boxes < best.boxes {
			best = u
		}
	}
	l.units[v] = best
	return best
}

// hopeless is how many times larger than the smallest table of a unit another
// one may be to be tried: more states have never needed fewer neurons by that.
const hopeless = 16

// inputSets lists sets of variables that determine v.
func (l *lowering) inputSets(v *variable) [][]*variable {
	if v.kind == meanVariable {
		return [][]*variable{l.momentVariables(v)}
	}
	sets := [][]*variable{l.relations[v.node].vars}
	add := func(set []*variable) {
		slices.SortFunc(set, func(a, b *variable) int { return a.id - b.id })
		set = slices.Compact(set)
		if len(set) <= maxInputs && !slices.ContainsFunc(sets, func(old []*variable) bool { return slices.Equal(old, set) }) {
			sets = append(sets, set)
		}
	}
	for _, e := range l.expansions(v) {
		add(e)
	}
	for i := 1; i < len(sets) && len(sets) < maxPlans; i++ {
		for k, x := range sets[i] {
			for _, e := range l.expansions(x) {
				add(append(append(slices.Clone(sets[i][:k]), sets[i][k+1:]...), e...))
			}
		}
	}
	return sets
}

// expansions are the ways to replace a computed variable by what it is computed
// from: its operands, or for a comparison of numbers their difference.
func (l *lowering) expansions(v *variable) [][]*variable {
	if v.kind != computedVariable {
		return nil
	}
	if !v.node.Elementwise() { // positional: a table over position and length
		return [][]*variable{l.relations[v.node].vars}
	}
	var operands []*variable
	for _, arg := range v.node.Args {
		if src := l.source(arg); src != nil {
			operands = append(operands, src)
		}
	}
	sets := [][]*variable{operands}
	if d := l.difference(v.node); d != nil {
		sets = append(sets, []*variable{d})
	}
	return sets
}

// difference is a - b for a comparison of two s-ops of numbers a and b.
func (l *lowering) difference(n *graph.Node) *variable {
	if n.Op != graph.Binary || !n.Fn.IsComparison() || !l.numeric(n.Args[0]) || !l.numeric(n.Args[1]) {
		return nil
	}
	if l.source(n.Args[0]) == nil || l.source(n.Args[1]) == nil {
		return nil
	}
	d := l.differences[n]
	if d == nil {
		d = &graph.Node{ID: l.nextID, Op: graph.Binary, Fn: value.Sub, Args: n.Args, Span: n.Span}
		l.nextID++
		l.differences[n] = d
		r, err := l.elementwise(d)
		if err != nil || r.unbounded {
			return nil
		}
		l.relations[d] = r
	}
	if l.relations[d] == nil {
		return nil
	}
	return l.source(d)
}

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
		analogs[i] = l.analogInput(x, f)
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

// distinctions numbers the states of variable i by what the table is there, with
// numbers that no linear function yields by accident.
func distinctions(sizes []int, i int, cells []int32) []float64 {
	inner := 1
	for _, n := range sizes[i+1:] {
		inner *= n
	}
	f := make([]float64, sizes[i])
	classes := map[string]int{}
	var key []byte
	for s := range f {
		key = key[:0]
		possible := false
		for base := 0; base < len(cells); base += inner * sizes[i] {
			for _, c := range cells[base+s*inner : base+(s+1)*inner] {
				key = append(key, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
				possible = possible || c != none
			}
		}
		if !possible {
			f[s] = math.NaN()
			continue
		}
		c, ok := classes[string(key)]
		if !ok {
			c = len(classes)
			classes[string(key)] = c
		}
		f[s] = math.Sqrt(float64(c) + 2)
	}
	return f
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
	return u
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

// picked keeps some states of input i of a row-major table.
func picked(sizes []int, i int, cells []int32, keep []int) []int32 {
	inner := 1
	for _, n := range sizes[i+1:] {
		inner *= n
	}
	var out []int32
	for base := 0; base < len(cells); base += inner * sizes[i] {
		for _, s := range keep {
			out = append(out, cells[base+s*inner:base+(s+1)*inner]...)
		}
	}
	return out
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

// transposed reorders a row-major table.
func transposed(sizes []int, cells []int32, order []int) []int32 {
	strides := make([]int, len(sizes))
	stride := 1
	for i := len(sizes) - 1; i >= 0; i-- {
		strides[i] = stride
		stride *= sizes[i]
	}
	out := make([]int32, len(cells))
	states := make([]int, len(order))
	from := 0
	for i := range out {
		out[i] = cells[from]
		for k := len(order) - 1; k >= 0; k-- {
			states[k]++
			from += strides[order[k]]
			if states[k] < sizes[order[k]] {
				break
			}
			from -= states[k] * strides[order[k]]
			states[k] = 0
		}
	}
	return out
}

// tableOver tabulates the states of v over those of the given variables; nil if
// they do not determine it.
func (l *lowering) tableOver(v *variable, vars []*variable) []int32 {
	size := 1
	for _, x := range vars {
		if size *= x.size; size > maxCells {
			return nil
		}
	}
	if v.kind == meanVariable {
		return l.momentTable(v, vars)
	}
	r := l.relations[v.node]
	base := []*relation{r}
	for _, x := range vars {
		base = append(base, l.underlying(x, r))
	}
	s := newSpace(union(base))
	if s.size > maxCells {
		return nil
	}
	result, readers := s.reader(r), make([]reader, len(vars))
	for i := range vars {
		readers[i] = s.reader(base[i+1])
	}
	cells := slices.Repeat([]int32{none}, size)
	ok := true
	s.each(func(_ int, states []int32) {
		id := result.at(states)
		if id == none {
			return
		}
		cell := 0
		for i, x := range vars {
			state := readers[i].at(states)
			if state == none {
				return
			}
			cell = cell*x.size + int(state)
		}
		ok = ok && (cells[cell] == none || cells[cell] == id)
		cells[cell] = id
	})
	if !ok {
		return nil
	}
	return cells
}

// underlying is the state of a variable as a relation over those that r depends
// on: itself if it is one of them, else what its node depends on.
func (l *lowering) underlying(v *variable, r *relation) *relation {
	if v.kind == computedVariable && !slices.Contains(r.vars, v) {
		return l.relations[v.node]
	}
	cells := make([]int32, v.size)
	for s := range cells {
		cells[s] = int32(s)
	}
	return &relation{vars: []*variable{v}, cells: cells}
}

// analogInput is the number that a variable can be read as before it is decoded,
// if what f tells apart can be told from the number.
func (l *lowering) analogInput(v *variable, f []float64) *input {
	in := &input{variable: v, y: make([]float64, v.size)}
	var a analog
	switch v.kind {
	case lengthVariable, widthVariable:
		sel, shift := l.fullSelection(), 1
		if v.kind == widthVariable {
			sel, shift = l.selection(v.node.Args[0], v.only), 0
		}
		parts, always := l.uncertain(sel)
		switch len(parts) {
		case 0:
			return nil
		case 1:
			a = l.counter(sel, parts[0])
			for s := range in.y {
				in.y[s] = construct.Counter(l.countWeight(), max(0, s+shift-always))
			}
		default:
			if sel.sum == nil {
				sel.sum = l.sumOfParts(sel)
			}
			a, in.y = sel.sum.analog(), sel.sum.numbers
		}
	case sumVariable:
		a, in.y = v.sum.analog(), v.sum.numbers
	case computedVariable:
		lin := l.linear(v.node)
		if lin == nil {
			return nil
		}
		c := l.combination(v, lin)
		a, in.y = c.analog(), c.numbers
		if a.unit == 0 {
			return nil
		}
	case meanVariable:
		return l.meanInput(v, f)
	default:
		return nil
	}
	in.analog = &a
	return in
}

// meanInput reads a mean by its value, if f depends on nothing else.
func (l *lowering) meanInput(v *variable, f []float64) *input {
	n := v.node
	sel := l.selection(n.Args[0], nil)
	if len(sel.parts) != 1 || !n.Value.IsNumber() {
		return nil
	}
	y := l.numbers(n)
	points := make([]point, len(f))
	for s := range f {
		points[s] = point{y[s], f[s]}
	}
	seen, gap := map[float64]float64{}, math.Inf(1)
	for _, p := range points {
		if old, ok := seen[p.y]; ok && old != p.f && !math.IsNaN(p.f) {
			return nil
		}
		if !math.IsNaN(p.f) {
			seen[p.y] = p.f
		}
	}
	points = clean(points)
	for i := 1; i < len(points); i++ {
		if points[i].f != points[i-1].f {
			gap = min(gap, points[i].y-points[i-1].y)
		}
	}
	if math.IsInf(gap, 1) {
		return nil
	}
	a := l.meanColumn(n, sel.parts[0], construct.Grid(gap))
	return &input{variable: v, analog: &a, y: y}
}
