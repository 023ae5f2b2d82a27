package compiler

import (
	"slices"

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
func (l *mlp) earliest(v *variable) int {
	t, ok := l.earliests[v]
	if !ok {
		t = l.findEarliest(v)
		l.earliests[v] = t
	}
	return t
}

func (l *mlp) findEarliest(v *variable) int {
	t := 0
	switch v.kind {
	case tokenVariable, positionVariable:
	case lengthVariable:
		t = 1
	case rowVariable:
		g := make([]float64, v.size)
		g[0] = 1
		t = l.when(v, g)
	case comparisonVariable:
		t = l.demand(v, []float64{0, 1}).when
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
func (l *mlp) earliestCode(n *graph.Node) int {
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
func (l *mlp) inputSets(v *variable) [][]*variable {
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
func (l *mlp) expansions(v *variable) [][]*variable {
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
