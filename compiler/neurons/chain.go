package neurons

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/elementary"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// A chain of conditions b1, b2, .., 0 or 1 each, is decided in one MLP (a priority encoder).
// With P_t = b1 + .. + b_t, which is 0 as long as no condition holds, constants k1, k2, .. in
// the branches and k_T+1 at the end
//
//	k1 + sum over t of (k_t+1 - k_t) relu(1 - P_t)
//
// adds up to the constant of the first condition that holds; neighbours with one constant
// need no neuron, and an "or" of any number of conditions has one. A branch that is a number
// x from k_t to k_t + M adds what it is above k_t, where it is the first that holds:
//
//	relu(x - k_t - M (1 - b_t + P_t-1))        M a power of two
//
// Where noise is to be stood, twice P_t is taken from 1: what is closed stays so.
//
// All that is added to the gates is a whole number, and an open gate subtracts 0: exact, but
// for what x itself is off, while M T < 2^24 units of x.

// chainLink is a link as an MLP reads it.
type chainLink struct {
	gate   *demand.Offer // nil at the end
	low    float64       // the constant, or the least number of the branch
	number *demand.Offer // nil for a constant
	reach  float64       // how far the number is above low at most
}

// Chain decides a function of a chain of conditions.
func (l *MLP) Chain(v *facts.Variable, g []float64) *demand.Offer {
	links := l.links(v, g)
	t, neurons := 0, 0
	for i, x := range links {
		if x.gate != nil {
			t = max(t, x.gate.When)
		}
		if x.number != nil {
			t, neurons = max(t, x.number.When), neurons+1
		}
		if i > 0 && x.low != links[i-1].low {
			neurons++
		}
	}
	if neurons == 0 {
		return demand.ConstantOffer(links[0].low)
	}
	t = plan.NextMLP(t)
	if values := l.OneHotOver(facts.Range(len(g)-1), g); values != nil {
		return demand.OneHot(t, values, func(x float64) *demand.Offer { return l.Demand(v, facts.FunctionThat(g, x)) })
	}
	return &demand.Offer{When: t, Cost: demand.Cost{Neurons: neurons, Columns: 1}, Make: func() plan.Form {
		return l.decideChain(v, g, links, t)
	}}
}

// links are the conditions that can matter, with g of their branches; where g is not asked
// for, a branch has the constant of the one before.
func (l *MLP) links(v *facts.Variable, g []float64) (links []chainLink) {
	for c := v.Chain; ; c = c.Else {
		if l.Never(c) {
			continue
		}
		x := l.linkOf(v, g, c)
		if math.IsNaN(x.low) {
			x.low = anyOf(g)
			if len(links) > 0 {
				x.low = links[len(links)-1].low
			}
		}
		if l.Always(c) {
			return append(links, x)
		}
		x.gate = l.Later(l.Source(c.If), l.Taken(c))
		links = append(links, x)
	}
}

// linkOf is the branch of a link; low is NaN if it never matters.
func (l *MLP) linkOf(v *facts.Variable, g []float64, c *facts.Chain) chainLink {
	values := l.ValuesOf(c.Then)
	at := func(id int32) float64 {
		if s, ok := slices.BinarySearchFunc(v.Table.Values, values[id], facts.CompareValues); ok {
			return g[s]
		}
		return math.NaN()
	}
	if c.Then.Node == nil || l.Source(c.Then.Node) == nil {
		return chainLink{low: at(0)}
	}
	f := facts.ByState(l.IdsBySource(c.Then.Node), at)
	low, high := extent(f)
	switch {
	case low > high:
		return chainLink{low: math.NaN()}
	case low == high:
		return chainLink{low: low}
	}
	return chainLink{low: low, number: l.Later(l.Source(c.Then.Node), f), reach: math.Exp2(math.Ceil(elementary.Log2(high - low)))}
}

// anyOf is a number of those that are asked for.
func anyOf(g []float64) float64 {
	return g[slices.IndexFunc(g, func(x float64) bool { return !math.IsNaN(x) })]
}

// decideChain emits the neurons.
func (l *MLP) decideChain(v *facts.Variable, g []float64, links []chainLink, t int) plan.Form {
	c, base, before := l.NewColumn(t, l.Label(v, g)), links[0].low, plan.Form{}
	for _, x := range g {
		if !math.IsNaN(x) {
			c.Holds(x - base)
		}
	}
	c.Zeros = l.Robust
	for i, x := range links {
		closed := before
		if x.gate != nil {
			closed = before.Plus(plan.Constant(1)).Plus(x.gate.Get().Times(-1))
			before = before.Plus(x.gate.Get())
		}
		if c.Zeros = c.Zeros && x.number == nil; x.number != nil {
			in := x.number.Get().Plus(plan.Constant(-x.low)).Plus(closed.Times(-x.reach))
			l.Neuron(t/2, in, false, chainLabel(v, "as in branch", i)).Write(c, 1)
		}
		if i+1 < len(links) && links[i+1].low != x.low {
			n := l.Neuron(t/2, l.Inside(before.Times(-1)), l.Robust, chainLabel(v, "beyond condition", i))
			n.Inside = l.Robust
			n.Write(c, links[i+1].low-x.low)
			c.Zeros = c.Zeros && links[i+1].low > x.low
		}
	}
	return linear.Of(c).Plus(plan.Constant(base))
}

func chainLabel(v *facts.Variable, what string, place int) model.Label {
	return demand.LabelOf(v.Node, fmt.Sprintf("%s %s %d", graph.Describe(v.Node), what, place+1))
}
