package heads

import (
	"math"
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Where the type of a number is not the same on all inputs, it is a number of its own.

// TypeOfMean reads functions that ask of which type the mean is where the values
// are of several: a single one keeps its type, and -0.0 its sign.
func (l *Attention) TypeOfMean(v *facts.Variable, g []float64) *demand.Offer {
	if l.wholeOnly(v, g) {
		return nil
	}
	f := slices.Repeat([]float64{math.NaN()}, kindFloat+1)
	for s, x := range g {
		if math.IsNaN(x) {
			continue
		}
		k := kindFloat
		switch {
		case v.Sums[s].Width == 0:
			k = 0
		case v.Singles[s] != facts.None:
			k = kindWeight(v.Values[s])
		}
		if !math.IsNaN(f[k]) && f[k] != x {
			return nil
		}
		f[k] = x
	}
	return l.kindOf(v.Node, f)
}

// The type of a mean is told by the sum of a weight of the type over what is
// selected: only a single int, boolean or -0.0 has less than that of a float, and any two
// have as much.
const (
	kindInt   = 3
	kindBool  = 4
	kindZero  = 5 // -0.0: with another 0 it adds up to 0.0
	kindFloat = 6
)

func kindWeight(v value.Value) int {
	switch v.Kind() {
	case value.Int:
		return kindInt
	case value.Bool:
		return kindBool
	case value.Float:
		if x := v.Float64(); x == 0 && math.Signbit(x) {
			return kindZero
		}
	}
	return kindFloat
}

// kindOf reads a function of the type of a mean, given by its weight.
func (l *Attention) kindOf(n *graph.Node, f []float64) *demand.Offer {
	c := l.tally(n, l.Selection(n.Args[0], nil), l.kinds(n.Args[1]), kindFloat, demand.LabelOf(n, "type of "+graph.Describe(n)))
	c.Numbers = facts.Range(kindFloat * l.Domain.Length)
	return l.OfNumber(c, append(slices.Clone(f), slices.Repeat(f[kindFloat:], kindFloat*(l.Domain.Length-1))...), c.Numbers)
}

// kinds reads the weight of the type of an s-op of numbers.
func (l *Attention) kinds(n *graph.Node) *demand.Offer {
	r := l.Table(n)
	if r.Unbounded {
		float := l.IsFloat(n)
		return &demand.Offer{When: float.When, Make: func() plan.Form { return float.Get().Times(kindFloat - kindInt).Plus(plan.Constant(kindInt)) }}
	}
	g := facts.ByState(l.IdsBySource(n), func(id int32) float64 { return float64(kindWeight(r.Values[id])) })
	return l.Later(l.Source(n), g)
}

// IsFloat is 1 where the value of n is a float and 0 where it is an int: a mean
// of two or more values is a float, one value keeps its type.
func (l *Attention) IsFloat(n *graph.Node) *demand.Offer {
	o := l.types[n]
	if o == nil {
		o = l.isFloat(n)
		l.types[n] = o
	}
	return o
}

func (l *Attention) isFloat(n *graph.Node) *demand.Offer {
	r := l.Table(n)
	if !r.Unbounded {
		g := facts.ByState(l.IdsBySource(n), func(id int32) float64 { return facts.Indicate(r.Values[id].Kind() == value.Float) })
		return l.Later(l.Source(n), g)
	}
	if n.Op == graph.Aggregate && !l.alwaysFloat(n) {
		return l.meanIsFloat(n)
	}
	return l.SumIsFloat(n)
}

// SumIsFloat is isFloat for a linear form, by the types of its terms.
func (l *Attention) SumIsFloat(n *graph.Node) *demand.Offer {
	if l.alwaysFloat(n) {
		return &demand.Offer{Form: plan.Constant(1), Made: true}
	}
	var nodes []*graph.Node // not those of the linear form: x - x has none, and the type of x
	for _, arg := range n.Args {
		if arg.Op != graph.Const && !slices.Contains(nodes, arg) {
			nodes = append(nodes, arg)
		}
	}
	if len(nodes) == 1 {
		return l.IsFloat(nodes[0])
	}
	if l.KindIs(nodes[0], value.Int) && l.KindIs(nodes[1], value.Int) {
		return &demand.Offer{Made: true}
	}
	c := &demand.Number{Numbers: []float64{0, 1, 2}, Label: demand.LabelOf(n, "type of "+graph.Describe(n))}
	for _, arg := range nodes {
		c.Terms = append(c.Terms, linear.Term[*demand.Offer]{Of: l.IsFloat(arg), Factor: 1})
	}
	return l.OfNumber(c, []float64{0, 1, 1}, c.Numbers)
}

// alwaysFloat reports that a number is a float on every input: a quotient, or
// arithmetic with a float.
func (l *Attention) alwaysFloat(n *graph.Node) bool {
	isFloat := map[*graph.Node]bool{} // of each s-op once, since sums share theirs
	var of func(n *graph.Node) bool
	of = func(n *graph.Node) bool {
		if !l.Table(n).Unbounded {
			return l.KindIs(n, value.Float)
		}
		if _, ok := isFloat[n]; !ok {
			isFloat[n] = n.Op == graph.Binary && (n.Fn == value.Div || slices.ContainsFunc(n.Args, of))
		}
		return isFloat[n]
	}
	return of(n)
}

func (l *Attention) meanIsFloat(n *graph.Node) *demand.Offer {
	val, fallback := n.Args[1], facts.Indicate(n.Value.Kind() == value.Float)
	if l.Quotients[n] != nil || l.alwaysFloat(val) || l.KindIs(val, value.Int) {
		f := slices.Repeat([]float64{1}, l.Domain.Length+1)
		f[0], f[1] = fallback, facts.Indicate(l.alwaysFloat(val))
		return l.countOf(n, l.Selection(n.Args[0], nil), f)
	}
	f := slices.Repeat([]float64{math.NaN()}, kindFloat+1)
	f[0], f[kindInt], f[kindBool], f[kindZero], f[kindFloat] = fallback, 0, 0, 1, 1
	return l.kindOf(n, f)
}
