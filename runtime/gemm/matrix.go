package gemm

import (
	"fmt"
	"math/bits"
)

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

// part views rows x cols of x from (i, j) on; not empty.
func (x Matrix) part(i, j, rows, cols int) Matrix {
	return Matrix{Rows: rows, Cols: cols, Stride: x.Stride, Data: x.Data[i*x.Stride+j : (i+rows-1)*x.Stride+j+cols]}
}

// opPart views rows x cols of op(x) from (i, j) on.
func (x Matrix) opPart(trans bool, i, j, rows, cols int) Matrix {
	if trans {
		return x.part(j, i, cols, rows)
	}
	return x.part(i, j, rows, cols)
}

func (x *Matrix) row(i int) []float32 { return x.Data[i*x.Stride:][:x.Cols] }

// at returns element (i, j) of op(x).
func (x *Matrix) at(i, j int, trans bool) float32 {
	if trans {
		i, j = j, i
	}
	return x.Data[i*x.Stride+j]
}

// shape returns rows and columns of op(x).
func (x *Matrix) shape(trans bool) (rows, cols int) {
	if trans {
		return x.Cols, x.Rows
	}
	return x.Rows, x.Cols
}

// valid says whether all elements are within the data.
func (x *Matrix) valid() bool {
	switch {
	case x.Rows < 0 || x.Cols < 0 || x.Stride < x.Cols:
		return false
	case x.Rows == 0 || x.Cols == 0:
		return true
	}
	beyond := len(x.Data) - x.Cols // of the first row
	over, least := bits.Mul64(uint64(x.Rows-1), uint64(x.Stride))
	return beyond >= 0 && over == 0 && least <= uint64(beyond)
}

// fits says whether c is a valid result of m x n, with a bias for each column.
func (op *Op) fits(m, n int, c *Matrix) bool {
	return c.Rows == m && c.Cols == n && c.valid() && (op.Bias == nil || len(op.Bias) == n)
}

// misfit panics, saying what is wrong with the operands.
func misfit(op *Op, a, b, c Matrix) {
	for name, x := range map[string]*Matrix{"A": &a, "B": &b, "C": &c} {
		if !x.valid() {
			panic(fmt.Sprintf("gemm: %s [%d, %d] with stride %d has %d elements", name, x.Rows, x.Cols, x.Stride, len(x.Data)))
		}
	}
	m, k := a.shape(op.TransA)
	inner, n := b.shape(op.TransB)
	if inner != k || c.Rows != m || c.Cols != n {
		panic(fmt.Sprintf("gemm: A [%d, %d] times B [%d, %d] into C [%d, %d]", m, k, inner, n, c.Rows, c.Cols))
	}
	panic(fmt.Sprintf("gemm: %d biases for %d columns", len(op.Bias), n))
}
