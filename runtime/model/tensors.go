package model

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Tensor is one named array of a model, a matrix or a bias.
type Tensor struct {
	Name   string
	Shape  []int // of a matrix [.., Rows, Cols], or of a bias
	matrix *Matrix
	bias   *[]float32
}

// Weights are the elements as a matrix: a bias is one row.
func (t Tensor) Weights() Matrix {
	if t.matrix != nil {
		return *t.matrix
	}
	n := len(*t.bias)
	return Matrix{rows: min(n, 1), cols: n, dense: *t.bias}
}

// Floats are the elements, row-major: a copy.
func (t Tensor) Floats() []float32 { return slices.Clone(t.Weights().Floats()) }

// Set gives the tensor of the model other elements, row-major, as many as its shape asks
// for, and may keep the slice.
func (t Tensor) Set(elements []float32) {
	if t.matrix == nil {
		*t.bias = elements
		return
	}
	rows, cols := t.size()
	*t.matrix = Dense(rows, cols, elements)
}

// size is the shape as that of a matrix.
func (t Tensor) size() (rows, cols int) {
	last := len(t.Shape) - 1
	return elements(t.Shape[:last]), t.Shape[last]
}

// Tensors lists every tensor of m with the shape that the config asks for, in
// the names of TransformerLens. m.Blocks has Layers elements.
func (m *Model) Tensors() []Tensor { return m.tensors(len(m.Vocab)+1, m.width()) }

// tensors are those for so many tokens, BOS included, and columns of the outputs.
func (m *Model) tensors(tokens, width int) []Tensor {
	c := m.Config
	list := []Tensor{
		{"embed.W_E", []int{tokens, c.DModel}, &m.WE, nil},
		{positionsName, []int{c.NCtx, c.DModel}, &m.WPos, nil},
		{"unembed.W_U", []int{c.DModel, width}, &m.WU, nil},
		{"unembed.b_U", []int{width}, nil, &m.BU},
	}
	for l := range m.Blocks {
		list = append(list, m.Blocks[l].tensors(fmt.Sprintf("blocks.%d.", l), c)...)
	}
	return list
}

const positionsName = "pos_embed.W_pos"

// byName lists the tensors in the order of their names.
func (m *Model) byName() []Tensor {
	tensors := m.Tensors()
	slices.SortFunc(tensors, func(a, b Tensor) int { return cmp.Compare(a.Name, b.Name) })
	return tensors
}

func (b *Block) tensors(prefix string, c Config) []Tensor {
	in, bias, out := []int{c.Heads, c.DModel, c.DHead}, []int{c.Heads, c.DHead}, []int{c.Heads, c.DHead, c.DModel}
	return []Tensor{
		{prefix + "attn.W_Q", in, &b.WQ, nil},
		{prefix + "attn.W_K", in, &b.WK, nil},
		{prefix + "attn.W_V", in, &b.WV, nil},
		{prefix + "attn.W_O", out, &b.WO, nil},
		{prefix + "attn.b_Q", bias, nil, &b.BQ},
		{prefix + "attn.b_K", bias, nil, &b.BK},
		{prefix + "attn.b_V", bias, nil, &b.BV},
		{prefix + "attn.b_O", []int{c.DModel}, nil, &b.BO},
		{prefix + "mlp.W_in", []int{c.DModel, c.DMLP}, &b.WIn, nil},
		{prefix + "mlp.b_in", []int{c.DMLP}, nil, &b.BIn},
		{prefix + "mlp.W_out", []int{c.DMLP, c.DModel}, &b.WOut, nil},
		{prefix + "mlp.b_out", []int{c.DModel}, nil, &b.BOut},
	}
}

// width is the number of columns of W_U that the outputs own together.
func (m *Model) width() int {
	n := 0
	for _, o := range m.Outputs {
		n += o.Width()
	}
	return n
}

// Elements is how many numbers the shape asks for.
func (t Tensor) Elements() int { return elements(t.Shape) }

// elements is the number of elements of a shape, -1 if the bytes of so many
// float32 do not fit an int.
func elements(shape []int) int {
	n := 1
	for _, d := range shape {
		if d > 0 && n > math.MaxInt/4/d {
			return -1
		}
		n *= d
	}
	return n
}

// Parameters counts the weights of the model, biases and embeddings included,
// and those of them that are not zero.
func (m *Model) Parameters() (total, nonzero int) {
	for _, t := range m.Tensors() {
		w := t.Weights()
		total, nonzero = total+w.Len(), nonzero+w.Nonzero()
	}
	return total, nonzero
}
