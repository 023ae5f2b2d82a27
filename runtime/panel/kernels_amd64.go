//go:build !noasm

package panel

import (
	"math"

	"golang.org/x/sys/cpu"

	"rasp/runtime/internal/machine"
)

// vectors are the kernels that run here: those of the widest vectors that the CPU
// has. Without any, all is plain Go.
var vectors = func() isa {
	switch {
	case machine.AVX512() && cpu.X86.HasBMI2:
		return avx512
	case machine.AVX2():
		return avx2
	}
	return plain
}()

// lanes256 is a mask of so many of 64 lanes, from element 64-n on of the first n.
//
//lint:ignore U1000 the assembly reads it
var lanes256 = func() (lanes [128]int32) {
	for i := range 64 {
		lanes[i] = -1
	}
	return lanes
}()

// exp256 are the constants of exp, in all lanes: log2 e; ln 2 in two parts, the
// first with so few bits that its product with an exponent is exact; 1/n! for n from
// 7 to 2, and 1; Cut; -inf; what all weights are multiplied by, as in avx512_amd64.h: half256
// has the queries of some tiles that attend512 has of others, and the bits must be the same.
//
//lint:ignore U1000 the assembly reads it
var exp256 = func() (all [13][8]float32) {
	for i, v := range []float32{
		math.Log2E, 0.693359375, -2.1219444005469058e-4,
		1. / 5040, 1. / 720, 1. / 120, 1. / 24, 1. / 6, 1. / 2, 1, Cut, float32(math.Inf(-1)), 1 << 24,
	} {
		for l := range all[i] {
			all[i][l] = v
		}
	}
	return all
}()

// sparseArgs is what sparse512 works on; strides are in bytes.
type sparseArgs struct {
	y, x             *float32
	yStride, xStride int
	rows             *row
	entries          *Entry
	outputs          int
	positions        int
	mode             Mode
}

// sparse512 and sparse256 are genericSparse.
//
//go:noescape
func sparse512(a *sparseArgs)

//go:noescape
func sparse256(a *sparseArgs)

func sparse(s *Sparse, y, x Panel, positions int, mode Mode) {
	if vectors == plain {
		genericSparse(s, y, x, positions, mode)
		return
	}
	a := sparseArgs{
		y: &y.Data[0], x: first(x.Data), yStride: 4 * y.Stride, xStride: 4 * x.Stride,
		rows: &s.rows[0], outputs: len(s.rows), positions: positions, mode: mode,
	}
	if len(s.entries) > 0 {
		a.entries = &s.entries[0]
	}
	if vectors == avx512 {
		sparse512(&a)
	} else {
		sparse256(&a)
	}
}

// far says whether so many keys and values, numbers of each pair of them, are so far away, in
// the second-level cache and beyond, that queries had better share them. With AVX2 few
// numbers are not worth it: the scores of a company are four times as many.
func far(keys, numbers int) bool {
	if vectors == avx512 {
		return keys*numbers >= 1<<15
	}
	return numbers >= 64 && keys*numbers >= 1<<16
}

// attendArgs is what attend512 works on; strides are in bytes.
type attendArgs struct {
	q, k, v, z                         *float32
	qStride, kStride, vStride, zStride int
	dims, values                       int // dims -1, of query512 and half256: the scores are there
	all, keys                          int // keys that every query sees, that one does
	scores, sums                       *float32
	live                               *int32
	stored                             int // how many lanes are queries
	far                                int // 1 if attend512 or query512 had better fetch before it needs
	//lint:ignore U1000 the assembly keeps them: the block of keys at work
	from, to int
	visible  [Lanes]int32
}

// attend512 and attend256 are genericAttend for up to Lanes queries.
//
//go:noescape
func attend512(a *attendArgs)

//go:noescape
func attend256(a *attendArgs)

// half256 is genericAttend for up to halfLanes queries.
//
//go:noescape
func half256(a *attendArgs)

// half512 goes on with the scores [keys/32, halfLanes, 32] of up to halfLanes queries by so many
// rows of queries and keys; strides are in bytes.
//
//go:noescape
func half512(scores, k, q *float32, keys, rows, kStride, qStride int)

// halfLanes are those of a vector of 256 bits. CPUs with AVX-512 do two operations on these
// while they do one, on a Zen 4, or two on vectors of 512.
const halfLanes = Lanes / 2

// query512 is genericQuery.
//
//go:noescape
func query512(a *attendArgs)

