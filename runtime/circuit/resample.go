package circuit

import (
	"slices"

	"rasp/runtime/inspect"
)

// pass is a forward pass: what each node writes, of the last the logits. Position 0
// is BOS.
type pass[F inspect.Float] []stream[F]

func (p pass[F]) logits() stream[F] { return p[len(p)-1] }

// run computes all nodes on an input, token ids.
func (n *network[F]) run(input []int) pass[F] {
	p := make(pass[F], len(n.parts))
	p[0] = n.embed(input)
	for i := 1; i < len(n.parts); i++ {
		p[i] = n.compute(i, p, p, nil)
	}
	return p
}

func (n *network[F]) embed(input []int) stream[F] {
	x := inspect.Rows[F](len(input)+1, n.model.DModel)
	for i := range x {
		id := len(n.model.Vocab)
		if i > 0 {
			id = input[i-1]
		}
		row := x[i]
		for d, weight := range n.model.WE.Row(id) {
			row[d] += F(weight)
		}
		for d, weight := range n.model.WPos.Row(i) {
			row[d] += F(weight)
		}
	}
	return x
}

// resample computes a pass anew with some edges cut: through those flows what other
// has, an input of the same length. Nodes that are not changed by it are shared with
// the pass.
func (n *network[F]) resample(p, other pass[F], cut func(edge int) bool) pass[F] {
	changed := make([]bool, len(p))
	result := slices.Clone(p)
	for i := 1; i < len(n.parts); i++ {
		if !n.reached(i, changed, cut) {
			continue
		}
		result[i] = n.compute(i, result, other, cut)
		changed[i] = !slices.EqualFunc(result[i], p[i], slices.Equal[[]F])
	}
	return result
}

// reached reports whether what a node reads can differ.
func (n *network[F]) reached(i int, changed []bool, cut func(edge int) bool) bool {
	for _, edges := range n.into[i] {
		for _, e := range edges {
			if changed[n.edges[e].from] || cut(e) {
				return true
			}
		}
	}
	return false
}

// compute is what a node writes when it reads p, and other through the edges that
// are cut.
func (n *network[F]) compute(i int, p, other pass[F], cut func(edge int) bool) stream[F] {
	if i < len(n.parts)-1 && !slices.Contains(n.parts[i].writes, true) {
		return inspect.Rows[F](len(p[0]), n.model.DModel)
	}
	return n.parts[i].run(n.streams(i, p, other, cut))
}

// streams are what a node reads in each of its channels.
func (n *network[F]) streams(i int, p, other pass[F], cut func(edge int) bool) []stream[F] {
	streams := make([]stream[F], len(n.parts[i].channels))
	for c, edges := range n.into[i] {
		x := inspect.Rows[F](len(p[0]), n.model.DModel)
		for at := range x {
			for d, bias := range n.fixed[i] {
				x[at][d] = F(bias)
			}
		}
		for _, e := range edges {
			source := p
			if cut != nil && cut(e) {
				source = other
			}
			add(x, source[n.edges[e].from], n.edges[e].Dims)
		}
		streams[c] = x
	}
	return streams
}

func add[F inspect.Float](x, term stream[F], dims []int) {
	for i, row := range x {
		more := term[i]
		for _, d := range dims {
			row[d] += more[d]
		}
	}
}
