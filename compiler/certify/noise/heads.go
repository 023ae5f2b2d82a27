package noise

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/lang/elementary"
	"rasp/runtime/model"
)

// moved is one dimension of what a head moves.
type moved struct {
	lo, hi, bos float64
	err, bosErr errs
	out         *plan.Column // where the plan wants it, nil for nowhere
	share       float64      // the factor with which the plan wants it there
	head        int
	// Of a sum err is base, and scale for each unit that the sum is from 0.
	isSum       bool
	base, scale errs
}

func (z moved) size() float64 { return max(math.Abs(z.lo), math.Abs(z.hi)) }

// attention follows the errors through the heads of a layer.
func (p *pass) attention(l int, heads []*plan.Head) {
	m, b := p.model, &p.model.Blocks[l]
	p.now = 2*l + 1
	p.settle()
	var all []moved
	for i := range m.Heads {
		h := &plan.Head{Gap: construct.Gap, Label: model.Label{What: "an unused head"}}
		if i < len(heads) {
			h = heads[i]
		}
		for _, z := range p.head(b, h, i, i < len(heads)) {
			z.head = i
			all = append(all, z)
		}
	}
	planned := map[*plan.Column][]plan.Entry{}
	squares, squaresBOS := 0.0, 0.0
	for i, z := range all {
		if z.out != nil {
			planned[z.out] = append(planned[z.out], plan.Entry{Row: i, Weight: z.share})
		}
		squares += p.power(z.size() + p.total(z.err))
		squaresBOS += p.power(math.Abs(z.bos) + p.total(z.bosErr))
	}
	s := sizes{p.rms(b.WO), p.rmsOf(b.BO)}
	for dim, weights := range plan.ColumnsOf(b.WO) {
		p.attentionColumn(p.columns[dim], planned[p.columns[dim].Column], weights, float64(b.BO[dim]), s, all, squares, squaresBOS)
	}
}

// attentionColumn adds what the heads move to a column of the residual stream.
func (p *pass) attentionColumn(c *column, planned, weights []plan.Entry, bias float64, s sizes, all []moved, squares, squaresBOS float64) {
	if len(planned)+len(weights) == 0 && bias == 0 && p.absolute == 0 && c.When != p.now {
		return
	}
	source := p.source()
	products, size := 0.0, math.Abs(bias)
	productsBOS, sizeBOS, mean := 0.0, math.Abs(bias), bias
	var off, offBOS errs
	var brought, broughtBOS []errs
	plan.Each(weights, planned, func(i int, weight, factor float64) {
		z := all[i]
		weight = p.factor(weight)
		off.fixed += float64(math.Abs(weight) * p.asFactor(z.lo, z.hi, p.total(z.err)))
		most, mostBOS := z.size()+p.total(z.err), math.Abs(z.bos)+p.total(z.bosErr)
		products, size = products+p.power(float64(weight*most)), size+float64(math.Abs(weight)*most)
		productsBOS, sizeBOS = productsBOS+p.power(float64(weight*mostBOS)), sizeBOS+float64(math.Abs(weight)*mostBOS)
		off.fixed += float64(math.Abs(weight-factor) * most)
		mean += float64(weight * z.bos)
		brought, broughtBOS = append(brought, p.times(weight, z.err)), append(broughtBOS, p.times(weight, z.bosErr))
	})
	off.parts = p.mine(source, p.own(products, squares, s.weights), p.own(p.power(bias), 1, s.biases))
	offBOS.parts = p.mine(source, p.own(productsBOS, squaresBOS, s.weights), p.own(p.power(bias), 1, s.biases))
	off.fixed += p.rounding(len(weights), size)
	offBOS.fixed += p.rounding(len(weights), sizeBOS)
	if c.When == p.now {
		mean -= c.Bos
		c.lo, c.hi = p.certified.Bounds[c.Dim].Lo, p.certified.Bounds[c.Dim].Hi
	}
	offBOS.fixed += math.Abs(mean)
	err := p.plus(append(brought, off)...)
	c.before = c.err
	if c.When == p.now {
		err.fixed += float64(float64(p.model.Heads+1) * p.written(size+p.total(err)))
	} else {
		err.fixed += p.written(c.size() + c.most + size + p.total(err))
	}
	p.disturb(c, err, err, p.plus(append(broughtBOS, offBOS)...))
	if c.When == p.now {
		p.sumColumn(c, planned, weights, bias, s, all, squares)
	}
	p.wrote(c, p.now)
}

