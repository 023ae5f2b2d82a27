package model

import (
	"cmp"
	"iter"
	"math"
	"slices"
)

// Matrix is weights [Rows, Cols] in row-major order. Compiled ones are mostly zeros, and
// of those only the others are kept: a model of words has 340 million weights, of which
// 1.5 million are not 0. A Matrix does not change once it is made; the zero Matrix has no
// rows.
type Matrix struct {
	rows, cols int
	dense      []float32 // all weights, or nil, and then
	starts     []int     // row i has the entries starts[i] to starts[i+1] of these two,
	columns    []int32   // ascending in a row
	values     []float32
}

// sparseMost is the share of weights that are not 0 up to which the others are left out:
// an entry is twice as long as a weight, and slower to go through.
const sparseMost = 1.0 / 4

// Dense makes a matrix of all its weights, row-major, and may keep the slice.
func Dense(rows, cols int, weights []float32) Matrix {
	m := Matrix{rows: rows, cols: cols, dense: weights}
	if n := m.stored(); float64(n) <= sparseMost*float64(len(weights)) {
		return m.sparse(n)
	}
	return m
}

// stored is how many entries the matrix has, or would have if it were sparse. A zero with
// a sign is a weight: what is read must be what was written.
func (m Matrix) stored() int {
	if m.dense == nil {
		return len(m.weights())
	}
	n := 0
	for _, w := range m.dense {
		if math.Float32bits(w) != 0 {
			n++
		}
	}
	return n
}

// sparse is a dense matrix with n entries, without the zeros.
func (m Matrix) sparse(n int) Matrix {
	s := Matrix{rows: m.rows, cols: m.cols, starts: make([]int, 1, m.rows+1)}
	s.columns, s.values = slices.Grow(s.columns, n), slices.Grow(s.values, n)
	for i := range m.rows {
		for j, w := range m.dense[i*m.cols : (i+1)*m.cols] {
			if math.Float32bits(w) != 0 {
				s.columns, s.values = append(s.columns, int32(j)), append(s.values, w)
			}
		}
		s.starts = append(s.starts, len(s.values))
	}
	return s
}

// Size is rows and columns.
func (m Matrix) Size() (rows, cols int) { return m.rows, m.cols }

// Len is the number of weights, zeros included.
func (m Matrix) Len() int { return m.rows * m.cols }

// Nonzero is how many weights are not 0.
func (m Matrix) Nonzero() int {
	n := 0
	for _, w := range m.weights() {
		if w != 0 {
			n++
		}
	}
	return n
}

// weights are all of them, or all that are kept.
func (m Matrix) weights() []float32 {
	switch {
	case m.dense != nil:
		return m.dense
	case m.rows == 0:
		return nil
	}
	return m.values[m.starts[0]:m.starts[m.rows]] // a part shares those of the whole
}

// At is the weight in row i and column j.
func (m Matrix) At(i, j int) float32 {
	if m.dense != nil {
		return m.dense[i*m.cols+j]
	}
	from := m.starts[i]
	if at, ok := slices.BinarySearch(m.columns[from:m.starts[i+1]], int32(j)); ok {
		return m.values[from+at]
	}
	return 0
}

// Row goes through the weights of row i that are not 0, by column.
func (m Matrix) Row(i int) iter.Seq2[int, float32] {
	return func(yield func(int, float32) bool) {
		if m.dense != nil {
			for j, w := range m.dense[i*m.cols : (i+1)*m.cols] {
				if w != 0 && !yield(j, w) {
					return
				}
			}
			return
		}
		for n := m.starts[i]; n < m.starts[i+1]; n++ {
			if w := m.values[n]; w != 0 && !yield(int(m.columns[n]), w) {
				return
			}
		}
	}
}

// Empty reports whether row i is all zeros.
func (m Matrix) Empty(i int) bool {
	for range m.Row(i) {
		return false
	}
	return true
}

// Part is the rows from..to as a matrix, which shares its weights with m: one head's, say.
func (m Matrix) Part(from, to int) Matrix {
	p := m
	p.rows = to - from
	if m.dense != nil {
		p.dense = m.dense[from*m.cols : to*m.cols]
	} else {
		p.starts = m.starts[from : to+1]
	}
	return p
}

