package certify

import (
	"math"
	"slices"

	"rasp/compiler/plan"
)

// gated bounds a neuron that gates close, or leave as it is. At an open one the gates are 0,
// so that what float32 adds up is the rest alone, in whatever order; a closed one must stay
// below 0 by what one gate takes away. See construct.QuotientError.
func (c *Outcome) gated(n *plan.Neuron, weights []plan.Entry, bias float32) bound {
	isGate := func(row int) bool {
		return slices.ContainsFunc(n.Gates.Terms, func(t plan.Term) bool { return t.Of.Dim == row })
	}
	open, rest := plan.Constant(n.In.Constant-n.Gates.Constant), []plan.Entry(nil)
	for _, t := range n.In.Terms {
		if !isGate(t.Of.Dim) {
			open.Terms = append(open.Terms, t)
		}
	}
	var gates []plan.Entry
	for _, e := range weights {
		if isGate(e.Row) {
			gates = append(gates, e)
		} else {
			rest = append(rest, e)
		}
	}
	s := c.reads(open, rest, bias)
	b, least, off, size := s.bound(), math.Inf(1), 0.0, s.pos+s.neg
	plan.Each(gates, plan.Entries(n.Gates), func(row int, weight, factor float64) {
		g := c.Bounds[row]
		if !(g.Lo >= 0 && g.Grid >= 1 && factor < 0 && weight < 0) {
			least = 0
		}
		least = min(least, -weight, -factor)
		off += float64(math.Abs(weight) * g.Err)
		size += float64(math.Abs(weight) * (g.size() + g.Err))
	})
	if off > 0 {
		b.Err += off
		b.lose(c.in)
	}
	rounding := float64(float64(len(weights)+1) * c.in.Ulp * 1.01 * size)
	if off > 0 {
		b.Err += rounding
	}
	c.require(b.Err+rounding, least-max(0, b.Hi), n.Label)
	return bound{0, max(0, b.Hi), b.Grid, b.Err}
}

// isChoice reports that what is added to a column is the neurons of one choice.
func isChoice(planned []plan.Entry, neurons []*plan.Neuron) bool {
	return len(planned) > 0 && !slices.ContainsFunc(planned, func(e plan.Entry) bool {
		return neurons[e.Row].Choice == 0 || neurons[e.Row].Choice != neurons[planned[0].Row].Choice
	})
}

// choiceColumn bounds a column to which one neuron adds at most, the others 0: what it holds
// is within the range that the plan says, so that a weight that is off by a part of itself
// counts by that part of the range.
func (c *Outcome) choiceColumn(col *plan.Column, planned, weights []plan.Entry, bias float64, numbers []bound, open []float64) {
	size := max(math.Abs(col.Low), math.Abs(col.High))
	off, beside, bos := 0.0, math.Abs(bias), math.Abs(bias)
	plan.Each(weights, planned, func(i int, weight, factor float64) {
		bos += float64(math.Abs(weight) * open[i])
		if factor == 0 {
			beside += float64(math.Abs(weight) * (numbers[i].size() + numbers[i].Err))
			return
		}
		off = max(off, float64(math.Abs(weight/factor-1)*size)+float64(math.Abs(weight)*numbers[i].Err))
	})
	err := off + beside
	err += float64(c.in.Ulp * 1.01 * (size + err))
	if beside > 0 {
		err += float64(float64(len(weights)+1) * c.in.Ulp * 1.01 * (size + err))
	}
	c.write(col, bound{col.Low, col.High, 0, err}, bos)
}
