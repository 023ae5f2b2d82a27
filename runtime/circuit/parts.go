package circuit

import (
	"fmt"
	"slices"

	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// part is a node with its weights.
type part[F inspect.Float] struct {
	layer    int
	channels []channel
	writes   []bool // dims
	moves    func(tainted []bool) []bool
	run      func(streams []stream[F]) stream[F]
	pattern  func(streams []stream[F]) [][]F // of a head: the softmax weights [query][key]
}

// stream is a vector at each position.
type stream[F inspect.Float] [][]F

// channel is where a part reads the stream, and the weights by which it does:
// those of columns that matter, [d_model, columns].
type channel struct {
	name    Channel
	reads   []bool
	weights model.Matrix
	used    []bool // columns
}

// parts are the nodes of a model in the order of the forward pass.
func parts[F inspect.Float](m *model.Model) []part[F] {
	all := []part[F]{embedding[F](m)}
	for l, b := range m.Blocks {
		for h := range m.Heads {
			all = append(all, headPart[F](m, l, h, b))
		}
		all = append(all, mlpPart[F](m, l, b))
	}
	return append(all, logitsPart[F](m))
}

func embedding[F inspect.Float](m *model.Model) part[F] {
	p := part[F]{layer: -1, writes: make([]bool, m.DModel)}
	touched(m.WE, p.writes)
	touched(m.WPos, p.writes)
	p.moves = func([]bool) []bool { return differing(m) }
	return p
}

// differing are the dims in which two tokens differ. BOS is no token of an input.
func differing(m *model.Model) []bool {
	differ := make([]bool, m.DModel)
	columns := m.WE.Transpose()
	for d := range differ {
		count, first, same := 0, float32(0), true
		for token, weight := range columns.Row(d) {
			if token == len(m.Vocab) {
				continue
			}
			if count++; count == 1 {
				first = weight
			}
			same = same && weight == first
		}
		differ[d] = count > 0 && (!same || count < len(m.Vocab))
	}
	return differ
}

// headPart is a head. A column of its queries matters if one of its keys has
// something there, and the other way round; a column of its values if it is written.
func headPart[F inspect.Float](m *model.Model, l, h int, b model.Block) part[F] {
	of := func(w model.Matrix) model.Matrix { return w.Part(h*m.DModel, (h+1)*m.DModel) }
	bias := func(c []float32) []float32 { return c[h*m.DHead : (h+1)*m.DHead] }
	wq, wk, wv := of(b.WQ), of(b.WK), of(b.WV)
	wo := b.WO.Part(h*m.DHead, (h+1)*m.DHead)

	queries, keys, values := nonzero(bias(b.BQ)), nonzero(bias(b.BK)), make([]bool, m.DHead)
	touched(wq, queries)
	touched(wk, keys)
	for c := range values {
		values[c] = !wo.Empty(c)
	}
	p := part[F]{layer: l, writes: make([]bool, m.DModel)}
	touched(wo, p.writes)
	if !slices.Contains(p.writes, true) {
		queries, keys = make([]bool, m.DHead), make([]bool, m.DHead)
	}
	p.channels = []channel{reading(Query, wq, keys), reading(Key, wk, queries), reading(Value, wv, values)}
	p.moves = func(tainted []bool) []bool {
		if meet(p.channels[0].reads, tainted) || meet(p.channels[1].reads, tainted) {
			return p.writes
		}
		return spread(wo, p.channels[2].tainted(tainted))
	}
	p.run = func(x []stream[F]) stream[F] {
		_, _, z := inspect.Head(m, l, h, x[0], x[1], x[2])
		return inspect.Affine(z, wo, nil)
	}
	p.pattern = func(x []stream[F]) [][]F {
		_, pattern, _ := inspect.Head(m, l, h, x[0], x[1], x[2])
		return pattern
	}
	return p
}

// mlpPart is the MLP of a layer. A neuron matters if it writes.
func mlpPart[F inspect.Float](m *model.Model, l int, b model.Block) part[F] {
	writing := make([]bool, m.DMLP)
	for n := range writing {
		writing[n] = !b.WOut.Empty(n)
	}
	p := part[F]{layer: l, writes: make([]bool, m.DModel), channels: []channel{reading(Whole, b.WIn, writing)}}
	touched(b.WOut, p.writes)
	p.moves = func(tainted []bool) []bool { return spread(b.WOut, p.channels[0].tainted(tainted)) }
	p.run = func(x []stream[F]) stream[F] { return inspect.Affine(inspect.Neurons(&b, x[0]), b.WOut, nil) }
	return p
}

func logitsPart[F inspect.Float](m *model.Model) part[F] {
	all := make([]bool, len(m.BU))
	for c := range all {
		all[c] = true
	}
	p := part[F]{layer: m.Layers, channels: []channel{reading(Whole, m.WU, all)}}
	p.moves = func([]bool) []bool { return nil }
	p.run = func(x []stream[F]) stream[F] { return inspect.Affine(x[0], m.WU, m.BU) }
	return p
}

// reading is a channel that reads by those columns of weights that are used.
func reading(name Channel, weights model.Matrix, used []bool) channel {
	rows, _ := weights.Size()
	c := channel{name: name, reads: make([]bool, rows), weights: weights, used: used}
	for d := range rows {
		for column := range weights.Row(d) {
			c.reads[d] = c.reads[d] || used[column]
		}
	}
	return c
}

// tainted are the columns that read a tainted dim.
func (c channel) tainted(dims []bool) []bool {
	columns := make([]bool, len(c.used))
	for d, t := range dims {
		if t && c.reads[d] {
			for column := range c.weights.Row(d) {
				columns[column] = columns[column] || c.used[column]
			}
		}
	}
	return columns
}

// spread are the columns in which one of the rows has a weight.
func spread(weights model.Matrix, rows []bool) []bool {
	_, n := weights.Size()
	columns := make([]bool, n)
	for r, t := range rows {
		if t {
			for column := range weights.Row(r) {
				columns[column] = true
			}
		}
	}
	return columns
}

// touched marks the columns in which a matrix has a weight.
func touched(weights model.Matrix, columns []bool) {
	rows, _ := weights.Size()
	for r := range rows {
		for column := range weights.Row(r) {
			columns[column] = true
		}
	}
}

func nonzero(values []float32) []bool {
	marks := make([]bool, len(values))
	for i, v := range values {
		marks[i] = v != 0
	}
	return marks
}

func meet(a, b []bool) bool {
	for i := range a {
		if a[i] && b[i] {
			return true
		}
	}
	return false
}

// marked are the indices of what is marked.
func marked(marks []bool) []int {
	indices := []int{}
	for i, m := range marks {
		if m {
			indices = append(indices, i)
		}
	}
	return indices
}

// nameOf a part is that of EAP-IG; it says which part it is, too.
func nameOf(m *model.Model, i int) (name string, kind Kind, layer, head int) {
	each := m.Heads + 1
	switch layer, at := (i-1)/each, (i-1)%each; {
	case i == 0:
		return "input", Input, 0, 0
	case i > m.Layers*each:
		return "logits", Logits, m.Layers, 0
	case at == m.Heads:
		return fmt.Sprintf("m%d", layer), MLP, layer, 0
	default:
		return fmt.Sprintf("a%d.h%d", layer, at), Head, layer, at
	}
}
