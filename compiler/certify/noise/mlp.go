package noise

import (
	"math"
	"slices"

	"rasp/compiler/plan"
)

// activation bounds what a neuron is.
type activation struct {
	hi          float64
	err, bosErr errs
	half        errs // what it is off as half of a step
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
		p.mlpColumn(p.columns[dim], planned[p.columns[dim].Column], weights, float64(b.BOut[dim]), s, neurons, all, squares, squaresBOS)
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
	x.own.fixed += p.asFactor(0, max(0, x.hi), p.most(x)) // the neuron itself is a factor
	inherited, own := p.atBOS(d, closed)
	p.require(p.plus(inherited, own), -closed, n.Label)
	a := activation{hi: max(0, x.hi), err: p.plus(x.err, x.own)}
	switch {
	case n.Inside: // 1 less what is 0, or 2 and more
		p.require(a.err, 1, n.Label)
		a.hi = min(a.hi, 1)
		if n.In.Constant == 1 { // it is open where all that closes it is 0
			open := p.number(d, place{zero: true})
			a.err = p.plus(open.err, open.own)
			a.err.fixed += p.asFactor(a.hi, a.hi, p.total(a.err))
		}
	case n.Margin > 0:
		p.require(p.near(d, n.Margin, a.err), n.Margin, n.Label)
		a.half = x.own
		if !n.Hinge {
			a.err = x.own
		}
	}
	return a
}

// near is how far the input of a neuron may be off where it is within a margin of the step from
// 0 to 1, if it is a sum that a head brings, or several of one sign. Where it is farther the
// margin is larger by that, and what it is off by less: by full at most where the sum is largest.
func (p *pass) near(d dot, margin float64, full errs) errs {
	if p.unit {
		return full
	}
	sign, products, size, all := 0.0, 0.0, math.Abs(d.bias), math.Abs(d.bias)
	_, sums := split(d.list, func(e entry) bool { return e.isConstant() })
	for _, e := range sums {
		lo, hi := min(float64(e.weight*e.lo), float64(e.weight*e.hi)), max(float64(e.weight*e.lo), float64(e.weight*e.hi))
		if !e.isSum || len(sums) > 1 && (lo < 0 && hi > 0 || lo < 0 && sign > 0 || hi > 0 && sign < 0) {
			return full
		}
		if sign = 1; lo < 0 {
			sign = -1
		}
	}
	for _, e := range d.list {
		if e.isConstant() {
			p.off(&p.sum, e.weight, e.column, place{})
			continue
		}
		largest := max(math.Abs(e.lo), math.Abs(e.hi))
		z := min(largest, (math.Abs(d.bias)+1+margin)/math.Abs(e.weight))
		p.sum.add(e.weight, e.base)
		p.sum.add(float64(e.weight*z), e.scale)
		p.off(&p.sum, e.weight, &column{Column: e.Column, byToken: e.byToken, byPosition: e.byPosition, mostByToken: e.mostByToken, mostByPosition: e.mostByPosition, tokenSource: e.tokenSource, positionSource: e.positionSource}, place{})
		products += p.power(float64(e.weight * (z + e.most)))
		size += float64(math.Abs(e.weight) * (z + e.most))
		all += float64(math.Abs(e.weight) * largest)
		p.sum.fixed += float64(math.Abs(e.weight-e.factor)*z) + float64(math.Abs(e.weight)*p.asFactor(0, z, e.most))
	}
	weights, bias := p.own(products, p.reached, d.weights), p.own(p.power(d.bias), 1, d.biases)
	p.sum.part(d.source, p.root(p.power(weights)+p.power(bias)))
	p.sum.fixed += math.Abs(d.bias-d.constant) + p.rounding(len(d.list), size)
	p.sum.fixed += float64((p.eta+p.tilt)*size) + p.shift(d)
	off := p.sum.take()
	off.fixed += p.written(1 + margin + p.total(off))
	if p.total(full) > all/2 { // it grows too fast
		return full
	}
	return off
}

