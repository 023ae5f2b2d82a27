// Package layernorm puts a model without LayerNorm into a transformer with it, so that
// LayerNorm changes no bit.
//
//	LayerNorm(x) = (x - mean) / sqrt(variance + eps) * weight + bias
//
// The mean is 0, since each dimension has another one that holds minus the same: what is
// written to one is written to the other with the opposite sign, and rounding to
// nearest is symmetric. The variance counts for nothing beside eps = 2^120: float32 has
// 24 bits, so it may be up to 2^96. Then the square root is 2^60, and a weight of 2^60
// undoes it: two powers of two. (What is less than 2^-66 in size loses bits, 2^-89 at most.)
// Nothing reads the second dimensions, so all else is computed as before.
//
// That the sum of x is 0 in exact arithmetic does not make it 0 in float32, where the
// order counts. PyTorch takes the mean by Welford's method, whose steps divide by 3, 5 and
// so on, in some number of lanes side by side, over runs of 16 vectors of so many
// lanes; means of neighbouring runs, of pairs of runs, and so on are then joined, with
// equal weights. (On a GPU threads take the place of lanes, and joining goes by halves.)
// So a dimension and its opposite stand 256 apart in a block of 512: with up to 16 lanes the two
// halves of a block are whole runs, or pairs, or fours; the means of the halves are
// opposite bit for bit, and the mean of the block is exactly 0. Source of the order: RowwiseMoments in
// aten/src/ATen/native/cpu/moments_utils.h and cuWelfordCombine in
// aten/src/ATen/native/cuda/layer_norm_kernel.cu of PyTorch. A method that only adds up the
// dimensions is exact too where they lie on a grid.
package layernorm

import (
	"fmt"
	"math"
	"slices"

	"rasp/runtime/export"
	"rasp/runtime/model"
)

// The constants of LayerNorm.
const (
	Epsilon = 0x1p120
	Weight  = 0x1p60
)

// Largest bounds what writes to the stream: from 2^48 on the variance would count.
const Largest = 0x1p46

// Scale makes a ReLU of an activation that is x times a number from 0 to 1, near 1 for large x
// and near 0 for small: GELU or SiLU of Scale*x, over Scale, is off by less than Scale^-1, and
// by nothing where x is above 2^-33 in size.
const Scale = 0x1p40

// Check refuses models with numbers that are too large for all this: the error is an
// *export.Refusal.
func Check(m *model.Model) error {
	largest, in := max(size(m.WE), size(m.WPos)), 0.0
	for l := range m.Blocks {
		b := &m.Blocks[l]
		largest = max(largest, size(b.WOut), size(export.Row(b.BOut)), size(b.WO), size(export.Row(b.BO)))
		in = max(in, size(b.WIn), size(export.Row(b.BIn)))
	}
	if largest <= Largest && in <= Scale { // then Scale times what a neuron reads is below 2^127
		return nil
	}
	return &export.Refusal{
		Why:  fmt.Sprintf("it has weights of up to %.2g, and norms can be undone for numbers up to %.2g only", max(largest, in), Largest),
		Hint: "--to onnx and --to transformerlens have no norms",
	}
}

// size is the largest weight.
func size(w model.Matrix) float64 {
	rows, _ := w.Size()
	largest := 0.0
	for i := range rows {
		for _, x := range w.Row(i) {
			largest = max(largest, math.Abs(float64(x)))
		}
	}
	return largest
}

// half is how far apart a dimension and its opposite stand.
const half = 256

// Stream is a residual stream with LayerNorm: how the dimensions and the heads of a model
// stand in it. Heads of a power of four in size have scores that are divided by a power of two.
type Stream struct {
	Width        int // a multiple of 512
	Heads, DHead int // their product is Width
	model        model.Config
}

// New is the narrowest stream that has room for a model and for so many dimensions more.
func New(m *model.Model, more int) Stream {
	blocks := (m.DModel + more + half - 1) / half
	for ; ; blocks++ {
		s := Stream{Width: 2 * half * blocks, model: m.Config}
		for d := 1; s.Width%d == 0 && s.Width/d >= m.Heads; d *= 4 {
			s.DHead, s.Heads = d, s.Width/d
		}
		if s.DHead >= m.DHead {
			return s
		}
	}
}

// Dim is where dimension d stands; its opposite is 256 further on.
func (s Stream) Dim(d int) int { return d/half*2*half + d%half }

// Spare is where dimension i of those stands that the model does not have.
func (s Stream) Spare(i int) int { return s.Dim(s.model.DModel + i) }

// Root is what queries have to be multiplied by, since scores are divided by it.
func (s Stream) Root() float32 {
	root := float32(1)
	for d := s.DHead; d > 1; d /= 4 {
		root *= 2
	}
	return root
}

