package disguise

import (
	"math"
)

// forward is the textbook formula in float64: the stream after each half layer and the
// logits, of BOS (the last token) and an input. [positions, d_model], [positions, width]
func (w weights) forward(input []int, causal bool) (stream []matrix, logits matrix) {
	ids := append([]int{w.embed.rows - 1}, input...)
	x := zeros(len(ids), w.embed.cols)
	for i, id := range ids {
		for j := range x.row(i) {
			x.row(i)[j] = w.embed.row(id)[j] + w.positions.row(i)[j]
		}
	}
	stream = append(stream, x)
	for _, l := range w.layers {
		sum := x.biased(l.bO)
		for _, h := range l.heads {
			q, k := x.times(h.q).biased(h.bQ), x.times(h.k).biased(h.bK)
			sum = sum.plus(pattern(q.times(k.transpose()), causal).times(x.times(h.v).biased(h.bV)).times(h.o))
		}
		x = sum
		hidden := x.times(l.in).biased(l.bIn).each(func(v float64) float64 { return math.Max(0, v) })
		stream = append(stream, x)
		x = x.plus(hidden.times(l.out)).biased(l.bOut)
		stream = append(stream, x)
	}
	return stream, x.times(w.unembed).biased(w.bias)
}

func (m matrix) biased(b matrix) matrix {
	y := m.clone()
	for i := range y.rows {
		for j, x := range b.a {
			y.row(i)[j] += x
		}
	}
	return y
}

// pattern is the softmax of scores, row by row.
func pattern(scores matrix, causal bool) matrix {
	p := zeros(scores.rows, scores.cols)
	for i := range p.rows {
		seen := p.cols
		if causal {
			seen = i + 1
		}
		largest, total := math.Inf(-1), 0.0
		for _, s := range scores.row(i)[:seen] {
			largest = math.Max(largest, s)
		}
		for j, s := range scores.row(i)[:seen] {
			p.row(i)[j] = math.Exp(s - largest)
			total += p.row(i)[j]
		}
		for j := range p.row(i) {
			p.row(i)[j] /= total
		}
	}
	return p
}

// apart is the largest difference of two matrices.
func apart(a, b matrix) float64 {
	largest := 0.0
	for _, x := range a.minus(b).a {
		largest = math.Max(largest, math.Abs(x))
	}
	return largest
}