// Floats are all weights, row-major, zeros included: [rows*cols]. They must not be
// changed.
func (m Matrix) Floats() []float32 {
	if m.dense != nil {
		return m.dense
	}
	all := make([]float32, m.Len())
	for i := range m.rows {
		for n := m.starts[i]; n < m.starts[i+1]; n++ {
			all[i*m.cols+int(m.columns[n])] = m.values[n]
		}
	}
	return all
}

// places goes through what is kept, zeros with a sign too, by the place in row-major order.
func (m Matrix) places(yield func(place int, w float32) bool) {
	if m.dense != nil {
		for place, w := range m.dense {
			if math.Float32bits(w) != 0 && !yield(place, w) {
				return
			}
		}
		return
	}
	for i := range m.rows {
		for n := m.starts[i]; n < m.starts[i+1]; n++ {
			if !yield(i*m.cols+int(m.columns[n]), m.values[n]) {
				return
			}
		}
	}
}

// Transpose is the matrix [Cols, Rows] with rows for columns, which is how one goes
// through columns. Zeros with a sign are left out.
func (m Matrix) Transpose() Matrix {
	t := Matrix{rows: m.cols, cols: m.rows, starts: make([]int, m.cols+1)}
	for i := range m.rows {
		for j := range m.Row(i) {
			t.starts[j+1]++
		}
	}
	for j := range m.cols {
		t.starts[j+1] += t.starts[j]
	}
	n := t.starts[m.cols]
	t.columns, t.values = make([]int32, n), make([]float32, n)
	next := slices.Clone(t.starts)
	for i := range m.rows {
		for j, w := range m.Row(i) {
			t.columns[next[j]], t.values[next[j]] = int32(i), w
			next[j]++
		}
	}
	return t
}

// Builder collects the weights of a matrix, in any order.
type Builder struct {
	rows, cols int
	list       []placed
}

type placed struct {
	row, col int32
	weight   float32
}

// NewBuilder starts a matrix of zeros.
func NewBuilder(rows, cols int) *Builder { return &Builder{rows: rows, cols: cols} }

// Grow makes room for n more weights, for those who know how many come.
func (b *Builder) Grow(n int) { b.list = slices.Grow(b.list, n) }

// Add adds to the weight in row i and column j, in float32.
func (b *Builder) Add(i, j int, weight float32) {
	if weight == 0 {
		return
	}
	b.list = append(b.list, placed{int32(i), int32(j), weight})
}

// Matrix is what was collected.
func (b *Builder) Matrix() Matrix {
	rows, n := b.byRow(), 0
	for i, row := range rows {
		rows[i] = summed(row)
		n += len(rows[i])
	}
	m := Matrix{rows: b.rows, cols: b.cols, starts: make([]int, 1, b.rows+1)}
	m.columns, m.values = slices.Grow(m.columns, n), slices.Grow(m.values, n)
	for _, row := range rows {
		for _, p := range row {
			m.columns, m.values = append(m.columns, p.col), append(m.values, p.weight)
		}
		m.starts = append(m.starts, len(m.values))
	}
	if float64(n) > sparseMost*float64(m.rows)*float64(m.cols) { // more than an int, maybe
		return Matrix{rows: m.rows, cols: m.cols, dense: m.Floats()}
	}
	return m
}

// summed is a row with one weight a column, by column, what is 0 left out, in the place of
// what was added to it.
func summed(row []placed) []placed {
	slices.SortStableFunc(row, func(x, y placed) int { return cmp.Compare(x.col, y.col) })
	sums := row[:0]
	for len(row) > 0 {
		p := placed{row: row[0].row, col: row[0].col}
		for ; len(row) > 0 && row[0].col == p.col; row = row[1:] {
			p.weight += row[0].weight
		}
		if math.Float32bits(p.weight) != 0 {
			sums = append(sums, p)
		}
	}
	return sums
}

// byRow is what was added to each row, in the order in which it was.
func (b *Builder) byRow() [][]placed {
	next := make([]int, b.rows+1)
	for _, p := range b.list {
		next[p.row+1]++
	}
	for i := range b.rows {
		next[i+1] += next[i]
	}
	sorted, rows := make([]placed, len(b.list)), make([][]placed, b.rows)
	for i := range rows {
		rows[i] = sorted[next[i]:next[i+1]]
	}
	for _, p := range b.list {
		sorted[next[p.row]] = p
		next[p.row]++
	}
	return rows
}
