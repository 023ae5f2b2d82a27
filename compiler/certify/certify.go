// Package certify bounds, through the weights of a model, how far each number can be in
// float32, or float64, from what the plan means it to be, and compares that with the
// margin at each place where a value is decoded.
//
// It imports the plan, the constructions and the model, and nothing else of the compiler:
// that is what a reader of the certificate has to trust.
//
// In reading order: bound.go, states.go, certify.go, choice.go (neurons of which one is open), next.go, norm.go.
package certify

import (
	"fmt"
	"io"
	"math"
	"strings"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/lang/elementary"
	"rasp/runtime/model"
)

// The certificate follows the numbers through the weights of the model and
// bounds how far each can be, in float32, from what the plan means it to be.
// Most are never off at all: a sum of products is exact in float32, in whatever
// order it is added, if all terms are multiples of a power of two (the grid) and
// neither the positive nor the negative ones add up to more than 2^24 grids.
// Errors enter where a weight is not what the plan means, and at the softmax of
// heads that average or count; the offset of the columns that these write rounds
// them to a grid again. What is read off the embedding is bounded by token and by
// position (see states), all else by ranges. What remains is compared with the margin
// at each place where a value is decoded: a step, a pattern, an argmax.
//
// Every weight of the model is looked at, those too that the plan leaves 0. BOS
// attends to itself alone, so what stands there is one number for each column;
// it is followed beside the bounds of all other positions.

// Outcome is what was found at the decoding places of a model.
type Outcome struct {
	plan   *plan.Plan
	model  *model.Model
	in     construct.Precision
	length int
	now    int       // time of the layer that is looked at
	Bounds []bound   // by dim, of what a column holds
	beside []float64 // by dim, what is written to a column beside what the plan says
	bos    []float64 // at BOS, how far each column may be from its offset and bos
	mean   float64   // the most that the last norm has left all dimensions off, see norm.go
	Logits []float64 // how far each logit may be off
	states *states
	terms  []plan.Entry // scratch of reads
	checks int
	Slack  float64
	Worst  model.Label
	// Within is, by output, how far a number may be from the program's, a probability
	// relative to itself; see model.Certificate.
	Within []float64
	coarse string // why an output is too rough to be shown; empty if none is
	// Excess is by what factor the roughest number is rougher than what may be shown.
	Excess float64
}

// Model bounds the errors of all columns in the order of time and checks every
// margin; the result is exact if the least slack is above 1.
func Model(p *plan.Plan, m *model.Model, in construct.Precision, length int) *Outcome {
	c := &Outcome{plan: p, model: m, in: in, length: length, Slack: math.Inf(1), Bounds: make([]bound, len(p.Columns)), beside: make([]float64, len(p.Columns)), bos: make([]float64, len(p.Columns))}
	c.embedding()
	c.states = newStates(p, len(m.Vocab), m.NCtx-1)
	heads, neurons := p.ByLayer()
	for l := range m.Blocks {
		c.norm()
		c.attention(l, heads[l])
		c.norm()
		c.mlp(l, neurons[l])
	}
	c.norm()
	c.outputs()
	return c
}

// require records a decoding place: an error against the margin that it has.
func (c *Outcome) require(err, margin float64, label model.Label) {
	c.checks++
	slack := math.Inf(1)
	if err > 0 {
		slack = margin / err
	}
	if margin <= 0 || math.IsNaN(err) {
		slack = 0
	}
	if slack < c.Slack {
		c.Slack, c.Worst = slack, label
	}
}

// embedding bounds all columns of the embedding.
func (c *Outcome) embedding() {
	vocab := len(c.model.Vocab)
	byToken, byPosition := plan.ColumnsOf(c.model.WE.Part(0, vocab)), plan.ColumnsOf(c.model.WPos.Part(1, c.model.NCtx))
	for _, col := range c.plan.Columns {
		c.embedded(col, byToken[col.Dim], byPosition[col.Dim])
		c.embeddedAtBOS(col, c.model.WE.At(vocab, col.Dim), c.model.WPos.At(0, col.Dim))
	}
}

