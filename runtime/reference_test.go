package runtime

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"rasp/runtime/model"
)

// reference computes the logits [len(input)+1, width] in float64 with dense
// matrices, the whole attention pattern of a head at once: the textbook formula,
// written independently of forward.go.
func reference(m *model.Model, input []int) *mat.Dense {
	ids := append([]int{len(m.Vocab)}, input...)
	x := mat.NewDense(len(ids), m.DModel, nil)
	for i, id := range ids {
		for j := range m.DModel {
			x.Set(i, j, float64(m.WE.At(id, j))+float64(m.WPos.At(i, j)))
		}
	}
	for _, b := range m.Blocks {
		sum := repeat(b.BO, len(ids))
		for h := range m.Heads {
			sum.Add(sum, referenceHead(m, b, h, x))
		}
		x.Add(x, sum)

		if m.DMLP == 0 {
			x.Add(x, repeat(b.BOut, len(ids)))
			continue // gonum has no empty matrices
		}
		hidden := affine(x, dense(b.WIn.Floats(), m.DModel, m.DMLP), b.BIn)
		hidden.Apply(func(_, _ int, v float64) float64 { return math.Max(0, v) }, hidden)
		x.Add(x, affine(hidden, dense(b.WOut.Floats(), m.DMLP, m.DModel), b.BOut))
	}
	return affine(x, dense(m.WU.Floats(), m.DModel, len(m.BU)), m.BU)
}

// referenceHead is softmax(Q K^T) V W_O of one head [positions, d_model].
func referenceHead(m *model.Model, b model.Block, h int, x *mat.Dense) *mat.Dense {
	project := func(w model.Matrix, c []float32) *mat.Dense {
		return affine(x, dense(w.Part(h*m.DModel, (h+1)*m.DModel).Floats(), m.DModel, m.DHead), c[h*m.DHead:(h+1)*m.DHead])
	}
	q, k, v := project(b.WQ, b.BQ), project(b.WK, b.BK), project(b.WV, b.BV)
	var pattern mat.Dense
	pattern.Mul(q, k.T())
	positions, _ := pattern.Dims()
	for i := range positions {
		total := 0.0
		for j := range positions {
			e := math.Exp(pattern.At(i, j))
			if m.Causal && j > i {
				e = 0
			}
			pattern.Set(i, j, e)
			total += e
		}
		for j := range positions {
			pattern.Set(i, j, pattern.At(i, j)/total)
		}
	}
	var z, out mat.Dense
	z.Mul(&pattern, v)
	out.Mul(&z, dense(b.WO.Part(h*m.DHead, (h+1)*m.DHead).Floats(), m.DHead, m.DModel))
	return &out
}

func affine(x, w *mat.Dense, bias []float32) *mat.Dense {
	rows, _ := x.Dims()
	y := repeat(bias, rows)
	var product mat.Dense
	product.Mul(x, w)
	y.Add(y, &product)
	return y
}

func repeat(bias []float32, rows int) *mat.Dense {
	y := mat.NewDense(rows, len(bias), nil)
	y.Apply(func(_, j int, _ float64) float64 { return float64(bias[j]) }, y)
	return y
}

func dense(w []float32, rows, cols int) *mat.Dense {
	d := mat.NewDense(rows, cols, nil)
	d.Apply(func(i, j int, _ float64) float64 { return float64(w[i*cols+j]) }, d)
	return d
}
