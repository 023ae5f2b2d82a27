package runtime

// matrix is an affine map x -> x W + b that keeps only the non-zero weights,
// row by row: the weights of input i are val[start[i]:start[i+1]], in the columns
// col[start[i]:start[i+1]]. Compiled weights are mostly zeros, and so are the
// activations that meet them.
type matrix struct {
	start []int
	col   []int32
	val   []float32
	bias  []float32 // [out]
}

// compress takes W [in, len(bias)], row-major, and keeps bias.
func compress(w []float32, in int, bias []float32) matrix {
	m := matrix{start: make([]int, 1, in+1), bias: bias}
	for i := range in {
		for j, v := range row(w, i, len(bias)) {
			if v != 0 {
				m.col = append(m.col, int32(j))
				m.val = append(m.val, v)
			}
		}
		m.start = append(m.start, len(m.col))
	}
	return m
}

// apply sets y = x W + b, y not overlapping x. The products are added in
// ascending order of the rows, each rounded first, and the bias last. Leaving
// out zeros changes nothing: the sum starts at +0, and adding a zero to a sum
// that is not -0 gives that sum.
func (m *matrix) apply(y, x []float32) {
	clear(y)
	for i, xi := range x {
		if xi == 0 {
			continue
		}
		from, to := m.start[i], m.start[i+1]
		val := m.val[from:to]
		for n, j := range m.col[from:to] {
			y[j] += float32(xi * val[n]) // the conversion forbids a fused multiply-add
		}
	}
	for j, b := range m.bias {
		y[j] += b
	}
}

// joinHeads lays W [heads, in, out] side by side: [in, heads*out], so that one
// product serves all heads.
func joinHeads(w []float32, heads, in, out int) []float32 {
	joined := make([]float32, 0, len(w))
	for i := range in {
		for h := range heads {
			joined = append(joined, row(w, h*in+i, out)...)
		}
	}
	return joined
}