// embedded bounds a column of the embedding: what it holds for a token and for a
// position, against what the plan says. Columns that are written later hold
// their offset. The column has these weights for tokens and at positions, those of BOS
// left out, and 0 for all others.
func (c *Outcome) embedded(col *plan.Column, tokens, positions []plan.Entry) {
	t := newEvery(len(c.model.Vocab), col.Offset, tokens, col.Tokens)
	p := newEvery(c.model.NCtx-1, 0, positions, col.Positions)
	b := bound{Lo: t.lo + p.lo, Hi: t.hi + p.hi, Grid: min(t.planned, p.planned), Err: t.off + p.off}
	if rounding := t.plus(p, c.in); b.Err > 0 || rounding > 0 {
		b.Err += max(rounding, c.in.Ulp*(b.size()+math.Abs(col.Offset)))
		b.lose(c.in)
	}
	c.Bounds[col.Dim], c.beside[col.Dim] = b, b.Err
}

func (c *Outcome) embeddedAtBOS(col *plan.Column, token, position float32) {
	mean := col.Offset
	if col.When == 0 {
		mean += col.Bos
	}
	one := func(w float32) *every { return newEvery(1, 0, []plan.Entry{{Weight: float64(w)}}, nil) }
	c.bos[col.Dim] = math.Abs(float64(token)+float64(position)-mean) + one(token).plus(one(position), c.in)
}

// every is what a column of the embedding has for all tokens, or at all positions: the
// power of two of which all are multiples, and the largest; and what the plan says of it:
// the least, the largest, their power of two, and how far a weight is off.
type every struct {
	grid, size           float64
	lo, hi, planned, off float64
}

// newEvery goes through n weights and as many numbers of the plan, which want an offset
// beside them; what is not listed is 0.
func newEvery(n int, offset float64, weights, means []plan.Entry) *every {
	e := &every{grid: math.Inf(1), planned: math.Inf(1), lo: math.Inf(1), hi: math.Inf(-1)}
	listed := 0
	plan.Each(weights, means, func(_ int, weight, mean float64) {
		e.take(offset, weight, mean)
		listed++
	})
	if listed < n {
		e.take(offset, 0, 0)
	}
	return e
}

func (e *every) take(offset, weight, mean float64) {
	e.grid, e.size = min(e.grid, construct.PowerOfTwo(weight)), max(e.size, math.Abs(weight))
	e.lo, e.hi, e.planned = min(e.lo, mean), max(e.hi, mean), min(e.planned, construct.PowerOfTwo(mean))
	e.off = max(e.off, math.Abs(weight-offset-mean))
}

// plus bounds what is rounded where a number of a token and one of a position are added:
// nothing, if either are all 0, or both lie on a grid on which the sum has a place.
func (e *every) plus(other *every, in construct.Precision) float64 {
	size := e.size + other.size
	if e.size == 0 || other.size == 0 || isExact(in, min(e.grid, other.grid), size) {
		return 0
	}
	return in.Ulp * size
}

// reads bounds a linear form as the model computes it: a column of a matrix, and
// a bias. What it reads off the embedding is bounded in each state.
func (c *Outcome) reads(f plan.Form, weights []plan.Entry, bias float32) *dot {
	s, terms := newDot(c.in, float64(bias), f.Constant), plan.Entries(f)
	held := c.terms[:0]
	for _, e := range terms {
		if c.states.held[e.Row] != nil {
			held = append(held, e)
		}
	}
	c.terms = held
	byState := c.states.affordable(held)
	slop := 0.0
	plan.Each(weights, terms, func(row int, weight, factor float64) {
		col := c.plan.Columns[row]
		if byState && c.states.held[row] != nil {
			slop += s.multiply(weight, factor, c.Bounds[col.Dim], 0)
		} else {
			s.add(weight, factor, c.Bounds[col.Dim], col.Offset)
		}
	})
	if byState {
		lo, hi, below, above := c.states.sums(held)
		s.ideal.Lo, s.ideal.Hi = s.ideal.Lo+lo, s.ideal.Hi+hi
		s.pos, s.neg = s.pos+above+slop, s.neg-below+slop
	}
	return s
}

