package runtime

import (
	"sync"

	"rasp/runtime/gemm"
	"rasp/runtime/panel"
)

// crew multiplies a single position by a matrix: each of its goroutines computes
// some of the outputs, in the same way whoever does. They live for one product.
type crew struct {
	y, x    []float32
	w       gemm.Matrix
	bodies  []func()
	running sync.WaitGroup
}

// crewWeights is the least number of weights that are worth a goroutine: a core
// reads as many in 20 microseconds, and starting a goroutine takes a few.
const crewWeights = 1 << 17

func newCrew(size int) *crew {
	c := &crew{}
	for i := range size {
		c.bodies = append(c.bodies, func() {
			defer c.running.Done()
			c.part(i)
		})
	}
	return c
}

// multiply adds x W to y.
func (c *crew) multiply(y, x []float32, w gemm.Matrix) {
	if len(c.bodies) == 1 || len(w.Data) < crewWeights*len(c.bodies) {
		panel.Vector(y, x, w.Data, w.Stride)
		return
	}
	c.y, c.x, c.w = y, x, w
	c.running.Add(len(c.bodies))
	for _, body := range c.bodies[1:] {
		go body()
	}
	c.bodies[0]()
	c.running.Wait()
}

func (c *crew) part(i int) {
	const line = 16 // float32 of a cache line, which one goroutine writes
	n := len(c.bodies)
	each := ((len(c.y)+n-1)/n + line - 1) / line * line
	if from, to := min(i*each, len(c.y)), min((i+1)*each, len(c.y)); from < to {
		panel.Vector(c.y[from:to], c.x, c.w.Data[from:], c.w.Stride)
	}
}
