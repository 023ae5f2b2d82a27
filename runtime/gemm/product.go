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
func (p *product) start(isa *vectorISA) {
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
	switch {
	case p.packed == nil && isTurned(&p.op, p.c.Rows, p.c.Cols, p.k):
		p.turned(isa)
	case p.packed == nil && isa.isDirect(&p.op, &p.b, p.c.Rows, p.c.Cols, p.k):
		isa.direct(&p.op, &p.a, &p.b, &p.c, p.k)
	default:
		p.blocked(isa, sizes(isa, p.k))
	}
}

// blocking is how far each loop goes before an operand leaves its cache.
type blocking struct{ m, n, k int }

// sizes derives the blocking of k products from the caches. See the package comment. With
// AVX-512 C is loaded and stored often for what is multiplied meanwhile, so a panel of B
// may fill a sixteenth of the second-level cache, which keeps up with one row of it every
// 14 cycles; an eighth, in equal parts, where a row takes twice as long.
func sizes(isa *vectorISA, depth int) blocking {
	c := machine.CacheSizes()
	k := max(64, c.L1/4/isa.panel())
	switch {
	case isa.wide:
		k = max(k, c.L2/16/4/isa.panel())
	case isa.opmask:
		k = max(k, even(depth, c.L2/8/4/isa.panel()))
	}
	return blocking{
		m: max(isa.rows, c.L2/4/4/k/isa.rows*isa.rows),
		n: max(isa.panel(), min(4096, c.L3/4/4/k/isa.panel()*isa.panel())),
		k: k,
	}
}

// blocked is the loop nest of Goto and BLIS around the tiles.
func (p *product) blocked(isa *vectorISA, size blocking) {
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	m, n := p.c.Rows, p.c.Cols
	if m <= isa.rows { // each panel is used once, so it should stay near
		size.n = 4 * isa.panel()
	}
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
	if p.op.Alpha != 1 || rows > isa.rows && cols > isa.fewPanels()*isa.panel() && p.collides(isa) {
		stride := roundUp(q.a.Cols, 16) + 16 // so that rows do not meet in the same set of L1
		w.a = reserve(w.a, q.a.Rows*stride)
		packA(w.a, stride, p.op.Alpha, q.a)
		q.a = Matrix{Rows: q.a.Rows, Cols: q.a.Cols, Stride: stride, Data: w.a}
	}
	var t tile
	t.corner(&q.op, &q.a, &q.c)
	t.slice(&q.op, k, depth, p.k)
	t.rowB = 4 * isa.panel()
	c, bias := t.c, t.bias
	for col := 0; col < cols; col += isa.panel() {
		t.b = unsafe.Pointer(&panels[col*apart])
		t.c = unsafe.Add(c, 4*col)
		if bias != nil {
			t.bias = unsafe.Add(bias, 4*col)
		}
		t.stepFar = 0
		if next := col + isa.panel(); next < cols {
			isa.fetch(&t, rows, isa.panel(), unsafe.Pointer(&panels[next*apart]), depth*t.rowB)
		}
		isa.sweep(&t, rows, min(isa.panel(), cols-col))
	}
}

// fewPanels are so few panels of B that copying A for them costs more than it saves: on a Zen 4
// 160 columns by 768 x 768 to 3072 transposed are 13 % slower with A copied, 192 by 512 x 2000
// 11 %, 256 up to 6 %; from 512 on there is no difference. Where vectors are wide there are none: on an
// Emerald Rapids 129 columns by the weights of GPT-2, transposed, are 1.6 times as fast with A copied.
func (v *vectorISA) fewPanels() int {
	if v.wide {
		return 0
	}
	return 8
}

// collides says whether the rows of A that a tile goes along lie so that they push each
// other out of the first-level cache or are all in pages of their own: copying them pays.
// Measured for wide vectors only, where it costs 5 % to copy others too.
func (p *product) collides(isa *vectorISA) bool {
	return !isa.wide || p.op.TransA || p.a.Stride%512 == 0
}

// workspace is where a goroutine packs.
type workspace struct{ a, b, c []float32 }

var workspaces = sync.Pool{New: func() any { return new(workspace) }}
