//go:build cgo && linux

package kernels

// #cgo CFLAGS: -O2 -fno-strict-aliasing
// #cgo LDFLAGS: -lm
// #include "simulated.h"
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// Order is in what order the threads of a block take their turns.
type Order uint32

// Upwards and Downwards are by thread number; any other Order is a seed for
// shuffled turns.
const (
	Upwards   Order = 0
	Downwards Order = 1
)

// Matrix is a row-major view.
type Matrix struct {
	Rows, Cols, Stride int
	Data               []float32
}

// Gemm is C = relu((alpha A B + bias) + beta C).
type Gemm struct {
	Version     int // 0 naive, 1 shared, 2 tiled
	Alpha, Beta float32
	Bias        []float32
	ReLU        bool
}

// Run simulates the kernel on a grid that covers c.
func (g Gemm) Run(order Order, a, b, c Matrix) error {
	return failure(C.simulate_gemm(C.int(g.Version), C.unsigned(order), C.int(c.Rows), C.int(c.Cols), C.int(a.Cols),
		C.float(g.Alpha), pointer(a.Data), C.int(a.Stride), pointer(b.Data), C.int(b.Stride),
		C.float(g.Beta), pointer(c.Data), C.int(c.Stride), pointer(g.Bias), integer(g.ReLU)))
}

// Attention is a batch of sequences, each with the same heads.
type Attention struct {
	Version int // 0 a block a query, 1 tiled
	Heads   int
	D       int // dimensions of a head
	Causal  bool
	// Query and Key are the rows at which the sequences begin, and the end of the
	// last.
	Query, Key []int32
}

// Run simulates the kernel.
func (a Attention) Run(order Order, q, k, v, out Matrix) error {
	return failure(C.simulate_attention(C.int(a.Version), C.unsigned(order), pointer(q.Data), pointer(k.Data), pointer(v.Data), pointer(out.Data),
		C.int(q.Stride), C.int(k.Stride), C.int(out.Stride), (*C.int)(unsafe.SliceData(a.Query)), (*C.int)(unsafe.SliceData(a.Key)), C.int(len(a.Query)-1),
		C.int(a.Heads), C.int(a.D), integer(a.Causal)))
}

// Embed writes the residual stream x of tokens and their positions.
func Embed(order Order, tokens, positions Matrix, id, position []int32, x Matrix) error {
	return failure(C.simulate_embed(C.unsigned(order), pointer(tokens.Data), pointer(positions.Data), (*C.int)(unsafe.SliceData(id)),
		(*C.int)(unsafe.SliceData(position)), pointer(x.Data), C.int(x.Rows), C.int(x.Cols)))
}

// Decode writes, for each row, the first of the logits from a column on that is not
// more than tie below the largest.
func Decode(order Order, logits Matrix, from, width int, tie float32, best []int32) error {
	return failure(C.simulate_decode(C.unsigned(order), pointer(logits.Data), C.int(logits.Stride), C.int(logits.Rows), C.int(from), C.int(width), C.float(tie),
		(*C.int)(unsafe.SliceData(best))))
}

// CopyRows copies a matrix to the rows of another from first on.
func CopyRows(order Order, from, to Matrix, first int) error {
	return failure(C.simulate_copy_rows(C.unsigned(order), pointer(from.Data), C.int(from.Stride), pointer(to.Data), C.int(to.Stride), C.int(first),
		C.int(from.Rows), C.int(from.Cols)))
}

// Weights are the exp of numbers, as the attention kernels compute it.
func Weights(x []float32) []float32 {
	out := make([]float32, len(x))
	C.simulate_weight(pointer(x), pointer(out), C.int(len(x)))
	return out
}

// ErrDivergent means that threads of a block ended while others waited for them.
var ErrDivergent = errors.New("divergent barrier")

func failure(status C.int) error {
	switch status {
	case 0:
		return nil
	case 1:
		return ErrDivergent
	}
	return fmt.Errorf("the simulator has no memory for the threads of a block")
}

func pointer(data []float32) *C.float { return (*C.float)(unsafe.SliceData(data)) }

func integer(b bool) C.int {
	if b {
		return 1
	}
	return 0
}
