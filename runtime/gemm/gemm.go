package gemm

import "fmt"

// Matrix is a row-major view: element (i, j) is Data[i*Stride+j]. Stride is at
// least Cols, and Data may end with the last element of the last row.
type Matrix struct {
	Rows, Cols, Stride int
	Data               []float32
}

// Dense views data, rows*cols elements without gaps, as a matrix.
func Dense(rows, cols int, data []float32) Matrix {
	return Matrix{Rows: rows, Cols: cols, Stride: cols, Data: data}
}

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
func Mul(op Op, a, b, c Matrix) {
	m, k := shape("A", a, op.TransA)
	inner, n := shape("B", b, op.TransB)
	op.check(m, k, inner, n, c)
	generic(op, a, b, c, k)
}

// Packed holds an op(B) in the order in which the kernels read it, for weights
// that are multiplied many times.
type Packed struct {
	rows, cols int // of op(B)
	data       []float32
}

// PackB packs b, or its transpose.
func PackB(b Matrix, trans bool) *Packed {
	p := new(Packed)
	p.Pack(b, trans)
	return p
}

// Pack replaces what p holds by b, or its transpose. It allocates only if
// nothing as large was packed before.
func (p *Packed) Pack(b Matrix, trans bool) {
	p.rows, p.cols = shape("B", b, trans)
	p.data = p.data[:0]
	for i := range p.rows {
		for j := range p.cols {
			p.data = append(p.data, b.at(i, j, trans))
		}
	}
}

// MulPacked is Mul with an op(B) that was packed before; op.TransB is ignored.
func MulPacked(op Op, a Matrix, b *Packed, c Matrix) {
	op.TransB = false
	Mul(op, a, Dense(b.rows, b.cols, b.data), c)
}

// shape returns rows and columns of op(x).
func shape(name string, x Matrix, trans bool) (rows, cols int) {
	x.check(name)
	if trans {
		return x.Cols, x.Rows
	}
	return x.Rows, x.Cols
}

func (x Matrix) check(name string) {
	if x.Rows < 0 || x.Cols < 0 || x.Stride < x.Cols {
		panic(fmt.Sprintf("gemm: %s has %d rows, %d columns, stride %d", name, x.Rows, x.Cols, x.Stride))
	}
	if x.Rows > 0 && x.Cols > 0 && len(x.Data) < (x.Rows-1)*x.Stride+x.Cols {
		panic(fmt.Sprintf("gemm: %s [%d, %d] with stride %d has only %d elements", name, x.Rows, x.Cols, x.Stride, len(x.Data)))
	}
}

func (op *Op) check(m, k, inner, n int, c Matrix) {
	c.check("C")
	if inner != k || c.Rows != m || c.Cols != n {
		panic(fmt.Sprintf("gemm: A [%d, %d] times B [%d, %d] into C [%d, %d]", m, k, inner, n, c.Rows, c.Cols))
	}
	if op.Bias != nil && len(op.Bias) != n {
		panic(fmt.Sprintf("gemm: %d biases for %d columns", len(op.Bias), n))
	}
}

// at returns element (i, j) of op(x).
func (x *Matrix) at(i, j int, trans bool) float32 {
	if trans {
		i, j = j, i
	}
	return x.Data[i*x.Stride+j]
}