// atBOS bounds how far a number read off the residual stream may be from mean at
// BOS, where columns hold their bos once they are written.
func (c *Outcome) atBOS(weights []plan.Entry, bias float32, mean float64) float64 {
	x, err, size, grid := float64(bias), 0.0, math.Abs(float64(bias)), construct.PowerOfTwo(float64(bias))
	for _, w := range weights {
		col := c.plan.Columns[w.Row]
		at := col.Offset
		if col.When < c.now {
			at += col.Bos
		}
		x += float64(w.Weight * at)
		err += float64(math.Abs(w.Weight) * c.bos[w.Row])
		size += math.Abs(w.Weight * at)
		grid = min(grid, construct.PowerOfTwo(w.Weight*at))
	}
	if err += math.Abs(x - mean); err > 0 || !isExact(c.in, grid, size) {
		err += float64(float64(len(weights)+1) * c.in.Ulp * size)
	}
	return err
}

// attention bounds what the heads of a layer move.
func (c *Outcome) attention(l int, heads []*plan.Head) {
	m, b := c.model, &c.model.Blocks[l]
	c.now = 2*l + 1
	var moved []moved
	for i := range m.Heads {
		h := &plan.Head{Label: model.Label{What: "an unused head"}}
		if i < len(heads) {
			h = heads[i]
		}
		moved = append(moved, c.head(h, newCircuits(m, b, i), i < len(heads))...)
	}
	planned := map[*plan.Column][]plan.Entry{}
	for i, z := range moved {
		if z.out != nil {
			planned[z.out] = append(planned[z.out], plan.Entry{Row: i, Weight: z.share})
		}
	}
	for dim, weights := range plan.ColumnsOf(b.WO) {
		col := c.plan.Columns[dim]
		c.attentionColumn(col, planned[col], weights, float64(b.BO[dim]), moved)
	}
}

// circuits are the weights of a head, column by column.
type circuits struct {
	q, k, v    [][]plan.Entry
	bq, bk, bv []float32
}

func newCircuits(m *model.Model, b *model.Block, i int) circuits {
	matrix := func(w model.Matrix) [][]plan.Entry {
		return plan.ColumnsOf(w.Part(i*m.DModel, (i+1)*m.DModel))
	}
	bias := func(w []float32) []float32 { return w[i*m.DHead : (i+1)*m.DHead] }
	return circuits{matrix(b.WQ), matrix(b.WK), matrix(b.WV), bias(b.BQ), bias(b.BK), bias(b.BV)}
}

// moved is one dimension of what a head moves.
type moved struct {
	bound
	kind  plan.Bringing
	out   *plan.Column // where the plan wants it, nil for nowhere
	share float64      // the factor with which the plan wants it there
	mean  float64      // at BOS
	bos   float64      // how far it may be off there
	// offset is what a tally has beyond its bound.
	offset float64
}

// head bounds what a head moves. Scores of selected keys are equal if they are
// exact; otherwise their weights differ by a factor of exp(2 err) at most. A head
// that is not used attends to anything, and moves 0.
func (c *Outcome) head(h *plan.Head, w circuits, used bool) []moved {
	scoreErr, leak := math.Inf(1), leaks{}
	if used {
		scoreErr, leak = c.scores(h, w)
	}
	list := make([]moved, len(w.v))
	for d := range list {
		v := plan.Value{Kind: plan.Averages}
		if d < len(h.Values)*h.ValueDims() {
			v = h.Values[d/h.ValueDims()]
		}
		z := moved{kind: v.Kind, out: v.Out, share: 1 / float64(h.ValueDims()), mean: v.Bos, bos: c.atBOS(w.v[d], w.bv[d], v.Bos)}
		s := c.reads(v.Value, w.v[d], w.bv[d])
		z.bound = s.bound()
		switch v.Kind {
		case plan.AddsUp:
			list[d] = c.tally(h, z, v.Value, scoreErr)
			continue
		case plan.Shares:
			list[d] = c.share(h, z, scoreErr, leak)
			continue
		case plan.Sums:
			list[d] = c.sum(h, z, scoreErr, leak)
			continue
		}
		z.Lo, z.Hi, z.Err = min(z.Lo, v.Bos, 0), max(z.Hi, v.Bos, 0), max(z.Err, z.bos)
		c.softmax(&z, scoreErr)
		z.leak(leak)
		list[d] = z
	}
	return list
}

