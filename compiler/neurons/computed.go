package neurons

import (
	"math"
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/value"
)

// OfOne: a function of an s-op that depends on one variable alone is one of that; the
// same for a mean whose rounding is replayed, if the function does not ask for that.
func (l *MLP) OfOne(v *facts.Variable, g []float64) *demand.Offer {
	var o *demand.Offer
	if r := v.Table; len(r.Vars) == 1 {
		f := slices.Repeat([]float64{math.NaN()}, len(r.Cells))
		for s, id := range r.Cells {
			if id != facts.None {
				f[s] = g[id]
			}
		}
		o = l.Later(r.Vars[0], f)
	} else if m := l.MeanVariable(v.Node); m != nil {
		f, ok := l.OnMean(v.Node, m, g)
		if !ok {
			return nil
		}
		o = l.Later(m, f)
	}
	if o != nil {
		o.Final = true
	}
	return o
}

// linearForm is that of a computed variable, and the function g by what it is; nil if
// there is none, or g tells apart what it does not, such as 1 from 1.0.
func (l *MLP) linearForm(v *facts.Variable, g []float64) (c *demand.Number, f []float64) {
	f, ok := v.Table.OnRepresentatives(g)
	if !ok || v.Linear == nil {
		return nil, nil
	}
	if c = l.LinearNumber(v, v.Linear); !facts.FunctionOf(f, c.Numbers) {
		return nil, nil
	}
	return c, f
}

// Linearly reads a linear form of operands as it is, up to scale and shift.
func (l *MLP) Linearly(v *facts.Variable, g []float64) *demand.Offer {
	c, f := l.linearForm(v, g)
	if c == nil {
		return nil
	}
	o := l.Scaled(c, f, c.Numbers)
	if o != nil {
		o.Final, o.Near = true, c.ScaledNear(f, c.Numbers)
	}
	return o
}

// Staircase reads any other function of a linear form of operands by steps.
func (l *MLP) Staircase(v *facts.Variable, g []float64) *demand.Offer {
	c, f := l.linearForm(v, g)
	if c == nil {
		return nil
	}
	number := c.Scalar(c.Numbers)
	if number.Unit == 0 {
		if number = l.Undecoded(v, f); number == nil {
			return nil
		}
	}
	return l.Steps(*number, f)
}

// Boxes has neurons compute the function from a table, unless steps are there as soon
// as any neurons can be, or that takes very many.
func (l *MLP) Boxes(v *facts.Variable, g []float64, best *demand.Offer) *demand.Offer {
	f, ok := v.Table.OnRepresentatives(g)
	soonest := best != nil && best.When <= plan.NextMLP(l.earliest(v))
	if !ok || soonest && v.Source != facts.Chosen {
		return nil
	}
	u := l.BoxesFor(v)
	if u == nil {
		return nil
	}
	if u.isConstant(f) { // asked of each function alike: what reads several at once relies on that
		return demand.ConstantOffer(u.restOf(f))
	}
	if soonest || best != nil && u.Count > manyNeurons {
		return nil
	}
	if values := l.OneHotOver(facts.Range(len(f)-1), f); values != nil {
		return demand.OneHot(u.when, values, func(x float64) *demand.Offer { return l.Demand(v, facts.FunctionThat(f, x)) })
	}
	return &demand.Offer{When: u.when, Cost: demand.Cost{Neurons: u.Count, Columns: 1}, Make: func() plan.Form {
		c := l.NewColumn(u.when, l.Label(v, f))
		l.pending[v] = append(l.pending[v], &wanted{f, c})
		return linear.Of(c).Plus(plan.Constant(u.restOf(f)))
	}}
}

// coarseKey is a variable and the ranks of a function of it, see coarse.
type coarseKey struct {
	variable *facts.Variable
	ranks    string
}

// Coarse reads a function of a variable whose values cannot all be told apart, or not
// in one table, from a table of the function itself: of the ranks of its values, which
// are whole numbers, whatever the values are. So they can all be told apart, and nothing
// coarser is asked for.
func (l *MLP) Coarse(v *facts.Variable, g []float64, best *demand.Offer) *demand.Offer {
	if best != nil && best.When < demand.NotAtAll {
		return nil
	}
	f, ok := v.Table.OnRepresentatives(g)
	if !ok {
		f = g
	}
	values, ranks := ranked(f)
	if ok && len(values) == len(v.Table.Values) {
		return nil
	}
	return l.Later(l.coarseOf(v, ranks), values)
}

// coarseOf is the variable that has the ranks of a function of v for its states.
func (l *MLP) coarseOf(v *facts.Variable, ranks []float64) *facts.Variable {
	key := coarseKey{v, facts.FunctionKey(ranks)}
	w := l.coarser[key]
	if w == nil {
		b := facts.NewBuilder(v.Table.Vars, len(v.Table.Cells))
		for i, id := range v.Table.Cells {
			if id != facts.None && !math.IsNaN(ranks[id]) {
				b.Set(i, value.OfFloat(ranks[id]))
			}
		}
		n := *v.Node
		n.ID = firstCoarse + len(l.coarser)
		w = &facts.Variable{Id: 3 + 2*n.ID, Source: facts.Computed, Node: &n, Table: b.Table()}
		w.Size = len(w.Table.Values)
		l.coarser[key] = w
	}
	return w
}

// firstCoarse is the least ID of the s-ops that coarse variables are of.
const firstCoarse = 1 << 21

// ranked lists the values of a function, each once, in ascending order, and the place in
// that list of each; NaN where it is not defined.
func ranked(f []float64) (values, ranks []float64) {
	values = slices.DeleteFunc(slices.Clone(f), math.IsNaN)
	slices.Sort(values)
	values, ranks = slices.Compact(values), slices.Clone(f)
	for id, x := range f {
		if at, ok := slices.BinarySearch(values, x); ok {
			ranks[id] = float64(at)
		}
	}
	return values, ranks
}
