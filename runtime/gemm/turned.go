package gemm

// isTurned says whether to compute the transpose of C: vectors run along rows of C,
// and with very few columns they are mostly empty, while a column would fill them.
//
// That takes transposing A in registers, and at [1000, 1000] times [1000, n] stops
// being faster between 2 and 3 columns. It stays faster up to 8 if rows of A are a
// multiple of 4 KiB apart: then those of a tile share a set of the first-level cache,
// and push each other out before their next elements are read.
func isTurned(op *Op, a *Matrix, m, n int) bool {
	if op.Alpha != 1 || n > 8 || m < 32 {
		return false
	}
	return n <= 2 || !op.TransA && a.Stride%1024 == 0
}

// turned computes C^T = op(B)^T op(A)^T. The chain of sums of an element is the same.
func (p *product) turned(isa *vectorISA) {
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	m, n := p.c.Rows, p.c.Cols
	w.c = reserve(w.c, m*n)
	if p.op.Beta != 0 {
		for i := range m {
			for j, v := range p.c.row(i) {
				w.c[j*m+i] = v
			}
		}
	}
	q := product{
		op: Op{TransA: !p.op.TransB, TransB: !p.op.TransA, Alpha: 1, Beta: p.op.Beta},
		a:  p.b, b: p.a, c: Dense(n, m, w.c), k: p.k,
	}
	q.run(isa)
	for i := range m {
		z := p.c.row(i)
		for j := range z {
			z[j] = w.c[j*m+i]
		}
		finish(&p.op, z)
	}
}
