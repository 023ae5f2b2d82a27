package heads

import (
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// Where the values under a mean are 0 or one other value u, the width less the sum, in
// units of u, is how many selected keys have the value 0: the difference of two tallies
// (construct/count.go), exact as they are.

// ZerosOfMean reads a function that asks how many zeros are selected.
func (l *Attention) ZerosOfMean(v *facts.Variable, g []float64) *demand.Offer {
	return l.ofNumber(l.zeros(v), g)
}

// zeros is how many selected keys have the value 0, if all others have one and
// the same; nil if not.
func (l *Attention) zeros(v *facts.Variable) *demand.Number {
	unit, _ := l.onlyUnit(v)
	sum := l.sum(v)
	if unit == 0 || sum == nil {
		return nil
	}
	c := &demand.Number{Label: demand.LabelOf(v.Node, "zeros of "+graph.Describe(v.Node.Args[1]))}
	c.Add(l.width(v.Node, l.Selection(v.Node.Args[0], nil)), 1)
	c.Add(sum, -1/float64(unit))
	for _, s := range v.Sums {
		c.Numbers = append(c.Numbers, float64(int64(s.Width)-s.Total/unit))
	}
	return c
}
