package disguise

import "math"

// superpose gives the dimensions of the stream random directions in a space of fewer, as
// nearly orthogonal as some steps make them: each is read off where it points, and with it
// what others have there.
func (c *Change) superpose(s source, dims int) {
	f := zeros(c.Q.cols, dims)
	for i := range f.rows {
		x := f.row(i)
		for j := range x {
			x[j] = s.normal()
		}
		stretch(x, 1/norm(x))
	}
	for range separations {
		separate(f)
	}
	c.turn(f, f.transpose())
}

// separations is how many steps are taken: more make no difference that one would see.
const separations = 40

// separate moves directions apart, each a step down the sum of third powers of its overlaps
// with the others: what counts is the largest.
func separate(f matrix) {
	const step = 0.5
	moved := f.clone()
	for i := range f.rows {
		x := moved.row(i)
		for k := range f.rows {
			if k == i {
				continue
			}
			overlap := dot(f.row(i), f.row(k))
			pull := float64(step * float64(overlap*math.Abs(overlap)))
			for j, y := range f.row(k) {
				x[j] -= float64(pull * y)
			}
		}
		stretch(x, 1/norm(x))
	}
	copy(f.a, moved.a)
}
