//go:build !noasm

package panel

import (
	"golang.org/x/sys/cpu"

	"rasp/runtime/internal/machine"
)

// avx512 says whether the assembly can run here.
var avx512 = machine.AVX512() && cpu.X86.HasBMI2

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

// sparse512 is genericSparse.
//
//go:noescape
func sparse512(a *sparseArgs)

func sparse(s *Sparse, y, x Panel, positions int, mode Mode) {
	if !avx512 {
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
	sparse512(&a)
}

// attendArgs is what attend512 works on; strides are in bytes.
type attendArgs struct {
	q, k, v, z                         *float32
	qStride, kStride, vStride, zStride int
	dims, values                       int
	all, keys                          int // keys that every query sees, that one does
	scores                             *float32
	live                               *int32
	stored                             int // mask: which lanes are queries
	visible                            [Lanes]int32
}

// attend512 is genericAttend.
//
//go:noescape
func attend512(a *attendArgs)

// query512 is genericQuery.
//
//go:noescape
func query512(a *attendArgs)

func attend(h *Head, s *Scratch, from, n int) {
	if !avx512 {
		genericAttend(h, s, from, n)
		return
	}
	a := h.args(s, from)
	a.all, a.keys = h.lanes(from, n, &a.visible)
	a.stored = 1<<n - 1
	attend512(&a)
}

// longKeys is from how many keys on a row of them is more than a few cache lines:
// the scores of a query are then a product of a vector and a matrix.
const longKeys = 128

// query attends for query i alone; its lanes are keys.
func query(h *Head, s *Scratch, i int) {
	if !avx512 {
		genericQuery(h, s, i)
		return
	}
	a := h.args(s, i)
	a.keys = min(h.Past+i+1, h.Keys)
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
		dims: h.Dims, values: h.Values, scores: &s.scores[0], live: &s.live[0],
	}
}

func first(data []float32) *float32 {
	if len(data) == 0 {
		return nil
	}
	return &data[0]
}

// vector512 adds eight rows of a matrix to y, each times its x; stride in bytes.
//
//go:noescape
func vector512(y, w, x *float32, outputs, stride int)

// vector is genericVector. Rows that are not eight are added one by one: the
// same row eight times, all but once times 0.
func vector(y, x, w []float32, stride int) {
	if !avx512 {
		genericVector(y, x, w, stride)
		return
	}
	i := 0
	for ; i+8 <= len(x); i += 8 {
		vector512(&y[0], &w[i*stride], &x[i], len(y), 4*stride)
	}
	for ; i < len(x); i++ {
		one := [8]float32{x[i]}
		vector512(&y[0], &w[i*stride], &one[0], len(y), 0)
	}
}
