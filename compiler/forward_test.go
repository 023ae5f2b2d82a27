package compiler

import (
	"math"
	"slices"

	"rasp/compiler/plan"
	"rasp/runtime/model"
)

// number is the arithmetic of a forward pass.
type number interface{ float32 | float64 }

// manner is how a forward pass is computed.
type manner[F number] struct {
	sum     func(terms []F) F // adds up a sum of products, in any order
	exp     func(score F) F   // of a score less the largest
	divides bool              // the weights of keys by their sum, before values are added up
	read    func(row []F) []F // what a norm makes of the residual stream at a position
}

// plain is as package runtime promises it.
func plain[F number](sum func([]F) F) manner[F] {
	return manner[F]{sum: sum, exp: func(s F) F { return F(math.Exp(float64(s))) }, read: func(row []F) []F { return row }}
}

// forward is the plainest forward pass: the residual stream [positions, d_model]
// after the last layer and the logits, BOS at position 0. sum adds up a sum of
// products, in any order.
func forward[F number](m *model.Model, input []int, sum func(terms []F) F) (x, logits [][]F) {
	return computed(m, input, plain(sum))
}

// computed is forward in a manner.
func computed[F number](m *model.Model, input []int, in manner[F]) (x, logits [][]F) {
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
		hidden := affineMap(in.reads(x), b.WIn, b.BIn, in.sum)
		for _, row := range hidden {
			for i := range row {
				row[i] = max(0, row[i])
			}
		}
		x = add(x, affineMap(hidden, b.WOut, b.BOut, in.sum))
	}
	return x, affineMap(in.reads(x), m.WU, m.BU, in.sum)
}

// reads is what is read of the residual stream.
func (in manner[F]) reads(x [][]F) [][]F {
	out := make([][]F, len(x))
	for p, row := range x {
		out[p] = in.read(row)
	}
	return out
}

func attended[F number](m *model.Model, b *model.Block, x [][]F, in manner[F]) [][]F {
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
		q := affineMap(x, matrix(b.WQ), bias(b.BQ), in.sum)
		k := affineMap(x, matrix(b.WK), bias(b.BK), in.sum)
		v := affineMap(x, matrix(b.WV), bias(b.BV), in.sum)
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
		out = add(out, affineMap(z, matrix(b.WO), once, in.sum))
	}
	return out
}

// attend is the softmax mean of the values.
func attend[F number](q []F, keys, values [][]F, in manner[F]) []F {
	weights := make([]F, len(keys))
	for j, k := range keys {
		weights[j] = dotProduct(q, k, in.sum)
	}
	top := slices.Max(weights)
	for j, s := range weights {
		weights[j] = in.exp(s - top)
	}
	total := in.sum(slices.Clone(weights))
	z := make([]F, len(values[0]))
	for d := range z {
		terms := make([]F, len(values))
		for j := range values {
			terms[j] = weights[j] * values[j][d]
			if in.divides {
				terms[j] = weights[j] / total * values[j][d]
			}
		}
		if z[d] = in.sum(terms); !in.divides {
			z[d] /= total
		}
	}
	return z
}

func dotProduct[F number](x, y []F, sum func([]F) F) F {
	terms := make([]F, len(x))
	for i := range x {
		terms[i] = x[i] * y[i]
	}
	return sum(terms)
}

// affineMap is x times a matrix plus the bias; weights of 0 are no terms.
func affineMap[F number](x [][]F, matrix model.Matrix, bias []float32, sum func([]F) F) [][]F {
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

func add[F number](x, y [][]F) [][]F {
	out := make([][]F, len(x))
	for p := range x {
		out[p] = make([]F, len(x[p]))
		for d := range x[p] {
			out[p][d] = x[p][d] + y[p][d]
		}
	}
	return out
}

// Orders in which to add.
func forwards[F number](terms []F) F {
	s := F(0)
	for _, t := range terms {
		s += t
	}
	return s
}

func backwards[F number](terms []F) F {
	slices.Reverse(terms)
	return forwards(terms)
}

// pairwise adds in the way of a tree.
func pairwise[F number](terms []F) F {
	if len(terms) < 2 {
		return forwards(terms)
	}
	half := len(terms) / 2
	return pairwise(terms[:half]) + pairwise(terms[half:])
}
