// Package emit writes the weights of a plan.
package emit

import (
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/lang/domain"
	"rasp/runtime/model"
)

// Model writes the weights of a plan. All constants stand in the reader's bias,
// so that the residual stream at BOS is known: 0 but for what the plan says.
// Every neuron is closed there by 1 at least.
func Model(p *plan.Plan, domain domain.Domain) *model.Model {
	e := emitter{plan: p, model: &model.Model{Config: p.Shape(domain)}}
	m := e.model
	e.heads, e.neurons = p.ByLayer()
	for _, t := range domain.Vocab {
		m.Vocab = append(m.Vocab, model.Token(t.JSON()))
	}
	e.embedding()
	for l := range m.Layers {
		e.block(l)
	}
	e.unembedding()
	return m
}

type emitter struct {
	plan    *plan.Plan
	model   *model.Model
	heads   [][]*plan.Head
	neurons [][]*plan.Neuron
}

// Bos is the residual dimension that is 1 at BOS and 0 elsewhere.
const Bos = 0

func (e *emitter) embedding() {
	m := e.model
	vocab := len(m.Vocab)
	tokens, positions := model.NewBuilder(vocab+1, m.DModel), model.NewBuilder(m.NCtx, m.DModel)
	tokens.Add(vocab, Bos, 1)
	if e.plan.SplitBOS { // two weights are off by less than one
		tokens.Add(vocab, Bos, -0.5)
		positions.Add(0, Bos, 0.5)
	}
	for _, c := range e.plan.Columns {
		if c.Offset != 0 {
			for t := range vocab + 1 {
				tokens.Add(t, c.Dim, float32(c.Offset))
			}
		}
		for _, e := range c.Tokens {
			tokens.Add(e.Row, c.Dim, float32(e.Weight))
		}
		for _, e := range c.Positions {
			positions.Add(e.Row+1, c.Dim, float32(e.Weight))
		}
		m.Provenance.Dims = append(m.Provenance.Dims, c.Label)
	}
	m.WE, m.WPos = tokens.Matrix(), positions.Matrix()
}

// spread writes a form into column j of a matrix whose first row is row, and returns
// its bias: the constant, less what the offsets add. It makes the form, rounded as
// it is written, equal to bosValue at BOS.
func spread(f plan.Form, bosValue float64, matrix *model.Builder, row, j int) (bias float32) {
	constant, atBOS := f.Constant, 0.0
	for _, t := range f.Terms {
		factor := float32(t.Factor)
		matrix.Add(row+t.Of.Dim, j, factor)
		constant -= float64(t.Factor * t.Of.Offset)
		atBOS += float64(float64(factor) * (t.Of.Offset + t.Of.Bos))
	}
	bias = float32(constant)
	matrix.Add(row+Bos, j, float32(bosValue-(atBOS+float64(bias))))
	return bias
}

func (e *emitter) block(l int) {
	m := e.model
	b := model.Block{
		BQ: make([]float32, m.Heads*m.DHead), BK: make([]float32, m.Heads*m.DHead), BV: make([]float32, m.Heads*m.DHead), BO: make([]float32, m.DModel),
		BIn: make([]float32, m.DMLP), BOut: make([]float32, m.DModel),
	}
	heads := e.attention(&b, e.heads[l])
	in, out := model.NewBuilder(m.DModel, m.DMLP), model.NewBuilder(m.DMLP, m.DModel)
	neurons := make([]model.Label, m.DMLP)
	read, written := 0, 0
	for _, n := range e.neurons[l] {
		read, written = read+len(n.In.Terms)+1, written+len(n.Outs)
	}
	in.Grow(read)
	out.Grow(written)
	for i, n := range e.neurons[l] {
		b.BIn[i] = spread(n.In, min(-1, plan.AtBOS(n.In)), in, 0, i)
		for _, o := range n.Outs {
			out.Add(i, o.Of.Dim, float32(o.Factor))
		}
		neurons[i] = n.Label
	}
	b.WIn, b.WOut = in.Matrix(), out.Matrix()
	m.Blocks = append(m.Blocks, b)
	m.Provenance.Heads = append(m.Provenance.Heads, heads)
	m.Provenance.Neurons = append(m.Provenance.Neurons, neurons)
}

// attention writes the heads of a block, and labels them.
func (e *emitter) attention(b *model.Block, heads []*plan.Head) []model.Label {
	m := e.model
	into := func() *model.Builder { return model.NewBuilder(m.Heads*m.DModel, m.DHead) }
	c := circuits{into(), into(), into(), model.NewBuilder(m.Heads*m.DHead, m.DModel)}
	labels := make([]model.Label, m.Heads)
	for i, h := range heads {
		e.head(b, c, i, h)
		labels[i] = h.Label
	}
	b.WQ, b.WK, b.WV, b.WO = c.q.Matrix(), c.k.Matrix(), c.v.Matrix(), c.o.Matrix()
	return labels
}

// circuits are the matrices of the heads of a block.
type circuits struct{ q, k, v, o *model.Builder }

// head writes head i of a block. Dimension 0, or the first few, are the sink: the query has 1
// there, a key -base, so that selected keys score 0, and BOS its score, a part in each. All other
// dimensions are 0 at BOS, as key and as query. BOS as a query attends to BOS
// alone, so that what a head writes there is known.
func (e *emitter) head(b *model.Block, c circuits, i int, h *plan.Head) {
	m := e.model
	row := i * m.DModel
	bq, bk, bv := b.BQ[i*m.DHead:], b.BK[i*m.DHead:], b.BV[i*m.DHead:]
	queries, keys := 0, 0
	for _, dim := range h.Dims {
		queries, keys = queries+len(dim.Query.Terms)+1, keys+len(dim.Key.Terms)+1
	}
	c.q.Grow(queries)
	c.k.Grow(keys)
	sinks := h.SinkDims()
	for d := range sinks {
		bk[d] = spread(plan.Constant(-h.Base*h.Gap/float64(sinks)), h.Sink/float64(sinks), c.k, row, d)
		bq[d] = spread(plan.Constant(1), h.SelfAttention(), c.q, row, d)
	}
	for i, dim := range h.Dims {
		bq[sinks+i] = spread(dim.Query.Times(h.Gap), 0, c.q, row, sinks+i)
		bk[sinks+i] = spread(dim.Key, 0, c.k, row, sinks+i)
	}
	times := h.ValueDims()
	for d := range times * len(h.Values) {
		v := h.Values[d/times]
		bv[d] = spread(v.Value, v.Bos, c.v, row, d)
		c.o.Add(i*m.DHead+d, v.Out.Dim, 1/float32(times))
		if v.Kind == plan.AddsUp {
			b.BO[v.Out.Dim] = -construct.TallyOffset
		}
	}
}

func (e *emitter) unembedding() {
	m := e.model
	width := 0
	for _, o := range e.plan.Outputs {
		m.Outputs = append(m.Outputs, model.Output{Name: o.Name, Column: width, Classes: slices.Clone(o.Classes), Next: o.Next})
		width += len(o.Logits)
	}
	m.BU = make([]float32, width)
	unembedding := model.NewBuilder(m.DModel, width)
	j := 0
	for _, o := range e.plan.Outputs {
		for _, f := range o.Logits {
			m.BU[j] = spread(f, plan.AtBOS(f), unembedding, 0, j)
			j++
		}
	}
	m.WU = unembedding.Matrix()
}
