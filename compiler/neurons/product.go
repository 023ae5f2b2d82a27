package neurons

import (
	"fmt"
	"math"
	"math/bits"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// A whole number c from 0 to N, times a number y that the embedding has, from 0 up to Y, a
// power of two, needs no table of the two, only the bits of c, inverted: with n_b = 1 - bit b,
//
//	c y = sum over b of relu(2^b y - 2^b Y n_b)
//
// An open gate subtracts 0, so that 2^b y comes through as it is; a closed one is not above
// 0. That takes a neuron for each bit, beside the steps of N + 1 widths that tell the bits.
//
// It is off by a rounding for each bit, relative to the size of the sum, which is enough for
// a number that is shown: 3e-7 at N = 256.

// mostFactor bounds the whole number: its bits are told by as many steps.
const mostFactor = 1 << 12

// Product offers an s-op as a product of a whole number and one that the embedding has, or
// their quotient; nil if it is none.
func (l *MLP) Product(n *graph.Node) *demand.Offer {
	if n.Op != graph.Binary || n.Fn != value.Mul && n.Fn != value.Div {
		return nil
	}
	whole, real := n.Args[0], n.Args[1]
	if n.Fn == value.Mul && !l.isFactor(whole) {
		whole, real = real, whole
	}
	source, y := l.Source(real), l.embeddedFactor(real, n.Fn == value.Div)
	if y == nil || !l.isFactor(whole) || l.Source(whole) == nil || l.Source(whole).Source <= facts.Position {
		return nil
	}
	most := 0.0
	for _, x := range y {
		if !math.IsNaN(x) {
			most = max(most, x)
		}
	}
	limit := math.Exp2(math.Ceil(math.Log2(most)))
	var gates []*demand.Offer
	t := l.When(source, y)
	for b := range bits.Len(uint(l.Size(whole))) {
		gate := l.Later(l.Source(whole), inverted(l.Numbers(whole), b))
		gates, t = append(gates, gate), max(t, gate.When)
	}
	t = plan.NextMLP(t)
	return &demand.Offer{When: t, Cost: demand.Cost{Neurons: len(gates), Columns: 1}, Make: func() plan.Form {
		c, factor := l.NewColumn(t, demand.LabelOf(n, graph.Describe(n))), l.Read(source, y)
		for _, x := range l.Table(n).Values {
			c.Holds(x.Float64())
		}
		for b, gate := range gates {
			label := demand.LabelOf(n, fmt.Sprintf("%s, bit %d of %s", graph.Describe(n), b, graph.Describe(whole)))
			in := factor.Plus(gate.Get().Times(-limit)).Times(math.Exp2(float64(b)))
			l.Neuron(t/2, in, false, label).Write(c, 1)
		}
		return linear.Of(c)
	}}
}

// isFactor reports that an s-op is a whole number whose bits are worth telling.
func (l *MLP) isFactor(n *graph.Node) bool {
	lo, hi := l.Between(n)
	return l.KindIs(n, value.Int) && lo >= 0 && 1 <= hi && hi <= mostFactor
}

// embeddedFactor is a positive number of ordinary size that the embedding has, or its
// inverse, by state; nil if the s-op is another.
func (l *MLP) embeddedFactor(n *graph.Node, inverse bool) []float64 {
	v := l.Source(n)
	if l.Table(n).Unbounded || v == nil || v.Source != facts.Token && v.Source != facts.Position {
		return nil
	}
	var list []float64
	for _, x := range l.Numbers(n) {
		if inverse {
			x = 1 / x
		}
		if !math.IsNaN(x) && !(x >= construct.LeastNumber && x <= construct.LargestNumber/mostFactor) {
			return nil
		}
		list = append(list, x)
	}
	return list
}

// inverted is 1 where a whole number has not the bit b.
func inverted(numbers []float64, b int) []float64 {
	f := make([]float64, len(numbers))
	for s, x := range numbers {
		f[s] = x
		if !math.IsNaN(x) {
			f[s] = float64(1 - int(x)>>b&1)
		}
	}
	return f
}
