package panel

// Vector adds x W to y for a single position: x [in], W [in, out], whose rows are
// stride apart, y [out]. Each weight is needed once, so memory is what it waits
// for. It reads eight rows of W at a time, each from its start to its end, and
// has the eight after them fetched into the second cache: so a core that reads one
// stream at 17 GB/s reads 26. A walk down the columns, the order of a product of
// matrices, reaches 15.
func Vector(y, x, w []float32, stride int) {
	if len(y) > 0 {
		vector(y, x, w, stride)
	}
}
