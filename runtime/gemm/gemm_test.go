package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var nan = float32(math.NaN())

// kernels are the instruction sets to test: all that the CPU has, and plain Go.
func kernels() map[string]*vectorISA {
	all := map[string]*vectorISA{"generic": nil}
	for _, isa := range available() {
		all[isa.name] = isa
		if isa.opmask { // as on a CPU whose vectors of 16 are the other kind
			other := *isa
			other.wide = !isa.wide
			all[fmt.Sprintf("%s, wide %v", isa.name, other.wide)] = &other
		}
	}
	return all
}

// mul is Mul, or MulPacked, with given kernels.
func mul(isa *vectorISA, op Op, a, b, c Matrix, packed bool) {
	m, k := a.shape(op.TransA)
	if isa != nil && !packed && isa.isDirect(&op, &b, m, c.Cols, k) {
		isa.direct(&op, &a, &b, &c, k)
		return
	}
	p := product{op: op, a: a, b: b, c: c, k: k}
	if packed {
		p.packed = new(Packed)
		p.packed.packFor(isa, b, op.TransB)
		p.b, p.op.TransB = Matrix{}, false
	}
	p.start(isa)
}

const margin = 40 // NaNs before and after a matrix

// guarded returns rows x cols of random numbers with NaN before, between and
// after the rows; the view ends with the last element, the NaN goes on.
func guarded(r *rand.Rand, rows, cols, stride int, grid bool) (view Matrix, all []float32) {
	all = make([]float32, margin+rows*stride+margin)
	for i := range all {
		all[i] = nan
	}
	view = Matrix{Rows: rows, Cols: cols, Stride: stride, Data: all[margin:]}
	if rows > 0 && cols > 0 {
		view.Data = view.Data[:(rows-1)*stride+cols]
	}
	for i := range rows {
		for j := range view.row(i) {
			view.row(i)[j] = random(r, grid)
		}
	}
	return view, all
}

func random(r *rand.Rand, grid bool) float32 {
	if grid {
		return float32(r.IntN(17)-8) / 4
	}
	return float32(r.NormFloat64())
}

type trial struct {
	op          Op
	m, n, k     int
	a, b, c     Matrix
	want, bound []float64
	around      []float32 // c with what surrounds it
}

func (x trial) String() string {
	return fmt.Sprintf("m %d n %d k %d strides %d %d %d %+v", x.m, x.n, x.k, x.a.Stride, x.b.Stride, x.c.Stride, x.op)
}

// newTrial makes operands and the result in float64 with its error bound.
func newTrial(r *rand.Rand, op Op, m, n, k, gap int, grid bool) trial {
	x := trial{op: op, m: m, n: n, k: k}
	turn := func(rows, cols int, trans bool) Matrix {
		if trans {
			rows, cols = cols, rows
		}
		view, _ := guarded(r, rows, cols, cols+gap, grid)
		return view
	}
	x.a, x.b = turn(m, k, op.TransA), turn(k, n, op.TransB)
	x.c, x.around = guarded(r, m, n, n+gap, grid)
	for i := range m {
		for j := range n {
			sum, size := 0.0, 0.0
			add := func(v float64) { sum += v; size += math.Abs(v) }
			if op.Beta != 0 {
				add(float64(op.Beta) * float64(x.c.row(i)[j]))
			}
			for p := range k {
				if op.Alpha != 0 {
					add(float64(op.Alpha) * float64(x.a.at(i, p, op.TransA)) * float64(x.b.at(p, j, op.TransB)))
				}
			}
			if op.Bias != nil {
				add(float64(op.Bias[j]))
			}
			if op.ReLU {
				sum = max(sum, 0)
			}
			x.want = append(x.want, sum)
			x.bound = append(x.bound, float64(k+3)*size*0x1p-24*1.001)
		}
	}
	return x
}

// check compares c, and what is around it, with what should be there.
func (x trial) check(t *testing.T, name string, exact bool) {
	t.Helper()
	stride := max(x.c.Stride, 1)
	for at, v := range x.around {
		i, j := (at-margin)/stride, (at-margin)%stride
		if at < margin || i >= x.m || j >= x.n {
			if v == v {
				require.Failf(t, "write outside", "%s %v: %d", name, x, at-margin)
			}
			continue
		}
		want, bound := x.want[i*x.n+j], x.bound[i*x.n+j]
		if exact {
			bound = 0
		}
		if !(math.Abs(float64(v)-want) <= bound) {
			require.Failf(t, "wrong", "%s %v: at %d, %d is %g, not %g within %g", name, x, i, j, v, want, bound)
		}
	}
}

// restoring calls f and then puts c back.
func (x trial) restoring(f func()) {
	kept := append([]float32(nil), x.around...)
	if x.op.Beta == 0 { // C is not read
		for i := range x.c.Rows {
			for j := range x.c.row(i) {
				x.c.row(i)[j] = nan
			}
		}
	}
	f()
	copy(x.around, kept)
}

