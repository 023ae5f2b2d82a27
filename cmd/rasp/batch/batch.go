// Package batch does many jobs side by side.
//
// In come jobs, one after the other, as many as there are; what comes of each goes out in the
// order of the jobs, whichever was done first. It knows nothing of what a job is, and holds
// only those that are being done or wait for one before them.
package batch

import (
	"cmp"
	"context"
	"iter"
	"sync"
)

// ahead is how many jobs for each worker may be done before the one that all wait for.
const ahead = 64

// Each does all jobs, some workers at a time, and has emit take what comes of them, in their
// order and from the calling goroutine. An error of jobs is their last element, and is
// returned when all before it are done; one of emit, or of ctx, ends it at once.
func Each[Job, Result any](ctx context.Context, jobs iter.Seq2[Job, error], workers int, do func(Job) Result, emit func(Result) error) error {
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	type task struct {
		job  Job
		done chan Result
	}
	tasks := make(chan task)
	inOrder := make(chan chan Result, ahead*workers)
	var broken error // of jobs; set before inOrder is closed
	running.Go(func() {
		defer close(inOrder)
		defer close(tasks)
		for job, err := range jobs {
			if broken = err; err != nil {
				return
			}
			t := task{job, make(chan Result, 1)}
			select {
			case inOrder <- t.done:
			case <-ctx.Done():
				return
			}
			select {
			case tasks <- t:
			case <-ctx.Done():
				return
			}
		}
	})
	for range workers {
		running.Go(func() {
			for t := range tasks {
				t.done <- do(t.job)
			}
		})
	}
	for done := range inOrder {
		select {
		case result := <-done:
			if err := emit(result); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return cmp.Or(broken, ctx.Err())
}