// scores bounds how far the scores of a head may be off: those of selected keys,
// and that of BOS. The first dimensions are the sink, see emitter.head.
func (c *Outcome) scores(h *plan.Head, w circuits) (err float64, leak leaks) {
	s, sinkErr, ownErr, zeros := newDot(c.in, 0, 0), 0.0, 0.0, zeroScores{}
	sinks := h.SinkDims()
	for d := range w.q {
		query, key := plan.Constant(0), plan.Constant(0)
		queryBOS, keyBOS := 0.0, 0.0
		switch {
		case d < sinks:
			query, key = plan.Constant(1), plan.Constant(-h.Base*h.Gap/float64(sinks))
			queryBOS, keyBOS = h.SelfAttention(), h.Sink/float64(sinks)
		case d < sinks+len(h.Dims):
			query, key = h.Dims[d-sinks].Query.Times(h.Gap), h.Dims[d-sinks].Key
		}
		q, k := c.reads(query, w.q[d], w.bq[d]).bound(), c.reads(key, w.k[d], w.bk[d]).bound()
		qBOS, kBOS := c.atBOS(w.q[d], w.bq[d], queryBOS), c.atBOS(w.k[d], w.bk[d], keyBOS)
		err += float64(q.Err*k.size()) + float64(k.Err*q.size()) + float64(q.Err*k.Err)
		sinkErr += float64((q.size()+q.Err)*kBOS) + float64(q.Err*math.Abs(keyBOS))
		ownErr += float64(qBOS*(k.size()+k.Err+math.Abs(keyBOS)+kBOS)) + float64(math.Abs(queryBOS)*(k.Err+kBOS))
		if h.Zeros {
			zeros.add(c.zeroForm(query, w.q[d], w.bq[d], q), c.zeroForm(key, w.k[d], w.bk[d], k), h.Gap)
		}
		s.add(1, 1, bound{-q.size() * k.size(), q.size() * k.size(), q.Grid * k.Grid, 0}, 0)
	}
	err = max(err+s.own(), sinkErr)
	if h.Gap < construct.Gap {
		others := err
		if h.Zeros {
			err, others = max(zeros.selected, sinkErr), (zeros.others(h.Gap)+sinkErr)/2
		}
		return err, c.leaks(h, others, ownErr)
	}
	c.require(2*err, float64(h.Gap/2)-104, h.Label)
	if !c.model.Causal {
		c.require(ownErr, h.Gap-104, h.Label)
	}
	return err, leaks{}
}

// softmax turns the bound of a value into that of what the head moves.
func (c *Outcome) softmax(z *moved, scoreErr float64) {
	switch {
	case z.size()+z.Err == 0 || z.kind == plan.Copies && c.in.Rounds:
		return
	case z.kind == plan.Copies: // beside what weighs exp(-104), which is nothing in float32 alone
		z.Err += c.in.MeanError(c.length, z.size()+z.Err, 0, 0)
		return
	case z.kind == plan.Averages && z.size() > 0:
		grid := z.Grid
		if !c.in.Rounds {
			grid = 0
		}
		z.Err += c.in.MeanError(c.length, z.size(), grid, scoreErr)
	case z.kind == plan.AnyOf:
		z.Err += c.in.AnyError(c.length, scoreErr)
	}
	z.Grid = 0
}