// attend is attention of the queries from one on, n at most; it returns of how many.
func attend(h *Head, s *Scratch, from, n int) int {
	if vectors == plain {
		return genericAttend(h, s, from, n)
	}
	away := far(min(h.Past+from, h.Keys), h.Dims+h.Values)
	if away && n > Lanes {
		return attendTogether(h, s, from, min(n, company*Lanes))
	}
	n = min(n, Lanes)
	a := h.args(s, from)
	a.stored = n
	if n <= halfLanes {
		a.all, a.keys = h.lanes(from, n, a.visible[:halfLanes])
		if a.keys >= longKeys && vectors == avx512 && machine.Wide() {
			a.q, a.dims = s.few(h, from, a.keys), -1
		}
		half256(&a)
		return n
	}
	a.all, a.keys = h.lanes(from, n, a.visible[:])
	if away {
		a.far = 1
	}
	if vectors == avx512 {
		attend512(&a)
	} else {
		attend256(&a)
	}
	return n
}

// few computes the scores of up to halfLanes queries from one on, eight rows of keys at a time,
// and returns where half256 finds them: behind those that it makes of them.
func (s *Scratch) few(h *Head, from, keys int) *float32 {
	const rows = 8
	keys = (keys + 31) / 32 * 32
	scores := s.scores[keys*halfLanes:][:keys*halfLanes]
	clear(scores)
	for d := 0; d < h.Dims; d += rows {
		k, q := h.K.Rows(d), h.Q.From(from).Rows(d)
		half512(&scores[0], &k.Data[0], &q.Data[0], keys, min(rows, h.Dims-d), 4*k.Stride, 4*q.Stride)
	}
	return &scores[0]
}

// longKeys is from how many keys on a row of them is more than a few cache lines:
// the scores of a query are then a product of a vector and a matrix.
const longKeys = 128

// query attends for query i alone; its lanes are keys. With AVX2 it is plain
// Go: a step of decoding waits for memory.
func query(h *Head, s *Scratch, i int) {
	if vectors != avx512 {
		genericQuery(h, s, i)
		return
	}
	a := h.args(s, i)
	a.keys, a.far = min(h.Past+i+1, h.Keys), fetch
	if a.keys >= longKeys {
		scores := s.scores[:a.keys]
		clear(scores)
		vector(scores, s.position(h.Q, i, h.Dims), h.K.Data, h.K.Stride)
		a.dims = -1
	}
	query512(&a)
}

func (h *Head) args(s *Scratch, from int) attendArgs {
	return attendArgs{
		q: first(h.Q.From(from).Data), k: first(h.K.Data), v: first(h.V.Data), z: first(h.Z.From(from).Data),
		qStride: 4 * h.Q.Stride, kStride: 4 * h.K.Stride, vStride: 4 * h.V.Stride, zStride: 4 * h.Z.Stride,
		dims: h.Dims, values: h.Values, scores: &s.scores[0], live: &s.live[0], sums: first(s.sums),
	}
}

func first(data []float32) *float32 {
	if len(data) == 0 {
		return nil
	}
	return &data[0]
}

// fetch is 1 if the kernels fetch rows, which they read from start to end, before they need
// them. An Intel (Emerald Rapids) notices by itself: without, it is a tenth faster where rows are in the
// third-level cache, and half as fast again where they are in the second.
var fetch = func() int {
	if machine.Wide() {
		return 0
	}
	return 1
}()

// vector512 and vector256 add eight rows of a matrix to y, each times its x; stride
// in bytes. If fetch is 1, the next eight rows are fetched.
//
//go:noescape
func vector512(y, w, x *float32, outputs, stride, fetch int)

//go:noescape
func vector256(y, w, x *float32, outputs, stride int)

// vector is genericVector. Rows that are not eight are added one by one: the
// same row eight times, all but once times 0.
func vector(y, x, w []float32, stride int) {
	if vectors == plain {
		genericVector(y, x, w, stride)
		return
	}
	i := 0
	for ; i+8 <= len(x); i += 8 {
		eight(&y[0], &w[i*stride], &x[i], len(y), 4*stride)
	}
	for ; i < len(x); i++ {
		one := [8]float32{x[i]}
		eight(&y[0], &w[i*stride], &one[0], len(y), 0)
	}
}

func eight(y, w, x *float32, outputs, stride int) {
	if vectors == avx512 {
		vector512(y, w, x, outputs, stride, fetch)
	} else {
		vector256(y, w, x, outputs, stride)
	}
}

// largest512 and largest256 are genericLargest for so many vectors of 16 and 8 positions; the
// stride is in bytes.
//
//go:noescape
func largest512(list *int32, x *float32, stride, rows, vectors int)

//go:noescape
func largest256(list *int32, x *float32, stride, rows, vectors int)

func largest(list []int32, x Panel, rows, positions int) {
	switch vectors {
	case plain:
		genericLargest(list, x, rows, positions)
	case avx512:
		largest512(&list[0], &x.Data[0], 4*x.Stride, rows, (positions+15)/16)
	default:
		largest256(&list[0], &x.Data[0], 4*x.Stride, rows, (positions+7)/8)
	}
}
