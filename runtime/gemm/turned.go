package gemm

// isTurned says whether to compute the transpose of C: vectors run along rows of C,
// and with one or two columns they are mostly empty, while a column would fill them.
// With three, or two and a short k, transposing A takes longer than it saves.
func isTurned(op *Op, m, n, k int) bool {
	return op.Alpha == 1 && m >= 32 && (n == 1 || n == 2 && k >= 256)
}

// turned computes C^T = op(B)^T op(A)^T. The chain of sums of an element is the same.
func (p *product) turned(isa *vectorISA) {
	if !p.op.TransA {
		for j := range p.c.Cols {
			q := p.part(0, j, p.c.Rows, 1)
			q.column()
		}
		return
	}
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
