package bench

import (
	"context"
	"sync"

	"rasp/runtime/gemm"
)

// Machine is what the machine can do.
type Machine struct {
	Threads    int     `json:"threads"`
	Operations float64 `json:"gflops"` // 10^9 a second, in a product of square matrices
	Bandwidth  float64 `json:"gbytes"` // 10^9 bytes a second, in a copy loop: read plus written
	Busy       float64 `json:"busy"`   // the share of the time that other work took, see Clock.Busy
}

const (
	square = 1024     // side of the matrices: 12 MiB in all
	copied = 32 << 20 // floats of a copy, far more than caches hold
)

// Machine measures with so many goroutines.
func (clock Clock) Machine(ctx context.Context, threads int) (Machine, error) {
	m := Machine{Threads: threads, Busy: clock.Busy(threads)}
	seconds, err := clock.Product(ctx, gemm.Op{Alpha: 1, Threads: threads}, square)
	if err != nil {
		return m, err
	}
	m.Operations = 2 * square * square * square / seconds / 1e9

	from, to := make([]float32, copied), make([]float32, copied)
	for i := range from {
		from[i], to[i] = 1, 1 // memory that nothing was written to may be all one page
	}
	seconds, err = clock.fastest(ctx, func() error {
		var running sync.WaitGroup
		for t := range threads {
			first, last := t*copied/threads, (t+1)*copied/threads
			running.Go(func() { loop(to[first:last], from[first:last]) })
		}
		running.Wait()
		return nil
	})
	m.Bandwidth = 8 * copied / seconds / 1e9
	return m, err
}

// Product is how many seconds a product of square matrices takes.
func (clock Clock) Product(ctx context.Context, op gemm.Op, side int) (float64, error) {
	a, b, c := make([]float32, side*side), make([]float32, side*side), make([]float32, side*side)
	for i := range a {
		a[i], b[i] = float32(i%7), float32(i%5)
	}
	return clock.fastest(ctx, func() error {
		gemm.Mul(op, gemm.Dense(side, side, a), gemm.Dense(side, side, b), gemm.Dense(side, side, c))
		return nil
	})
}

// loop copies as a program does that computes something on the way. The built-in
// copy writes around the caches, and so gets half as much again.
func loop(to, from []float32) {
	//lint:ignore S1001 the loop is what is measured
	for i, v := range from {
		to[i] = v
	}
}
