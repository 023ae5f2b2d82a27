package noise

import (
	"math"

	"rasp/compiler/plan"
)

// activation bounds what a neuron is.
type activation struct {
	hi          float64
	err, bosErr errs
}

// mlp follows the errors through the neurons of a layer.
func (p *pass) mlp(l int, neurons []*plan.Neuron) {
	m, b := p.model, &p.model.Blocks[l]
	p.now = 2*l + 2
	p.settle()
	planned := map[*plan.Column][]plan.Entry{}
	all := make([]activation, m.DMLP)
	in, s := plan.ColumnsOf(b.WIn), sizes{p.rms(b.WIn), p.rmsOf(b.BIn)}
	squares, squaresBOS := 0.0, 0.0
	for i := range all {
		n := &plan.Neuron{}
		if i < len(neurons) {
			n = neurons[i]
		}
		all[i] = p.neuron(n, p.newDot(n.In, in[i], b.BIn[i], s), i < len(neurons))
		for _, o := range n.Outs {
			planned[o.Of] = append(planned[o.Of], plan.Entry{Row: i, Weight: o.Factor})
		}
		squares += p.power(all[i].hi + p.total(all[i].err))
		squaresBOS += p.power(p.total(all[i].bosErr))
	}
	s = sizes{p.rms(b.WOut), p.rmsOf(b.BOut)}
	for dim, weights := range plan.ColumnsOf(b.WOut) {
		p.mlpColumn(p.columns[dim], planned[p.columns[dim].Column], weights, float64(b.BOut[dim]), s, all, squares, squaresBOS)
	}
}

// neuron bounds a neuron. It is closed at BOS. Where it is half of a step, what the columns are
// off is the same for both halves, and shows in neither of them nor in their difference while
// it is within the margin; what their own weights are off stays.
func (p *pass) neuron(n *plan.Neuron, d dot, used bool) activation {
	x := p.number(d, place{})
	if !used {
		inherited, own := p.atBOS(d, 0)
		return activation{err: p.plus(x.err, x.own), bosErr: p.plus(inherited, own)}
	}
	closed := min(-1, plan.AtBOS(n.In))
	inherited, own := p.atBOS(d, closed)
	p.require(p.plus(inherited, own), -closed, n.Label)
	a := activation{hi: max(0, x.hi), err: p.plus(x.err, x.own)}
	if n.Margin > 0 {
		p.require(a.err, n.Margin, n.Label)
		a.err = x.own
	}
	return a
}

// mlpColumn adds what the neurons write to a column of the residual stream.
func (p *pass) mlpColumn(c *column, planned, weights []plan.Entry, bias float64, s sizes, all []activation, squares, squaresBOS float64) {
	if len(planned)+len(weights) == 0 && bias == 0 && p.absolute == 0 && c.When != p.now {
		return
	}
	source := p.source()
	products, size, productsBOS := 0.0, math.Abs(bias), 0.0
	var off, offBOS errs
	var brought, broughtBOS []errs
	plan.Each(weights, planned, func(i int, weight, factor float64) {
		a := all[i]
		most := a.hi + p.total(a.err)
		products, size = products+p.power(float64(weight*most)), size+float64(math.Abs(weight)*most)
		productsBOS += p.power(float64(weight * p.total(a.bosErr)))
		off.fixed += float64(math.Abs(weight-factor) * most)
		brought, broughtBOS = append(brought, p.times(weight, a.err)), append(broughtBOS, p.times(weight, a.bosErr))
	})
	off.parts = p.mine(source, p.own(products, squares, s.weights), p.own(p.power(bias), 1, s.biases))
	offBOS.parts = p.mine(source, p.own(productsBOS, squaresBOS, s.weights), p.own(p.power(bias), 1, s.biases))
	off.fixed += math.Abs(bias) + p.rounding(len(weights), size)
	offBOS.fixed += math.Abs(bias)
	if c.When == p.now {
		lo, hi := c.Low, c.High
		if c.Sum {
			lo, hi = p.certified.Bounds[c.Dim].Lo, p.certified.Bounds[c.Dim].Hi
		}
		p.written(c, lo, hi)
	}
	p.disturb(c, p.plus(append(brought, off)...), p.plus(append(broughtBOS, offBOS)...))
	p.wrote(c, p.now)
}
