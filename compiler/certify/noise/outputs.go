package noise

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/lang/elementary"
	"rasp/runtime/model"
)

// outputs checks that what is read out is right.
func (p *pass) outputs() {
	p.now = 2*len(p.model.Blocks) + 1
	p.settle()
	columns, s := plan.ColumnsOf(p.model.WU), sizes{p.rms(p.model.WU), p.rmsOf(p.model.BU)}
	j := 0
	for _, o := range p.plan.Outputs {
		label := model.Label{What: "read-out of " + o.Name}
		dots := make([]dot, len(o.Logits))
		for i, f := range o.Logits {
			if o.Next {
				f = f.Plus(o.Masks[i].Times(-o.Gap))
			}
			dots[i] = p.newDot(f, columns[j], p.model.BU[j], s)
			j++
		}
		switch {
		case o.Next:
			p.prediction(dots, label)
		case len(o.Classes) > 0:
			p.classes(dots, label)
		default:
			p.numeric(o, dots, label)
		}
	}
}

// prediction: a probability is off by as much as two logits are apart more than they should be.
func (p *pass) prediction(dots []dot, label model.Label) {
	for _, d := range dots {
		n := p.number(d, place{})
		p.require(p.times(2, p.plus(n.err, n.own)), elementary.Log(1+construct.CoarsestNumber), label)
	}
}

// classes: the logit of the right class must stay above all others. Where all logits read the
// code of one s-op, that is checked value by value; else neighbours differ by 1 at least.
func (p *pass) classes(dots []dot, label model.Label) {
	var all []entry
	for _, d := range dots {
		all = append(all, d.list...)
	}
	v, ok := mostHeld(all)
	in, others := split(all, func(e entry) bool { return e.holds[v] != nil })
	if ok && p.states(in, v)*len(all) <= mostProducts && !slices.ContainsFunc(others, func(e entry) bool { return !e.isConstant() }) {
		for s := range p.states(in, v) {
			p.classesAt(dots, place{of: v, state: s, known: true}, label)
		}
		return
	}
	for i := range dots {
		x := p.number(dots[i], place{})
		for k := range i {
			if len(dots) > mostCompared {
				p.require(p.times(2, p.plus(x.err, x.own)), 1, label)
				break
			}
			p.require(p.apart(dots[i], dots[k], place{}), 1, label)
		}
	}
}

// mostCompared is of how many logits each is compared with each.
const mostCompared = 64

// classesAt compares the logits in a state.
func (p *pass) classesAt(dots []dot, at place, label model.Label) {
	right, most := 0, math.Inf(-1)
	logits := make([]number, len(dots))
	for i, d := range dots {
		for _, e := range d.list {
			if e.holds[at.of] != nil && math.IsNaN(e.holds[at.of][at.state]) {
				return // where it does not matter
			}
		}
		logits[i] = p.number(d, at)
		if logits[i].lo > most {
			right, most = i, logits[i].lo
		}
	}
	for i, x := range logits {
		if i != right {
			p.require(p.apart(dots[right], dots[i], at), most-x.hi, label)
		}
	}
}

// apart is how far the difference of two logits may be off: what columns bring to both counts
// by the difference of their weights.
func (p *pass) apart(a, b dot, at place) errs {
	weights := func(d dot) []plan.Entry {
		list := make([]plan.Entry, len(d.list))
		for i, e := range d.list {
			list[i] = plan.Entry{Row: e.Dim, Weight: e.weight}
		}
		return list
	}
	difference := dot{constant: a.constant - b.constant, bias: a.bias - b.bias, sizes: a.sizes}
	var own []errs
	for _, d := range []dot{a, b} {
		own = append(own, p.number(d, at).own)
	}
	plan.Each(weights(a), weights(b), func(row int, x, y float64) {
		difference.list = append(difference.list, entry{p.columns[row], x - y, x - y})
	})
	return p.plus(append(own, p.number(difference, at).err)...)
}

// numeric: an int is rounded, and a number worth something.
func (p *pass) numeric(o plan.Output, dots []dot, label model.Label) {
	value, flag := p.number(dots[0], place{}), p.number(dots[1], place{})
	margin := float64(construct.CoarsestNumber * max(o.Size, value.size()))
	if len(dots[1].list) > 0 || dots[1].constant == 0 { // an int, on some inputs
		margin = 0.5
	}
	p.require(p.plus(value.err, value.own), margin, label)
	p.require(p.plus(flag.err, flag.own), 0.5, label)
}
