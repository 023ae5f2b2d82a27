package runtime

import (
	"rasp/runtime/gemm"
	"rasp/runtime/model"
	"rasp/runtime/panel"
)

// matrix is an affine map x -> x W + b in the form that is cheapest for its
// weights: one of sparse and full is set, none if there are no outputs.
type matrix struct {
	sparse *panel.Sparse
	full   *full

	needs []int32      // of neurons, see needsOf
	alone *panel.Alone // sparse for one position, made when it is first needed
}

// sparseBelow is the share of weights other than 0 from which on a full product
// is faster: BenchmarkSparse of package panel reaches 54 GFLOP/s where
// BenchmarkMul of package gemm reaches 90.
const sparseBelow = 0.5

// newMatrix takes W [in, len(bias)], and keeps both.
func newMatrix(w model.Matrix, bias []float32, dense bool) matrix {
	if dense || isFull(w) {
		in, out := w.Size()
		return matrix{full: &full{w: gemm.Dense(in, out, w.Floats()), bias: bias}}
	}
	return matrix{sparse: newSparse(w, bias)}
}

func isFull(w model.Matrix) bool { return float64(w.Nonzero()) > sparseBelow*float64(w.Len()) }

func newSparse(w model.Matrix, bias []float32) *panel.Sparse {
	inputs, _ := w.Size()
	return panel.NewSparse(inputs, w.Row, bias)
}

// newUpdate is newMatrix for what is added to the residual stream: outputs that
// nothing is added to cost nothing.
func newUpdate(w model.Matrix, bias []float32, dense bool) matrix {
	m := newMatrix(w, bias, dense)
	if m.sparse != nil {
		m.sparse = m.sparse.Update()
	}
	return m
}

// apply computes n positions of y [out, n] from x [in, n].
func (m *matrix) apply(w *worker, y, x panel.Panel, n int, mode panel.Mode) {
	switch {
	case m.sparse != nil:
		m.sparse.Apply(y, x, n, mode)
	case n == 1:
		m.full.one(w, y, x, mode)
	default:
		m.full.many(w, y, x, n, mode)
	}
}

// one computes a position of x W + b, or with ReLU what that leaves of it; it is valid until the
// next call.
func (m *matrix) one(w *worker, x *panel.Position, mode panel.Mode) *panel.Position {
	if m.sparse != nil {
		return m.single(mode).Apply(x)
	}
	if m.full.y.Values == nil {
		m.full.y = panel.NewPosition(m.full.w.Cols)
	}
	m.full.one(w, m.full.y.Panel(), x.Panel(), mode)
	m.full.y.Look(0, m.full.w.Cols)
	return &m.full.y
}

// addOne adds a position of x W + b to y.
func (m *matrix) addOne(w *worker, y, x *panel.Position) {
	if m.sparse != nil {
		m.single(panel.Add).Add(y, x)
		return
	}
	m.full.one(w, y.Panel(), x.Panel(), panel.Add)
	y.Look(0, m.full.w.Cols)
}

// single is the sparse weights for one position, always with the same mode.
func (m *matrix) single(mode panel.Mode) *panel.Alone {
	if m.alone == nil {
		m.alone = panel.NewAlone(m.sparse, mode, m.needs)
	}
	return m.alone
}

// readout computes n positions of x W + b, row-major [n, out].
func (m *matrix) readout(w *worker, logits []float32, x panel.Panel, n int) {
	if f := m.full; f != nil && n == 1 {
		f.vector(w, logits, w.position(x, f.w.Rows))
		return
	} else if f != nil {
		op := gemm.Op{TransA: true, Alpha: 1, Bias: f.bias, Threads: w.threads}
		gemm.Mul(op, view(x, f.w.Rows, n), f.w, gemm.Dense(n, f.w.Cols, logits))
		return
	}
	m.apply(w, w.columns, x, n, panel.Store)
	width := len(logits) / n
	for j := range width {
		for i, v := range w.columns.Row(j)[:n] {
			logits[i*width+j] = v
		}
	}
}

// full is a matrix with all its weights.
type full struct {
	w    gemm.Matrix // [in, out]
	bias []float32   // [out]
	y    panel.Position
}

// many multiplies panels, which are matrices [features, positions], by the
// transpose of W. What stands in y is added up by the product: the bias, and what
// was there before.
func (f *full) many(w *worker, y, x panel.Panel, n int, mode panel.Mode) {
	for j, b := range f.bias {
		row := y.Row(j)[:n]
		if mode != panel.Add {
			fill(row, b)
			continue
		}
		for i := range row {
			row[i] += b
		}
	}
	op := gemm.Op{TransA: true, Alpha: 1, Beta: 1, ReLU: mode == panel.ReLU, Threads: w.threads}
	gemm.Mul(op, f.w, view(x, f.w.Rows, n), view(y, f.w.Cols, n))
}

// fill sets all of a row, most of it by copies, which take whole vectors.
func fill(row []float32, v float32) {
	begun := min(len(row), 16)
	for i := range begun {
		row[i] = v
	}
	for ; begun < len(row); begun *= 2 {
		copy(row[begun:], row[:begun])
	}
}

// one multiplies a single position, a row vector, by W, which is so read once and
// in the order of memory.
func (f *full) one(w *worker, y, x panel.Panel, mode panel.Mode) {
	out := w.output(f.w.Cols)
	f.vector(w, out, w.position(x, f.w.Rows))
	for j, v := range out {
		switch mode {
		case panel.ReLU:
			v = max(v, 0)
		case panel.Add:
			v += y.Data[j*y.Stride]
		}
		y.Data[j*y.Stride] = v
	}
}

// vector sets y = x W + b.
func (f *full) vector(w *worker, y, x []float32) {
	copy(y, f.bias)
	w.crew.multiply(y, x, f.w)
}

// view is a panel as a matrix.
func view(p panel.Panel, features, positions int) gemm.Matrix {
	return gemm.Matrix{Rows: features, Cols: positions, Stride: p.Stride, Data: p.Data}
}