// isHalf reports that of a neuron, which a hinge may read, too, a column holds the difference to
// the other half of the step.
func isHalf(n *plan.Neuron, factor float64, planned []plan.Entry, neurons []*plan.Neuron) bool {
	return n.Hinge && n.Margin > 0 && slices.ContainsFunc(planned, func(e plan.Entry) bool {
		other := neurons[e.Row]
		return e.Weight == -factor && other.Margin > 0 && math.Abs(other.In.Constant-n.In.Constant) == 1 &&
			slices.Equal(plan.Entries(other.In), plan.Entries(n.In))
	})
}

// mlpColumn adds what the neurons write to a column of the residual stream.
func (p *pass) mlpColumn(c *column, planned, weights []plan.Entry, bias float64, s sizes, neurons []*plan.Neuron, all []activation, squares, squaresBOS float64) {
	if len(planned)+len(weights) == 0 && bias == 0 && p.absolute == 0 && c.When != p.now {
		return
	}
	source := p.source()
	products, size, productsBOS := 0.0, math.Abs(bias), 0.0
	var off, beside, offBOS errs
	var brought, broughtBOS, halves []errs
	least, ends := 0.0, false
	plan.Each(weights, planned, func(i int, weight, factor float64) {
		a := all[i]
		if i < len(neurons) && isHalf(neurons[i], factor, planned, neurons) {
			a.err = a.half
		}
		weight = p.factor(weight)
		if factor == 0 {
			beside.fixed += float64(math.Abs(weight) * (a.hi + p.total(a.err)))
		}
		least = max(least, math.Abs(weight))
		halves, ends = append(halves, p.times(weight, a.half)), ends || factor < 0 && a.hi > 0
		most := a.hi + p.total(a.err)
		products, size = products+p.power(float64(weight*most)), size+float64(math.Abs(weight)*most)
		productsBOS += p.power(float64(weight * p.total(a.bosErr)))
		off.fixed += float64(math.Abs(weight-factor) * most)
		brought, broughtBOS = append(brought, p.times(weight, a.err)), append(broughtBOS, p.times(weight, a.bosErr))
	})
	off.parts = p.mine(source, p.own(products, squares, s.weights), p.own(p.power(bias), 1, s.biases))
	offBOS.parts = p.mine(source, p.own(productsBOS, squaresBOS, s.weights), p.own(p.power(bias), 1, s.biases))
	off.fixed += math.Abs(bias) + p.rounding(len(weights), size)
	beside.parts = p.mine(source, p.own(0, squares, s.weights), p.own(p.power(bias), 1, s.biases))
	beside.fixed += math.Abs(bias)
	err := p.plus(append(brought, off)...)
	rounds := c.size() + c.most
	if c.When == p.now {
		rounds = max(math.Abs(c.Low), math.Abs(c.High))
	}
	err.fixed += float64(2 * p.written(rounds+p.total(err)))
	offBOS.fixed += math.Abs(bias)
	if c.When == p.now {
		lo, hi := c.Low, c.High
		if c.Sum {
			lo, hi = p.certified.Bounds[c.Dim].Lo, p.certified.Bounds[c.Dim].Hi
		}
		c.lo, c.hi = lo, hi
		if c.Hinge { // 1 at least, but for what the weight is off that brings it
			c.lo, c.hi, c.largest, c.slack = 0, 1, max(math.Abs(lo), math.Abs(hi)), p.total(err)
			if ends { // by neurons that are open there, too: what both are off cancels but within a step, which has its margin
				own := p.plus(append(halves, off)...)
				p.require(own, c.High-1, c.Label)
				c.slack = p.total(own) + 1
			}
			err = beside
			err.parts = p.mine(source, p.own(p.power(least), squares, s.weights), p.own(p.power(bias), 1, s.biases))
			err.fixed += p.rounding(len(weights), least) + float64(2*p.written(least))
		}
	} else {
		beside = err
	}
	p.disturb(c, err, beside, p.plus(append(broughtBOS, offBOS)...))
	p.wrote(c, p.now)
}
