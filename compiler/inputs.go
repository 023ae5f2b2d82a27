package compiler

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/lang/graph"
)

// maxInputs and maxPlans bound the search for the inputs of a unit.
const (
	maxInputs = 6
	maxPlans  = 24
)

// jointStates is the number of joint states of variables.
func jointStates(vars []*variable) float64 {
	n := 1.0
	for _, v := range vars {
		n *= float64(v.size)
	}
	return n
}

// earliest is a time before which nothing is known of a variable, of what its
// values are at least.
func (l *lowering) earliest(v *variable) int {
	t, ok := l.earliests[v]
	if !ok {
		t = l.findEarliest(v)
		l.earliests[v] = t
	}
	return t
}

func (l *lowering) findEarliest(v *variable) int {
	t := 0
	switch v.kind {
	case tokenVariable, positionVariable:
	case lengthVariable:
		t = 1
	case rowVariable:
		t = l.context(v.node).when
	case comparisonVariable:
		t = l.reading(v, []float64{0, 1}).when
	case computedVariable:
		for _, x := range v.table.vars {
			t = max(t, l.earliest(x))
		}
	default:
		values := 0
		if v.node.Op == graph.Aggregate {
			values = l.earliestCode(v.node.Args[1])
		}
		for _, p := range l.selection(v.node.Args[0], nil).parts {
			t = max(t, l.headWhen(p, values, sinkDefault))
		}
	}
	return t
}

// earliestCode is a time before which no head can read n: what is computed from
// several variables, but for sums, takes an MLP.
func (l *lowering) earliestCode(n *graph.Node) int {
	source := l.source(n)
	switch {
	case source == nil || l.table(n).unbounded:
		return 0
	case source.kind == computedVariable && l.linear(n) == nil:
		return nextMLP(l.earliest(source))
	}
	return l.earliest(source)
}

// inputSets lists sets of variables that determine v.
func (l *lowering) inputSets(v *variable) [][]*variable {
	sets := [][]*variable{v.table.vars}
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
		return [][]*variable{v.table.vars}
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
func (f *facts) difference(n *graph.Node) *variable {
	if n.Op != graph.Binary || !n.Fn.IsComparison() {
		return nil
	}
	if d := f.differences[operandsOf(n)]; d != nil {
		return f.source(d)
	}
	return nil
}

// analogInput is a number that a variable can be read as before it is decoded,
// nil if there is none that tells what f tells apart.
func (l *lowering) analogInput(v *variable, f []float64) *input {
	switch v.kind {
	case lengthVariable:
		w := l.width(l.fullSelection())
		return exactInput(v, w, w.numbers[1:])
	case widthVariable:
		w := l.width(l.selection(v.node.Args[0], nil))
		return exactInput(v, w, w.numbers)
	case computedVariable:
		if lin := v.linear; lin != nil {
			if c := l.combination(v, lin); c.analog().unit > 0 && functionOf(f, c.numbers) {
				return exactInput(v, c, c.numbers)
			}
		}
		if a := l.undecoded(v, f); a != nil {
			return &input{variable: v, analog: a, y: l.stateNumbers(v)}
		}
	case meanVariable:
		if w := widthsOf(v); functionOf(f, w) {
			return exactInput(v, l.width(l.selection(v.node.Args[0], nil)), w)
		}
		if s := l.sum(v); s != nil && functionOf(f, s.numbers) {
			return exactInput(v, s, s.numbers)
		}
		if m := l.meanInput(v, f); m != nil {
			return m
		}
		if m := l.moments(v); m != nil && functionOf(f, m.numbers) {
			return exactInput(v, m, m.numbers)
		}
	}
	return nil
}

// widthsOf is the width of the row, by state of a mean.
func widthsOf(v *variable) []float64 {
	w := make([]float64, v.size)
	for s := range w {
		w[s] = float64(v.sums[s].width)
	}
	return w
}

func exactInput(v *variable, c *combination, y []float64) *input {
	a := c.analog()
	return &input{variable: v, analog: &a, y: y}
}

// meanInput reads a mean by its value, if f depends on nothing else.
func (l *lowering) meanInput(v *variable, f []float64) *input {
	n := v.node
	sel := l.selection(n.Args[0], nil)
	if len(sel.parts) != 1 || !n.Value.IsNumber() {
		return nil
	}
	y := v.numbers()
	if !functionOf(f, y) {
		return nil
	}
	gap := leastGap(clean(pointsOf(y, f)))
	if math.IsInf(gap, 1) || gap < l.resolution(v) {
		return nil
	}
	a := l.meanColumn(n, sel.parts[0], construct.Grid(gap))
	return &input{variable: v, analog: &a, y: y}
}

// resolution is the distance below which means surely cannot be told apart by the
// output of a head: how far float32 may be off at either end.
func (l *lowering) resolution(v *variable) float64 {
	roundings := 3.0
	if v.per == 0 || v.per != math.Exp2(math.Round(math.Log2(v.per))) {
		roundings = float64(l.domain.Length + 4)
	}
	return 4 * roundings * ulp * l.size(v.node.Args[1])
}
