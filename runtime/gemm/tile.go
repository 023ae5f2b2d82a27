package gemm

import "unsafe"

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
	c           unsafe.Pointer // element (0, 0) of the tile
	rowC        int            // to the next row of C
	bias        unsafe.Pointer // of the first column, or nil
	lanes       unsafe.Pointer // AVX2: which lanes of a narrow tile count
	k           int            // columns of A, rows of B; at least 1
	slot        int            // which kernel: 16 rows + vectors
	mask        uint16         // AVX-512: which lanes of the last vector count
	add         bool           // start with beta C
	relu        bool
	beta        float32
}

// vectorISA is an instruction set that there are kernels for.
type vectorISA struct {
	name   string
	rows   int  // most rows of a tile
	lanes  int  // floats in a vector
	opmask bool // the last vector of any tile can be masked
	widest []int
}

// panel is how many columns a panel of packed B has: what two vectors hold.
func (v *vectorISA) panel() int { return 2 * v.lanes }

var (
	avx512ISA = vectorISA{name: "AVX-512", rows: 14, lanes: 16, opmask: true, widest: []int{8, 8, 8, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2}}
	avx2ISA   = vectorISA{name: "AVX2", rows: 6, lanes: 8, widest: []int{4, 4, 4, 2, 2, 2, 2}}
)

// fit sets the tile's columns: as many of n as the widest kernel for so many
// rows takes. It returns their number. Up to 8 columns at the end are left to the
// narrow kernel, which has 0 vectors here.
func (v *vectorISA) fit(t *tile, rows, n int) int {
	if n <= 8 && (v.opmask || n < 8) {
		t.slot = 0
		t.mask = uint16(0xff >> (8 - n))
		t.lanes = unsafe.Pointer(&firstLanes[8-n])
		return n
	}
	vectors := v.widest[rows]
	if !v.opmask {
		for vectors*v.lanes > n {
			vectors /= 2
		}
		t.slot = vectors
		return vectors * v.lanes
	}
	for (vectors-1)*v.lanes+8 >= n && vectors > 1 {
		vectors /= 2
	}
	columns := min(n, vectors*v.lanes)
	t.slot = vectors
	t.mask = uint16(0xffff >> (vectors*v.lanes - columns))
	return columns
}

// firstLanes, read from element 8-n on, is a mask of the first n of 8 lanes.
var firstLanes = [16]int32{-1, -1, -1, -1, -1, -1, -1, -1}

// sweep computes m x n of C, tile by tile, the tile given being at its corner.
// Tiles next to each other in a column follow each other, so that the columns of
// B that they share come from the nearest cache. Their heights are even: 16 rows
// are 8 + 8, not 14 + 2. The tile is left as it was.
func (v *vectorISA) sweep(t *tile, m, n int) {
	rows := v.rows
	if m <= rows {
		rows = m
	} else {
		blocks := (m + rows - 1) / rows
		rows = (m + blocks - 1) / blocks
	}
	a, b, firstC, bias := t.a, t.b, t.c, t.bias
	c := firstC
	for {
		columns := v.fit(t, rows, n)
		vectors := t.slot
		for i := m; ; i -= rows {
			t.slot = min(i, rows)*16 + vectors
			v.run(t)
			if i <= rows {
				break
			}
			t.a = unsafe.Add(t.a, rows*t.rowA)
			t.c = unsafe.Add(t.c, rows*t.rowC)
		}
		n -= columns
		if n == 0 {
			break
		}
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
