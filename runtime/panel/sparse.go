package panel

import "iter"

// Mode says what becomes of the result of a product.
type Mode int

// The modes of Sparse.Apply.
const (
	Store Mode = iota // y = x W + b
	ReLU              // y = max(0, x W + b)
	Add               // y = y + (x W + b)
)

// Sparse is an affine map x -> x W + b with the zeros of W left out.
type Sparse struct {
	rows    []row
	entries []Entry // of the rows, one after the other
}

// row is one output: where it goes and how many entries it sums.
type row struct {
	out, entries int32
	bias         float32
}

// Entry is a weight and the input that it multiplies.
type Entry struct {
	In     int32
	Weight float32
}

// NewSparse takes W by its inputs, of each what row goes through: outputs and weights that
// are not 0; and the bias of each output.
func NewSparse(inputs int, row func(in int) iter.Seq2[int, float32], bias []float32) *Sparse {
	s := &Sparse{rows: rowsOf(bias)}
	for i := range inputs {
		for j := range row(i) {
			s.rows[j].entries++
		}
	}
	next, total := make([]int, len(bias)), 0
	for j := range next {
		next[j] = total
		total += int(s.rows[j].entries)
	}
	s.entries = make([]Entry, total)
	for i := range inputs {
		for j, v := range row(i) {
			s.entries[next[j]] = Entry{int32(i), v}
			next[j]++
		}
	}
	return s
}

// rowsOf are outputs without entries.
func rowsOf(bias []float32) []row {
	rows := make([]row, len(bias))
	for j, b := range bias {
		rows[j] = row{int32(j), 0, b}
	}
	return rows
}

// Update leaves out the outputs that are always 0: for use with Add alone.
func (s *Sparse) Update() *Sparse {
	update := &Sparse{entries: s.entries}
	for _, r := range s.rows {
		if r.entries > 0 || r.bias != 0 {
			update.rows = append(update.rows, r)
		}
	}
	return update
}

// Pick keeps some of the outputs, in ascending order, and numbers them from 0.
func (s *Sparse) Pick(outputs []int) *Sparse {
	picked := &Sparse{rows: make([]row, 0, len(outputs))}
	for o := range s.Outputs {
		if n := len(picked.rows); n < len(outputs) && outputs[n] == o.Index {
			picked.rows = append(picked.rows, row{int32(n), int32(len(o.Entries)), o.Bias})
			picked.entries = append(picked.entries, o.Entries...)
		}
	}
	return picked
}

// Beside has the outputs of one after those of the other.
func Beside(list ...*Sparse) *Sparse {
	all := &Sparse{}
	for _, s := range list {
		for _, r := range s.rows {
			all.rows = append(all.rows, row{int32(len(all.rows)), r.entries, r.bias})
		}
		all.entries = append(all.entries, s.entries...)
	}
	return all
}

// Output is one of a Sparse.
type Output struct {
	Index   int
	Bias    float32
	Entries []Entry // the weights that are not 0, in the order of the inputs
}

// Outputs goes through the outputs in order.
func (s *Sparse) Outputs(yield func(Output) bool) {
	entries := s.entries
	for _, r := range s.rows {
		if !yield(Output{int(r.out), r.bias, entries[:r.entries]}) {
			return
		}
		entries = entries[r.entries:]
	}
}

// Weights is how many weights are not 0.
func (s *Sparse) Weights() int { return len(s.entries) }

// Apply computes the first positions of y [out, positions] from x [in,
// positions]; they must not overlap. Each output is summed by itself, in the
// order of the inputs, the bias last; products may be fused.
func (s *Sparse) Apply(y, x Panel, positions int, mode Mode) {
	if positions > 0 && len(s.rows) > 0 {
		sparse(s, y, x, positions, mode)
	}
}
