package gemm

import (
	"unsafe"

	"rasp/runtime/internal/machine"
)

// tile is the work of one call of a micro-kernel: rows x vectors of C. Offsets
// are in bytes. It equals
//
//	for p := range k {
//		for i := range rows {
//			for j := range columns {
//				acc[i][j] = fma(a[i*rowA+p*stepA], b[p*rowB+j], acc[i][j])
//			}
//		}
//	}
//
// between acc = beta C (or 0) and C = relu(acc + bias) (or less).
type tile struct {
	a           unsafe.Pointer // element (0, 0) of the tile's rows of A
	rowA, stepA int            // to the next row and to the next column of A
	b           unsafe.Pointer // first of the tile's columns in row 0 of B
	rowB        int            // to the next row of B
	near        int            // from a row of B to the one that is fetched meanwhile
	far         uintptr        // what is fetched for later, AVX-512 only: an address, which keeps nothing alive,
	stepFar     int            // and how much of it for each column of A
	c           unsafe.Pointer // element (0, 0) of the tile
	rowC        int            // to the next row of C
	bias        unsafe.Pointer // of the first column, or nil
	lanes       unsafe.Pointer // AVX2: which lanes of a narrow tile count
	k           int            // columns of A, rows of B; at least 1
	slot        int            // which kernel: 32 rows + its columns / 8, or wholeVector
	mask        uint16         // AVX-512: which lanes of the last vector count
	add         bool           // start with beta C
	relu        bool
	beta        float32
}

// vectorISA is an instruction set that there are kernels for.
type vectorISA struct {
	name   string
	rows   int   // most rows of a tile
	tall   int   // most rows of one whose columns are one vector of 16
	lanes  int   // floats in a vector
	opmask bool  // the last vector of any tile can be masked
	wide   bool  // vectors of 16 run at full rate, not in halves of 8
	widest []int // columns / 8 of the widest tile of so many rows
}

// panel is how many columns a panel of packed B has: what two vectors hold.
func (v *vectorISA) panel() int { return 2 * v.lanes }

var (
	avx512ISA = vectorISA{name: "AVX-512", rows: 14, tall: 24, lanes: 16, opmask: true, widest: []int{16, 16, 16, 8, 8, 8, 8, 4, 4, 4, 4, 4, 4, 4, 4}}
	avx2ISA   = vectorISA{name: "AVX2", rows: 6, lanes: 8, widest: []int{8, 8, 4, 2, 2, 2, 2}}
)

// wholeVector stands for the columns / 8 of a tile of 16 that is one vector, not two of 8.
const wholeVector = 7

// lines is how many lines a page apart the first-level cache holds, since it finds a line by
// the address in its page: 8 of 32 KB, 12 of 48.
func lines() int { return machine.CacheSizes().L1 / page }

const page = 4096

// tallest is how many rows a tile may have: if those of A are pages apart, no more than the
// cache holds lines of, so that each is still there for the next column. [1024, 1024] times
// [1024, 16] is 2.3 times as fast on a Zen 4 with tiles of 8 rows as with 14.
func (v *vectorISA) tallest(t *tile) int {
	if t.stepA == 4 && t.rowA%page == 0 {
		return lines()
	}
	return max(v.rows, v.tall)
}

// ahead is how many rows of B ahead a tile fetches. On CPUs with full vectors of 16 what is far
// away has been fetched before, see fetch, and of rows that are pages apart the first-level cache
// keeps only so few until they are used: on an Emerald Rapids 8 to 32 rows by 1024 x 1024 run at 98
// to 145 GFLOP/s, with 32 rows ahead at 90 to 131.
func (v *vectorISA) ahead() int {
	if v.wide {
		return 8
	}
	return 32
}

// fetch lets the tiles that sweep m x n of C fetch so many bytes into the second-level cache
// meanwhile, evenly. CPUs with full vectors of 16 are twice as fast as others and wait twice as
// much for what is further away.
func (v *vectorISA) fetch(t *tile, m, n int, from unsafe.Pointer, bytes int) {
	if !v.wide {
		return
	}
	most := min(v.rows, v.tallest(t))
	tiles := (m + most - 1) / most * ((n + v.panel() - 1) / v.panel())
	t.far, t.stepFar = uintptr(from), bytes/tiles/t.k
}