// Written is a matrix [n, d_model] that writes to the stream: [n, Width].
func (s Stream) Written(w model.Matrix) model.Matrix {
	rows, _ := w.Size()
	b := model.NewBuilder(rows, s.Width)
	for i := range rows {
		for d, x := range w.Row(i) {
			b.Add(i, s.Dim(d), x)
			b.Add(i, s.Dim(d)+half, -x)
		}
	}
	return b.Matrix()
}

// WrittenBias is a bias [d_model] that is written to the stream: [1, Width].
func (s Stream) WrittenBias(bias []float32) model.Matrix { return s.Written(export.Row(bias)) }

// Read is a matrix [d_model, n] that reads the stream: [Width, n].
func (s Stream) Read(w model.Matrix) model.Matrix {
	rows, cols := w.Size()
	b := model.NewBuilder(s.Width, cols)
	for d := range rows {
		for j, x := range w.Row(d) {
			b.Add(s.Dim(d), j, x)
		}
	}
	return b.Matrix()
}

// Heads is a matrix of each head [heads*d_model, d_head], multiplied: [Width, Width], the
// columns of a head side by side.
func (s Stream) ReadHeads(w model.Matrix, factor float32) model.Matrix {
	b := model.NewBuilder(s.Width, s.Width)
	for h := range s.model.Heads {
		for d := range s.model.DModel {
			for j, x := range w.Row(h*s.model.DModel + d) {
				b.Add(s.Dim(d), h*s.DHead+j, x*factor)
			}
		}
	}
	return b.Matrix()
}

// HeadBias is a bias of each head [heads*d_head], multiplied: [Width].
func (s Stream) HeadBias(bias []float32, factor float32) []float32 {
	all := make([]float32, s.Width)
	for i, x := range bias {
		all[i/s.model.DHead*s.DHead+i%s.model.DHead] = x * factor
	}
	return all
}

// Moved is the output matrix of the heads [heads*d_head, d_model]: [Width, Width].
func (s Stream) Moved(w model.Matrix) model.Matrix {
	b := model.NewBuilder(s.Width, s.Width)
	for h := range s.model.Heads {
		for j := range s.model.DHead {
			for d, x := range w.Row(h*s.model.DHead + j) {
				b.Add(h*s.DHead+j, s.Dim(d), x)
				b.Add(h*s.DHead+j, s.Dim(d)+half, -x)
			}
		}
	}
	return b.Matrix()
}

// Norm are the tensors of a LayerNorm that changes nothing, called NAME.weight and
// NAME.bias.
func (s Stream) Norm(name string) []export.Tensor {
	weight := make([]float32, s.Width)
	for i := range weight {
		weight[i] = Weight
	}
	return []export.Tensor{export.NewVector(name+".weight", weight), export.NewVector(name+".bias", make([]float32, s.Width))}
}

// OneNorm is Norm, but for a dimension that the model does not have, which becomes 1.
func (s Stream) OneNorm(name string, one int) []export.Tensor {
	bias := make([]float32, s.Width)
	bias[one] = 1
	return []export.Tensor{s.Norm(name)[0], export.NewVector(name+".bias", bias)}
}

// QKV are the matrices of all queries, keys and values side by side, [Width, 3*Width], and
// their biases, queries multiplied by Root.
func (s Stream) QKV(b *model.Block) (weights model.Matrix, bias []float32) {
	all := model.NewBuilder(s.Width, 3*s.Width)
	for p, part := range []model.Matrix{s.ReadHeads(b.WQ, s.Root()), s.ReadHeads(b.WK, 1), s.ReadHeads(b.WV, 1)} {
		for i := range s.Width {
			for j, w := range part.Row(i) {
				all.Add(i, p*s.Width+j, w)
			}
		}
	}
	return all.Matrix(), slices.Concat(s.HeadBias(b.BQ, s.Root()), s.HeadBias(b.BK, 1), s.HeadBias(b.BV, 1))
}

// Impossible is the logit of tokens that cannot come next.
const Impossible = -1 << 30

// Head is the unembedding of a vocabulary of n tokens, without a bias: [n, width], given
// that by column. The logit of column c stands in row ids[c]; the bias is read of dimension
// one, which holds 1. The other rows are impossible.
func Head(m *model.Model, columns model.Matrix, ids []int, n, one int) model.Matrix {
	_, width := columns.Size()
	b, named := model.NewBuilder(n, width), make([]bool, n)
	for c, id := range ids {
		named[id] = true
		for d, w := range columns.Row(c) {
			b.Add(id, d, w)
		}
		b.Add(id, one, m.BU[c])
	}
	for id := range n {
		if !named[id] {
			b.Add(id, one, Impossible)
		}
	}
	return b.Matrix()
}

// Classes are the token ids of the columns of a model that predicts, whose classes are in
// the order of the vocabulary.
func Classes(m *model.Model) []int {
	var ids []int
	for id, t := range m.Vocab {
		if n := len(ids); n < len(m.BU) && m.Outputs[0].Classes[n] == t {
			ids = append(ids, id)
		}
	}
	return ids
}
