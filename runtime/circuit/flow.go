package circuit

import (
	"math"

	"rasp/runtime/model"
)

// Flow is what an edge carries from one position to another on an input. BOS is
// position 0.
type Flow struct {
	Edge     int // of the graph
	From, To int
	// Weight is how much the reader makes of it: the sum over the columns of its
	// weights of |sum over dims x_d W_dc|. Keys and values count as far as the query at
	// To attends to them, by the softmax weight.
	Weight float64
}

// slight is a softmax weight below which a key counts as not attended to.
const slight = 1e-3

// Flows are those of an input, token ids, through all edges of the graph of a model.
// Those that carry nothing are left out.
func Flows(m *model.Model, input []int) []Flow {
	n := newNetwork[float32](m)
	p := n.run(input)
	patterns := make([][][]float32, len(n.parts))
	for i, part := range n.parts {
		if part.pattern != nil {
			patterns[i] = part.pattern(n.streams(i, p, p, nil))
		}
	}
	var flows []Flow
	for e, edge := range n.edges {
		reader := n.reader(edge)
		x := p[edge.from]
		for from := range x {
			weight := amount(x[from], edge.Dims, reader)
			if weight == 0 {
				continue
			}
			if edge.Channel == Whole || edge.Channel == Query {
				flows = append(flows, Flow{e, from, from, weight})
				continue
			}
			for to, row := range patterns[edge.to] {
				if from < len(row) && row[from] > slight {
					flows = append(flows, Flow{e, from, to, weight * float64(row[from])})
				}
			}
		}
	}
	return flows
}

// amount is how much a reader makes of some dims of a row.
func amount(x []float32, dims []int, reader channel) float64 {
	sums := make([]float64, len(reader.used))
	for _, d := range dims {
		if x[d] == 0 {
			continue
		}
		for column, weight := range reader.weights.Row(d) {
			if reader.used[column] {
				sums[column] += float64(x[d]) * float64(weight)
			}
		}
	}
	total := 0.0
	for _, s := range sums {
		total += math.Abs(s)
	}
	return total
}