// fit chooses tiles of at most so many rows for m x n of C, near saying whether all of B
// is: how many rows each has, and how many of the columns, in units of 8; at 0 it is up to
// 7. With AVX-512 the last 24 or 48 columns are one tile of three vectors, which leaves
// registers for 9 rows. Where vectors of 16 run at full rate, up to 24 rows by 16 columns are
// one tile: 16 x 16 x 16 takes a ninth less than by two of 8 rows on an Emerald Rapids.
// More rows than that are left to tiles of 14, which fetch ahead: 2048 x 16 x 64 is 4 %
// slower with 24. A tile of eight vectors fetches what comes after it in a row of B, so it
// is not the last: if a row is cut into parts, that is another core's.
func (v *vectorISA) fit(t *tile, m, n, tallest int, near bool) (rows, octets int) {
	octets = n / 8
	if v.opmask {
		octets = (n + 7) / 8
		switch {
		case v.wide:
			octets = whole(octets)
			if octets == wholeVector && m <= min(v.tall, tallest) {
				return m, octets
			}
		case m > 6: // fewer wait for memory, and have wide tiles
			if next, most := halved(octets, t.k, near); next > 0 {
				return even(m, min(most, tallest)), next
			}
		}
		if octets == 3 || octets == 6 {
			return even(m, min(9, tallest)), octets
		}
	}
	rows = even(m, min(tallest, v.rows))
	if v.opmask && octets <= 2 || octets == wholeVector && v.wide {
		return rows, octets
	}
	widest := v.widest[rows]
	for widest > octets || widest == v.lanes && octets < 2*widest { // of eight vectors: see kernel.ahead
		widest /= 2
	}
	return rows, widest
}

// halved is which tile comes next, and of how many rows, for the last so many columns on
// a CPU that takes a vector of 16 in two halves, or 0 if that is as on others. There a
// broadcast to 16 takes a cycle from the multiply-adds, so that 5 x 64, which has few, is
// the fastest where all of B is near: 116 GFLOP/s on a Zen 4 that 14 x 32 has 114 on, of
// 118. Vectors of 8 are as good, and sooner begun and done with; but one of them alone
// has a broadcast for each multiply-add, so 40 columns are 24 and 16.
func halved(octets, k int, near bool) (next, rows int) {
	switch {
	case octets == 5 || octets == 9:
		return 3, 9
	case octets >= 8 && near:
		return 8, 5
	case octets == 4 && k <= 64:
		return 2, 8
	}
	return 0, 0
}

// whole are the octets of the tile whose vectors of 16 hold the last so many: half of the
// last vector may be unused, which takes no longer than one of 8.
func whole(octets int) int {
	switch octets {
	case 2:
		return wholeVector
	case 3, 5:
		return octets + 1
	case wholeVector:
		return octets + 1
	}
	return octets
}

// even cuts m rows into as few parts as possible of at most so many, alike in
// height: 16 rows are 8 + 8, not 14 + 2.
func even(m, most int) int {
	if m <= most {
		return m
	}
	parts := (m + most - 1) / most
	return (m + parts - 1) / parts
}

// narrow sets which lanes of the tile's last vector count if of so many columns, in
// units of 8, there are n. It returns the number of columns of the tile.
func (v *vectorISA) narrow(t *tile, octets, n int) int {
	if !v.opmask {
		if octets == 0 {
			t.lanes = unsafe.Pointer(&firstLanes[8-n])
			return n
		}
		return 8 * octets
	}
	width := 8 * octets
	if octets == wholeVector {
		width = 16
	}
	columns := min(width, n)
	t.mask = 0xffff
	if octets <= 3 { // vectors of 8
		t.mask = 0xff
	}
	t.mask >>= width - columns
	return columns
}

// firstLanes, read from element 8-n on, is a mask of the first n of 8 lanes.
var firstLanes = [16]int32{-1, -1, -1, -1, -1, -1, -1, -1}

// sweep computes m x n of C, tile by tile, the tile given being at its corner.
// Tiles next to each other in a column follow each other, so that the columns of
// B that they share come from the nearest cache. The tile is left as it was.
func (v *vectorISA) sweep(t *tile, m, n int) {
	a, b, firstC, bias := t.a, t.b, t.c, t.bias
	t.near = v.ahead() * t.rowB
	if t.stepFar == 0 {
		t.far = uintptr(b) // any address that is at hand
	}
	c, tallest, near := firstC, v.tallest(t), n*t.k <= directB
	for {
		rows, octets := v.fit(t, m, n, tallest, near)
		columns := v.narrow(t, octets, n)
		for i := m; ; i -= rows {
			t.slot = min(i, rows)*32 + octets
			v.run(t)
			if i <= rows {
				break
			}
			t.far += uintptr(t.k * t.stepFar)
			t.a = unsafe.Add(t.a, rows*t.rowA)
			t.c = unsafe.Add(t.c, rows*t.rowC)
		}
		n -= columns
		if n == 0 {
			break
		}
		t.far += uintptr(t.k * t.stepFar)
		columns *= 4
		c = unsafe.Add(c, columns)
		t.a, t.c = a, c
		t.b = unsafe.Add(t.b, columns)
		if bias != nil {
			t.bias = unsafe.Add(t.bias, columns)
		}
	}
	t.a, t.b, t.c, t.bias = a, b, firstC, bias
}
