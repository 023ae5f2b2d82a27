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
	z := newStream(q.positions, v.width)
	a.each(q, k, func(i int, weights []float32, total float32) {
		row := z.at(i)
		for j, w := range weights {
			if w == 0 {
				continue
			}
			for c, value := range v.at(j) {
				row[c] += float32(w * value)
			}
		}
		for c := range row {
			row[c] /= total
		}
	})
	return projection{weights: a.wo}.of(z)
}

// pattern is the softmax weights: [queries][keys].
func (a attention) pattern(queries, keys stream) [][]float32 {
	q, k := a.q.of(queries), a.k.of(keys)
	rows := make([][]float32, q.positions)
	a.each(q, k, func(i int, weights []float32, total float32) {
		for _, w := range weights {
			rows[i] = append(rows[i], w/total)
		}
	})
	return rows
}

// each shows the weights of the keys for each query, and by what to divide them.
func (a attention) each(q, k stream, visit func(i int, weights []float32, total float32)) {
	weights := make([]float32, k.positions)
	for i := range q.positions {
		keys := k.positions
		if a.causal {
			keys = i + 1
		}
		visit(i, weights[:keys], softmax(weights[:keys], q.at(i), k))
	}
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