// randomOp draws every field; alpha and beta are powers of two on a grid.
func randomOp(r *rand.Rand, n int) Op {
	op := Op{
		TransA: r.IntN(2) == 0, TransB: r.IntN(2) == 0,
		Alpha: []float32{1, 1, -1, 0.5, 2, 0}[r.IntN(6)], Beta: []float32{0, 0, 1, -2, 0.5}[r.IntN(5)],
		ReLU: r.IntN(3) == 0, Threads: r.IntN(4),
	}
	if r.IntN(2) == 0 {
		op.Bias = make([]float32, n)
		for j := range op.Bias {
			op.Bias[j] = random(r, true)
		}
	}
	return op
}

// sizes around the edges of the tiles, of the vectors and of the blocks.
var edges = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 18, 23, 24, 25, 28, 29, 31, 32, 33, 40, 41, 43, 47, 48, 49, 56, 57, 63, 64, 65, 97, 127, 128, 129, 131}

func TestRandomShapes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for trial := range 600 {
		m, n, k := edges[r.IntN(len(edges))], edges[r.IntN(len(edges))], edges[r.IntN(len(edges))]
		op := randomOp(r, n)
		grid := r.IntN(2) == 0
		if !grid && op.Alpha == 0.5 {
			op.Alpha, op.Beta = 0.7, 1.3
		}
		x := newTrial(r, op, m, n, k, []int{0, 0, 1, 5, 13}[trial%5], grid)
		for name, isa := range kernels() {
			for _, packed := range []bool{false, true} {
				x.restoring(func() {
					mul(isa, op, x.a, x.b, x.c, packed)
					x.check(t, fmt.Sprint(name, " packed ", packed), grid)
				})
			}
		}
	}
}

// Every number of rows that a tile can have, by the last columns of every width.
func TestEveryTile(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for m := 1; m <= avx512ISA.tall+1; m++ {
		for n := 1; n <= 49; n++ {
			op := randomOp(r, n)
			op.Alpha = 1
			x := newTrial(r, op, m, n, 3, 1, true)
			for name, isa := range kernels() {
				x.restoring(func() { mul(isa, op, x.a, x.b, x.c, false); x.check(t, name, true) })
			}
		}
	}
}

// Shapes beyond the blocks, rows 4 KiB apart, and skinny ones.
func TestLargeShapes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	size := sizes(&avx512ISA, 300)
	for _, shape := range [][3]int{
		{size.m + 1, 37, size.k + 1}, {size.m*2 + 3, 65, 2*size.k + 3}, {61, 200, 3*size.k - 1},
		{1, 1024, 1024}, {3, 1000, 1025}, {29, 1024, 300}, {1024, 3, 300}, {70, 5, 1024}, {1025, 1, 301}, {100, 2, 77}, {37, 1, 1024}, {45, 2, 2048}, {333, 1, 512}, {53, 16, 1024}, {5, size.n + 33, 7},
		{33, size.n + 1, 5}, {257, 129, 1},
	} {
		m, n, k := shape[0], shape[1], shape[2]
		for _, trans := range []Op{{}, {TransA: true}, {TransB: true}, {TransA: true, TransB: true}} {
			if testing.Short() && r.IntN(4) > 0 {
				continue
			}
			op := randomOp(r, n)
			op.Alpha, op.Beta = 1, []float32{0, 1, 0.5}[r.IntN(3)]
			op.TransA, op.TransB, op.Threads = trans.TransA, trans.TransB, 3
			x := newTrial(r, op, m, n, k, 0, false)
			for name, isa := range kernels() {
				x.restoring(func() { mul(isa, op, x.a, x.b, x.c, false); x.check(t, name, false) })
				x.restoring(func() { mul(isa, op, x.a, x.b, x.c, true); x.check(t, name+" packed", false) })
			}
		}
	}
}

// An element is the same chain of operations wherever it is computed: in blocks, and where the
// operands lie, slice by slice on some CPUs.
func TestBitsDependOnNothingElse(t *testing.T) {
	checkBits(t, Op{Alpha: 0.3, Beta: 0.7}, 150, 203, 700)
	checkBits(t, Op{Alpha: 1, Beta: 0.7}, 90, 203, 1300)
}

func checkBits(t *testing.T, op Op, m, n, k int) {
	op.Bias = make([]float32, n)
	x := newTrial(rand.New(rand.NewPCG(5, 6)), op, m, n, k, 3, false)
	var first []float32
	same := func(name string) {
		if first == nil {
			first = append(first, x.around...)
		}
		for i := range x.c.Rows {
			for j, v := range x.c.row(i) {
				require.Equal(t, first[margin+i*x.c.Stride+j], v, "%s at %d, %d", name, i, j)
			}
		}
	}
	for _, isa := range available() {
		x.restoring(func() { mul(isa, op, x.a, x.b, x.c, false); same(isa.name) })
		x.restoring(func() { mul(isa, op, x.a, x.b, x.c, true); same(isa.name + " packed") })
		x.restoring(func() {
			for i := range m {
				mul(isa, op, x.a.part(i, 0, 1, k), x.b, x.c.part(i, 0, 1, n), false)
			}
			same(isa.name + " row by row")
		})
		x.restoring(func() {
			op := op
			op.TransB = true
			b := Dense(n, k, make([]float32, n*k))
			for i := range n {
				for p := range k {
					b.Data[i*k+p] = x.b.row(p)[i]
				}
			}
			mul(isa, op, x.a, b, x.c, false)
			same(isa.name + " transposed")
		})
		x.restoring(func() {
			op := op
			op.Threads = 4
			mul(isa, op, x.a, x.b, x.c, false)
			same(isa.name + " parallel")
		})
	}
}

