package certify

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/runtime/model"
)

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
		if float64(c.length+1)*max(z.size()+z.Err, math.Abs(z.mean)+z.bos) > construct.LargestSum {
			c.require(1, 0, h.Label)
		}
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
