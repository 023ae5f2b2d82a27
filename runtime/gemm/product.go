package gemm

import (
	"sync"
	"unsafe"

	"rasp/runtime/internal/machine"
)

// best is the instruction set that Mul uses; nil is plain Go.
var best = func() *vectorISA {
	if list := available(); len(list) > 0 {
		return list[0]
	}
	return nil
}()

// product is one call of Mul, or the part of it that computes a part of C.
type product struct {
	op      Op
	a, b, c Matrix
	packed  *Packed // if not nil, B is its columns from first on
	first   int     // a multiple of the width of a panel
	k       int     // columns of op(A)
}

// start computes the product with the kernels of isa, nil for plain Go.
func (p product) start(isa *vectorISA) {
	switch {
	case p.c.Rows == 0 || p.c.Cols == 0:
	case p.k == 0 || p.op.Alpha == 0:
		for i := range p.c.Rows {
			start(p.c.row(i), p.op.Beta)
			finish(&p.op, p.c.row(i))
		}
	case isa == nil:
		if p.packed != nil {
			p.op.TransB = false
			p.b = Dense(p.packed.rows, p.packed.cols, p.packed.data)
		}
		generic(&p.op, p.a, p.b, p.c, p.k)
	default:
		p.split(isa)
	}
}

// run computes the product on the calling goroutine.
func (p *product) run(isa *vectorISA) {
	size := sizes(isa)
	if p.packed == nil && !p.op.TransB && p.unpacked(isa, size) {
		p.direct(isa, size)
	} else {
		p.blocked(isa, size)
	}
}

// blocking is how far each loop goes before an operand leaves its cache.
type blocking struct{ m, n, k int }

// sizes derives the blocking from the caches. See the package comment.
func sizes(isa *vectorISA) blocking {
	c := machine.CacheSizes()
	k := max(64, c.L1/4/isa.panel())
	return blocking{
		m: max(isa.rows, c.L2/2/4/k/isa.rows*isa.rows),
		n: max(isa.panel(), min(4096, c.L3/4/4/k/isa.panel()*isa.panel())),
		k: k,
	}
}

// unpacked says whether packing B costs more than it saves: it is read and
// written once, to be read again for each tile of rows.
func (p *product) unpacked(isa *vectorISA, size blocking) bool {
	return p.c.Rows <= 4*isa.rows
}

// direct reads A and B where they lie, unless A has to be scaled.
func (p *product) direct(isa *vectorISA, size blocking) {
	if p.op.Alpha != 1 {
		p.blocked(isa, size)
		return
	}
	depth := p.k
	if p.c.Rows > isa.rows {
		depth = size.k
	}
	t := p.corner()
	b := unsafe.Pointer(&p.b.Data[0])
	t.rowB = 4 * p.b.Stride
	for k := 0; k < p.k; k += depth {
		t.b = unsafe.Add(b, k*t.rowB)
		p.slice(&t, k, min(depth, p.k-k))
		isa.sweep(t, p.c.Rows, p.c.Cols)
		t.a = unsafe.Add(t.a, depth*t.stepA)
	}
}

// blocked is the loop nest of Goto and BLIS around the tiles.
func (p *product) blocked(isa *vectorISA, size blocking) {
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	m, n := p.c.Rows, p.c.Cols
	if p.packed != nil {
		size.n = n
		if m <= isa.rows {
			size.k = p.k
		}
	}
	for j := 0; j < n; j += size.n {
		cols := min(size.n, n-j)
		for k := 0; k < p.k; k += size.k {
			depth := min(size.k, p.k-k)
			panels, rows := p.panels(w, isa, k, j, depth, cols)
			for i := 0; i < m; i += size.m {
				p.block(w, isa, panels, rows, i, j, k, min(size.m, m-i), cols, depth)
			}
		}
	}
}

// panels returns depth rows of cols columns of op(B) from (k, j) on, in panels that
// are so many rows apart.
func (p *product) panels(w *workspace, isa *vectorISA, k, j, depth, cols int) (panels []float32, rows int) {
	if p.packed != nil {
		return p.packed.data[(p.first+j)*p.k+k*isa.panel():], p.k
	}
	w.b = reserve(w.b, depth*roundUp(cols, isa.panel()))
	packB(w.b, isa, isa.panel(), p.b.opPart(p.op.TransB, k, j, depth, cols), p.op.TransB)
	return w.b, depth
}

// block adds rows x depth of op(A) from (i, k) on times panels to C from (i, j) on.
func (p *product) block(w *workspace, isa *vectorISA, panels []float32, apart, i, j, k, rows, cols, depth int) {
	q := *p
	q.a = p.a.opPart(p.op.TransA, i, k, rows, depth)
	q.c = p.c.part(i, j, rows, cols)
	if p.op.Bias != nil {
		q.op.Bias = p.op.Bias[j : j+cols]
	}
	if p.op.Alpha != 1 || rows > isa.rows {
		stride := roundUp(q.a.Cols, 16) + 16 // so that rows do not meet in the same set of L1
		w.a = reserve(w.a, q.a.Rows*stride)
		packA(w.a, stride, p.op.Alpha, q.a)
		q.a = Matrix{Rows: q.a.Rows, Cols: q.a.Cols, Stride: stride, Data: w.a}
	}
	t := q.corner()
	q.slice(&t, k, depth)
	t.rowB = 4 * isa.panel()
	c, bias := t.c, t.bias
	for col := 0; col < cols; col += isa.panel() {
		t.b = unsafe.Pointer(&panels[col*apart])
		t.c = unsafe.Add(c, 4*col)
		if bias != nil {
			t.bias = unsafe.Add(bias, 4*col)
		}
		isa.sweep(t, rows, min(isa.panel(), cols-col))
	}
}

// corner is the tile at the first element of C, without B.
func (p *product) corner() tile {
	t := tile{
		a:     unsafe.Pointer(&p.a.Data[0]),
		rowA:  4 * p.a.Stride,
		stepA: 4,
		c:     unsafe.Pointer(&p.c.Data[0]),
		rowC:  4 * p.c.Stride,
	}
	if p.op.TransA {
		t.rowA, t.stepA = t.stepA, t.rowA
	}
	return t
}

// slice lets the tile add depth products from k on to what is there: beta C
// before the first, sums after it. Bias and ReLU come with the last.
func (p *product) slice(t *tile, k, depth int) {
	t.k = depth
	t.add, t.beta = p.op.Beta != 0, p.op.Beta
	if k > 0 {
		t.add, t.beta = true, 1
	}
	if k+depth == p.k {
		t.relu = p.op.ReLU
		if p.op.Bias != nil {
			t.bias = unsafe.Pointer(&p.op.Bias[0])
		}
	}
}

// workspace is where a goroutine packs.
type workspace struct{ a, b []float32 }

var workspaces = sync.Pool{New: func() any { return new(workspace) }}
