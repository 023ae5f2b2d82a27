package panel

import "math"

// The kernels in plain Go: what the assembly computes, up to the rounding of exp
// and of fused products, and what runs where there is none.

// isa is an instruction set that kernels are written for.
type isa int

const (
	plain isa = iota // plain Go
	avx2
	avx512
)

// genericSparse is Sparse.Apply.
func genericSparse(s *Sparse, y, x Panel, positions int, mode Mode) {
	for from := 0; from < positions; from += tile {
		n := min(tile, positions-from)
		entries := s.entries
		for _, r := range s.rows {
			sum := [tile]float32{}
			for _, e := range entries[:r.entries] {
				for p, v := range x.Data[int(e.In)*x.Stride+from:][:n] {
					sum[p] += e.Weight * v
				}
			}
			entries = entries[r.entries:]
			finish(y.Data[int(r.out)*y.Stride+from:][:n], &sum, r.bias, mode)
		}
	}
}

func finish(y []float32, sum *[tile]float32, bias float32, mode Mode) {
	for p := range y {
		v := sum[p] + bias
		switch mode {
		case ReLU:
			v = max(v, 0)
		case Add:
			v += y[p]
		}
		y[p] = v
	}
}

// genericVector is Vector.
func genericVector(y, x, w []float32, stride int) {
	for i, v := range x {
		for j, weight := range w[i*stride:][:len(y)] {
			y[j] += v * weight
		}
	}
}

// genericAttend is attention of n queries from one on.
func genericAttend(h *Head, s *Scratch, from, n int) int {
	for i := from; i < from+n; i++ {
		genericQuery(h, s, i)
	}
	return n
}

// genericQuery is attention of query i.
func genericQuery(h *Head, s *Scratch, i int) {
	scores := s.scores[:min(h.Past+i+1, h.Keys)]
	clear(scores)
	for d := range h.Dims {
		q := h.Q.Data[d*h.Q.Stride+i]
		for j, k := range h.K.Data[d*h.K.Stride:][:len(scores)] {
			scores[j] += q * k
		}
	}
	largest := float32(math.Inf(-1))
	for _, score := range scores {
		largest = max(largest, score)
	}
	denominator, live := float32(0), 0
	for j, score := range scores {
		e := exp(score - largest)
		scores[j] = e
		denominator += e
		if e != 0 {
			s.live[live] = int32(j)
			live++
		}
	}
	for n := range h.Values {
		v, z := h.V.Data[n*h.V.Stride:], float32(0)
		for _, j := range s.live[:live] {
			z += scores[j] * v[j]
		}
		h.Z.Data[n*h.Z.Stride+i] = z / denominator
	}
}

// exp is e to the power of x, which is at most 0: exactly 1 for 0, exactly 0 at
// Cut and below.
func exp(x float32) float32 {
	if x <= Cut {
		return 0
	}
	return float32(math.Exp(float64(x)))
}
