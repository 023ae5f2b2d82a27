package circuit

import (
	"context"
	"iter"

	"rasp/runtime/model"
)

// Pair is two inputs of the same length, token ids without BOS.
type Pair struct{ Input, Resampled []int }

// Of finds the circuit of a model, which is valid. Of each edge that may move it is
// tried whether a pair shows that it does, and that it is necessary. The error is
// that of the context, or a *model.UndefinedError: on an input of the pairs the logits are
// no numbers, of which nothing can be said.
func Of(ctx context.Context, m *model.Model, pairs iter.Seq[Pair]) (*Graph, error) {
	n, precise := newNetwork[float32](m), newNetwork[float64](m)
	n.prove()
	tried := 0
	for pair := range pairs {
		tried++
		open, err := n.try(ctx, pair, precise)
		if err != nil {
			return nil, err
		}
		if open == 0 {
			break
		}
	}
	return n.graph(tried), nil
}

// try looks at each edge of which something is open, and says how many there are. An edge
// that is cut can leave numbers which rounding decides; so an output must change in precise,
// the same in float64, too.
func (n *network[F]) try(ctx context.Context, pair Pair, precise *network[float64]) (open int, err error) {
	a, b, err := n.both(pair)
	if err != nil {
		return 0, err
	}
	for e := range n.edges {
		edge := &n.edges[e]
		if edge.Necessary != NotFound {
			continue
		}
		if err := ctx.Err(); err != nil {
			return open, err
		}
		open++
		position := n.differs(e, a, b)
		if position < 0 {
			continue
		}
		if edge.Moving == NotFound {
			edge.Moving, edge.MovingPair = Yes, n.witness(pair, position, "")
		}
		position, output, changed := n.without(e, a, b)
		if changed && precise.agrees(e, pair, position, output) {
			edge.Necessary, edge.NecessaryFor = Yes, n.witness(pair, position, output)
		}
	}
	return open, ctx.Err()
}

// without says where an output first changes if one edge is cut.
func (n *network[F]) without(e int, a, b pass[F]) (position int, output string, changed bool) {
	return n.changed(a, n.resample(a, b, func(other int) bool { return other == e }))
}

// agrees reports that an output changes there, and first there, if one edge is cut.
func (n *network[F]) agrees(e int, pair Pair, position int, output string) bool {
	at, which, changed := n.without(e, n.run(pair.Input), n.run(pair.Resampled))
	return changed && at == position && which == output
}

func (n *network[F]) witness(pair Pair, position int, output string) *Witness {
	return &Witness{Input: n.tokens(pair.Input), Resampled: n.tokens(pair.Resampled), Position: position, Output: output}
}

func (n *network[F]) tokens(ids []int) Tokens {
	tokens := make(Tokens, len(ids))
	for i, id := range ids {
		tokens[i] = n.model.Vocab[id]
	}
	return tokens
}

// both runs the inputs of a pair.
func (n *network[F]) both(pair Pair) (a, b pass[F], err error) {
	a, b = n.run(pair.Input), n.run(pair.Resampled)
	for _, p := range []pass[F]{a, b} {
		for i, row := range p.logits()[1:] { // what BOS has is no output
			for _, x := range row {
				if x-x != 0 {
					return nil, nil, &model.UndefinedError{Position: i}
				}
			}
		}
	}
	return a, b, nil
}

// Faithful counts the pairs on which an output changes when all edges outside the
// circuit are cut at once. Errors are as of Of.
func Faithful(ctx context.Context, m *model.Model, g *Graph, t Truth, pairs iter.Seq[Pair]) (tried, changed int, err error) {
	n := newNetwork[float32](m)
	outside := make([]bool, len(n.edges))
	for e := range n.edges {
		outside[e] = !t.Has(g.Edges[e])
	}
	for pair := range pairs {
		if err := ctx.Err(); err != nil {
			return tried, changed, err
		}
		tried++
		a, b, err := n.both(pair)
		if err != nil {
			return tried, changed, err
		}
		cut := n.resample(a, b, func(e int) bool { return outside[e] })
		if _, _, differs := n.changed(a, cut); differs {
			changed++
		}
	}
	return tried, changed, nil
}

// graph is what was found.
func (n *network[F]) graph(tried int) *Graph {
	g := &Graph{Config: n.model.Config, Edges: n.edges, Dims: n.model.Provenance.Dims, Pairs: tried}
	for i, p := range n.parts {
		g.Nodes = append(g.Nodes, n.node(i, p))
	}
	return g
}

func (n *network[F]) node(i int, p part[F]) Node {
	node := Node{Writes: marked(p.writes)}
	node.Name, node.Kind, node.Layer, node.Head = nameOf(n.model, i)
	if len(p.channels) > 0 {
		node.Reads = map[Channel][]int{}
	}
	for _, c := range p.channels {
		node.Reads[c.name] = marked(c.reads)
	}
	labels := n.model.Provenance
	switch node.Kind {
	case Input:
		node.Tokens, node.Places = written(n.model.WE), written(n.model.WPos)
	case Head:
		node.Label = at(at(labels.Heads, node.Layer), node.Head)
	case MLP:
		node.Neurons = n.neurons(node.Layer)
	case Logits:
		for _, o := range n.model.Outputs {
			node.Outputs = append(node.Outputs, o.Name)
		}
	}
	return node
}

// neurons are those of a layer that write.
func (n *network[F]) neurons(layer int) []Neuron {
	b := n.model.Blocks[layer]
	reads := b.WIn.Transpose()
	labels := at(n.model.Provenance.Neurons, layer)
	neurons := []Neuron{}
	for i := range n.model.DMLP {
		if b.WOut.Empty(i) {
			continue
		}
		neurons = append(neurons, Neuron{Index: i, Label: at(labels, i), Reads: columns(reads, i), Writes: columns(b.WOut, i)})
	}
	return neurons
}

// written are the columns in which a matrix has a weight.
func written(m model.Matrix) []int {
	_, width := m.Size()
	marks := make([]bool, width)
	touched(m, marks)
	return marked(marks)
}

// columns are those in which a row has a weight.
func columns(m model.Matrix, row int) []int {
	list := []int{}
	for column := range m.Row(row) {
		list = append(list, column)
	}
	return list
}

// at is an element, or nothing: a model that no compiler made has no labels.
func at[T any](list []T, i int) (element T) {
	if i < len(list) {
		element = list[i]
	}
	return element
}