// tally turns the bound of the value at the keys, O more than a multiple of the weight,
// into that of its sum: exact, if what float32 adds up is off by less than one half.
func (c *Outcome) tally(h *plan.Head, z moved, value plan.Form, scoreErr float64) moved {
	grid := construct.PowerOfTwo((value.Constant - construct.TallyOffset) / h.Weight)
	for _, t := range value.Terms {
		grid = min(grid, construct.PowerOfTwo(t.Factor/h.Weight)*c.Bounds[t.Of.Dim].Grid)
	}
	if grid < 1 {
		c.require(1, 0, h.Label)
	}
	z.Lo, z.Hi = (z.Lo-construct.TallyOffset)/h.Weight, (z.Hi-construct.TallyOffset)/h.Weight
	n, size, err := float64(c.length), z.size(), z.Err/h.Weight
	unit := math.Abs(construct.TallyUnit(h.Weight, h.Sink) - 1)
	key := err + float64((size+err)*(elementary.Expm1(2*scoreErr)+unit))
	off := z.bos + c.in.TallyError(c.length, size, h.Weight, key)
	c.require(off, 0.5, h.Label)
	z.bound = bound{n * min(0, z.Lo), n * max(0, z.Hi), 1, 0}
	if !c.in.Rounds {
		z.Err = off
	}
	z.offset = construct.TallyOffset
	return z
}

// share turns the bound of the value at the keys, which is 1, and of BOS, which has 0, into
// that of their share.
func (c *Outcome) share(h *plan.Head, z moved, scoreErr float64, leak leaks) moved {
	if z.Lo != 1 || z.Hi != 1 || z.mean != 0 {
		c.require(1, 0, h.Label)
	}
	most := construct.Share(float64(c.length), h.Weight)
	z.bound = bound{0, most, 0, z.Err + z.bos + c.in.ShareError(c.length, h.Weight, h.Sink, scoreErr) + float64(leak.others*(1+z.Err))}
	z.bos += leak.atBOS
	return z
}

// attentionColumn bounds a column of the residual stream after what the heads
// add to it. Of several heads that the plan lets write it at most one brings
// something that is not 0.
func (c *Outcome) attentionColumn(col *plan.Column, planned, weights []plan.Entry, bias float64, numbers []moved) {
	if len(planned)+len(weights) == 0 && bias == 0 {
		return
	}
	s, b, mean, bos := newDot(c.in, bias, 0), bound{}, bias, 0.0
	plan.Each(weights, planned, func(i int, weight, factor float64) {
		z := numbers[i]
		s.add(weight, factor, z.bound, z.offset)
		if factor != 0 {
			b.Lo, b.Hi = min(b.Lo, z.Lo), max(b.Hi, z.Hi)
		}
		mean += float64(weight * z.mean)
		bos += float64(math.Abs(weight) * z.bos)
	})
	sum := s.bound()
	b.Grid, b.Err = sum.Grid, sum.Err
	if len(planned) == 0 {
		c.disturb(col, b.Err, bos+math.Abs(mean))
		return
	}
	b, bos = c.rounded(numbers[planned[0].Row].kind, col, b), bos+math.Abs(mean-col.Bos)
	if math.Mod(col.Bos, col.Grid) != 0 && col.Grid > 0 {
		bos += float64(col.Grid / 2)
	}
	c.write(col, b, bos)
}

// write gives a column its bound at the time when the plan writes it.
func (c *Outcome) write(col *plan.Column, b bound, bos float64) {
	before := c.Bounds[col.Dim].Err
	c.Bounds[col.Dim] = b
	c.disturb(col, before, bos)
}

// disturb makes a column less certain: it is off by err more, at BOS by bos.
func (c *Outcome) disturb(col *plan.Column, err, bos float64) {
	if err > 0 {
		c.beside[col.Dim] += err
		c.Bounds[col.Dim].Err += err + float64(c.in.Ulp*(c.Bounds[col.Dim].size()+math.Abs(col.Offset)+err))
		c.Bounds[col.Dim].lose(c.in)
	}
	if bos > 0 {
		c.bos[col.Dim] += bos + float64(c.in.Ulp*(math.Abs(col.Bos)+math.Abs(col.Offset)+bos))
	}
}

