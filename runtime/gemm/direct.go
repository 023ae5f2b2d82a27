package gemm

import (
	"unsafe"

	"rasp/runtime/internal/machine"
)

// directB is the largest B, in elements, that is used where it lies however often
// it is read: a quarter of the 1 MB of second-level cache that server cores have. And
// rows of A come in parts of at most so many, which stay there meanwhile: without, 2000
// of them by 256 x 256 are 5 % slower. By a larger B on CPUs with full vectors of 16 they come
// two tiles at a time: on an Emerald Rapids 512 rows and 1000 by 512 x 512 are 2 to 3 % faster.
const directB = 1 << 16

// directBoth is the most that A and B may have each, so that B is used where it lies: all of
// that cache. On a Zen 4 384 and 512 a side are 4 to 7 % faster than by packing, 2000 rows by
// 384 x 384 3 % slower; with tiles of AVX2, as narrow as a line, 512 a quarter slower. On an
// Emerald Rapids, with twice the cache, 384 and 512 are 8 and 4 % faster, 768 as much slower.
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
	both := v.opmask && 4*b.Stride%page != 0 && max(m, n)*k <= directBoth
	return (m <= v.fewRows(4*b.Stride) || n*k <= directB || both) && !isTurned(op, m, n, k)
}

// fewRows are so few that B, with rows so many bytes apart, is used where it lies, however large
// it is. Measured on a Zen 4: [64, 3072] times [3072, 768] a fifth faster than by packing,
// [32, 1000] times [1000, 1000] by 1.6 with AVX2; from 200 rows on there is no difference. Four
// tiles, with vectors of 16, where rows are whole pages apart, so that caches hold few of them; where
// those are fetched ahead, only if they are four pages apart: on an Emerald Rapids 112 rows by
// 1024 x 1024 and 4000 x 4000 are 11 and 20 % faster than by packing, by 1024 x 4096 a tenth slower.
func (v *vectorISA) fewRows(apart int) int {
	pages := page
	if v.wide {
		pages = 4 * page
	}
	if v.opmask && apart%pages == 0 {
		return 4 * v.rows
	}
	return 112
}

// direct computes the product reading A and B where they lie.
func (v *vectorISA) direct(op *Op, a, b, c *Matrix, k int) {
	depth, rows := k, even(c.Rows, max(v.rows, directB/k))
	switch {
	case c.Rows <= 2:
		depth = min(k, streamDepth)
	case v.isSliced(c.Rows, c.Cols, k):
		depth, rows = min(k, sliceDepth(c.Rows, b.Stride)), even(c.Rows, 4*v.rows)
	case !v.opmask && 4*b.Stride%page == 0:
		depth = min(k, apartDepth)
	case c.Rows > v.rows:
		depth = min(k, directDepth)
		if v.wide && c.Cols*k > directB {
			rows = 2 * even(c.Rows, v.rows)
		}
	}
	var t tile
	t.corner(op, a, c)
	t.b, t.rowB = unsafe.Pointer(&b.Data[0]), 4*b.Stride
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
		t.stepFar = 0
		if next := min(depth, k-from-depth); next > 0 {
			v.fetch(&t, m, n, unsafe.Add(t.b, depth*t.rowB), (next-1)*t.rowB+4*n)
		}
		v.sweep(&t, m, n)
		if from+depth >= k {
			break
		}
		t.a = unsafe.Add(t.a, depth*t.stepA)
		t.b = unsafe.Add(t.b, depth*t.rowB)
	}
}

// isSliced says whether B is used slice by slice, a few whole rows, while the tiles fetch the next
// slice in the order in which it lies: if it does not stay in the second-level cache, and there
// are rows enough for tiles that fetch. Without, tiles wait for columns of rows pages apart, which
// nothing else fetches: 16 rows by 1024 x 1024 run at 140 GFLOP/s on an Emerald Rapids instead of 96.
func (v *vectorISA) isSliced(m, n, k int) bool { return v.wide && m > 6 && n*k > directBoth }

// sliceDepth is how many rows a slice has: an eighth of the second-level cache, which also has the
// next one and the rows of C, that are loaded and stored for each slice. Measured: 64 rows of 1024 and
// 32 of 3072 and 4096 are fastest; with twice as many 4 to 15 % are lost, with half as many 7.
// Eight rows are so soon done with a slice that half of it is 5 to 8 % faster.
func sliceDepth(m, stride int) int {
	depth := machine.CacheSizes().L2 / 8 / 4 / stride
	if m <= 8 {
		depth /= 2
	}
	return max(32, depth)
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
