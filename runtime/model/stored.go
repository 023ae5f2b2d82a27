package model

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// A tensor that is large and mostly zeros is stored as what is not zero: instead
// of NAME the file has NAME.indices, the places in row-major order, ascending, and
// NAME.values, and the metadata "sparse" has its shape.

const sparseFrom = 1 << 18 // elements, 1 MB

// stored is a tensor as it stands in a file: as it is, or as two.
type stored struct {
	Tensor
	sparse  bool
	entries int   // of a sparse one
	starts  []int // of a sparse one that is read: as in Matrix
	columns []int32
	values  []float32
}

// newStored chooses how to store a tensor. Sparse ones are taken out of the budget.
func newStored(t Tensor, left *budget) *stored {
	w := t.Weights()
	s := &stored{Tensor: t, entries: w.stored()}
	s.sparse = t.matrix != nil && w.Len() >= sparseFrom && float64(s.entries) <= sparseMost*float64(w.Len()) && left.take(t) == nil
	return s
}

// layout are the entries of the header, without their places.
func (s *stored) layout() []entry {
	if !s.sparse {
		return []entry{{name: s.Name, DType: float32Type, Shape: s.Shape}}
	}
	n := []int{s.entries}
	return []entry{
		{name: s.Name + indicesSuffix, DType: s.indexType(), Shape: n},
		{name: s.Name + valuesSuffix, DType: float32Type, Shape: n},
	}
}

// indexType is int32 where that has all places.
func (s *stored) indexType() string {
	if elements(s.Shape) > math.MaxInt32 {
		return int64Type
	}
	return int32Type
}

const (
	float32Type, int32Type, int64Type = "F32", "I32", "I64"
	indicesSuffix, valuesSuffix       = ".indices", ".values"
)

// write writes the data of the entries.
func (s *stored) write(w io.Writer) error {
	weights := s.Weights()
	if !s.sparse {
		return writeMatrix(w, weights)
	}
	if err := s.writeIndices(w, weights); err != nil {
		return err
	}
	values := make([]float32, 0, s.entries)
	for _, x := range weights.places {
		values = append(values, x)
	}
	return writeFloats(w, values)
}

func (s *stored) writeIndices(w io.Writer, weights Matrix) error {
	wide := s.indexType() == int64Type
	buffer := make([]byte, 0, 8*chunk)
	for place := range weights.places {
		if wide {
			buffer = binary.LittleEndian.AppendUint64(buffer, uint64(place))
		} else {
			buffer = binary.LittleEndian.AppendUint32(buffer, uint32(place))
		}
		if len(buffer) < 8*chunk {
			continue
		}
		if _, err := w.Write(buffer); err != nil {
			return err
		}
		buffer = buffer[:0]
	}
	_, err := w.Write(buffer)
	return err
}

// read reads the data of one entry, which is sure to be there or not. What is not kept of it
// is in room, for the next one.
func (s *stored) read(r io.Reader, e entry, sure bool, room *[]float32) (err error) {
	n := int(e.size() / e.itemSize())
	switch e.name {
	case s.Name:
		if *room, err = readFloats(r, n, sure, (*room)[:0]); err == nil {
			s.keep(*room)
		}
	case s.Name + valuesSuffix:
		s.values, err = readFloats(r, n, sure, nil)
	default:
		err = s.readIndices(r, n, e.itemSize(), sure)
	}
	return err
}

// keep is Set with elements that do not stay what they are.
func (s *stored) keep(elements []float32) {
	s.Set(elements)
	switch {
	case s.matrix == nil:
		*s.bias = slices.Clone(elements)
	case s.matrix.dense != nil:
		s.matrix.dense = slices.Clone(elements)
	}
}

// readIndices takes n places apart into rows and columns.
func (s *stored) readIndices(r io.Reader, n int, size int64, sure bool) error {
	rows, cols := s.size()
	s.starts, s.columns = make([]int, 1, rows+1), make([]int32, 0, capacity(n, sure))
	last, end, row := -1, elements(s.Shape), 0 // row is the place at which the row at hand begins
	err := readIndices(r, n, size, func(place int) error {
		if place <= last || place >= end {
			return &indexError{s, len(s.columns), place}
		}
		for ; place >= row+cols; row += cols {
			s.starts = append(s.starts, len(s.columns))
		}
		s.columns, last = append(s.columns, int32(place-row)), place
		return nil
	})
	for len(s.starts) <= rows {
		s.starts = append(s.starts, len(s.columns))
	}
	return err
}

// indexError is the error for a place that is not above the one before it, or beyond the
// tensor.
type indexError struct {
	of            *stored
	number, place int
}

func (e *indexError) Error() string {
	return fmt.Sprintf("tensor %s%s: index %d is %d, must be above the one before it and below %d", e.of.Name, indicesSuffix, e.number, e.place, elements(e.of.Shape))
}

// join makes a sparse tensor of its two entries, of as many indices as values.
func (s *stored) join() {
	if !s.sparse {
		return
	}
	rows, cols := s.size()
	m := Matrix{rows: rows, cols: cols, starts: s.starts, columns: s.columns, values: s.values}
	if s.matrix == nil {
		*s.bias = m.Floats()
	} else {
		*s.matrix = m
	}
}

// stored lists the tensors as they stand in a file.
func (m *Model) stored() []*stored {
	var list []*stored
	left := newBudget()
	for _, t := range m.byName() {
		list = append(list, newStored(t, left))
	}
	return list
}

// joinAll makes the sparse tensors.
func joinAll(list []*stored) {
	for _, s := range list {
		s.join()
	}
}

// shapesOf are the shapes of the sparse tensors, by name.
func shapesOf(list []*stored) map[string][]int {
	shapes := map[string][]int{}
	for _, s := range list {
		if s.sparse {
			shapes[s.Name] = s.Shape
		}
	}
	return shapes
}

// sparseShapes reads them from the metadata.
func sparseShapes(metadata map[string]string, config fileConfig) (shapes map[string][]int, err error) {
	if text, ok := metadata[keySparse]; ok {
		err = parsePart(metadata, keySparse, &shapes, config.checkLists(keySparse, text))
	}
	return shapes, err
}

// expected is how a tensor of m should stand in a file whose sparse tensors have
// these shapes.
func expected(t Tensor, shapes map[string][]int) (*stored, error) {
	s := &stored{Tensor: t}
	shape, sparse := shapes[t.Name]
	if s.sparse = sparse; sparse && !slices.Equal(shape, t.Shape) {
		return nil, fmt.Errorf("tensor %s has shape %v, the config asks for %v", t.Name, shape, t.Shape)
	}
	return s, nil
}
