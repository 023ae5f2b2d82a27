package panel

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
	entries []entry // of the rows, one after the other
	out     int
}

// row is one output: where it goes and how many entries it sums.
type row struct {
	out, entries int32
	bias         float32
}

// entry is a weight and the input that it multiplies.
type entry struct {
	in     int32
	weight float32
}

// NewSparse takes W [in, out], row-major, and b [out].
func NewSparse(w []float32, in, out int, bias []float32) *Sparse {
	s := &Sparse{out: out}
	for j := range out {
		before := len(s.entries)
		for i := range in {
			if v := w[i*out+j]; v != 0 {
				s.entries = append(s.entries, entry{int32(i), v})
			}
		}
		s.rows = append(s.rows, row{int32(j), int32(len(s.entries) - before), bias[j]})
	}
	return s
}

// Update leaves out the outputs that are always 0: for use with Add alone.
func (s *Sparse) Update() *Sparse {
	update := &Sparse{entries: s.entries, out: s.out}
	for _, r := range s.rows {
		if r.entries > 0 || r.bias != 0 {
			update.rows = append(update.rows, r)
		}
	}
	return update
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