// sumColumn notes what a column is off near 0 that holds the sum that one head brings.
func (p *pass) sumColumn(c *column, planned, weights []plan.Entry, bias float64, s sizes, all []moved, squares float64) {
	var base, scale errs
	unit, size, wrong := 0.0, 0.0, c.most
	if len(weights) != len(planned) {
		return
	}
	for i, e := range planned {
		if z := all[e.Row]; !z.isSum || z.head != all[planned[0].Row].head || weights[i].Row != e.Row {
			return
		}
	}
	for i, e := range planned {
		z, w := all[e.Row], weights[i].Weight
		base, scale = p.plus(base, p.times(w, z.base)), p.plus(scale, p.times(w, z.scale))
		w = p.factor(w)
		base.fixed += float64(math.Abs(w-e.Weight) * z.size())
		if p.precision.Stored == 0 {
			scale.fixed += float64(math.Abs(w) * construct.Unit(p.precision.Factor))
			base.fixed += float64(math.Abs(w) * construct.Unit(p.precision.Factor) * p.total(z.err))
		}
		unit, size = unit+p.power(w), size+float64(math.Abs(w)*(z.size()+p.total(z.err)))
		wrong += float64(math.Abs(w) * p.total(z.err))
	}
	off := errs{fixed: math.Abs(bias) + p.rounding(len(weights)+2, size+c.size()), parts: p.mine(p.source(), p.own(0, squares, s.weights), p.own(p.power(bias), 1, s.biases))}
	mine := errs{parts: p.mine(p.source(), p.own(unit, 0, s.weights), 0)}
	if p.precision.Stored > 0 { // once for each head, and in the residual stream
		times := float64(p.model.Heads + 1)
		mine.fixed = float64(times * construct.Unit(p.precision.Stored))
		off.fixed += float64(times * (float64(construct.Unit(p.precision.Stored)*wrong) + p.precision.Least))
	}
	c.isSum, c.base, c.scale = true, p.plus(c.before, base, off), p.plus(scale, mine)
}

// mine are the errors of one source.
func (p *pass) mine(source int, weights, bias float64) []part {
	size := p.root(p.power(weights) + p.power(bias))
	if size == 0 || p.unit {
		return nil
	}
	return []part{{source, size}}
}

// head bounds what a head moves.
func (p *pass) head(b *model.Block, h *plan.Head, i int, used bool) []moved {
	m := p.model
	matrix := func(w model.Matrix) [][]plan.Entry { return plan.ColumnsOf(w.Part(i*m.DModel, (i+1)*m.DModel)) }
	bias := func(w []float32) []float32 { return w[i*m.DHead : (i+1)*m.DHead] }
	gap := h.Gap
	queries, keys := make([]plan.Form, m.DHead), make([]plan.Form, m.DHead)
	queryBOS, keyBOS := make([]float64, m.DHead), make([]float64, m.DHead)
	sinks := h.SinkDims()
	for d := range sinks {
		if used {
			queries[d], keys[d] = plan.Constant(1), plan.Constant(-h.Base*gap/float64(sinks))
			queryBOS[d], keyBOS[d] = h.SelfAttention(), h.Sink/float64(sinks)
		}
	}
	for d, dim := range h.Dims {
		queries[sinks+d], keys[sinks+d] = dim.Query.Times(gap), dim.Key
	}
	c := &circuit{p, h,
		p.newSide(queries, matrix(b.WQ), bias(b.BQ), sizes{p.rms(b.WQ), p.rmsOf(b.BQ)}, queryBOS),
		p.newSide(keys, matrix(b.WK), bias(b.BK), sizes{p.rms(b.WK), p.rmsOf(b.BK)}, keyBOS)}
	var s scored
	if used {
		s = c.scores(gap)
		if p.unit {
			p.require(p.plus(s.selected, s.bos), p.reserve(h), h.Label)
		}
	}
	weights, biases, size := matrix(b.WV), bias(b.BV), sizes{p.rms(b.WV), p.rmsOf(b.BV)}
	list := make([]moved, m.DHead)
	for d := range list {
		v := plan.Value{Kind: plan.Averages}
		if d < len(h.Values)*h.ValueDims() {
			v = h.Values[d/h.ValueDims()]
		}
		list[d] = p.bring(h, v, p.newDot(v.Value, weights[d], biases[d], size), s, used)
	}
	return list
}

// reserve is how many logits a score may be off until other keys have so much weight, or BOS,
// that a copy is off by a hundredth, or a number by that of the gap between two.
func (p *pass) reserve(h *plan.Head) float64 {
	keys := float64(p.length + 1)
	if h.Weight > 0 {
		return h.Gap - elementary.Log(100*keys*keys)
	}
	return float64(h.Gap/2) - elementary.Log(100*keys)
}

