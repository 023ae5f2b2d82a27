package circuit

// prove marks the edges that do not move. What a part writes in a dim moves at most
// if it depends, through weights that are not 0, on a dim of the embedding in which
// two tokens differ.
func (n *network[F]) prove() {
	tainted := make([][]bool, len(n.parts))
	for i, p := range n.parts {
		stream := make([]bool, n.model.DModel)
		for _, edges := range n.into[i] {
			for _, e := range edges {
				edge := n.edges[e]
				for _, d := range edge.Dims {
					stream[d] = stream[d] || tainted[edge.from][d]
				}
			}
		}
		tainted[i] = p.moves(stream)
	}
	for e := range n.edges {
		edge := &n.edges[e]
		moves := false
		for _, d := range edge.Dims {
			moves = moves || tainted[edge.from][d]
		}
		if !moves {
			edge.Moving, edge.Necessary = No, No
		}
	}
}

// differs is the first position at which what flows through an edge is not the same
// in two passes, -1 if there is none. What flows is what the reader makes of it: its
// products with the weights.
func (n *network[F]) differs(e int, a, b pass[F]) int {
	edge := n.edges[e]
	x, y := a[edge.from], b[edge.from]
	reader := n.reader(edge)
	sums := make([]float64, len(reader.used))
	for i := range x {
		if n.apart(x[i], y[i], edge.Dims, reader, sums) {
			return i
		}
	}
	return -1
}

func (n *network[F]) reader(e Edge) channel {
	channels := n.parts[e.to].channels
	for _, c := range channels {
		if c.name == e.Channel {
			return c
		}
	}
	return channels[0]
}

// apart reports whether two rows differ in a product with a column that is used.
func (n *network[F]) apart(x, y []F, dims []int, reader channel, sums []float64) bool {
	clear(sums)
	found := false
	for _, d := range dims {
		delta := float64(x[d]) - float64(y[d])
		if delta == 0 {
			continue
		}
		for column, weight := range reader.weights.Row(d) {
			if reader.used[column] {
				sums[column] += delta * float64(weight)
				found = true
			}
		}
	}
	if !found {
		return false
	}
	for _, s := range sums {
		if s != 0 {
			return true
		}
	}
	return false
}
