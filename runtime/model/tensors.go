package model

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Tensor is one named array of a model; Data points at the model's own slice.
type Tensor struct {
	Name  string
	Shape []int
	Data  *[]float32
}

// Tensors lists every tensor of m with the shape that the config asks for, in
// the names of TransformerLens. m.Blocks has Layers elements.
func (m *Model) Tensors() []Tensor {
	c, width := m.Config, m.width()
	list := []Tensor{
		{"embed.W_E", []int{len(m.Vocab) + 1, c.DModel}, &m.WE},
		{"pos_embed.W_pos", []int{c.NCtx, c.DModel}, &m.WPos},
		{"unembed.W_U", []int{c.DModel, width}, &m.WU},
		{"unembed.b_U", []int{width}, &m.BU},
	}
	for l := range m.Blocks {
		list = append(list, m.Blocks[l].tensors(fmt.Sprintf("blocks.%d.", l), c)...)
	}
	return list
}

// byName lists the tensors in the order of their names.
func (m *Model) byName() []Tensor {
	tensors := m.Tensors()
	slices.SortFunc(tensors, func(a, b Tensor) int { return cmp.Compare(a.Name, b.Name) })
	return tensors
}

func (b *Block) tensors(prefix string, c Config) []Tensor {
	in, bias, out := []int{c.Heads, c.DModel, c.DHead}, []int{c.Heads, c.DHead}, []int{c.Heads, c.DHead, c.DModel}
	return []Tensor{
		{prefix + "attn.W_Q", in, &b.WQ},
		{prefix + "attn.W_K", in, &b.WK},
		{prefix + "attn.W_V", in, &b.WV},
		{prefix + "attn.W_O", out, &b.WO},
		{prefix + "attn.b_Q", bias, &b.BQ},
		{prefix + "attn.b_K", bias, &b.BK},
		{prefix + "attn.b_V", bias, &b.BV},
		{prefix + "attn.b_O", []int{c.DModel}, &b.BO},
		{prefix + "mlp.W_in", []int{c.DModel, c.DMLP}, &b.WIn},
		{prefix + "mlp.b_in", []int{c.DMLP}, &b.BIn},
		{prefix + "mlp.W_out", []int{c.DMLP, c.DModel}, &b.WOut},
		{prefix + "mlp.b_out", []int{c.DModel}, &b.BOut},
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
		total += len(*t.Data)
		for _, w := range *t.Data {
			if w != 0 {
				nonzero++
			}
		}
	}
	return total, nonzero
}
