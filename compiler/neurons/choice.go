package neurons

import (
	"cmp"
	"math"
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/compiler/table"
)

// boxes are a group of neurons in one MLP that computes functions of one
// variable from functions of others, its inputs: a table, cut into boxes on
// which it is constant, with a neuron for each. One input may be a scalar, a
// number that is not decoded yet, of one variable or of several (see mixedRadix); its
// values are told apart by steps, gated by the others.
type boxes struct {
	inputs []input
	cells  []int32 // row-major over the inputs: state of the variable, none where it cannot be
	rest   int     // the state that costs nothing, because most boxes have it
	when   int
	Count  int
	cut    []table.Box // the boxes, where there is no table
	order  []int       // of the inputs, in the plan that it comes from
}

// input is a variable that boxes read, or several as one number.
type input struct {
	variable *facts.Variable // nil for several
	never    []bool          // by state: whether it does not occur in the table
	scalar   *demand.Scalar  // nil: by indicators of its states
}

// wanted asks boxes for a function of its variable.
type wanted struct {
	g   []float64
	out *plan.Column
}

func (u *boxes) restOf(g []float64) float64 {
	if x := g[u.rest]; !math.IsNaN(x) {
		return x
	}
	return 0
}

// isConstant reports that boxes found without a table lead to no two values of a function:
// what is chosen knows not which conditions exclude each other.
func (u *boxes) isConstant(g []float64) bool {
	return u.cut != nil && !slices.ContainsFunc(u.cut, func(b table.Box) bool {
		x := g[b.Table[0]]
		return !math.IsNaN(x) && x != u.restOf(g)
	})
}

// BoxesFor plans how a variable is computed: among sets of inputs on which it
// depends (its operands, what they depend on, differences that it compares)
// those with which it is there first, unless that takes very many boxes, then
// with the fewest.
func (l *MLP) BoxesFor(v *facts.Variable) *boxes {
	if u, ok := l.chosen[v]; ok {
		return u
	}
	var plans []*boxPlan
	first, bound := math.MaxInt, plan.NextMLP(l.earliest(v))
	sets := l.inputSets(v)
	slices.SortStableFunc(sets, func(x, y []*facts.Variable) int { return cmp.Compare(jointStates(x), jointStates(y)) })
	for _, vars := range sets {
		if first <= bound && jointStates(vars) > hopeless*float64(len(plans[0].Cells)) {
			break // not sooner, and too large to be smaller
		}
		if p := l.planOver(v, vars); p != nil {
			plans = append(plans, p)
			first = min(first, p.when)
		}
	}
	slices.SortStableFunc(plans, func(p, q *boxPlan) int {
		return cmp.Or(cmp.Compare(p.when, q.when), cmp.Compare(len(p.Cells), len(q.Cells)))
	})
	var best *boxes
	for len(plans) > 0 && (best == nil || best.Count > manyNeurons) {
		same := 1
		for same < len(plans) && plans[same].when == plans[0].when {
			same++
		}
		if u := fewest(plans[:same]); best == nil || u.Count < best.Count {
			best = u
		}
		plans = plans[same:]
	}
	if l.Packed && l.Table(v.Node) != nil && (best == nil || best.when > bound) {
		if u := l.diagram(v, bound); u != nil {
			best = u
		}
	}
	l.chosen[v] = best
	return best
}

// manyNeurons is how many neurons are not worth the layer that they save.
const manyNeurons = 1 << 12

// fewest is the plan with the fewest boxes, of plans with more and more cells.
func fewest(plans []*boxPlan) (best *boxes) {
	for _, p := range plans {
		if len(p.Cells) > hopeless*len(plans[0].Cells) {
			break
		}
		if u := p.sifted(); best == nil || u.Count < best.Count {
			best = u
		}
	}
	return best
}
