package circuit

import (
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// network is a model as nodes and edges that can be run.
type network[F inspect.Float] struct {
	model *model.Model
	parts []part[F]
	edges []Edge
	into  [][][]int   // edges that enter a channel of a part, in the order of their beginnings
	fixed [][]float32 // what biases have added to the stream that a part reads
}

func newNetwork[F inspect.Float](m *model.Model) *network[F] {
	n := &network[F]{model: m, parts: parts[F](m)}
	n.connect()
	n.addBiases()
	return n
}

// connect finds the edges: dims that one part writes and a later one reads, if what
// reads them can reach the logits.
func (n *network[F]) connect() {
	n.into = make([][][]int, len(n.parts))
	ways := make([][]Edge, len(n.parts))
	leads := make([]bool, len(n.parts))
	leads[len(n.parts)-1] = true
	for to := len(n.parts) - 1; to > 0; to-- {
		if !leads[to] {
			continue
		}
		for _, c := range n.parts[to].channels {
			for from := range to {
				dims := n.carried(from, to, c)
				if len(dims) == 0 {
					continue
				}
				leads[from] = true
				ways[to] = append(ways[to], n.edge(from, to, c.name, dims))
			}
		}
	}
	for to, edges := range ways {
		n.into[to] = make([][]int, len(n.parts[to].channels))
		for _, e := range edges {
			for i, c := range n.parts[to].channels {
				if c.name == e.Channel {
					n.into[to][i] = append(n.into[to][i], len(n.edges))
				}
			}
			n.edges = append(n.edges, e)
		}
	}
}

// carried are the dims that flow from one part to another. Heads of one layer read
// the stream before any of them writes.
func (n *network[F]) carried(from, to int, c channel) []int {
	f, t := n.parts[from], n.parts[to]
	heads := func(p part[F]) bool { return len(p.channels) == 3 }
	if f.layer == t.layer && (!heads(f) || heads(t)) {
		return nil
	}
	var dims []int
	for d, w := range f.writes {
		if w && c.reads[d] {
			dims = append(dims, d)
		}
	}
	return dims
}

func (n *network[F]) edge(from, to int, c Channel, dims []int) Edge {
	begin, _, _, _ := nameOf(n.model, from)
	end, _, _, _ := nameOf(n.model, to)
	return Edge{From: begin, To: end, Channel: c, Dims: dims, Moving: NotFound, Necessary: NotFound, from: from, to: to}
}

// addBiases finds what the biases of attention and MLPs have added before each part.
func (n *network[F]) addBiases() {
	n.fixed = make([][]float32, len(n.parts))
	sum := make([]float32, n.model.DModel)
	add := func(bias []float32) {
		next := make([]float32, len(sum))
		for d, v := range sum {
			next[d] = v + bias[d]
		}
		sum = next
	}
	for i := range n.parts {
		_, kind, layer, head := nameOf(n.model, i)
		if kind == MLP {
			add(n.model.Blocks[layer].BO)
		}
		if layer > 0 && (kind == Head && head == 0 || kind == Logits) {
			add(n.model.Blocks[layer-1].BOut)
		}
		n.fixed[i] = sum
	}
}
