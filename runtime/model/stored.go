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
// NAME.values, and the metadata "sparse" has its shape. Reading expands it.

const (
	sparseFrom = 1 << 20 // elements, 4 MB
	sparseMost = 1.0 / 4 // of the elements may be there: an index is as long as a value
	// sparseLeast and mostExpanded bound what a small file can expand to.
	sparseLeast  = 1.0 / (1 << 16)
	mostExpanded = 1 << 29 // elements, 2 GB
)

// stored is a tensor as it stands in a file: as it is, or as two.
type stored struct {
	Tensor
	sparse  bool
	indices []int32
	values  []float32
}

// newStored chooses how to store a tensor. Zeros with a sign count as weights: what
// is read must be what was written.
func newStored(t Tensor) *stored {
	s := &stored{Tensor: t}
	n := len(*t.Data)
	if n < sparseFrom || n > mostExpanded {
		return s
	}
	weights := 0
	for _, w := range *t.Data {
		if math.Float32bits(w) != 0 {
			weights++
		}
	}
	if float64(weights) > sparseMost*float64(n) || float64(weights) < sparseLeast*float64(n) {
		return s
	}
	s.sparse, s.indices, s.values = true, make([]int32, 0, weights), make([]float32, 0, weights)
	for i, w := range *t.Data {
		if math.Float32bits(w) != 0 {
			s.indices, s.values = append(s.indices, int32(i)), append(s.values, w)
		}
	}
	return s
}

// entries are those of the header, without their places.
func (s *stored) entries() []entry {
	if !s.sparse {
		return []entry{{name: s.Name, DType: float32Type, Shape: s.Shape}}
	}
	n := []int{len(s.values)}
	return []entry{
		{name: s.Name + indicesSuffix, DType: int32Type, Shape: n},
		{name: s.Name + valuesSuffix, DType: float32Type, Shape: n},
	}
}

const (
	float32Type, int32Type      = "F32", "I32"
	indicesSuffix, valuesSuffix = ".indices", ".values"
)

// write writes the data of the entries.
func (s *stored) write(w io.Writer) error {
	if !s.sparse {
		return writeFloats(w, *s.Data)
	}
	if err := binary.Write(w, binary.LittleEndian, s.indices); err != nil {
		return err
	}
	return writeFloats(w, s.values)
}

// read reads the data of one entry.
func (s *stored) read(r io.Reader, e entry) (err error) {
	n := int(e.size() / 4)
	switch e.name {
	case s.Name:
		*s.Data, err = readFloats(r, n)
	case s.Name + valuesSuffix:
		s.values, err = readFloats(r, n)
	default:
		var bits []float32
		if bits, err = readFloats(r, n); err == nil {
			s.indices = make([]int32, n)
			for i, b := range bits {
				s.indices[i] = int32(math.Float32bits(b))
			}
		}
	}
	return err
}

// expand fills a tensor that was stored as what is not zero.
func (s *stored) expand() error {
	if !s.sparse {
		return nil
	}
	n := elements(s.Shape)
	switch {
	case len(s.indices) != len(s.values):
		return fmt.Errorf("tensor %s has %d indices and %d values", s.Name, len(s.indices), len(s.values))
	case n > mostExpanded, float64(len(s.values)) < sparseLeast*float64(n):
		return fmt.Errorf("tensor %s of shape %v would have only %d weights that are stored", s.Name, s.Shape, len(s.values))
	}
	*s.Data = make([]float32, n)
	last := int32(-1)
	for i, at := range s.indices {
		if at <= last || int(at) >= n {
			return fmt.Errorf("tensor %s%s: index %d is %d, must be above the one before it and below %d", s.Name, indicesSuffix, i, at, n)
		}
		(*s.Data)[at], last = s.values[i], at
	}
	s.sparse = false
	return nil
}

// stored lists the tensors as they stand in a file.
func (m *Model) stored() []*stored {
	var list []*stored
	for _, t := range m.byName() {
		list = append(list, newStored(t))
	}
	return list
}

// expandAll fills the sparse tensors.
func expandAll(list []*stored) error {
	for _, s := range list {
		if err := s.expand(); err != nil {
			return err
		}
	}
	return nil
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
func sparseShapes(metadata map[string]string) (map[string][]int, error) {
	text, ok := metadata[keySparse]
	if !ok {
		return nil, nil
	}
	var shapes map[string][]int
	if err := parseJSON([]byte(text), &shapes); err != nil {
		return nil, fmt.Errorf("metadata %q: %w", keySparse, err)
	}
	return shapes, nil
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
