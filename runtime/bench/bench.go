// Package bench measures how fast a session runs and how fast this machine could
// run it: the roofline of Williams, Waterman and Patterson 2009, with the rate of
// a product of matrices for its flat part and that of a copy for its slope. Both
// are measured in the same run, since another program may slow everything down.
//
// Every rate is that of the fastest of many repetitions.
//
//	bench.go    the clock; machine.go: what the machine can do; busy.go: what else it does
//	measure.go  batches, prefill and decoding of a session
//	product.go  products of matrices alone
//	shape.go    the shape of a model; random.go: a random model of it
//	rivals/     the kernels, and whole models, beside the best libraries, a process each
package bench

import (
	"context"
	"time"
)

// Clock repeats what it measures.
type Clock struct {
	// Duration is how long each measurement goes on, with three repetitions at
	// least.
	Duration time.Duration
}

const least = 3

// fastest repeats f and returns the shortest time in seconds, or the error of f
// or of the context.
func (c Clock) fastest(ctx context.Context, f func() error) (float64, error) {
	best, err := c.Fastest(ctx, func() (time.Duration, error) {
		before := time.Now()
		err := f()
		return time.Since(before), err
	})
	return best.Seconds(), err
}

// Fastest repeats f, which measures itself, and returns the shortest time, or the
// error of f or of the context.
func (c Clock) Fastest(ctx context.Context, f func() (time.Duration, error)) (time.Duration, error) {
	best := time.Duration(1<<63 - 1)
	start := time.Now()
	for n := 0; n < least || time.Since(start) < c.Duration; n++ {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		took, err := f()
		if err != nil {
			return 0, err
		}
		best = min(best, took)
	}
	return max(best, 1), nil
}
