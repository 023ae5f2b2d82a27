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
	m.WE = make([]float32, (vocab+1)*m.DModel)
	m.WPos = make([]float32, m.NCtx*m.DModel)
	m.WE[vocab*m.DModel+Bos] = 1
	for _, c := range e.plan.Columns {
		for t := range vocab + 1 {
			m.WE[t*m.DModel+c.Dim] += float32(c.Offset)
		}
		for t, x := range c.Tokens {
			m.WE[t*m.DModel+c.Dim] += float32(x)
		}
		for p, x := range c.Positions {
			m.WPos[(p+1)*m.DModel+c.Dim] = float32(x)
		}
		m.Provenance.Dims = append(m.Provenance.Dims, c.Label)
	}
}

// spread writes a form into column j of a matrix [d_model, width] and returns
// its bias: the constant, less what the offsets add. It makes the form, rounded as
// it is written, equal to bosValue at BOS.
func spread(f plan.Form, bosValue float64, matrix []float32, width, j int) (bias float32) {
	constant, atBOS := f.Constant, 0.0
	for _, t := range f.Terms {
		factor := float32(t.Factor)
		matrix[t.Of.Dim*width+j] += factor
		constant -= t.Factor * t.Of.Offset
		atBOS += float64(factor) * (t.Of.Offset + t.Of.Bos)
	}
	bias = float32(constant)
	matrix[Bos*width+j] += float32(bosValue - (atBOS + float64(bias)))
	return bias
}

func (e *emitter) block(l int) {
	m := e.model
	b := model.Block{
		WQ: make([]float32, m.Heads*m.DModel*m.DHead), BQ: make([]float32, m.Heads*m.DHead),
		WK: make([]float32, m.Heads*m.DModel*m.DHead), BK: make([]float32, m.Heads*m.DHead),
		WV: make([]float32, m.Heads*m.DModel*m.DHead), BV: make([]float32, m.Heads*m.DHead),
		WO: make([]float32, m.Heads*m.DHead*m.DModel), BO: make([]float32, m.DModel),
		WIn: make([]float32, m.DModel*m.DMLP), BIn: make([]float32, m.DMLP),
		WOut: make([]float32, m.DMLP*m.DModel), BOut: make([]float32, m.DModel),
	}
	heads := make([]model.Label, m.Heads)
	for i, h := range e.heads[l] {
		e.head(&b, i, h)
		heads[i] = h.Label
	}
	neurons := make([]model.Label, m.DMLP)
	for i, n := range e.neurons[l] {
		b.BIn[i] = spread(n.In, min(-1, plan.AtBOS(n.In)), b.WIn, m.DMLP, i)
		for _, o := range n.Outs {
			b.WOut[i*m.DModel+o.Of.Dim] = float32(o.Factor)
		}
		neurons[i] = n.Label
	}
	m.Blocks = append(m.Blocks, b)
	m.Provenance.Heads = append(m.Provenance.Heads, heads)
	m.Provenance.Neurons = append(m.Provenance.Neurons, neurons)
}

// head writes head i of a block. Dimension 0 is the sink: the query has 1 there,
// a key -base, so that selected keys score 0, and BOS its score. All other
// dimensions are 0 at BOS, as key and as query. BOS as a query attends to BOS
// alone, so that what a head writes there is known.
func (e *emitter) head(b *model.Block, i int, h *plan.Head) {
	m := e.model
	size := m.DModel * m.DHead
	wq, wk, wv := b.WQ[i*size:(i+1)*size], b.WK[i*size:(i+1)*size], b.WV[i*size:(i+1)*size]
	bq, bk, bv := b.BQ[i*m.DHead:], b.BK[i*m.DHead:], b.BV[i*m.DHead:]
	wo := b.WO[i*size : (i+1)*size]
	bk[0] = spread(plan.Constant(-h.Base*construct.Gap), h.Sink, wk, m.DHead, 0)
	bq[0] = spread(plan.Constant(1), h.SelfAttention(), wq, m.DHead, 0)
	for d, dim := range h.Dims {
		bq[d+1] = spread(dim.Query.Times(construct.Gap), 0, wq, m.DHead, d+1)
		bk[d+1] = spread(dim.Key, 0, wk, m.DHead, d+1)
	}
	for d, v := range h.Values {
		bv[d] = spread(v.Value, v.Bos, wv, m.DHead, d)
		wo[d*m.DModel+v.Out.Dim] = 1
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
	m.WU, m.BU = make([]float32, m.DModel*width), make([]float32, width)
	j := 0
	for _, o := range e.plan.Outputs {
		for _, f := range o.Logits {
			m.BU[j] = spread(f, plan.AtBOS(f), m.WU, width, j)
			j++
		}
	}
}
