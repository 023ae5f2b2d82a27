package attention

import (
	"fmt"
	"math"

	"rasp/runtime/gemm"
)

// Head says which keys a query sees, and how sharply.
type Head struct {
	Scale  float32 // of the scores q.k; positive
	Causal bool    // the query at position p sees the keys 0 to p, otherwise all
	First  int     // position of the first query: 0, or the length of the KV cache before it
}

// Scratch is what Attend works in. The zero Scratch is ready; it grows to the
// largest call and then is reused. Calls at the same time need one each.
type Scratch struct {
	scores []float32
}

// Attend writes for each row q_i of q
//
//	out_i = (sum_j e_ij v_j) / (sum_j e_ij),  e_ij = exp(Scale (q_i.k_j - max_j q_i.k_j))
//
// over the keys j that it sees. q [queries, d], k [keys, d], v [keys, d_v] and
// out [queries, d_v] are views with any stride; out does not overlap the others.
// Each query has to see a key. It panics if shapes do not fit together.
func (h Head) Attend(q, k, v, out gemm.Matrix, s *Scratch) {
	h.check(q, k, v, out)
	s.scores = append(s.scores[:0], make([]float32, k.Rows)...)
	for i := range q.Rows {
		visible := k.Rows
		if h.Causal {
			visible = min(visible, h.First+i+1)
		}
		largest := float32(math.Inf(-1))
		for j := range visible {
			dot := float32(0)
			for n := range q.Cols {
				dot += q.Data[i*q.Stride+n] * k.Data[j*k.Stride+n]
			}
			s.scores[j] = dot
			largest = max(largest, dot)
		}
		z := out.Data[i*out.Stride:][:out.Cols]
		clear(z)
		denominator := float32(0)
		for j, score := range s.scores[:visible] {
			e := exp((score - largest) * h.Scale)
			denominator += e
			for n := range z {
				z[n] += e * v.Data[j*v.Stride+n]
			}
		}
		for n := range z {
			z[n] /= denominator
		}
	}
}

func (h Head) check(q, k, v, out gemm.Matrix) {
	if q.Cols != k.Cols || k.Rows != v.Rows || out.Rows != q.Rows || out.Cols != v.Cols {
		panic(fmt.Sprintf("attention: q [%d, %d], k [%d, %d], v [%d, %d], out [%d, %d]",
			q.Rows, q.Cols, k.Rows, k.Cols, v.Rows, v.Cols, out.Rows, out.Cols))
	}
	if k.Rows == 0 || h.First < 0 || !(h.Scale > 0) {
		panic(fmt.Sprintf("attention: %d keys, first position %d, scale %g", k.Rows, h.First, h.Scale))
	}
}

// exp is e to the power of x <= 0: exactly 1 for 0, exactly 0 from -104 on.
func exp(x float32) float32 {
	if x <= -104 {
		return 0
	}
	return float32(math.Exp(float64(x)))
}
