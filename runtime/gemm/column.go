package gemm

import "unsafe"

// stripRows are the rows of a strip of A: what a vector of 256 bits holds of a column.
const stripRows = 8

// strip is eight rows of A from an element of their first on, the elements of B that
// their next columns are multiplied by, and the sums that the products are added to.
type strip struct{ a, b, sums unsafe.Pointer }

// strips is a product with C of one column being computed strip by strip. If rows are no
// multiple of eight, the last strip has rows in it of the one before.
type strips struct {
	a, b, sums []float32 // sums: eight a strip, and eight for strips that are not there
	stride     int       // of A
	rows, k    int
}

// column computes C of one column, where op(A) is A, of stripRows rows or more. Each row
// of A is read once, and rows are transposed in registers, eight of a strip and four
// columns at a time: into vectors of the elements that meet the same element of B.
func (p *product) column() {
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	m := p.c.Rows
	padded := roundUp(m, stripRows)
	w.c = reserve(w.c, padded+stripRows)
	s := strips{a: p.a.Data, b: p.vectorB(w), sums: w.c, stride: p.a.Stride, rows: m, k: p.k}
	last := padded - stripRows
	whole, rest := w.c[:last], w.c[last+padded-m:padded]
	p.startColumn(whole, 0)
	p.startColumn(rest, last)
	s.add()
	p.finishColumn(whole, 0)
	p.finishColumn(rest, last)
}

// vectorB are the elements of op(B), of one column, side by side. Where rows of A are pages
// apart, so that they fill sets of the first-level cache, B is copied to where it is 12 lines
// from them and 4 from those that the next strip reads: on a Zen 4 a tenth faster for
// 1024 x 1024.
func (p *product) vectorB(w *workspace) []float32 {
	crowded := 4*p.a.Stride%page == 0
	if !crowded && (p.op.TransB || p.b.Stride == 1) {
		return p.b.Data
	}
	w.b = reserve(w.b, p.k+page/4)
	b := w.b
	if crowded {
		bytes := uintptr(unsafe.Pointer(&p.a.Data[0])) - uintptr(unsafe.Pointer(&b[0])) + 12*line
		b = b[bytes%page/4:]
	}
	b = b[:p.k]
	step := p.b.Stride
	if p.op.TransB {
		step = 1
	}
	for i := range b {
		b[i] = p.b.Data[i*step]
	}
	return b
}

// line is what a cache fetches at a time, in bytes.
const line = 64

// startColumn sets z to what the sums of C begin with, from a row on.
func (p *product) startColumn(z []float32, row int) {
	if p.op.Beta != 0 {
		for i := range z {
			z[i] = p.c.Data[(row+i)*p.c.Stride]
		}
	}
	start(z, p.op.Beta)
}

// finishColumn writes the sums z to C from a row on, with bias and ReLU.
func (p *product) finishColumn(z []float32, row int) {
	if p.op.Bias != nil {
		for i := range z {
			z[i] += p.op.Bias[0]
		}
	}
	finish(&Op{ReLU: p.op.ReLU}, z)
	for i, v := range z {
		p.c.Data[(row+i)*p.c.Stride] = v
	}
}

// add adds all products. Four strips are taken at a time, so that there is another sum to
// add to while one is being rounded. Where rows are pages or halves of one apart, all lines
// of a column are in one or two sets of the first-level cache, which hold those of one or
// two strips: there each of the four is 1 KB ahead of the next, or a quarter of a row.
func (s *strips) add() {
	depth, apart := s.k/16*16, 0
	if 4*s.stride%(page/2) == 0 {
		depth, apart = min(256, s.k/4/16*16), 1
	}
	parts := s.k / max(depth, 1)
	rounds := (roundUp(s.rows, stripRows)/stripRows + 3) / 4
	var four [4]strip
	for step := 0; depth > 0 && step < rounds*parts+3*apart; step++ {
		for i := range four {
			at := step - i*apart
			four[i] = s.strip(at/parts*4+i, at%parts*depth, at >= 0)
		}
		addStrips(&four, 4*s.stride, depth)
	}
	from := parts * depth
	for n := 0; from < s.k && n < rounds; n++ {
		for i := range four {
			four[i] = s.strip(n*4+i, from, true)
		}
		addStrips(&four, 4*s.stride, s.k-from)
	}
}

// strip is that of a number, from a column on, or one that is there whose sums nobody
// wants.
func (s *strips) strip(number, column int, wanted bool) strip {
	row, sums := number*stripRows, number*stripRows
	if !wanted || row >= s.rows {
		row, column, sums = 0, 0, roundUp(s.rows, stripRows)
	}
	row = min(row, s.rows-stripRows)
	return strip{
		a:    unsafe.Pointer(&s.a[row*s.stride+column]),
		b:    unsafe.Pointer(&s.b[column]),
		sums: unsafe.Pointer(&s.sums[sums]),
	}
}
