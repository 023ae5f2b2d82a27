package disguise

// almostNone is what may be left, of a vector of length 1, of one that depends on others: the rest
// is rounding of float32 weights and of float64 sums.
const almostNone = 1e-6

// reduce leaves out of the residual stream what can never occur in it. What occurs are sums
// of rows that are written; they span a space, whose dimension is what is returned.
func (c *Change) reduce(w weights) int {
	basis := span(w.written())
	if len(basis) == 0 { // a stream has a dimension, if nothing is ever in it
		basis = identity(w.embed.cols).rowList()[:1]
	}
	b := matrix{rows: len(basis), cols: w.embed.cols}
	for _, x := range basis {
		b.a = append(b.a, x...)
	}
	b = b.transpose()
	c.Span = b.times(b.transpose())
	// The new stream is the old one in that basis; what came before is undone first.
	c.Q, c.Back = b, b.transpose()
	return len(basis)
}

// written are vectors whose sums are all that the stream can hold: BOS at its place; a
// token, and the differences of places, where the first is that of the first token; what heads bring, of all
// values and as a constant; and what neurons and biases add.
func (w weights) written() [][]float64 {
	var list [][]float64
	add := func(m matrix) {
		for i := range m.rows {
			list = append(list, append([]float64(nil), m.row(i)...))
		}
	}
	plus := func(x, y []float64, sign float64) {
		sum := append([]float64(nil), x...)
		for i := range y {
			sum[i] += float64(sign * y[i])
		}
		list = append(list, sum)
	}
	tokens := w.embed.rows - 1
	plus(w.embed.row(tokens), w.positions.row(0), 1)
	for t := range tokens {
		plus(w.embed.row(t), w.positions.row(1), 1)
	}
	for p := 2; p < w.positions.rows; p++ {
		plus(w.positions.row(p), w.positions.row(1), -1)
	}
	for _, l := range w.layers {
		for _, h := range l.heads {
			add(h.v.times(h.o))
			add(h.bV.times(h.o))
		}
		add(l.bO)
		add(l.out)
		add(l.bOut)
	}
	return list
}

// span is an orthonormal basis of what vectors span, the longest remainders first. It
// shortens the vectors.
func span(vectors [][]float64) [][]float64 {
	rest := vectors[:0]
	for _, x := range vectors {
		if size := norm(x); size > 0 {
			stretch(x, 1/size)
			rest = append(rest, x)
		}
	}
	var basis [][]float64
	for {
		longest, size := -1, almostNone
		for i, x := range rest {
			if n := norm(x); n > size {
				longest, size = i, n
			}
		}
		if longest < 0 {
			return basis
		}
		next := append([]float64(nil), rest[longest]...)
		stretch(next, 1/size)
		against(next, basis)
		stretch(next, 1/norm(next))
		basis = append(basis, next)
		for _, x := range rest {
			against(x, [][]float64{next})
		}
	}
}
