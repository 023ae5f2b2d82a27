package runtime

import (
	"rasp/runtime/model"
	"rasp/runtime/panel"
)

// schedule is a model in the form that the forward pass uses. What cannot change a
// logit is left out: dims of a head whose query or key is always 0, values that
// are always 0 or that nothing reads, neurons that never fire or write nothing.
// That is exact, since the weights are finite: it takes zeros out of sums.
type schedule struct {
	model     *model.Model
	embedding embedding
	layers    []layer
	readout   matrix // [d_model, width of W_U]
	tile      int    // positions that a worker takes at once

	dims, values, neurons int // most of a layer
}

// layer holds the weights of a block. Its heads share dims and values: each has
// some of the rows of q and k, and some of those of v and z.
type layer struct {
	heads             []head
	kinds             []*kinds     // by head, see findKinds
	query, key, value matrix       // [d_model, dims or values]
	output            matrix       // [values, d_model]
	in                matrix       // [d_model, neurons]
	out               matrix       // [neurons, d_model]
	lookup            *lookup      // neurons that are in neither of these two
	beside            *panel.Alone // key, value and query for a step, made when it is first needed

	dims, values, neurons int
}

// head is the rows of q and k, dim to dim+dims, and those of v and z.
type head struct {
	dim, dims     int
	value, values int
}

// The tiles of a worker. With sparse weights what a tile touches should stay in
// the innermost caches; a dense product needs many positions to pay for reading
// its weights.
const (
	sparseTile = 64
	denseTile  = 512
)

func newSchedule(m *model.Model, dense bool) *schedule {
	p := &schedule{model: m, embedding: newEmbedding(m), readout: newMatrix(m.WU, m.BU, dense), tile: sparseTile}
	full := p.readout.full != nil
	x := embeddingBounds(m)
	for l := range m.Blocks {
		var layer layer
		layer, x = newLayer(&m.Blocks[l], m.Config, dense, x, l+1 == m.Layers)
		p.layers = append(p.layers, layer)
		p.dims, p.values, p.neurons = max(p.dims, layer.dims), max(p.values, layer.values), max(p.neurons, layer.neurons)
		full = full || layer.in.full != nil || layer.query.full != nil || layer.value.full != nil
	}
	if full {
		p.tile = denseTile
	}
	if !dense && len(p.layers) > 0 {
		p.layers[0].kinds = findKinds(m, &p.layers[0], &p.embedding)
	}
	return p
}

// newLayer also bounds the residual stream after the layer, from x before it,
// unless it is the last.
func newLayer(b *model.Block, c model.Config, dense bool, x reach, last bool) (layer, reach) {
	l := newHeads(b, c, dense)
	if dense {
		l.neurons, l.lookup = c.DMLP, &lookup{}
		l.in = newMatrix(b.WIn, b.BIn, true)
		l.out = newUpdate(b.WOut, b.BOut, true)
		return l, x
	}
	if l.value.sparse != nil && l.output.sparse != nil {
		x = l.afterAttention(x, c.Causal)
	} else {
		x = nothingKnown(c.DModel)
	}
	in := newSparse(b.WIn, b.BIn)
	l.mlp(b, in, x.anywhere())
	if last {
		return l, reach{}
	}
	return l, afterMLP(b, in, x)
}

// newHeads is the attention of a layer.
func newHeads(b *model.Block, c model.Config, dense bool) (l layer) {
	query, key, value := newPicked(c, b.BQ), newPicked(c, b.BK), newPicked(c, b.BV)
	var outputs []int
	for h := range c.Heads {
		part := func(w model.Matrix) model.Matrix { return w.Part(h*c.DModel, (h+1)*c.DModel).Transpose() }
		q, k, v := part(b.WQ), part(b.WK), part(b.WV)
		from := head{dim: len(query.biases), value: len(value.biases)}
		reads := func(w model.Matrix, bias []float32, n int) bool { return bias[h*c.DHead+n] != 0 || !w.Empty(n) }
		for n := range c.DHead {
			if column := h*c.DHead + n; dense || !b.WO.Empty(column) && reads(v, b.BV, n) {
				value.add(v, n, column)
				outputs = append(outputs, column)
			}
		}
		if from.values = len(value.biases) - from.value; from.values == 0 {
			continue // nothing is moved, wherever it looks
		}
		for n := range c.DHead {
			if column := h*c.DHead + n; dense || reads(q, b.BQ, n) && reads(k, b.BK, n) {
				query.add(q, n, column)
				key.add(k, n, column)
			}
		}
		from.dims = len(query.biases) - from.dim
		l.heads = append(l.heads, from)
	}
	l.dims, l.values = len(query.biases), len(value.biases)
	l.query, l.key, l.value = query.matrix(dense), key.matrix(dense), value.matrix(dense)
	l.output = newUpdate(rows(b.WO, outputs), b.BO, dense)
	return l
}

// picked is dims of heads side by side, an affine map of them all.
type picked struct {
	c      model.Config
	all    []float32 // biases [heads, d_head]
	biases []float32 // of those that were picked
	byDim  []byDim
}

// byDim is row n of a transposed circuit [d_head, d_model].
type byDim struct {
	circuit model.Matrix
	n       int
}

