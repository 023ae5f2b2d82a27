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
	query, key, value matrix  // [d_model, dims or values]
	output            matrix  // [values, d_model]
	in                matrix  // [d_model, neurons]
	out               matrix  // [neurons, d_model]
	lookup            *lookup // neurons that are in neither of these two

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
	p := &schedule{model: m, embedding: newEmbedding(m), readout: newMatrix(m.WU, m.DModel, m.BU, dense), tile: sparseTile}
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
	return p
}

// newLayer also bounds the residual stream after the layer, from x before it,
// unless it is the last.
func newLayer(b *model.Block, c model.Config, dense bool, x reach, last bool) (layer, reach) {
	dims, values := &columns{c: c}, &columns{c: c}
	var l layer
	for h := range c.Heads {
		from := head{dim: len(dims.list), value: len(values.list)}
		for n := range c.DHead {
			column := h*c.DHead + n
			if dense || hasValue(b, c, h, n) {
				values.list = append(values.list, column)
			}
			if dense || reads(b.WQ, b.BQ, c, h, n) && reads(b.WK, b.BK, c, h, n) {
				dims.list = append(dims.list, column)
			}
		}
		from.dims, from.values = len(dims.list)-from.dim, len(values.list)-from.value
		if from.values == 0 {
			dims.list = dims.list[:from.dim] // nothing is moved, wherever it looks
			continue
		}
		l.heads = append(l.heads, from)
	}
	l.dims, l.values = len(dims.list), len(values.list)
	l.query = newMatrix(dims.weights(b.WQ), c.DModel, dims.of(b.BQ), dense)
	l.key = newMatrix(dims.weights(b.WK), c.DModel, dims.of(b.BK), dense)
	l.value = newMatrix(values.weights(b.WV), c.DModel, values.of(b.BV), dense)
	l.output = newUpdate(rows(b.WO, c.DModel, values.list), l.values, b.BO, dense)

	if dense {
		l.neurons, l.lookup = c.DMLP, &lookup{}
		l.in = newMatrix(b.WIn, c.DModel, b.BIn, true)
		l.out = newUpdate(b.WOut, c.DMLP, b.BOut, true)
		return l, x
	}
	if l.value.sparse != nil && l.output.sparse != nil {
		x = l.afterAttention(x, c.Causal)
	} else {
		x = nothingKnown(c.DModel)
	}
	in := panel.NewSparse(b.WIn, c.DModel, c.DMLP, b.BIn)
	l.mlp(b, c, in, x.anywhere())
	if last {
		return l, reach{}
	}
	return l, afterMLP(b, in, x)
}

// mlp gives the neurons of a layer, W_in being in, their form.
func (l *layer) mlp(b *model.Block, c model.Config, in *panel.Sparse, x []interval) {
	neurons := neuronsOf(b, c)
	if float64(in.Weights()) > sparseBelow*float64(len(b.WIn)) {
		l.lookup = &lookup{}
		l.in = newMatrix(pick(b.WIn, c.DMLP, neurons), c.DModel, pick(b.BIn, c.DMLP, neurons), false)
	} else {
		l.lookup, neurons = newLookup(in, b.WOut, neurons, x)
		l.in = matrix{sparse: in.Pick(neurons)}
	}
	l.neurons = len(neurons)
	l.out = newUpdate(rows(b.WOut, c.DModel, neurons), l.neurons, b.BOut, false)
}

// columns are dims of heads, numbered head*d_head + dim.
type columns struct {
	c    model.Config
	list []int
}

// weights lays the columns of W [heads, d_model, d_head] side by side.
func (s *columns) weights(w []float32) []float32 {
	joined := make([]float32, 0, s.c.DModel*len(s.list))
	for i := range s.c.DModel {
		for _, column := range s.list {
			h, n := column/s.c.DHead, column%s.c.DHead
			joined = append(joined, w[(h*s.c.DModel+i)*s.c.DHead+n])
		}
	}
	return joined
}

// of picks from a bias [heads, d_head].
func (s *columns) of(bias []float32) []float32 { return pick(bias, len(bias), s.list) }

// reads says whether dim n of head h is ever other than 0.
func reads(w, bias []float32, c model.Config, h, n int) bool {
	if bias[h*c.DHead+n] != 0 {
		return true
	}
	for i := range c.DModel {
		if w[(h*c.DModel+i)*c.DHead+n] != 0 {
			return true
		}
	}
	return false
}

func hasValue(b *model.Block, c model.Config, h, n int) bool {
	return nonzero(row(b.WO, h*c.DHead+n, c.DModel)) > 0 && reads(b.WV, b.BV, c, h, n)
}

// neuronsOf lists those that can fire and then write something.
func neuronsOf(b *model.Block, c model.Config) []int {
	fires := make([]bool, c.DMLP)
	for n, bias := range b.BIn {
		fires[n] = bias > 0
	}
	for i := range c.DModel {
		for n, v := range row(b.WIn, i, c.DMLP) {
			fires[n] = fires[n] || v != 0
		}
	}
	var list []int
	for n := range c.DMLP {
		if fires[n] && nonzero(row(b.WOut, n, c.DModel)) > 0 {
			list = append(list, n)
		}
	}
	return list
}

// pick takes columns of w [rows, width]; w itself if it is all of them.
func pick(w []float32, width int, columns []int) []float32 {
	if len(columns) == width {
		return w
	}
	var picked []float32
	for len(w) > 0 {
		for _, j := range columns {
			picked = append(picked, w[j])
		}
		w = w[width:]
	}
	return picked
}

// rows takes rows of w [rows, width]; w itself if it is all of them.
func rows(w []float32, width int, list []int) []float32 {
	if len(list)*width == len(w) {
		return w
	}
	var picked []float32
	for _, i := range list {
		picked = append(picked, row(w, i, width)...)
	}
	return picked
}

func row(buffer []float32, i, width int) []float32 {
	return buffer[i*width : (i+1)*width]
}

// embedding is W_E and W_pos, the latter turned into a panel [d_model, n_ctx].
type embedding struct {
	positions panel.Panel
	moves     []bool // [d_model] whether W_pos has more than zeros there
	// Tokens whose rows of W_E are mostly zeros: the others, of token id those
	// from start[id] to start[id+1]. Without start, W_E is read.
	start  []int
	dim    []int32
	weight []float32
}

func newEmbedding(m *model.Model) embedding {
	e := embedding{positions: panel.New(m.DModel, m.NCtx), moves: make([]bool, m.DModel)}
	for i := range m.NCtx {
		for d, v := range row(m.WPos, i, m.DModel) {
			e.positions.Row(d)[i] = v
			e.moves[d] = e.moves[d] || v != 0
		}
	}
	if float64(nonzero(m.WE)) > sparseBelow*float64(len(m.WE)) {
		return e
	}
	e.start = []int{0}
	for id := range len(m.Vocab) + 1 {
		for d, v := range row(m.WE, id, m.DModel) {
			if v != 0 {
				e.dim, e.weight = append(e.dim, int32(d)), append(e.weight, v)
			}
		}
		e.start = append(e.start, len(e.dim))
	}
	return e
}
