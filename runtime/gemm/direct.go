package gemm

import "unsafe"

// directB is the largest B, in elements, that is used where it lies however often
// it is read: a quarter of the 1 MB of second-level cache that server cores have. And
// rows of A come in parts of at most so many, which stay there meanwhile: without, 2000
// of them by 256 x 256 are 5 % slower.
const directB = 1 << 16

// directBoth is the most that A and B may have each, so that B is used where it lies: all of
// that cache. On a Zen 4 384 and 512 a side are 4 to 7 % faster than by packing, 2000 rows by
// 384 x 384 3 % slower; with tiles of AVX2, as narrow as a line, 512 a quarter slower.
const directBoth = 1 << 18

// isDirect says whether packing would cost more than it saves. It reads and writes
// B once, and B is read once for each tile of rows.
func (v *vectorISA) isDirect(op *Op, b *Matrix, m, n, k int) bool {
	if op.TransB || op.Alpha != 1 || m == 0 || n == 0 || k == 0 {
		return false
	}
	if op.Threads > 1 && work(m, n, k) >= 2*leastWork {
		return false
	}
	apart := 4*b.Stride%page == 0
	both := v.opmask && !v.wide && !apart && max(m, n)*k <= directBoth
	return (m <= v.fewRows(apart) || n*k <= directB || both) && !isTurned(op, m, n, k)
}

// fewRows are so few that B is used where it lies, however large it is. Measured on a Zen 4:
// [64, 3072] times [3072, 768] a fifth faster than by packing, [32, 1000] times [1000, 1000]
// by 1.6 with AVX2; from 200 rows on there is no difference. Four tiles on CPUs with full
// vectors of 16, and with vectors of 16 where rows of B are pages apart, so that caches hold
// few of them.
func (v *vectorISA) fewRows(apart bool) int {
	if v.wide || apart && v.opmask {
		return 4 * v.rows
	}
	return 112
}

// direct computes the product reading A and B where they lie.
func (v *vectorISA) direct(op *Op, a, b, c *Matrix, k int) {
	depth := k
	switch {
	case c.Rows <= 2:
		depth = min(k, streamDepth)
	case !v.opmask && 4*b.Stride%page == 0:
		depth = min(k, apartDepth)
	case c.Rows > v.rows:
		depth = min(k, directDepth)
	}
	var t tile
	t.corner(op, a, c)
	t.b, t.rowB = unsafe.Pointer(&b.Data[0]), 4*b.Stride
	rows := even(c.Rows, max(v.rows, directB/k))
	for i := c.Rows; ; i -= rows {
		v.slices(op, t, min(i, rows), c.Cols, depth, k)
		if i <= rows {
			break // a pointer must not leave its matrix
		}
		t.a = unsafe.Add(t.a, rows*t.rowA)
		t.c = unsafe.Add(t.c, rows*t.rowC)
	}
}

// slices computes m x n of C, the tile being at its corner, depth rows of B at a time.
func (v *vectorISA) slices(op *Op, t tile, m, n, depth, k int) {
	for from := 0; ; from += depth {
		t.slice(op, from, min(depth, k-from), k)
		v.sweep(&t, m, n)
		if from+depth >= k {
			break
		}
		t.a = unsafe.Add(t.a, depth*t.stepA)
		t.b = unsafe.Add(t.b, depth*t.rowB)
	}
}

// directDepth is how many rows of B are used before going on to the next: so that
// a tile's columns of them stay in the second-level cache.
const directDepth = 512

// apartDepth is the same for the tiles of AVX2, a line wide, where rows of B are pages apart: so
// that these pages have places in the first table of addresses, and their lines, which share
// sets, in the second-level cache. Measured on an Emerald Rapids: 8 rows by 1024 x 1024 1.5 times
// as fast with 64 as with 512, 32 rows 1.4 times; 32 and 128 are slower.
const apartDepth = 64

// streamDepth is the same for one or two rows of A, which wait for B: so few rows
// that each is read on and on, the way memory is fastest. Measured: 4 and 8 are
// alike, 2 and 32 a quarter slower.
const streamDepth = 8

// corner sets the tile at the first element of C, without B.
func (t *tile) corner(op *Op, a, c *Matrix) {
	t.a, t.rowA, t.stepA = unsafe.Pointer(&a.Data[0]), 4*a.Stride, 4
	t.c, t.rowC = unsafe.Pointer(&c.Data[0]), 4*c.Stride
	if op.TransA {
		t.rowA, t.stepA = t.stepA, t.rowA
	}
}

// slice lets the tile add depth of k products from one on to what is there: beta C
// before the first, sums after it. Bias and ReLU come with the last.
func (t *tile) slice(op *Op, from, depth, k int) {
	t.k = depth
	t.add, t.beta = op.Beta != 0, op.Beta
	if from > 0 {
		t.add, t.beta = true, 1
	}
	if from+depth == k {
		t.relu = op.ReLU
		if op.Bias != nil {
			t.bias = unsafe.Pointer(&op.Bias[0])
		}
	}
}