func newPicked(c model.Config, biases []float32) *picked { return &picked{c: c, all: biases} }

// add picks dim n of a head, whose transposed circuit is given: the column among those of
// all heads.
func (p *picked) add(circuit model.Matrix, n, column int) {
	p.biases, p.byDim = append(p.biases, p.all[column]), append(p.byDim, byDim{circuit, n})
}

func (p *picked) matrix(dense bool) matrix {
	w := model.NewBuilder(p.c.DModel, len(p.byDim))
	for j, from := range p.byDim {
		for i, v := range from.circuit.Row(from.n) {
			w.Add(i, j, v)
		}
	}
	return newMatrix(w.Matrix(), p.biases, dense)
}

// mlp gives the neurons of a layer, W_in being in, their form.
func (l *layer) mlp(b *model.Block, in *panel.Sparse, x []interval) {
	neurons := neuronsOf(b, in)
	if isFull(b.WIn) {
		l.lookup = &lookup{}
		l.in = newMatrix(columns(b.WIn, neurons), pick(b.BIn, neurons), false)
	} else {
		l.lookup, neurons = newLookup(in, b.WOut, neurons, x)
		picked := in.Pick(neurons)
		l.in = matrix{sparse: picked, needs: needsOf(picked, x)}
	}
	l.neurons = len(neurons)
	l.out = newUpdate(rows(b.WOut, neurons), b.BOut, false)
}

// neuronsOf lists those that can fire and then write something.
func neuronsOf(b *model.Block, in *panel.Sparse) []int {
	var list []int
	for o := range in.Outputs {
		if (o.Bias > 0 || len(o.Entries) > 0) && !b.WOut.Empty(o.Index) {
			list = append(list, o.Index)
		}
	}
	return list
}

// rows takes rows of w; w itself if it is all of them.
func rows(w model.Matrix, list []int) model.Matrix {
	all, cols := w.Size()
	if len(list) == all {
		return w
	}
	taken := model.NewBuilder(len(list), cols)
	for n, i := range list {
		for j, v := range w.Row(i) {
			taken.Add(n, j, v)
		}
	}
	return taken.Matrix()
}

// columns takes columns of w; w itself if it is all of them.
func columns(w model.Matrix, list []int) model.Matrix {
	if _, all := w.Size(); len(list) == all {
		return w
	}
	return rows(w.Transpose(), list).Transpose()
}

// pick takes elements of a list.
func pick(w []float32, list []int) []float32 {
	picked := make([]float32, len(list))
	for n, i := range list {
		picked[n] = w[i]
	}
	return picked
}

func row(buffer []float32, i, width int) []float32 {
	return buffer[i*width : (i+1)*width]
}

// embedding is W_E and W_pos, the latter turned into a panel.
type embedding struct {
	positions panel.Panel // [moved, n_ctx]
	moved     []int32     // dims in which W_pos has more than zeros
	full      []float32   // W_E, or nil where its rows are mostly zeros, and then
	// the others, of token id those from start[id] to start[id+1].
	start   []int
	entries []embedded
	// The dims that these are in, and of each W_E [dims, tokens], if they are about as many as
	// a token has entries: then a block is done dim by dim, and all tokens take as long.
	dims    []int32
	weights []float32
}

// embedded is what a token has in a dim.
type embedded struct {
	dim    int32
	weight float32
}

func newEmbedding(m *model.Model) embedding {
	e := embedding{}
	byDim := m.WPos.Transpose()
	for d := range m.DModel {
		if !byDim.Empty(d) {
			e.moved = append(e.moved, int32(d))
		}
	}
	e.positions = panel.New(len(e.moved), m.NCtx)
	for row, d := range e.moved {
		for i, v := range byDim.Row(int(d)) {
			e.positions.Row(row)[i] = v
		}
	}
	if isFull(m.WE) {
		e.full = m.WE.Floats()
		return e
	}
	e.start = []int{0}
	most := 0
	for id := range len(m.Vocab) + 1 {
		for d, v := range m.WE.Row(id) {
			e.entries = append(e.entries, embedded{int32(d), v})
		}
		e.start = append(e.start, len(e.entries))
		most = max(most, len(e.entries)-e.start[id])
	}
	e.byDim(m.WE, 2*most)
	return e
}

// tokens is how many there are, BOS included.
func (e *embedding) tokens() int { return len(e.start) - 1 }

// mostWeights is how many weights by dim stay in the first-level cache beside a tile, 8 KB.
const mostWeights = 1 << 11

// byDim lists the weights of the tokens dim by dim, if they are in few dims.
func (e *embedding) byDim(w model.Matrix, few int) {
	columns, dims := w.Transpose(), []int32(nil)
	_, all := w.Size()
	for d := range all {
		if !columns.Empty(d) {
			dims = append(dims, int32(d))
		}
	}
	if len(dims) > few || len(dims)*e.tokens() > mostWeights {
		return
	}
	e.dims, e.weights = dims, make([]float32, len(dims)*e.tokens())
	for n, d := range dims {
		for id, v := range columns.Row(int(d)) {
			e.weights[n*e.tokens()+id] = v
		}
	}
}
