package runtime

import (
	"time"

	"rasp/runtime/gemm"
	"rasp/runtime/internal/parallel"
	"rasp/runtime/panel"
)

// crew multiplies a single position by a matrix, in so many goroutines at most: each computes
// some of the outputs, in the same way whoever does.
type crew struct {
	size int
	y, x []float32
	w    gemm.Matrix
	part func(int) // compute as a value, so that sharing allocates nothing
}

// crewWeights is the least number of weights that are worth a goroutine: a core
// reads as many in 20 microseconds.
const crewWeights = 1 << 17

func newCrew(size int) *crew {
	c := &crew{size: size}
	c.part = c.compute
	return c
}

// multiply adds x W to y.
func (c *crew) multiply(y, x []float32, w gemm.Matrix) {
	if c.size == 1 || len(w.Data) < crewWeights*c.size {
		panel.Vector(y, x, w.Data, w.Stride)
		return
	}
	c.y, c.x, c.w = y, x, w
	alone := time.Duration(len(w.Data)) * 20 * time.Microsecond / crewWeights
	parallel.Do(c.size, c.size, alone, c.part)
}

func (c *crew) compute(part int) {
	const line = 16 // float32 of a cache line, which one goroutine writes
	each := ((len(c.y)+c.size-1)/c.size + line - 1) / line * line
	if from, to := min(part*each, len(c.y)), min((part+1)*each, len(c.y)); from < to {
		panel.Vector(c.y[from:to], c.x, c.w.Data[from:], c.w.Stride)
	}
}
