package compiler

import (
	"cmp"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/lang/diag"
	"rasp/lang/value"
)

// A unit is a group of neurons in one MLP that computes functions of one
// variable from functions of others, its inputs: a table, cut into boxes on
// which it is constant, with a neuron for each. One input may be analog, a
// number that is not decoded yet, of one variable or of several (see asOne); its
// values are told apart by steps, gated by the others.
type unit struct {
	inputs []input
	cells  []int32 // row-major over the inputs: state of the variable, none where it cannot be
	rest   int     // the state that costs nothing, because most boxes have it
	when   int
	boxes  int
	cut    []construct.Box // the boxes, where there is no table
	order  []int           // of the inputs, in the plan that it comes from
}

// input is a variable that a unit reads, or several as one number.
type input struct {
	variable *variable // nil for several
	never    []bool    // by state: whether it does not occur in the table
	analog   *analog   // nil: by indicators of its states
	y        []float64 // analog: the number by state
}

// request asks a unit for a function of its variable.
type request struct {
	g   []float64
	out *column
}

// computed reads a function of an elementwise s-op. If the s-op depends on one
// variable alone, the function is one of that. If it is linear, the function
// reads the linear form of its operands: as it is if it is linear too, by steps
// if not. Else, or if that is sooner, a unit computes it.
func (l *lowering) computed(v *variable, g []float64) *reading {
	if r := v.table; len(r.vars) == 1 {
		f := slices.Repeat([]float64{math.NaN()}, len(r.cells))
		for s, id := range r.cells {
			if id != none {
				f[s] = g[id]
			}
		}
		return &reading{when: l.when(r.vars[0], f), make: func() form { return l.read(r.vars[0], f) }}
	}
	if m := l.meanVariable(v.node); m != nil {
		if f, ok := l.onMean(v.node, m, g); ok {
			return &reading{when: l.when(m, f), make: func() form { return l.read(m, f) }}
		}
	}
	merged, ok := v.table.onRepresentatives(g)
	if !ok {
		return l.coarsely(v, g)
	}
	g = merged
	lin := v.linear
	if lin == nil {
		return l.fromUnit(v, g)
	}
	c := l.combination(v, lin)
	if !functionOf(g, c.numbers) { // it tells 1 from 1.0
		return l.fromUnit(v, g)
	}
	r := l.combined(c, g, c.numbers)
	if r.when == c.when() {
		return r
	}
	if c.analog().unit == 0 {
		a := l.undecoded(v, g)
		if a == nil {
			return l.fromUnit(v, g)
		}
		r = l.steps(*a, pointsOf(c.numbers, g))
	}
	if r.when <= nextMLP(l.earliest(v)) {
		return r
	}
	if u := l.unit(v); u == nil || r.when <= u.when || u.boxes > manyBoxes {
		return r
	}
	return l.fromUnit(v, g)
}

// fromUnit reads a function that neurons compute from a table.
func (l *lowering) fromUnit(v *variable, g []float64) *reading {
	u := l.unit(v)
	if u == nil || u.when >= notAtAll {
		if countValues(g) < len(v.table.values) {
			return l.coarsely(v, g)
		}
	}
	if u == nil {
		return &reading{when: notAtAll, make: func() form {
			return l.fail(diag.Errorf(v.node.Span, diag.Limit, "%s depends on too many combinations of values to compute it in one step", describe(v.node)).
				WithHint("use a shorter #rasp:length or a smaller #rasp:vocab, or compute it in smaller steps"))
		}}
	}
	if values := l.spelling(pointsOf(widths(len(g)-1), g)); values != nil {
		return spelled(u.when, values, func(x float64) *reading { return l.reading(v, functionThat(g, x)) })
	}
	return &reading{when: u.when, make: func() form {
		c := l.newColumn(u.when, l.label(v, g))
		l.pending[v] = append(l.pending[v], &request{g, c})
		return form{terms: []formTerm{{c, 1}}, constant: u.restOf(g)}
	}}
}

// coarsely reads a function g of a variable whose values cannot all be told apart
// from a table of g itself.
func (l *lowering) coarsely(v *variable, g []float64) *reading {
	key := coarseKey{v, functionKey(g)}
	w := l.coarser[key]
	if w == nil {
		b := newBuilder(v.table.vars, len(v.table.cells))
		for i, id := range v.table.cells {
			if id != none && !math.IsNaN(g[id]) {
				b.set(i, value.OfFloat(g[id]))
			}
		}
		n := *v.node
		n.ID = firstCoarse + len(l.coarser)
		w = &variable{id: 3 + 2*n.ID, kind: computedVariable, node: &n, table: b.relation()}
		w.size = len(w.table.values)
		l.coarser[key] = w
	}
	return l.reading(w, l.stateNumbers(w))
}

// firstCoarse is the least ID of the s-ops that coarse variables are of.
const firstCoarse = 1 << 21

// countValues is the number of different values of a function.
func countValues(g []float64) int {
	seen := map[float64]bool{}
	for _, x := range g {
		if !math.IsNaN(x) {
			seen[x] = true
		}
	}
	return len(seen)
}

func (u *unit) restOf(g []float64) float64 {
	if x := g[u.rest]; !math.IsNaN(x) {
		return x
	}
	return 0
}

// unit plans how a variable is computed: among sets of inputs on which it
// depends (its operands, what they depend on, differences that it compares)
// those with which it is there first, unless that takes very many boxes, then
// with the fewest.
func (l *lowering) unit(v *variable) *unit {
	if u, ok := l.units[v]; ok {
		return u
	}
	var plans []*unitPlan
	first, bound := math.MaxInt, nextMLP(l.earliest(v))
	sets := l.inputSets(v)
	slices.SortStableFunc(sets, func(x, y []*variable) int { return cmp.Compare(jointStates(x), jointStates(y)) })
	for _, vars := range sets {
		if first <= bound && jointStates(vars) > hopeless*float64(len(plans[0].cells)) {
			break // not sooner, and too large to be smaller
		}
		if p := l.planUnit(v, vars); p != nil {
			plans = append(plans, p)
			first = min(first, p.when)
		}
	}
	slices.SortStableFunc(plans, func(p, q *unitPlan) int {
		return cmp.Or(cmp.Compare(p.when, q.when), cmp.Compare(len(p.cells), len(q.cells)))
	})
	var best *unit
	for len(plans) > 0 && (best == nil || best.boxes > manyBoxes) {
		same := 1
		for same < len(plans) && plans[same].when == plans[0].when {
			same++
		}
		if u := fewest(plans[:same]); best == nil || u.boxes < best.boxes {
			best = u
		}
		plans = plans[same:]
	}
	if l.packed && l.table(v.node) != nil && (best == nil || best.when > bound) {
		if u := l.diagram(v, bound); u != nil {
			best = u
		}
	}
	l.units[v] = best
	return best
}

// manyBoxes is how many boxes are not worth the layer that they save.
const manyBoxes = 1 << 12

// fewest is the plan with the fewest boxes, of plans with more and more cells.
func fewest(plans []*unitPlan) (best *unit) {
	for _, p := range plans {
		if len(p.cells) > hopeless*len(plans[0].cells) {
			break
		}
		if u := p.arrange(); best == nil || u.boxes < best.boxes {
			best = u
		}
	}
	return best
}
