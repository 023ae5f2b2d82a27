package certify

import (
	"rasp/compiler/plan"
)

// mlp bounds what the neurons of a layer write.
func (c *Outcome) mlp(l int, neurons []*plan.Neuron) {
	m, b := c.model, &c.model.Blocks[l]
	c.now = 2*l + 2
	planned := map[*plan.Column][]plan.Entry{}
	numbers, bos := make([]bound, m.DMLP), make([]float64, m.DMLP)
	in := plan.ColumnsOf(b.WIn)
	for i := range numbers {
		n := &plan.Neuron{}
		if i < len(neurons) {
			n = neurons[i]
		}
		numbers[i], bos[i] = c.neuron(n, in[i], b.BIn[i], i < len(neurons))
		for _, o := range n.Outs {
			planned[o.Of] = append(planned[o.Of], plan.Entry{Row: i, Weight: o.Factor})
		}
	}
	for dim, weights := range plan.ColumnsOf(b.WOut) {
		col := c.plan.Columns[dim]
		switch {
		case col.Sum && col.When == c.now:
			c.sumColumn(col, planned[col], weights, float64(b.BOut[dim]), neurons, numbers, bos)
		case isChoice(planned[col], neurons):
			c.choiceColumn(col, planned[col], weights, float64(b.BOut[dim]), numbers, bos)
		default:
			c.mlpColumn(col, planned[col], weights, float64(b.BOut[dim]), numbers, bos)
		}
	}
}

// neuron bounds a neuron, and how far it may be open at BOS, where the plan keeps
// it closed by 1 at least. Where it is part of a step, its input must be off by
// less than the step's margin; what the columns are off is the same for both
// neurons of the step, so that their difference is off only by what is their own.
func (c *Outcome) neuron(n *plan.Neuron, weights []plan.Entry, bias float32, used bool) (b bound, bos float64) {
	if len(n.Gates.Terms) > 0 {
		return c.gated(n, weights, bias), c.closedAtBOS(n, weights, bias)
	}
	s := c.reads(n.In, weights, bias)
	b = s.bound()
	if !used {
		return bound{Err: b.Err}, c.atBOS(weights, bias, 0)
	}
	bos = c.closedAtBOS(n, weights, bias)
	if n.Inside {
		return c.inside(n, weights, bias, b), bos
	}
	if n.Margin > 0 {
		c.require(b.Err, n.Margin, n.Label)
		if !n.Hinge {
			b.Err = s.own()
		}
	}
	return bound{0, max(0, b.Hi), b.Grid, b.Err}, bos
}

// closedAtBOS checks that a neuron is closed there, and says how far it may be open: not at
// all.
func (c *Outcome) closedAtBOS(n *plan.Neuron, weights []plan.Entry, bias float32) float64 {
	closed := min(-1, plan.AtBOS(n.In))
	c.require(c.atBOS(weights, bias, closed), -closed, n.Label)
	return 0
}