// rounded is the effect of a column's offset: the sum is rounded to the grid. A
// value that is 0 or 1 up to less than half a grid is then exactly that.
func (c *Outcome) rounded(kind plan.Bringing, col *plan.Column, b bound) bound {
	switch {
	case col.Grid == 0:
		return b
	case kind == plan.AnyOf && c.in.Rounds:
		c.require(b.Err, col.Grid/2, col.Label)
		return bound{0, 1, 1, 0}
	case kind == plan.AnyOf:
		return bound{0, 1, 1, b.Err}
	case !c.in.Rounds:
		return b
	}
	b.Err += float64(col.Grid / 2)
	b.Grid = col.Grid
	return b
}

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

func (c *Outcome) mlpColumn(col *plan.Column, planned, weights []plan.Entry, bias float64, numbers []bound, open []float64) {
	if len(planned)+len(weights) == 0 && bias == 0 && col.When != c.now {
		return
	}
	s, bos, beside := newDot(c.in, bias, 0), math.Abs(bias), math.Abs(bias)
	plan.Each(weights, planned, func(i int, weight, factor float64) {
		s.add(weight, factor, numbers[i], 0)
		beside += float64(math.Abs(weight-factor) * (numbers[i].size() + numbers[i].Err))
		bos += float64(math.Abs(weight) * open[i])
	})
	b := s.bound()
	if col.When != c.now {
		c.disturb(col, b.Err, bos)
		return
	}
	written := bound{col.Low, col.High, 0, b.Err}
	if b.Grid > 0 && (b.Err == 0 || !c.in.Rounds) {
		written.Grid = max(b.Grid, col.Unit)
	}
	c.beside[col.Dim] += beside
	c.write(col, written, bos)
}

// outputs checks that the right class wins: logits of neighbouring classes
// differ by 1 at least; and that numbers come out with an error that is worth something.
func (c *Outcome) outputs() {
	j, columns := 0, plan.ColumnsOf(c.model.WU)
	for _, o := range c.plan.Outputs {
		if o.Next {
			c.prediction(o, columns, j)
			j += len(o.Logits)
			continue
		}
		label := model.Label{What: "read-out of " + o.Name}
		read := make([]bound, len(o.Logits))
		for i, f := range o.Logits {
			read[i] = c.reads(f, columns[j], c.model.BU[j]).bound()
			c.Logits = append(c.Logits, read[i].Err)
			j++
		}
		switch {
		case len(o.Classes) > 0:
			for i, b := range read {
				err := 2 * b.Err
				if z := c.zeroForm(o.Logits[i], columns[j-len(read)+i], c.model.BU[j-len(read)+i], b); o.Broken {
					err = min(err, z.zero+z.short)
				}
				c.require(err, 1, label)
			}
			c.Within = append(c.Within, o.Rounding)
			continue
		case len(o.Logits[1].Terms) == 0 && o.Logits[1].Constant == 0: // an int, which is rounded
			c.ints(o, read[0], label)
			c.Within = append(c.Within, 0)
		default:
			if len(o.Logits[1].Terms) > 0 { // an int on some inputs
				c.ints(o, read[0], label)
			}
			c.Within = append(c.Within, c.numbers(o, read[0], label))
		}
		c.require(read[1].Err, 0.5, label)
	}
}

// ints checks that a number is so near to the int that it is that the model rounds to it.
func (c *Outcome) ints(o plan.Output, read bound, label model.Label) {
	c.require(read.Err, 0.5, label)
	if !(read.Err < 0.5) {
		c.coarse = fmt.Sprintf("%s can be an int and is a number of at most %g, which a model, in float32, has to within %g: that is too rough for an int",
			o.Name, construct.Up(o.Size, 2), construct.Up(read.Err, 2))
	}
}

