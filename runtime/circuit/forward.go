package circuit

import (
	"math"

	"rasp/runtime/model"
)

// stream is a vector at each position: [positions, width], row-major.
type stream struct {
	positions, width int
	data             []float32
}

func newStream(positions, width int) stream {
	return stream{positions, width, make([]float32, positions*width)}
}

func (s stream) at(i int) []float32 { return s.data[i*s.width : (i+1)*s.width] }

// projection is x W + b.
type projection struct {
	weights model.Matrix
	bias    []float32 // nil: none
}

func (p projection) of(x stream) stream {
	rows, columns := p.weights.Size()
	n := x.positions
	y := newStream(n, columns)
	for i := range n {
		copy(y.at(i), p.bias)
	}
	for d := range rows {
		for column, weight := range p.weights.Row(d) {
			for i := range n {
				y.data[i*columns+column] += float32(weight * x.data[i*x.width+d])
			}
		}
	}
	return y
}

// attention is a head: softmax(q k) v W_O.
type attention struct {
	causal  bool
	q, k, v projection
	wo      model.Matrix
}

func (a attention) run(streams []stream) stream {
	q, k, v := a.q.of(streams[0]), a.k.of(streams[1]), a.v.of(streams[2])
	n := q.positions
	z := newStream(n, v.width)
	weights := make([]float32, n)
	for i := range n {
		keys := n
		if a.causal {
			keys = i + 1
		}
		total := softmax(weights[:keys], q.at(i), k)
		for j, w := range weights[:keys] {
			if w == 0 {
				continue
			}
			for c, value := range v.at(j) {
				z.data[i*z.width+c] += float32(w * value)
			}
		}
		for c := range z.at(i) {
			z.data[i*z.width+c] /= total
		}
	}
	return projection{weights: a.wo}.of(z)
}

// softmax sets the weights of the keys for a query, before they are divided by their
// sum, and gives that.
func softmax(weights, query []float32, k stream) float32 {
	most := float32(math.Inf(-1))
	for j := range weights {
		score := float32(0)
		for c, x := range k.at(j) {
			score += float32(x * query[c])
		}
		weights[j] = score
		most = max(most, score)
	}
	total := float32(0)
	for j, score := range weights {
		weights[j] = float32(math.Exp(float64(score - most)))
		total += weights[j]
	}
	return total
}
