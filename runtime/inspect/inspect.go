// Package inspect runs a transformer slowly and keeps all that it computes: the residual
// stream after each half layer, scores and weights of each head, activations of each
// neuron. Hooks may change what is computed on the way.
//
// In comes a model and token ids; out come numbers. Like package runtime, whose rules for
// rounding it keeps, it knows nothing of RASP.
package inspect

import (
	"math"

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
}

// Run is all that a model computes on an input. Position 0 is BOS.
type Run struct {
	Residual [][][]float32 // [stage][position][d_model], stages as in Hooks
	Layers   []Layer
	Logits   [][]float32 // [position][width of W_U]
}

// Layer is what a layer computes.
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
	x := rows(len(ids), m.DModel)
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
	for _, row := range x {
		r.run.Logits = append(r.run.Logits, affine(row, m.WU, m.BU))
	}
	return r.run
}

type runner struct {
	*model.Model
	hooks Hooks
	run   *Run
}

func rows(n, width int) [][]float32 {
	list, all := make([][]float32, n), make([]float32, n*width)
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
	kept := rows(len(x), r.DModel)
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

// affine is x W + b.
func affine(x []float32, w model.Matrix, bias []float32) []float32 {
	y := append([]float32(nil), bias...)
	for i, v := range x {
		if v != 0 {
			addRow(y, w, i, v)
		}
	}
	return y
}

func (r *runner) attention(l int, x [][]float32) {
	b := &r.Blocks[l]
	sums := rows(len(x), r.DModel)
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
	b, n := &r.Blocks[l], len(x)
	of := func(w model.Matrix, bias []float32) [][]float32 {
		w, bias = w.Part(h*r.DModel, (h+1)*r.DModel), bias[h*r.DHead:(h+1)*r.DHead]
		y := make([][]float32, n)
		for i := range x {
			y[i] = affine(x[i], w, bias)
		}
		return y
	}
	q, k, v := of(b.WQ, b.BQ), of(b.WK, b.BK), of(b.WV, b.BV)
	scores, pattern, z := rows(n, n), rows(n, n), rows(n, r.DHead)
	for i := range n {
		for j := range n {
			if scores[i][j] = float32(math.Inf(-1)); j <= i || !r.Causal {
				scores[i][j] = dot(q[i], k[j])
			}
		}
		total := softmax(pattern[i], scores[i])
		for j, e := range pattern[i] {
			if e != 0 {
				for d, y := range v[j] {
					z[i][d] += float32(e * y)
				}
			}
			pattern[i][j] = e / total
		}
		for d := range z[i] {
			z[i][d] /= total
		}
	}
	layer := &r.run.Layers[l]
	layer.Scores, layer.Pattern = append(layer.Scores, scores), append(layer.Pattern, pattern)
	return z
}

func dot(x, y []float32) float32 {
	sum := float32(0)
	for d := range x {
		sum += float32(x[d] * y[d])
	}
	return sum
}

// softmax sets e to the exponentials of scores less the largest, and returns their sum.
func softmax(e, scores []float32) float32 {
	most, total := float32(math.Inf(-1)), float32(0)
	for _, s := range scores {
		most = max(most, s)
	}
	for j, s := range scores {
		e[j] = float32(math.Exp(float64(s - most)))
		total += e[j]
	}
	return total
}

func (r *runner) mlp(l int, x [][]float32) {
	b := &r.Blocks[l]
	hidden := make([][]float32, len(x))
	for i := range x {
		hidden[i] = affine(x[i], b.WIn, b.BIn)
		for n, v := range hidden[i] {
			hidden[i][n] = max(0, v)
		}
	}
	if r.hooks.Neurons != nil {
		r.hooks.Neurons(l, hidden)
	}
	r.run.Layers[l].Neurons = hidden
	for i := range x {
		for d, v := range affine(hidden[i], b.WOut, b.BOut) {
			x[i][d] += v
		}
	}
}