// numbers bounds how far those of an output may be from the program's: by what float32
// computes, by what float64 has rounded in the interpreter, and by the decimal that the
// model writes, the shortest that reads back as the same float32.
func (c *Outcome) numbers(o plan.Output, read bound, label model.Label) float64 {
	within := read.Err + o.Rounding + float64(construct.Ulp*(o.Size+read.Err))
	if read.Err > 0 {
		c.require(read.Err, construct.NumberError*read.size(), label)
	}
	if within <= construct.CoarsestNumber*o.Size && o.Size >= construct.LeastNumber || within == 0 {
		return within
	}
	c.require(1, 0, label)
	c.Excess = max(c.Excess, within/(construct.CoarsestNumber*o.Size))
	c.coarse = fmt.Sprintf("%s is a number of at most %g, and a model, in float32, is right to within %g: that is too rough to be shown",
		o.Name, construct.Up(o.Size, 2), construct.Up(within, 2))
	return within
}

// Coarse says which output comes out too roughly to be worth anything, and how roughly;
// empty if there is none.
func (c *Outcome) Coarse() string { return c.coarse }

func (c *Outcome) Exact() bool { return c.Slack > 1 }

// Certificate is the claim for the model file. It is partial where the program fails on
// some inputs.
func (c *Outcome) Certificate(partial bool) model.Certificate {
	within := make([]float64, len(c.Within))
	for i, x := range c.Within {
		within[i] = construct.Up(x, 1)
	}
	of := ""
	if f, err := c.model.Form(); err == nil && f != nil {
		of = f.Described() + " "
	}
	domain := fmt.Sprintf("for every input %sover this vocabulary up to length %d", of, c.length)
	if partial {
		domain += " on which the program has a value"
	}
	claim := "exact " + domain
	switch numbers := c.numbersWithin(within); {
	case c.plan.Predicts():
		claim = fmt.Sprintf("probabilities to within %g, relative, %s", within[0], domain)
	case numbers != "":
		claim = "exact but for rounding " + domain + ": numbers to within " + numbers
	}
	slack := c.Slack
	if math.IsInf(slack, 1) {
		slack = math.MaxFloat64
	}
	return model.Certificate{Exact: true, Partial: partial, Length: c.length, Claim: claim, Checks: c.checks, Slack: slack, Worst: c.Worst.What, Within: within}
}

// numbersWithin lists the bounds of the outputs that are not exact, by name if there is
// another output.
func (c *Outcome) numbersWithin(within []float64) string {
	var list []string
	for i, o := range c.plan.Outputs {
		switch {
		case within[i] == 0:
		case len(within) == 1:
			list = append(list, fmt.Sprintf("%g", within[i]))
		default:
			list = append(list, fmt.Sprintf("%g (%s)", within[i], o.Name))
		}
	}
	return strings.Join(list, ", ")
}

// Print writes the outcome, and the decoding place that is nearest to its margin.
func (c *Outcome) Print(w io.Writer) error {
	verdict := "exact"
	if !c.Exact() {
		verdict = "not exact"
	}
	least := "nothing is decoded with an error"
	if !math.IsInf(c.Slack, 1) {
		least = fmt.Sprintf("the least margin is %g times the error bound, at %q", construct.Down(c.Slack, 3), c.Worst.What)
	}
	if _, err := fmt.Fprintf(w, "%s: decoding places %d, %s\n", verdict, c.checks, least); err != nil {
		return err
	}
	for i, o := range c.plan.Outputs {
		what := "exact"
		switch {
		case o.Next:
			what = fmt.Sprintf("probabilities to within %g, relative", construct.Up(c.Within[i], 3))
		case c.Within[i] > 0:
			what = fmt.Sprintf("numbers to within %g", construct.Up(c.Within[i], 3))
		}
		if _, err := fmt.Fprintf(w, "%s: %s\n", o.Name, what); err != nil {
			return err
		}
	}
	return nil
}