func TestReLUKeepsNaN(t *testing.T) {
	for name, isa := range kernels() {
		c := Dense(1, 2, []float32{0, 0})
		mul(isa, Op{Alpha: 1, ReLU: true}, Dense(1, 1, []float32{1}), Dense(1, 2, []float32{nan, -1}), c, false)
		assert.True(t, c.Data[0] != c.Data[0], name)
		assert.Zero(t, c.Data[1], name)
	}
}

func TestNoAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool forgets on purpose under the race detector")
	}
	for _, shape := range [][3]int{{1, 300, 300}, {16, 16, 16}, {300, 300, 300}} {
		m, n, k := shape[0], shape[1], shape[2]
		a, b, c := Dense(m, k, make([]float32, m*k)), Dense(k, n, make([]float32, k*n)), Dense(m, n, make([]float32, m*n))
		packed := PackB(b, false)
		for _, threads := range []int{1, 4} {
			op := Op{Alpha: 1, Threads: threads}
			least := math.Inf(1) // what the scheduler or the collector allocates beside it is not always there
			for range 20 {
				least = min(least, testing.AllocsPerRun(1, func() { Mul(op, a, b, c); MulPacked(op, a, packed, c) }))
			}
			assert.Zero(t, least, "%v threads %d", shape, threads)
		}
	}
}

func TestShapesThatDoNotFit(t *testing.T) {
	x := func(rows, cols int) Matrix { return Dense(rows, cols, make([]float32, rows*cols)) }
	for message, call := range map[string]func(){
		"gemm: A [2, 3] times B [4, 5] into C [2, 5]":          func() { Mul(Op{}, x(2, 3), x(4, 5), x(2, 5)) },
		"gemm: A [3, 2] times B [3, 5] into C [3, 5]":          func() { Mul(Op{TransA: true}, x(2, 3), x(3, 5), x(3, 5)) },
		"gemm: 4 biases for 5 columns":                         func() { Mul(Op{Bias: make([]float32, 4)}, x(2, 3), x(3, 5), x(2, 5)) },
		"gemm: B [3, 5] with stride 5 has 14 elements":         func() { Mul(Op{}, x(2, 3), Dense(3, 5, make([]float32, 14)), x(2, 5)) },
		"gemm: C [2, 5] with stride 4 has 0 elements":          func() { Mul(Op{}, x(2, 3), x(3, 5), Matrix{Rows: 2, Cols: 5, Stride: 4}) },
		"gemm: A [2, 3] times B [4, 5] into C [2, 5] (packed)": nil,
	} {
		if call == nil {
			call, message = func() { MulPacked(Op{}, x(2, 3), PackB(x(4, 5), false), x(2, 5)) }, "gemm: A [2, 3] times B [4, 5] into C [2, 5]"
		}
		assert.PanicsWithValue(t, message, call)
	}
}

// A stride is refused whose product with the rows is more than an int holds.
func TestStrideOverflow(t *testing.T) {
	for _, stride := range []int{math.MaxInt/2 + 1, math.MaxInt, math.MaxInt/3 + 1} {
		a := Matrix{Rows: 4, Cols: 1, Stride: stride, Data: []float32{5, 6, 7, 8}}
		c := Dense(4, 1, make([]float32, 4))
		require.Panics(t, func() { Mul(Op{Alpha: 1}, a, Dense(1, 1, []float32{1}), c) }, "%d", stride)
		require.Panics(t, func() { Mul(Op{Alpha: 1}, Dense(4, 1, a.Data), Dense(1, 1, []float32{1}), a) }, "%d", stride)
	}
}

// What tiles fetch for later lies in the matrix.
func TestFetchStaysInside(t *testing.T) {
	const k, most = 3, 131
	x, y, z := make([]float32, most*k), make([]float32, most*k), make([]float32, most*most)
	for name, isa := range kernels() {
		if isa == nil {
			continue
		}
		for m := 1; m <= most; m++ {
			for _, n := range []int{1, 8, 24, 40, 47, 48, 65, 80, 96, 131} {
				var w tile
				a, b, c := Dense(m, k, x), Dense(k, n, y), Dense(m, n, z)
				w.corner(&Op{}, &a, &c)
				w.slice(&Op{}, 0, k, k)
				w.b, w.rowB = unsafe.Pointer(&b.Data[0]), 4*n
				isa.fetch(&w, m, n, w.b, 4*n*k)
				isa.sweep(&w, m, n)
				if fetched := w.far - uintptr(w.b); fetched >= uintptr(4*n*k) {
					require.Failf(t, "outside", "%s m %d n %d: %d", name, m, n, fetched)
				}
			}
		}
	}
}
