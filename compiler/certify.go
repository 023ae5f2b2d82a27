package compiler

import (
	"fmt"
	"io"
	"math"
	"slices"

	"rasp/compiler/construct"
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

// certifier checks the decoding places of a model.
type certifier struct {
	plan   *plan
	model  *model.Model
	length int
	now    int       // time of the layer that is looked at
	bounds []bound   // by dim, of what a column holds
	bos    []float64 // at BOS, how far each column may be from its offset and bos
	logits []float64 // how far each logit may be off
	states *states
	checks int
	slack  float64
	worst  model.Label
	// number is the largest error of a numeric output, probability the largest
	// relative one of a prediction.
	number, probability float64
}

// certify bounds the errors of all columns in the order of time and checks every
// margin; the result is exact if the least slack is above 1.
func certify(p *plan, m *model.Model, length int) *certifier {
	c := &certifier{plan: p, model: m, length: length, slack: math.Inf(1), bounds: make([]bound, len(p.columns)), bos: make([]float64, len(p.columns))}
	for _, col := range p.columns {
		c.embedded(col)
	}
	c.states = newStates(p, len(m.Vocab), m.NCtx-1)
	heads, neurons := p.byLayer()
	for l := range m.Blocks {
		c.attention(l, heads[l])
		c.mlp(l, neurons[l])
	}
	c.outputs()
	return c
}

// require records a decoding place: an error against the margin that it has.
func (c *certifier) require(err, margin float64, label model.Label) {
	c.checks++
	slack := math.Inf(1)
	if err > 0 {
		slack = margin / err
	}
	if margin <= 0 || math.IsNaN(err) {
		slack = 0
	}
	if slack < c.slack {
		c.slack, c.worst = slack, label
	}
}

// embedded bounds a column of the embedding: what it holds for a token and for a
// position, against what the plan says. Columns that are written later hold
// their offset.
func (c *certifier) embedded(col *column) {
	b := bound{grid: math.Inf(1)}
	lo, hi := 0.0, 0.0
	part := func(means []float64, i int, offset float64, weight float32) float64 {
		mean := 0.0
		if len(means) > 0 {
			mean = means[i]
		}
		lo, hi = min(lo, mean), max(hi, mean)
		b.grid = min(b.grid, powerOfTwo(mean))
		return math.Abs(float64(weight) - offset - mean)
	}
	d, vocab, byToken, byPosition := c.model.DModel, len(c.model.Vocab), 0.0, 0.0
	for t := range vocab {
		byToken = max(byToken, part(col.tokens, t, col.offset, c.model.WE[t*d+col.dim]))
	}
	b.lo, b.hi, lo, hi = lo, hi, 0, 0
	for p := 1; p < c.model.NCtx; p++ {
		byPosition = max(byPosition, part(col.positions, p-1, 0, c.model.WPos[p*d+col.dim]))
	}
	b.lo, b.hi = b.lo+lo, b.hi+hi
	b.err = byToken + byPosition
	if b.err > 0 {
		b.err += ulp * (b.size() + math.Abs(col.offset))
		b.grid = 0
	}
	c.bounds[col.dim] = b
	bos := float64(c.model.WE[vocab*d+col.dim] + c.model.WPos[col.dim])
	mean := col.offset
	if col.when == 0 {
		mean += col.bos
	}
	c.bos[col.dim] = math.Abs(bos - mean)
}

// reads bounds a linear form as the model computes it: a column of a matrix, and
// a bias. What it reads off the embedding is bounded in each state.
func (c *certifier) reads(f form, weights []entry, bias float32) *dot {
	s, terms := newDot(float64(bias), f.Constant), entriesOf(f)
	held := slices.DeleteFunc(slices.Clone(terms), func(e entry) bool { return c.states.held[e.row] == nil })
	byState := c.states.affordable(held)
	slop := 0.0
	eachOf(weights, terms, func(row int, weight, factor float64) {
		col := c.plan.columns[row]
		if byState && c.states.held[row] != nil {
			slop += s.multiply(weight, factor, c.bounds[col.dim], 0)
		} else {
			s.add(weight, factor, c.bounds[col.dim], col.offset)
		}
	})
	if byState {
		lo, hi, below, above := c.states.sums(held)
		s.ideal.lo, s.ideal.hi = s.ideal.lo+lo, s.ideal.hi+hi
		s.pos, s.neg = s.pos+above+slop, s.neg-below+slop
	}
	return s
}

// atBOS bounds how far a number read off the residual stream may be from mean at
// BOS, where columns hold their bos once they are written.
func (c *certifier) atBOS(weights []entry, bias float32, mean float64) float64 {
	x, err, size, grid := float64(bias), 0.0, math.Abs(float64(bias)), powerOfTwo(float64(bias))
	for _, w := range weights {
		col := c.plan.columns[w.row]
		at := col.offset
		if col.when < c.now {
			at += col.bos
		}
		x += w.weight * at
		err += math.Abs(w.weight) * c.bos[w.row]
		size += math.Abs(w.weight * at)
		grid = min(grid, powerOfTwo(w.weight*at))
	}
	if err += math.Abs(x - mean); err > 0 || size > grid/ulp {
		err += float64(len(weights)+1) * ulp * size
	}
	return err
}

// attention bounds what the heads of a layer move.
func (c *certifier) attention(l int, heads []*head) {
	m, b := c.model, &c.model.Blocks[l]
	c.now = 2*l + 1
	var moved []moved
	for i := range m.Heads {
		h := &head{label: model.Label{What: "an unused head"}}
		if i < len(heads) {
			h = heads[i]
		}
		moved = append(moved, c.head(h, newCircuits(m, b, i), i < len(heads))...)
	}
	planned := map[*column][]entry{}
	for i, z := range moved {
		if z.out != nil {
			planned[z.out] = append(planned[z.out], entry{i, 1})
		}
	}
	for dim, weights := range columnsOf(b.WO, m.DModel) {
		col := c.plan.columns[dim]
		c.attentionColumn(col, planned[col], weights, float64(b.BO[dim]), moved)
	}
}

// circuits are the weights of a head, column by column.
type circuits struct {
	q, k, v    [][]entry
	bq, bk, bv []float32
}

func newCircuits(m *model.Model, b *model.Block, i int) circuits {
	matrix := func(w []float32) [][]entry {
		size := m.DModel * m.DHead
		return columnsOf(w[i*size:(i+1)*size], m.DHead)
	}
	bias := func(w []float32) []float32 { return w[i*m.DHead : (i+1)*m.DHead] }
	return circuits{matrix(b.WQ), matrix(b.WK), matrix(b.WV), bias(b.BQ), bias(b.BK), bias(b.BV)}
}

// moved is one dimension of what a head moves.
type moved struct {
	bound
	kind bringing
	out  *column // where the plan wants it, nil for nowhere
	mean float64 // at BOS
	bos  float64 // how far it may be off there
	// offset is what a tally has beyond its bound.
	offset float64
}

// head bounds what a head moves. Scores of selected keys are equal if they are
// exact; otherwise their weights differ by a factor of exp(2 err) at most. A head
// that is not used attends to anything, and moves 0.
func (c *certifier) head(h *head, w circuits, used bool) []moved {
	scoreErr := math.Inf(1)
	if used {
		scoreErr = c.scores(h, w)
	}
	list := make([]moved, len(w.v))
	for d := range list {
		v := headValue{kind: bringsMean}
		if d < len(h.values) {
			v = h.values[d]
		}
		z := moved{kind: v.kind, out: v.out, mean: v.bos, bos: c.atBOS(w.v[d], w.bv[d], v.bos)}
		s := c.reads(v.value, w.v[d], w.bv[d])
		z.bound = s.bound()
		if v.kind == bringsTally {
			list[d] = c.tally(h, z, s.ideal.grid, scoreErr)
			continue
		}
		z.lo, z.hi, z.err = min(z.lo, v.bos, 0), max(z.hi, v.bos, 0), max(z.err, z.bos)
		c.softmax(&z, h, scoreErr)
		list[d] = z
	}
	return list
}

// scores bounds how far the scores of a head may be off: those of selected keys,
// and that of BOS. Dimension 0 is the sink, see emitter.head.
func (c *certifier) scores(h *head, w circuits) float64 {
	s, err, sinkErr, ownErr := newDot(0, 0), 0.0, 0.0, 0.0
	for d := range w.q {
		query, key := constantForm(0), constantForm(0)
		queryBOS, keyBOS := 0.0, 0.0
		switch {
		case d == 0:
			query, key = constantForm(1), constantForm(-h.base*construct.Gap)
			queryBOS, keyBOS = selfAttention(h), h.sink
		case d <= len(h.dims):
			query, key = h.dims[d-1].query.Times(construct.Gap), h.dims[d-1].key
		}
		q, k := c.reads(query, w.q[d], w.bq[d]).bound(), c.reads(key, w.k[d], w.bk[d]).bound()
		qBOS, kBOS := c.atBOS(w.q[d], w.bq[d], queryBOS), c.atBOS(w.k[d], w.bk[d], keyBOS)
		err += q.err*k.size() + k.err*q.size() + q.err*k.err
		sinkErr += (q.size()+q.err)*kBOS + q.err*math.Abs(keyBOS)
		ownErr += qBOS*(k.size()+k.err+math.Abs(keyBOS)+kBOS) + math.Abs(queryBOS)*(k.err+kBOS)
		s.add(1, 1, bound{-q.size() * k.size(), q.size() * k.size(), q.grid * k.grid, 0}, 0)
	}
	err = max(err+s.own(), sinkErr)
	c.require(2*err, construct.Gap/2-104, h.label)
	if !c.model.Causal {
		c.require(ownErr, construct.Gap-104, h.label)
	}
	return err
}

// softmax turns the bound of a value into that of what the head moves.
func (c *certifier) softmax(z *moved, h *head, scoreErr float64) {
	spread := math.Expm1(2*scoreErr) + c.unequal(scoreErr)
	switch {
	case z.size()+z.err == 0:
	case z.kind == bringsOne:
	case z.kind == bringsMean:
		rounding := 3 * ulp
		if z.grid == 0 || scoreErr > 0 || float64(c.length)*z.size() > z.grid/ulp {
			rounding = float64(c.length+4) * ulp
		}
		if z.size() > 0 {
			z.err += z.size() * (rounding + spread)
		}
		z.grid = 0
	case z.kind == bringsAny:
		z.err += spread + float64(c.length+4)*ulp
		z.grid = 0
	}
}

// unequal bounds what rounding adds, relative to the largest value, where weights
// are not exactly 0 or 1: n additions in the denominator too; each weight is off by
// exp and a product, twice as much above and below together, and so is each factor
// by which an online softmax scales down what it has, one for 32 keys.
func (c *certifier) unequal(scoreErr float64) float64 {
	if scoreErr == 0 {
		return 0
	}
	const exp = 3 // see package runtime
	n := float64(c.length + 1)
	return ulp * (n + 2*(exp+1)*(1+math.Ceil(n/32)))
}

// tally turns the bound of the value at the keys, a multiple of grid, into that of
// its sum: exact, if what float32 adds up is off by less than one half.
func (c *certifier) tally(h *head, z moved, grid, scoreErr float64) moved {
	if grid < h.weight {
		c.require(1, 0, h.label)
	}
	n, size, err := float64(c.length), z.size()/h.weight, z.err/h.weight
	off := n*err + n*(size+err)*math.Expm1(2*scoreErr) + z.bos
	c.require(construct.TallyError(c.length, size, h.weight)+off, 0.5, h.label)
	z.bound = bound{n * min(0, z.lo/h.weight), n * max(0, z.hi/h.weight), 1, 0}
	z.offset = construct.TallyOffset
	return z
}

// attentionColumn bounds a column of the residual stream after what the heads
// add to it. Of several heads that the plan lets write it at most one brings
// something that is not 0.
func (c *certifier) attentionColumn(col *column, planned, weights []entry, bias float64, numbers []moved) {
	if len(planned)+len(weights) == 0 && bias == 0 {
		return
	}
	s, b, mean, bos := newDot(bias, 0), bound{}, bias, 0.0
	eachOf(weights, planned, func(i int, weight, factor float64) {
		z := numbers[i]
		s.add(weight, factor, z.bound, z.offset)
		if factor != 0 {
			b.lo, b.hi = min(b.lo, z.lo), max(b.hi, z.hi)
		}
		mean += weight * z.mean
		bos += math.Abs(weight) * z.bos
	})
	sum := s.bound()
	b.grid, b.err = sum.grid, sum.err
	if len(planned) == 0 {
		c.disturb(col, b.err, bos+math.Abs(mean))
		return
	}
	b, bos = c.rounded(numbers[planned[0].row].kind, col, b), bos+math.Abs(mean-col.bos)
	if math.Mod(col.bos, col.grid) != 0 && col.grid > 0 {
		bos += col.grid / 2
	}
	c.write(col, b, bos)
}

// write gives a column its bound at the time when the plan writes it.
func (c *certifier) write(col *column, b bound, bos float64) {
	before := c.bounds[col.dim].err
	c.bounds[col.dim] = b
	c.disturb(col, before, bos)
}

// disturb makes a column less certain: it is off by err more, at BOS by bos.
func (c *certifier) disturb(col *column, err, bos float64) {
	if err > 0 {
		c.bounds[col.dim].err += err + ulp*(c.bounds[col.dim].size()+math.Abs(col.offset)+err)
		c.bounds[col.dim].grid = 0
	}
	if bos > 0 {
		c.bos[col.dim] += bos + ulp*(math.Abs(col.bos)+math.Abs(col.offset)+bos)
	}
}

// rounded is the effect of a column's offset: the sum is rounded to the grid. A
// value that is 0 or 1 up to less than half a grid is then exactly that.
func (c *certifier) rounded(kind bringing, col *column, b bound) bound {
	if col.grid == 0 {
		return b
	}
	if kind == bringsAny {
		c.require(b.err, col.grid/2, col.label)
		return bound{0, 1, 1, 0}
	}
	b.err += col.grid / 2
	b.grid = col.grid
	return b
}

// mlp bounds what the neurons of a layer write.
func (c *certifier) mlp(l int, neurons []*neuron) {
	m, b := c.model, &c.model.Blocks[l]
	c.now = 2*l + 2
	planned := map[*column][]entry{}
	numbers, bos := make([]bound, m.DMLP), make([]float64, m.DMLP)
	in := columnsOf(b.WIn, m.DMLP)
	for i := range numbers {
		n := &neuron{}
		if i < len(neurons) {
			n = neurons[i]
		}
		numbers[i], bos[i] = c.neuron(n, in[i], b.BIn[i], i < len(neurons))
		for _, o := range n.outs {
			planned[o.Of] = append(planned[o.Of], entry{i, o.Factor})
		}
	}
	for dim, weights := range columnsOf(b.WOut, m.DModel) {
		col := c.plan.columns[dim]
		if col.sum && col.when == c.now {
			c.sumColumn(col, planned[col], weights, float64(b.BOut[dim]), neurons, numbers, bos)
		} else {
			c.mlpColumn(col, planned[col], weights, float64(b.BOut[dim]), numbers, bos)
		}
	}
}

// neuron bounds a neuron, and how far it may be open at BOS, where the plan keeps
// it closed by 1 at least. Where it is part of a step, its input must be off by
// less than the step's margin; what the columns are off is the same for both
// neurons of the step, so that their difference is off only by what is their own.
func (c *certifier) neuron(n *neuron, weights []entry, bias float32, used bool) (b bound, bos float64) {
	s := c.reads(n.in, weights, bias)
	b = s.bound()
	if !used {
		return bound{err: b.err}, c.atBOS(weights, bias, 0)
	}
	closed := min(-1, atBOS(n.in))
	c.require(c.atBOS(weights, bias, closed), -closed, n.label)
	if n.margin > 0 {
		c.require(b.err, n.margin, n.label)
		b.err = s.own()
	}
	return bound{0, max(0, b.hi), b.grid, b.err}, 0
}

func (c *certifier) mlpColumn(col *column, planned, weights []entry, bias float64, numbers []bound, open []float64) {
	if len(planned)+len(weights) == 0 && bias == 0 && col.when != c.now {
		return
	}
	s, bos := newDot(bias, 0), math.Abs(bias)
	eachOf(weights, planned, func(i int, weight, factor float64) {
		s.add(weight, factor, numbers[i], 0)
		bos += math.Abs(weight) * open[i]
	})
	b := s.bound()
	if col.when != c.now {
		c.disturb(col, b.err, bos)
		return
	}
	written := bound{col.low, col.high, 0, b.err}
	if b.grid > 0 && b.err == 0 {
		written.grid = max(b.grid, col.unit)
	}
	c.write(col, written, bos)
}

// outputs checks that the right class wins: logits of neighbouring classes
// differ by 1 at least.
func (c *certifier) outputs() {
	j, columns := 0, columnsOf(c.model.WU, len(c.model.BU))
	for _, o := range c.plan.outputs {
		if o.next {
			c.prediction(o, columns, j)
			j += len(o.logits)
			continue
		}
		label := model.Label{What: "read-out of " + o.name}
		read := make([]bound, len(o.logits))
		for i, f := range o.logits {
			read[i] = c.reads(f, columns[j], c.model.BU[j]).bound()
			c.logits = append(c.logits, read[i].err)
			j++
		}
		switch {
		case len(o.classes) > 0:
			for _, b := range read {
				c.require(2*b.err, 1, label)
			}
			continue
		case len(o.logits[1].Terms) == 0 && o.logits[1].Constant == 0: // an int, which is rounded
			c.require(read[0].err, 0.5, label)
		default:
			c.number = max(c.number, read[0].err)
			if len(o.logits[1].Terms) > 0 { // an int on some inputs
				c.require(read[0].err, 0.5, label)
			}
			c.require(read[0].err, 1e-5*read[0].size(), label)
		}
		c.require(read[1].err, 0.5, label)
	}
}

func (c *certifier) exact() bool { return c.slack > 1 }

// certificate is the claim for the model file.
func (c *certifier) certificate() model.Certificate {
	claim := fmt.Sprintf("exact for every input over this vocabulary up to length %d", c.length)
	if c.number > 0 {
		claim += fmt.Sprintf(" (numbers to within %.1g)", c.number)
	}
	if c.plan.predicts() {
		claim = fmt.Sprintf("probabilities to within %.1g, relative, for every input over this vocabulary up to length %d", c.probability, c.length)
	}
	slack := c.slack
	if math.IsInf(slack, 1) {
		slack = math.MaxFloat64
	}
	return model.Certificate{Exact: true, Length: c.length, Claim: claim, Checks: c.checks, Slack: slack, Worst: c.worst.What}
}

// print writes the outcome, and the decoding place that is nearest to its margin.
func (c *certifier) print(w io.Writer) error {
	verdict := "exact"
	if !c.exact() {
		verdict = "not exact"
	}
	_, err := fmt.Fprintf(w, "%s: %d decoding places, the least margin is %.3g times the error bound, at %q\nnumbers to within %.3g, probabilities to within %.3g, relative\n",
		verdict, c.checks, c.slack, c.worst.What, c.number, c.probability)
	return err
}