// bring bounds a dimension of what a head moves: the value, or what softmax makes of several.
func (p *pass) bring(h *plan.Head, v plan.Value, d dot, s scored, used bool) moved {
	n := p.number(d, place{})
	inherited, own := p.atBOS(d, v.Bos)
	z := moved{out: v.Out, share: 1 / float64(h.ValueDims()), bos: v.Bos, bosErr: p.plus(inherited, own)}
	err := p.plus(n.err, n.own)
	err.fixed += p.asFactor(n.lo, n.hi, p.total(err))
	z.bosErr.fixed += p.asFactor(v.Bos, v.Bos, p.total(z.bosErr))
	lo, hi := min(n.lo, v.Bos), max(n.hi, v.Bos)
	spread := hi - lo + p.total(err) + p.total(z.bosErr)
	keys := float64(p.length)
	z.lo, z.hi = min(lo, 0), max(hi, 0)
	z.err = p.either(err, z.bosErr)
	leak := 0.0
	if used {
		selected, sink := p.total(s.selected), p.total(s.bos)
		if p.unit { // what is small leaves no more than the slope
			selected, sink = 0, 0
		}
		switch v.Kind {
		case plan.AddsUp: // a sum of what is weighed by less than noise leaves of anything
			p.require(errs{fixed: 1}, 0, h.Label)
		case plan.Shares:
			most := construct.Share(keys, h.Weight)
			slope := 0.25
			if grown := float64(most * elementary.Exp(selected+sink)); grown < 0.5 {
				slope = grown - float64(grown*grown)
			}
			z.lo, z.hi = 0, most
			z.err = p.plus(p.times(most, err), z.bosErr, p.times(slope, s.selected), p.times(slope, s.bos))
			leak = float64(keys*elementary.Exp(s.others+sink)) / h.Weight
		case plan.Sums: // near the sum, less a part of it: see construct.SumWeight
			part := keys / construct.SumScale(p.length, h.Weight)
			z.lo, z.hi = min(0, float64(part*n.lo)), max(0, float64(part*n.hi))
			grown := elementary.Exp(selected + sink)
			z.isSum, z.scale, z.err = true, p.times(grown, s.bos), z.bosErr
			if least, zero := p.ofOneSign(d, n, err); least > 0 { // what a key is off counts as often as there are keys that are not 0
				z.scale = p.plus(z.scale, p.times(grown, s.selected), p.times(1/least, err))
				z.err = p.plus(z.err, p.times(keys/h.Weight, zero))
			} else {
				z.err = p.plus(z.err, p.times(keys/h.Weight, err), p.times(float64(z.size()*grown), s.selected))
			}
			if !p.unit {
				z.err.fixed += float64(z.size() * keys / (4 * h.Weight))
			}
			leak = float64(keys*elementary.Exp(s.others+sink)) / h.Weight
		default:
			if v.Kind == plan.Averages {
				z.err = p.plus(z.err, p.times((n.hi-n.lo)/2, s.selected))
			}
			if v.Kind == plan.AnyOf {
				z.lo, z.hi = 0, 1
			}
			leak = float64(keys*elementary.Exp(s.others+selected)) + elementary.Exp(h.Sink+selected+sink) + float64(keys*elementary.Exp(s.others-h.Sink+sink))
		}
		if !p.model.Causal {
			z.bosErr.fixed += p.leaked(float64(keys*elementary.Exp(-s.alone)), spread)
		}
	}
	z.err.fixed += p.leaked(leak, spread)
	if p.precision.Factor > 0 && used {
		part := p.attended(1 / (h.Weight + keys))
		if z.isSum {
			if least, _ := p.ofOneSign(d, n, err); least > 0 {
				z.scale.fixed += part
			} else {
				z.err.fixed += float64(part * z.size())
			}
			unit := construct.Unit(p.precision.Stored)
			z.err.fixed += float64(unit*p.total(z.err)) + p.precision.Least
			z.scale.fixed += unit + float64(unit*p.total(z.scale))
			p.within(float64(z.size()*(1+p.total(z.scale))) + p.total(z.err))
		} else {
			size := max(z.size(), math.Abs(z.bos))
			z.err.fixed += float64(part*size) + p.written(size+p.total(z.err))
		}
	}
	if !p.unit {
		z.err.fixed += float64((keys + 4) * construct.Ulp * (z.size() + p.total(z.err)) * 4)
	}
	z.base = z.err
	z.err = p.plus(z.base, p.times(z.size(), z.scale))
	return z
}

// ofOneSign is the least size of values that are 0, or of one sign, and how far they are off
// where they are 0; least is 0 for others. Of such the sum is the larger the more of them are
// off by more than that: a count, of which all are the same and none is 0, or a column that is
// exactly 0 where nothing is open.
func (p *pass) ofOneSign(d dot, n number, err errs) (least float64, zero errs) {
	if n.lo == n.hi {
		return math.Abs(n.lo), errs{}
	}
	_, list := split(d.list, func(e entry) bool { return e.isConstant() })
	if len(list) != 1 || d.constant != 0 || !list[0].Zeros || list[0].lo < 0 && list[0].hi > 0 {
		return 0, errs{}
	}
	least = math.Inf(1)
	for _, numbers := range list[0].holds {
		for _, x := range numbers {
			if x != 0 && !math.IsNaN(x) {
				least = min(least, math.Abs(float64(list[0].factor*x)))
			}
		}
	}
	if math.IsInf(least, 1) {
		return 0, errs{}
	}
	closed := p.number(d, place{zero: true})
	return least, p.plus(closed.err, closed.own)
}

// leaked is what a share of the attention that should have been 0 moves a mean by.
func (p *pass) leaked(share, spread float64) float64 {
	if p.unit || spread == 0 {
		return 0
	}
	if !(share < 1) {
		share = 1
	}
	return float64(share * spread)
}
