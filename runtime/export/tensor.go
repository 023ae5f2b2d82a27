package export

import (
	"encoding/binary"
	"io"
	"math"

	"rasp/runtime/model"
)

// Tensor is an array of float32, row-major.
type Tensor struct {
	Name  string
	Shape []int
	// Weights has as many elements as the shape asks for. Zeros take no memory.
	Weights model.Matrix
}

// NewTensor is a matrix as a tensor of two dimensions.
func NewTensor(name string, w model.Matrix) Tensor {
	rows, cols := w.Size()
	return Tensor{name, []int{rows, cols}, w}
}

// NewVector is numbers as a tensor of one dimension.
func NewVector(name string, numbers []float32) Tensor {
	return RowVector(name, Row(numbers))
}

// RowVector is a matrix of one row as a tensor of one dimension.
func RowVector(name string, row model.Matrix) Tensor {
	_, n := row.Size()
	return Tensor{name, []int{n}, row}
}

// Row is numbers as a matrix of one row.
func Row(numbers []float32) model.Matrix {
	b := model.NewBuilder(1, len(numbers))
	for i, x := range numbers {
		b.Add(0, i, x)
	}
	return b.Matrix()
}

// Size is the number of bytes of the elements.
func (t Tensor) Size() int64 {
	rows, cols := t.Weights.Size()
	return 4 * int64(rows) * int64(cols)
}

// Write writes the elements, little-endian, zeros included.
func (t Tensor) Write(to io.Writer) error {
	rows, cols := t.Weights.Size()
	row := make([]byte, 4*cols)
	for i := range rows {
		clear(row)
		for j, w := range t.Weights.Row(i) {
			binary.LittleEndian.PutUint32(row[4*j:], math.Float32bits(w))
		}
		if _, err := to.Write(row); err != nil {
			return err
		}
	}
	return nil
}
