package heads

import (
	"math"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/lang/elementary"
	"rasp/lang/graph"
)

// Sum and width of a row tell the states of a mean apart, but for rounding. Both are
// tallies (construct/count.go), and one number in mixed radix,
//
//	sum * 2^k + width,  2^k above any width,
//
// which steps decode in the MLP of the same layer. Exact while it is below 2^24.

// MomentsOfMean reads a function of sum and width.
func (l *Attention) MomentsOfMean(v *facts.Variable, g []float64) *demand.Offer {
	return l.ofNumber(l.Moments(v), g)
}

// Moments is a number that tells the states of a mean apart, but for those of
// equal sums: the sum, times as many as there are widths, plus the width, or the
// state of what the width follows from. nil if the sum cannot be read, or the
// number is too large to be exact.
func (l *Attention) Moments(v *facts.Variable) *demand.Number {
	sum := l.sum(v)
	if sum == nil {
		return nil
	}
	c := &demand.Number{Label: demand.LabelOf(v.Node, "sum and width of "+graph.Describe(v.Node))}
	other := l.width(v.Node, l.Selection(v.Node.Args[0], nil))
	which := widthsOf(v)
	if len(v.Determines) > 0 {
		d := v.Determines[0]
		other = l.states(d.Variable)
		for s, state := range d.State {
			which[s] = float64(state)
		}
	}
	many := math.Exp2(math.Ceil(elementary.Log2(float64(l.Domain.Length + 1))))
	c.Add(sum, many)
	c.Add(other, 1)
	for s, x := range v.Sums {
		number := float64(float64(x.Total)*many) + which[s]
		if math.Abs(number) >= 1<<24 {
			return nil
		}
		c.Numbers = append(c.Numbers, number)
	}
	return c
}

// states is the number of the state of a variable.
func (l *Attention) states(v *facts.Variable) *demand.Number {
	f := facts.Range(v.Size - 1)
	return &demand.Number{Form: linear.Of(l.Demand(v, f))}
}
