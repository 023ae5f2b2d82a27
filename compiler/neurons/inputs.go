package neurons

import (
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/lang/graph"
)

// maxInputs and maxPlans bound the search for the inputs of boxes.
const (
	maxInputs = 6
	maxPlans  = 24
)

// jointStates is the number of joint states of variables.
func jointStates(vars []*facts.Variable) float64 {
	n := 1.0
	for _, v := range vars {
		n *= float64(v.Size)
	}
	return n
}

// earliest is a time before which nothing is known of a variable, of what its
// values are at least.
func (l *MLP) earliest(v *facts.Variable) int {
	t, ok := l.earliests[v]
	if !ok {
		t = l.findEarliest(v)
		l.earliests[v] = t
	}
	return t
}

func (l *MLP) findEarliest(v *facts.Variable) int {
	t := 0
	switch v.Source {
	case facts.Token, facts.Position:
	case facts.Length:
		t = 1
	case facts.Row:
		g := make([]float64, v.Size)
		g[0] = 1
		t = l.When(v, g)
	case facts.Chosen:
		for c := v.Chain; c.If != nil; c = c.Else {
			if source := l.Source(c.If); source != nil {
				t = max(t, l.earliest(source))
			}
		}
	case facts.Compared:
		t = l.Demand(v, []float64{0, 1}).When
	case facts.Computed:
		for _, x := range v.Table.Vars {
			t = max(t, l.earliest(x))
		}
	case facts.Whole:
		if mean := l.Totals[v.Node]; mean != nil {
			return l.earliestRow(mean)
		}
		if v.Linear == nil {
			return l.Demand(v, facts.Range(v.Size-1)).When
		}
		for _, x := range v.Linear.Terms {
			if source := l.Source(x.Of); source != nil {
				t = max(t, l.earliest(source))
			}
		}
	default:
		t = l.earliestRow(v.Node)
	}
	return t
}

// earliestRow is a time before which no head brings anything of the rows that n is over.
func (l *MLP) earliestRow(n *graph.Node) int {
	t, values := 0, 0
	if n.Op == graph.Aggregate {
		values = l.earliestCode(n.Args[1])
	}
	for _, p := range l.Selection(n.Args[0], nil).Parts {
		t = max(t, l.HeadWhen(p, values, demand.SinkDefault))
	}
	return t
}

// earliestCode is a time before which no head can read n: what is computed from
// several variables, but for sums, takes an MLP.
func (l *MLP) earliestCode(n *graph.Node) int {
	source := l.Source(n)
	switch {
	case source == nil || l.Table(n).Unbounded:
		return 0
	case source.Source == facts.Computed && l.Linear(n) == nil:
		return plan.NextMLP(l.earliest(source))
	}
	return l.earliest(source)
}

// inputSets lists sets of variables that determine v, of which a table may be made.
func (l *MLP) inputSets(v *facts.Variable) [][]*facts.Variable {
	if v.Source == facts.Chosen {
		return nil
	}
	sets := [][]*facts.Variable{v.Table.Vars}
	add := func(set []*facts.Variable) {
		slices.SortFunc(set, func(a, b *facts.Variable) int { return a.Id - b.Id })
		set = slices.Compact(set)
		if len(set) <= maxInputs && !slices.ContainsFunc(sets, func(old []*facts.Variable) bool { return slices.Equal(old, set) }) {
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
func (l *MLP) expansions(v *facts.Variable) [][]*facts.Variable {
	if v.Source != facts.Computed {
		return nil
	}
	if !v.Node.Elementwise() { // positional: a table over position and length
		return [][]*facts.Variable{v.Table.Vars}
	}
	var operands []*facts.Variable
	for _, arg := range v.Node.Args {
		if src := l.Source(arg); src != nil {
			operands = append(operands, src)
		}
	}
	sets := [][]*facts.Variable{operands}
	if d := l.Difference(v.Node); d != nil {
		sets = append(sets, []*facts.Variable{d})
	}
	return sets
}
