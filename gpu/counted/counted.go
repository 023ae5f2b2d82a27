// Package counted has the first two kernels of gpu/internal/kernels/gemm.cu in plain Go,
// with every number counted that they take from global memory.
//
// In come two square matrices, out go their product and the counts. Blocks run one after
// the other, and so do the threads of a block; between two barriers that makes no
// difference. What is counted are loads of numbers, as the text of the kernels has them: no
// caches, no warps. A test runs the text itself on the simulator and compares.
package counted

// Kernel multiplies.
type Kernel struct {
	// Tile is the side of the square tiles that a block copies into shared memory; 0: none,
	// each thread fetches what it needs (gemm_naive).
	Tile int
}

// Counts of numbers, not of bytes.
type Counts struct {
	Loads  int // from global memory, of A and B
	Shared int // loads from shared memory
	Stores int // to global memory, of C
	Adds   int // multiply-adds
}

// Step is what a block does between two barriers; without tiles, what a thread does.
type Step struct {
	Row, Column   int  // of the elements of C that it works on, the first
	Rows, Columns int  // how many these are
	From, Depth   int  // the columns of A and rows of B that it fetches
	Done          bool // the elements are complete
	Counts             // so far
}

// Matrix is n x n, by rows.
type Matrix []float32

// Run computes c = a b for matrices of side n, and tells of each step; watch may be nil.
func (k Kernel) Run(n int, a, b, c Matrix, watch func(Step)) Counts {
	r := run{n: n, a: a, b: b, c: c, watch: watch}
	side := max(k.Tile, 1)
	for i := range r.tiles {
		r.tiles[i] = make([]float32, side*side)
	}
	for row := 0; row < n; row += side {
		for column := 0; column < n; column += side {
			if k.Tile == 0 {
				r.thread(row, column)
			} else {
				r.block(row, column, k.Tile)
			}
		}
	}
	return r.counts
}

// Loads is how many numbers a kernel takes from global memory for matrices of side n, by
// the formula: each of the n^2 threads takes n numbers of A and n of B; with tiles, which
// must divide n, each number that one thread takes serves as many as a tile has in a row.
func (k Kernel) Loads(n int) int { return 2 * n * n * n / max(k.Tile, 1) }

type run struct {
	n       int
	a, b, c Matrix
	watch   func(Step)
	counts  Counts
	tiles   [3][]float32 // of A and B in shared memory, and the sums of the threads
}

// global loads a number from global memory.
func (r *run) global(m Matrix, row, column int) float32 {
	r.counts.Loads++
	return m[row*r.n+column]
}

func (r *run) store(row, column int, x float32) {
	r.counts.Stores++
	r.c[row*r.n+column] = x
}

func (r *run) tell(s Step) {
	if r.watch != nil {
		s.Counts = r.counts
		r.watch(s)
	}
}

// thread is gemm_naive.
func (r *run) thread(row, column int) {
	sum := float32(0)
	for i := range r.n {
		sum += r.global(r.a, row, i) * r.global(r.b, i, column)
		r.counts.Adds++
	}
	r.store(row, column, sum)
	r.tell(Step{Row: row, Column: column, Rows: 1, Columns: 1, Depth: r.n, Done: true})
}

// block is gemm_shared, with tiles of any side. Beyond the edge of a matrix a tile has
// zeros, which are not fetched.
func (r *run) block(row, column, side int) {
	n := r.n
	as, bs, sums := r.tiles[0], r.tiles[1], r.tiles[2]
	clear(sums)
	rows, columns := min(side, n-row), min(side, n-column)
	for from := 0; from < n; from += side {
		clear(as)
		clear(bs)
		for y := range side {
			for x := range side {
				if row+y < n && from+x < n {
					as[y*side+x] = r.global(r.a, row+y, from+x)
				}
				if from+y < n && column+x < n {
					bs[y*side+x] = r.global(r.b, from+y, column+x)
				}
			}
		}
		for y := range side {
			for x := range side {
				for i := range side {
					sums[y*side+x] += as[y*side+i] * bs[i*side+x]
				}
			}
		}
		r.counts.Shared += 2 * side * side * side
		r.counts.Adds += side * side * side
		done := from+side >= n
		if done {
			for y := range rows {
				for x := range columns {
					r.store(row+y, column+x, sums[y*side+x])
				}
			}
		}
		r.tell(Step{Row: row, Column: column, Rows: rows, Columns: columns, From: from, Depth: min(side, n-from), Done: done})
	}
}
