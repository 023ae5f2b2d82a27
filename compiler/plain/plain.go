// Package plain is the plainest forward pass, which tests hold others against: slow, in float32
// or float64, adding in any order. It knows the model file and nothing of how models are made
// or run.
//
// In: a model, and the ids of an input. Out: the residual stream after the last layer, and the
// logits.
package plain

import (
	"math"
	"slices"

	"rasp/compiler/plan"
	"rasp/runtime/model"
)

// Number is the arithmetic of a forward pass.
type Number interface{ float32 | float64 }

// Manner is how a forward pass is computed.
type Manner[F Number] struct {
	Sum     func(terms []F) F // adds up a sum of products, in any order
	Exp     func(score F) F   // of a score less the largest
	Divides bool              // the weights of keys by their sum, before values are added up
	Read    func(row []F) []F // what a norm makes of the residual stream at a position
}

// AsPromised is as package runtime promises it.
func AsPromised[F Number](sum func([]F) F) Manner[F] {
	return Manner[F]{Sum: sum, Exp: func(s F) F { return F(math.Exp(float64(s))) }, Read: func(row []F) []F { return row }}
}

// Forward is the plainest forward pass: the residual stream [positions, d_model]
// after the last layer and the logits, BOS at position 0. sum adds up a sum of
// products, in any order.
func Forward[F Number](m *model.Model, input []int, sum func(terms []F) F) (x, logits [][]F) {
	return In(m, input, AsPromised(sum))
}

// In is Forward in a manner.
func In[F Number](m *model.Model, input []int, in Manner[F]) (x, logits [][]F) {
	ids := append([]int{len(m.Vocab)}, input...)
	for p, id := range ids {
		row := make([]F, m.DModel)
		for d := range row {
			row[d] = F(m.WE.At(id, d) + m.WPos.At(p, d))
		}
		x = append(x, row)
	}
	for _, b := range m.Blocks {
		x = add(x, attended(m, &b, in.reads(x), in))
		hidden := Affine(in.reads(x), b.WIn, b.BIn, in.Sum)
		for _, row := range hidden {
			for i := range row {
				row[i] = max(0, row[i])
			}
		}
		x = add(x, Affine(hidden, b.WOut, b.BOut, in.Sum))
	}
	return x, Affine(in.reads(x), m.WU, m.BU, in.Sum)
}

// reads is what is read of the residual stream.
func (in Manner[F]) reads(x [][]F) [][]F {
	out := make([][]F, len(x))
	for p, row := range x {
		out[p] = in.Read(row)
	}
	return out
}

func attended[F Number](m *model.Model, b *model.Block, x [][]F, in Manner[F]) [][]F {
	out := make([][]F, len(x))
	for p := range out {
		out[p] = make([]F, m.DModel)
	}
	for h := range m.Heads {
		matrix := func(w model.Matrix) model.Matrix {
			rows, _ := w.Size()
			return w.Part(h*rows/m.Heads, (h+1)*rows/m.Heads)
		}
		bias := func(w []float32) []float32 { return w[h*m.DHead : (h+1)*m.DHead] }
		q := Affine(x, matrix(b.WQ), bias(b.BQ), in.Sum)
		k := Affine(x, matrix(b.WK), bias(b.BK), in.Sum)
		v := Affine(x, matrix(b.WV), bias(b.BV), in.Sum)
		z := make([][]F, len(x))
		for i := range x {
			visible := len(x)
			if m.Causal {
				visible = i + 1
			}
			z[i] = attend(q[i], k[:visible], v[:visible], in)
		}
		once := b.BO
		if h > 0 {
			once = make([]float32, m.DModel)
		}
		out = add(out, Affine(z, matrix(b.WO), once, in.Sum))
	}
	return out
}

// attend is the softmax mean of the values.
func attend[F Number](q []F, keys, values [][]F, in Manner[F]) []F {
	weights := make([]F, len(keys))
	for j, k := range keys {
		weights[j] = Dot(q, k, in.Sum)
	}
	top := slices.Max(weights)
	for j, s := range weights {
		weights[j] = in.Exp(s - top)
	}
	total := in.Sum(slices.Clone(weights))
	z := make([]F, len(values[0]))
	for d := range z {
		terms := make([]F, len(values))
		for j := range values {
			terms[j] = weights[j] * values[j][d]
			if in.Divides {
				terms[j] = weights[j] / total * values[j][d]
			}
		}
		if z[d] = in.Sum(terms); !in.Divides {
			z[d] /= total
		}
	}
	return z
}

// Dot is the product of two rows.
func Dot[F Number](x, y []F, sum func([]F) F) F {
	terms := make([]F, len(x))
	for i := range x {
		terms[i] = x[i] * y[i]
	}
	return sum(terms)
}

// Affine is x times a matrix plus the bias; weights of 0 are no terms.
func Affine[F Number](x [][]F, matrix model.Matrix, bias []float32, sum func([]F) F) [][]F {
	columns, out, terms := plan.ColumnsOf(matrix), make([][]F, len(x)), []F(nil)
	for p, row := range x {
		out[p] = make([]F, len(columns))
		for j, column := range columns {
			terms = append(terms[:0], F(bias[j]))
			for _, e := range column {
				terms = append(terms, row[e.Row]*F(e.Weight))
			}
			out[p][j] = sum(terms)
		}
	}
	return out
}

func add[F Number](x, y [][]F) [][]F {
	out := make([][]F, len(x))
	for p := range x {
		out[p] = make([]F, len(x[p]))
		for d := range x[p] {
			out[p][d] = x[p][d] + y[p][d]
		}
	}
	return out
}

// Forwards, Backwards and Pairwise are orders in which to add.
func Forwards[F Number](terms []F) F {
	s := F(0)
	for _, t := range terms {
		s += t
	}
	return s
}

func Backwards[F Number](terms []F) F {
	slices.Reverse(terms)
	return Forwards(terms)
}

// Pairwise adds in the way of a tree.
func Pairwise[F Number](terms []F) F {
	if len(terms) < 2 {
		return Forwards(terms)
	}
	half := len(terms) / 2
	return Pairwise(terms[:half]) + Pairwise(terms[half:])
}
