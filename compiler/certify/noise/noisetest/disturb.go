// Package noisetest has what tests of models that stand noise try them with: other weights
// (disturb.go), inputs with large counts, and the arithmetics of other processors
// (arithmetic.go).
package noisetest

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"rasp/runtime/model"
)

// Disturbance changes the weights of a model.
type Disturbance func(m *model.Model, r *rand.Rand)

// Disturbed is a copy of a model with other weights.
func Disturbed(m *model.Model, r *rand.Rand, d Disturbance) *model.Model {
	changed := *m
	changed.Blocks = slices.Clone(m.Blocks)
	d(&changed, r)
	return &changed
}

// EveryWeight changes each weight of each tensor, given the root mean square of that.
func EveryWeight(m *model.Model, change func(w, rms float64) float64) {
	for _, t := range m.Tensors() {
		weights, sum := t.Floats(), 0.0
		for _, w := range weights {
			sum += float64(float64(w) * float64(w))
		}
		rms := math.Sqrt(sum / max(1, float64(len(weights))))
		for i, w := range weights {
			weights[i] = float32(change(float64(w), rms))
		}
		t.Set(weights)
	}
}

// Relative noise: each weight is off by a part of itself.
func Relative(sigma float64) Disturbance {
	return func(m *model.Model, r *rand.Rand) {
		EveryWeight(m, func(w, _ float64) float64 { return w * (1 + sigma*r.NormFloat64()) })
	}
}

// Absolute noise: each weight, those too that are 0, is off by a part of the root mean square of
// its tensor.
func Absolute(sigma float64) Disturbance {
	return func(m *model.Model, r *rand.Rand) {
		EveryWeight(m, func(w, rms float64) float64 { return w + sigma*rms*r.NormFloat64() })
	}
}

// InBits rounds the weights to so many bits behind the first: 7 for bfloat16, 10 for float16 and
// TF32.
func InBits(bits int) Disturbance {
	return func(m *model.Model, _ *rand.Rand) {
		EveryWeight(m, func(w, _ float64) float64 { return roundedTo(w, bits) })
	}
}

// roundedTo so many bits behind the first, to the even one of two that are as near.
func roundedTo(x float64, bits int) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	_, exp := math.Frexp(x)
	return math.Ldexp(math.RoundToEven(math.Ldexp(x, bits+1-exp)), exp-bits-1)
}

// Rotated turns the residual stream by a random orthogonal matrix, all that writes it and all
// that reads it.
func Rotated(m *model.Model, r *rand.Rand) {
	q := orthogonal(m.DModel, r)
	for _, t := range m.Tensors() {
		switch name := t.Name[slices.Index([]byte(t.Name), '.')+1:]; {
		case t.Name == "embed.W_E", t.Name == "pos_embed.W_pos", writesStream(name):
			t.Set(rowsTimes(t.Floats(), q, m.DModel))
		case t.Name == "unembed.W_U", readsStream(name):
			t.Set(columnsTimes(t.Floats(), q, m.DModel, t.Shape[len(t.Shape)-1]))
		}
	}
}

// writesStream, by what stands behind "blocks.".
func writesStream(name string) bool {
	return slices.ContainsFunc([]string{"attn.W_O", "attn.b_O", "mlp.W_out", "mlp.b_out"}, func(s string) bool { return strings.HasSuffix(name, s) })
}

func readsStream(name string) bool {
	return slices.ContainsFunc([]string{"attn.W_Q", "attn.W_K", "attn.W_V", "mlp.W_in"}, func(s string) bool { return strings.HasSuffix(name, s) })
}

// orthogonal is a random orthogonal matrix [n, n], by Gram and Schmidt.
func orthogonal(n int, r *rand.Rand) [][]float64 {
	q := make([][]float64, n)
	for i := range q {
		q[i] = make([]float64, n)
		for j := range q[i] {
			q[i][j] = r.NormFloat64()
		}
		for range 2 { // once more for what rounding has left
			for _, p := range q[:i] {
				along := 0.0
				for j, x := range p {
					along += float64(x * q[i][j])
				}
				for j, x := range p {
					q[i][j] -= float64(along * x)
				}
			}
		}
		length := 0.0
		for _, x := range q[i] {
			length += float64(x * x)
		}
		for j := range q[i] {
			q[i][j] /= math.Sqrt(length)
		}
	}
	return q
}

// rowsTimes is a matrix [.., n] times q [n, n].
func rowsTimes(w []float32, q [][]float64, n int) []float32 {
	out := make([]float32, len(w))
	row := make([]float64, n)
	for at := 0; at < len(w); at += n {
		clear(row)
		for d, x := range w[at : at+n] {
			if x == 0 {
				continue
			}
			for j := range row {
				row[j] += float64(float64(x) * q[d][j])
			}
		}
		for j, x := range row {
			out[at+j] = float32(x)
		}
	}
	return out
}

// columnsTimes is the transpose of q [n, n] times each matrix [n, width] of a tensor.
func columnsTimes(w []float32, q [][]float64, n, width int) []float32 {
	out := make([]float32, 0, len(w))
	for at := 0; at < len(w); at += n * width {
		part := make([]float64, n*width)
		for d := range n {
			for j := range width {
				if x := float64(w[at+d*width+j]); x != 0 {
					for k := range n {
						part[k*width+j] += float64(q[d][k] * x)
					}
				}
			}
		}
		for _, x := range part {
			out = append(out, float32(x))
		}
	}
	return out
}

// HardInputs are of few different tokens, in any order or in runs, most of them long.
func HardInputs(vocab, length, count int, r *rand.Rand) [][]int {
	list := make([][]int, count)
	for k := range list {
		n := length
		if k%4 == 3 {
			n = 1 + r.IntN(length)
		}
		kinds := make([]int, 1+r.IntN(4))
		for i := range kinds {
			kinds[i] = r.IntN(vocab)
		}
		at, stays := 0, float64(k%3)/3
		for range n {
			if r.Float64() >= stays {
				at = r.IntN(len(kinds))
			}
			token := kinds[at]
			if k%2 == 0 && r.IntN(8) == 0 {
				token = r.IntN(vocab)
			}
			list[k] = append(list[k], token)
		}
	}
	return list
}
