package gemm

// Op says what Mul computes beside the product: C = alpha op(A) op(B) + beta C,
// then + Bias, then ReLU.
type Op struct {
	TransA, TransB bool      // op(X) is the transpose of X
	Alpha, Beta    float32   // with Beta 0, C is not read; with Alpha 0, A and B are not
	Bias           []float32 // one for each column of C, or nil
	ReLU           bool      // negative elements become 0; NaN stays
	Threads        int       // at most so many goroutines compute; 0 and 1: the caller alone
}

// Mul computes op on a, b and c, which does not overlap the others. It panics if
// shapes do not fit together or views exceed their data.
//
// An element of C is one chain of fused multiply-adds: it starts with beta C (or
// 0), adds (alpha a) b in ascending order of the columns of op(A), each sum
// rounded once, and then the bias. That does not depend on the other elements, the
// number of threads, the strides, nor on which kernels the CPU has, so a batch
// gives the same bits as its rows one by one. Only without assembly, where
// products may be rounded before they are added, may the last bits differ.
func Mul(op Op, a, b, c Matrix) {
	m, k := a.shape(op.TransA)
	inner, n := b.shape(op.TransB)
	if inner != k || !a.valid() || !b.valid() || !op.fits(m, n, &c) {
		misfit(&op, a, b, c)
	}
	if best != nil && best.isDirect(&op, &b, m, n, k) {
		best.direct(&op, &a, &b, &c, k)
		return
	}
	p := product{op: op, a: a, b: b, c: c, k: k}
	p.start(best)
}

// MulPacked is Mul with an op(B) that was packed before; op.TransB is ignored. If C
// has fewer columns than op(B), only these are computed.
func MulPacked(op Op, a Matrix, b *Packed, c Matrix) {
	m, k := a.shape(op.TransA)
	if b.rows != k || !a.valid() || c.Cols > b.cols || !op.fits(m, c.Cols, &c) {
		op.TransB = false
		misfit(&op, a, Matrix{Rows: b.rows, Cols: b.cols, Stride: b.cols, Data: b.data}, c)
	}
	p := product{op: op, a: a, packed: b, c: c, k: k}
	p.start(b.isa)
}
