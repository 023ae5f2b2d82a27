package onnx

import (
	"fmt"
	"math"

	"rasp/runtime/export"
	"rasp/runtime/model"
)

// program is the forward pass as a graph. Nodes are named after what they give.
type program struct {
	model   *model.Model
	graph   message // all of the GraphProto but the weights
	weights []export.Tensor
	made    int
}

// The names of what comes in and of the last that comes out.
const tokens, logits = "tokens", "logits"

func newProgram(m *model.Model) *program {
	p := &program{model: m}
	p.graph.text(graphName, "rasp")
	p.graph.part(graphInput, value(tokens, int64s, "batch", "seq"))
	_, columns := m.WU.Size()
	p.graph.part(graphOutput, value(logits, float32s, "batch", "seq", columns))
	length := p.node("Shape", []string{tokens}, number("start", 1), number("end", 2))
	x := p.embedding(length)
	mask := p.mask(length)
	for l := range m.Blocks {
		x = p.layer(l, x, mask)
	}
	p.give(logits, "Add", []string{p.node("MatMul", []string{x, p.matrix("unembed.W_U", m.WU)}), p.vector("unembed.b_U", m.BU)})
	return p
}

// embedding is the residual stream before the first layer.
func (p *program) embedding(length string) string {
	zero := p.ints("zero", 0)
	positions := p.node("Slice", []string{p.matrix("pos_embed.W_pos", p.model.WPos), zero, length, zero})
	return p.node("Add", []string{p.node("Gather", []string{p.matrix("embed.W_E", p.model.WE), tokens}), positions})
}

// mask is 0 where a query may look, minus infinity elsewhere; "" if it may everywhere.
func (p *program) mask(length string) string {
	if !p.model.Causal || p.model.Heads == 0 || len(p.model.Blocks) == 0 {
		return ""
	}
	both := p.node("Concat", []string{length, length}, number("axis", 0))
	all := p.node("Expand", []string{p.vector("hidden", []float32{float32(math.Inf(-1))}), both})
	return p.node("Trilu", []string{all, p.scalar("diagonal", 1)}, number("upper", 1))
}

func (p *program) layer(l int, x, mask string) string {
	name, b := fmt.Sprintf("blocks.%d.", l), &p.model.Blocks[l]
	if p.model.Heads > 0 {
		z := p.attention(name+"attn.", b, x, mask)
		out := p.linear(z, name+"attn.", "W_O", b.WO, "b_O", b.BO)
		x = p.node("Add", []string{x, out})
	}
	if p.model.DMLP > 0 {
		hidden := p.node("Relu", []string{p.linear(x, name+"mlp.", "W_in", b.WIn, "b_in", b.BIn)})
		x = p.node("Add", []string{x, p.linear(hidden, name+"mlp.", "W_out", b.WOut, "b_out", b.BOut)})
	}
	return p.give(name+"resid_post", "Identity", []string{x})
}

// attention is what the heads bring, side by side.
func (p *program) attention(name string, b *model.Block, x, mask string) string {
	m := p.model
	split := p.ints(name+"split", 0, 0, int64(m.Heads), int64(m.DHead))
	part := func(weights, bias string, w model.Matrix, c []float32, order ...int64) string {
		y := p.linear(x, name, weights, beside(w, m.Config), bias, c)
		return p.node("Transpose", []string{p.node("Reshape", []string{y, split})}, numbers("perm", order...))
	}
	q := part("W_Q", "b_Q", b.WQ, b.BQ, 0, 2, 1, 3)
	k := part("W_K", "b_K", b.WK, b.BK, 0, 2, 3, 1)
	v := part("W_V", "b_V", b.WV, b.BV, 0, 2, 1, 3)
	scores := p.node("MatMul", []string{q, k})
	if mask != "" {
		scores = p.node("Add", []string{scores, mask})
	}
	largest := p.node("ReduceMax", []string{scores}, numbers("axes", -1), number("keepdims", 1))
	e := p.node("Exp", []string{p.node("Sub", []string{scores, largest})})
	sum := p.node("ReduceSum", []string{e, p.ints(name+"last", -1)}, number("keepdims", 1))
	p.give(name+"pattern", "Div", []string{e, sum})
	p.graph.part(graphOutput, value(name+"pattern", float32s, "batch", m.Heads, "seq", "seq"))
	z := p.node("Div", []string{p.node("MatMul", []string{e, v}), sum})
	z = p.node("Transpose", []string{z}, numbers("perm", 0, 2, 1, 3))
	return p.node("Reshape", []string{z, p.ints(name+"merge", 0, 0, int64(m.Heads*m.DHead))})
}

// linear is x W + b.
func (p *program) linear(x, name, weights string, w model.Matrix, bias string, b []float32) string {
	return p.node("Add", []string{p.node("MatMul", []string{x, p.matrix(name+weights, w)}), p.vector(name+bias, b)})
}

// node adds a node and gives the name of its output.
func (p *program) node(operator string, inputs []string, attributes ...attribute) string {
	p.made++
	return p.give(fmt.Sprintf("%s_%d", operator, p.made), operator, inputs, attributes...)
}

// give is node with a name for the output.
func (p *program) give(name, operator string, inputs []string, attributes ...attribute) string {
	p.graph.part(graphNode, node(operator, inputs, name, attributes))
	return name
}

func (p *program) matrix(name string, w model.Matrix) string {
	p.weights = append(p.weights, export.NewTensor(name, w))
	return name
}

func (p *program) vector(name string, b []float32) string {
	p.weights = append(p.weights, export.NewVector(name, b))
	return name
}

func (p *program) ints(name string, list ...int64) string {
	p.graph.part(graphWeight, constant(name, list, len(list)))
	return name
}

func (p *program) scalar(name string, x int64) string {
	p.graph.part(graphWeight, constant(name, []int64{x}))
	return name
}

func number(name string, x int64) attribute { return attribute{name: name, ints: []int64{x}} }

func numbers(name string, list ...int64) attribute { return attribute{name, list, true} }

// beside puts the matrices of heads [heads*d_model, d_head] side by side: [d_model, heads*d_head].
func beside(w model.Matrix, c model.Config) model.Matrix {
	b := model.NewBuilder(c.DModel, c.Heads*c.DHead)
	for i := range c.Heads * c.DModel {
		for j, x := range w.Row(i) {
			b.Add(i%c.DModel, i/c.DModel*c.DHead+j, x)
		}
	}
	return b.Matrix()
}
