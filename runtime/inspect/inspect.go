// Package inspect runs a transformer slowly and keeps all that it computes: the residual
// stream after each half layer, scores and weights of each head, activations of each
// neuron. Hooks may change what is computed on the way.
//
// In comes a model and token ids; out come numbers. Like package runtime, whose rules for
// rounding it keeps, it knows nothing of RASP.
package inspect

import (
	"math"
	"slices"

	"rasp/runtime/model"
)

// Hooks change a run. Those that are nil change nothing.
type Hooks struct {
	// Head is shown what a head brings, before W_O: z [positions][d_head].
	Head func(layer, head int, z [][]float32)
	// Neurons is shown the activations of a layer [positions][d_mlp].
	Neurons func(layer int, h [][]float32)
	// Residual is shown the stream [positions][d_model] after a half layer: 0 is the
	// embedding, 2l+1 the attention of layer l (from 0), 2l+2 its MLP.
	Residual func(stage int, x [][]float32)
	// Keep says of which queries scores and weights are kept, which take the square of the
	// length; nil: of all.
	Keep func(query int) bool
}

// Run is all that a model computes on an input. Position 0 is BOS.
type Run struct {
	Residual [][][]float32 // [stage][position][d_model], stages as in Hooks
	Layers   []Layer
	Logits   [][]float32 // [position][width of W_U]
}

// Layer is what a layer computes. Of queries that are not kept scores and pattern are nil.
type Layer struct {
	Scores  [][][]float32 // [head][query][key]; -Inf where a query does not see a key
	Pattern [][][]float32 // [head][query][key]: the softmax of the scores
	Z       [][][]float32 // [head][position][d_head], after hooks
	Neurons [][]float32   // [position][d_mlp], after hooks
}

// Of runs a valid model on token ids, which must be right (see model.Check).
func Of(m *model.Model, input []int, hooks Hooks) *Run {
	r := &runner{Model: m, hooks: hooks, run: &Run{}}
	ids := append([]int{len(m.Vocab)}, input...)
	x := Rows[float32](len(ids), m.DModel)
	for i, id := range ids {
		addRow(x[i], m.WE, id, 1)
		addRow(x[i], m.WPos, i, 1)
	}
	r.keep(0, x)
	for l := range m.Blocks {
		r.run.Layers = append(r.run.Layers, Layer{})
		r.attention(l, x)
		r.keep(2*l+1, x)
		r.mlp(l, x)
		r.keep(2*l+2, x)
	}
	r.run.Logits = Affine(x, m.WU, m.BU)
	return r.run
}

type runner struct {
	*model.Model
	hooks Hooks
	run   *Run
}

// Float is what parts of a model can be computed in: float32 as the engine does, float64 to
// see what rounding did.
type Float interface{ float32 | float64 }

// Rows are so many of zeros.
func Rows[F Float](n, width int) [][]F {
	list, all := make([][]F, n), make([]F, n*width)
	for i := range list {
		list[i] = all[i*width : (i+1)*width : (i+1)*width]
	}
	return list
}

// keep shows the stream to the hook, and keeps a copy.
func (r *runner) keep(stage int, x [][]float32) {
	if r.hooks.Residual != nil {
		r.hooks.Residual(stage, x)
	}
	kept := Rows[float32](len(x), r.DModel)
	for i := range x {
		copy(kept[i], x[i])
	}
	r.run.Residual = append(r.run.Residual, kept)
}

// addRow adds a row of a matrix, times a factor.
func addRow(y []float32, w model.Matrix, row int, factor float32) {
	for j, v := range w.Row(row) {
		y[j] += float32(factor * v)
	}
}

// Affine is x W + b at each position; a bias of nil is none.
func Affine[F Float](x [][]F, w model.Matrix, bias []float32) [][]F {
	in, out := w.Size()
	y := Rows[F](len(x), out)
	for i := range y {
		for j, b := range bias {
			y[i][j] = F(b)
		}
	}
	for d := range in {
		for j, weight := range w.Row(d) {
			for i, row := range x {
				if v := row[d]; v != 0 {
					y[i][j] += F(v * F(weight))
				}
			}
		}
	}
	return y
}

