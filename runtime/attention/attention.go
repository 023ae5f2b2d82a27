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
// largest call and then is reused: 4 bytes a query for each of two numbers, and a
// block of scores. Calls at the same time need one each.
type Scratch struct {
	scores       []float32 // [queryBlock, keyBlock], then weights
	largest, sum []float32 // of each query, over the keys so far
	keys         gemm.Packed
	row          scores
}

// The scores of a block, 28 KB, stay in the first-level cache between the products
// that make and use them. 56 queries are whole tiles of 14 (AVX-512) and nearly of
// 6 (AVX2) rows.
const (
	queryBlock = 56
	keyBlock   = 256
)

// Attend writes for each row q_i of q
//
//	out_i = (sum_j e_ij v_j) / (sum_j e_ij),  e_ij = exp(Scale (q_i.k_j - max_j q_i.k_j))
//
// over the keys j that it sees. q [queries, d], k [keys, d], v [keys, d_v] and
// out [queries, d_v] are views with any stride; out does not overlap the others.
// Each query sees at least key 0. A weight of 0 counts as a factor, so values have
// to be finite even if no query sees them. It panics if shapes do not fit together.
func (h Head) Attend(q, k, v, out gemm.Matrix, s *Scratch) {
	h.check(q, k, v, out)
	s.reserve(q.Rows)
	for j := 0; j < k.Rows; j += keyBlock {
		keys := min(keyBlock, k.Rows-j)
		s.keys.Pack(rows(k, j, keys), true)
		for i := h.firstQuery(j); i < q.Rows; i += queryBlock {
			queries := min(queryBlock, q.Rows-i)
			h.block(s, rows(q, i, queries), rows(v, j, keys), rows(out, i, queries), i, j)
		}
	}
	for i := range q.Rows {
		z := rows(out, i, 1).Data[:out.Cols]
		for n := range z {
			z[n] /= s.sum[i]
		}
	}
}

// firstQuery returns the first query of the first block that has one which sees key j.
func (h Head) firstQuery(j int) int {
	if !h.Causal {
		return 0
	}
	return max(0, j-h.First) / queryBlock * queryBlock
}

// visible returns how many of the keys from j on query i sees.
func (h Head) visible(i, j, keys int) int {
	if !h.Causal {
		return keys
	}
	return max(0, min(keys, h.First+i+1-j))
}

// block adds to out, the sums so far for the queries from i on, what the keys from j on
// contribute. The keys are packed.
func (h Head) block(s *Scratch, q, v, out gemm.Matrix, i, j int) {
	keys := h.visible(i+q.Rows-1, j, v.Rows)
	x := gemm.Dense(q.Rows, keys, s.scores[:q.Rows*keys])
	gemm.MulPacked(gemm.Op{Alpha: 1}, q, &s.keys, x)
	for n := range q.Rows {
		s.weigh(h.Scale, x.Data[n*keys:][:keys], h.visible(i+n, j, keys), i+n, rows(out, n, 1).Data[:out.Cols])
	}
	beta := float32(1)
	if j == 0 {
		beta = 0
	}
	gemm.Mul(gemm.Op{Alpha: 1, Beta: beta}, x, rows(v, 0, keys), out)
}

// weigh turns the scores of query i into weights, 0 from visible on. If a score is larger
// than all before it, the sums so far, z and the denominator, shrink to match.
func (s *Scratch) weigh(scale float32, x []float32, visible, i int, z []float32) {
	clear(x[visible:])
	if visible == 0 {
		return
	}
	before := s.largest[i]
	s.row = scores{x: &x[0], n: visible, scale: scale, largest: before}
	weigh(&s.row)
	if after := s.row.largest; after != before {
		s.largest[i] = after
		shrink := exp((before - after) * scale)
		s.sum[i] *= shrink
		if !math.IsInf(float64(before), -1) {
			for n := range z {
				z[n] *= shrink
			}
		}
	}
	s.sum[i] += s.row.sum
}

// reserve starts the sums of so many queries.
func (s *Scratch) reserve(queries int) {
	if len(s.scores) == 0 {
		s.scores = make([]float32, queryBlock*keyBlock)
	}
	if cap(s.sum) < queries {
		s.sum, s.largest = make([]float32, queries), make([]float32, queries)
	}
	s.sum, s.largest = s.sum[:queries], s.largest[:queries]
	clear(s.sum)
	for i := range s.largest {
		s.largest[i] = float32(math.Inf(-1))
	}
}

// rows views n rows of x from i on.
func rows(x gemm.Matrix, i, n int) gemm.Matrix {
	x.Rows = n
	if x.Cols == 0 {
		return x
	}
	x.Data = x.Data[i*x.Stride : (i+n-1)*x.Stride+x.Cols]
	return x
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