func (r *runner) attention(l int, x [][]float32) {
	b := &r.Blocks[l]
	sums := Rows[float32](len(x), r.DModel)
	for h := range r.Heads {
		z := r.head(l, h, x)
		if r.hooks.Head != nil {
			r.hooks.Head(l, h, z)
		}
		layer := &r.run.Layers[l]
		layer.Z = append(layer.Z, z)
		for i, row := range z {
			for d, v := range row {
				if v != 0 {
					addRow(sums[i], b.WO, h*r.DHead+d, v)
				}
			}
		}
	}
	for i := range x {
		for d := range x[i] {
			x[i][d] += sums[i][d] + b.BO[d]
		}
	}
}

// head is what a head brings [positions][d_head].
func (r *runner) head(l, h int, x [][]float32) [][]float32 {
	scores, pattern, z := Head(r.Model, l, h, x, x, x)
	layer := &r.run.Layers[l]
	if r.hooks.Keep != nil {
		scores, pattern = r.kept(scores), r.kept(pattern)
	}
	layer.Scores, layer.Pattern = append(layer.Scores, scores), append(layer.Pattern, pattern)
	return z
}

// kept are copies of the rows of queries that are kept.
func (r *runner) kept(rows [][]float32) [][]float32 {
	list := make([][]float32, len(rows))
	for query, row := range rows {
		if r.hooks.Keep(query) {
			list[query] = slices.Clone(row)
		}
	}
	return list
}

// Head computes a head of a model whose queries, keys and values each read a residual
// stream [positions][d_model]: scores and weights as in Layer, and what it brings, before
// W_O, [position][d_head].
func Head[F Float](m *model.Model, l, h int, queries, keys, values [][]F) (scores, pattern, z [][]F) {
	b, n := &m.Blocks[l], len(queries)
	of := func(x [][]F, w model.Matrix, bias []float32) [][]F {
		return Affine(x, w.Part(h*m.DModel, (h+1)*m.DModel), bias[h*m.DHead:(h+1)*m.DHead])
	}
	q, k, v := of(queries, b.WQ, b.BQ), of(keys, b.WK, b.BK), of(values, b.WV, b.BV)
	scores, pattern, z = Rows[F](n, n), Rows[F](n, n), Rows[F](n, m.DHead)
	for i := range n {
		for j := range n {
			if scores[i][j] = F(math.Inf(-1)); j <= i || !m.Causal {
				scores[i][j] = dot(q[i], k[j])
			}
		}
		total := softmax(pattern[i], scores[i])
		for j, e := range pattern[i] {
			if e != 0 {
				for d, y := range v[j] {
					z[i][d] += F(e * y)
				}
			}
			pattern[i][j] = e / total
		}
		for d := range z[i] {
			z[i][d] /= total
		}
	}
	return scores, pattern, z
}

func dot[F Float](x, y []F) F {
	sum := F(0)
	for d := range x {
		sum += F(x[d] * y[d])
	}
	return sum
}

// softmax sets e to the exponentials of scores less the largest, and returns their sum.
func softmax[F Float](e, scores []F) F {
	most, total := F(math.Inf(-1)), F(0)
	for _, s := range scores {
		most = max(most, s)
	}
	for j, s := range scores {
		e[j] = F(math.Exp(float64(s - most)))
		total += e[j]
	}
	return total
}

func (r *runner) mlp(l int, x [][]float32) {
	b := &r.Blocks[l]
	hidden := Neurons(b, x)
	if r.hooks.Neurons != nil {
		r.hooks.Neurons(l, hidden)
	}
	r.run.Layers[l].Neurons = hidden
	for i, row := range Affine(hidden, b.WOut, b.BOut) {
		for d, v := range row {
			x[i][d] += v
		}
	}
}

// Neurons are the activations of a layer [position][d_mlp] that reads a residual stream.
func Neurons[F Float](b *model.Block, x [][]F) [][]F {
	h := Affine(x, b.WIn, b.BIn)
	for _, row := range h {
		for n, v := range row {
			row[n] = max(0, v)
		}
	}
	return h
}
