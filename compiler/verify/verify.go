// Package verify compares a compiled model with the interpreter, which is the
// meaning of the program, input by input.
//
// In comes a model together with the outputs that it was compiled from, out goes
// where the two differ. It looks at answers only, never at weights, so it checks
// the compiler and whatever runs the model together; that comes from outside, as an
// Engine.
//
//   - A Comparer (compare.go) runs both on a batch of inputs and pairs what they
//     give. What it allows (same.go) is what the certificate says: the same types and
//     values, and numbers to within its bound.
//   - Run compares many inputs, numbered (inputs.go): all those of the domain if
//     they are few, otherwise all the short ones and then random ones. Input k
//     depends on the seed and on k alone.
//   - Workers, one a processor, each with a comparer of its own, take chunks of
//     numbers (worker.go). The results are put back in order, so the report does not
//     depend on the number of workers.
//   - The first counterexample is shrunk to one from which no token can be
//     dropped (shrink.go).
//   - Count goes on to the last input, and counts where the two differ (count.go).
//
// Inputs on which the program itself fails have no answer to compare with: they
// are counted.
package verify

import (
	"cmp"
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// Options of a verification. Engine must be there, for the rest the zero value is
// the default.
type Options struct {
	Samples    int    // random inputs if the domain is large, and the most of the short ones; 0 means DefaultSamples
	Exhaustive bool   // all inputs of the domain, however many
	Seed       uint64 // of the random inputs

	// Workers compare side by side; 0 means one for each processor.
	Workers int
	// Engine makes what runs the model for one worker, see Shared.
	Engine func() Engine

	// Progress, if not nil, is told now and then how many of all inputs are
	// done, from the goroutine that called Run.
	Progress func(done, total int)
}

// DefaultSamples is a few seconds' work for a model of 100 positions.
const DefaultSamples = 5000

// Report is the outcome. After a counterexample or an interruption it is about
// the inputs up to there.
type Report struct {
	Inputs     int  // inputs tried
	Faulted    int  // of these, inputs on which the program itself fails: not compared
	Exhaustive bool // the inputs tried, or to be tried, are all those of the domain
	AllUpTo    int  // all inputs of at most this length are among them

	Counterexample *Counterexample // nil if interpreter and model agree
}

// Compared is the number of inputs on which both had an answer.
func (r Report) Compared() int { return r.Inputs - r.Faulted }

// Counterexample is an input on which the model is wrong.
type Counterexample struct {
	Input       []value.Value
	Output      string        // the name of the output that differs
	Position    int           // the first position that differs, from 0
	Interpreter []value.Value // what the program means
	Model       []value.Value // what the model gives
}

// result of a chunk of inputs.
type result struct {
	chunk   int
	inputs  int
	faulted int
	wrong   []int // token ids of the first input on which the model is wrong; then the last of inputs
	err     error
}

// Run compares the outputs of a program with the model compiled from them. The
// error says why they cannot be compared, or is that of the engine, or of ctx; the
// report is valid in the last case too.
func Run(ctx context.Context, m *model.Model, outputs []graph.Output, options Options) (Report, error) {
	workers, err := hire(m, outputs, options)
	if err != nil {
		return Report{}, err
	}
	inputs, allUpTo, err := Choose(workers[0].domain, options)
	if err != nil {
		return Report{}, err
	}
	report := Report{Exhaustive: inputs.Random == 0, AllUpTo: allUpTo}
	wrong, err := report.collect(ctx, inputs.Len(), start(ctx, workers, inputs), options.Progress)
	if err != nil {
		return report, err
	}
	if wrong != nil {
		names := make([]string, len(outputs))
		for i, o := range m.Outputs {
			names[i] = o.Name
		}
		report.Counterexample, err = Shrink(workers[0].Comparer, names, wrong)
		return report, err
	}
	return report, ctx.Err()
}

// hire makes the workers.
func hire(m *model.Model, outputs []graph.Output, options Options) ([]*worker, error) {
	n := cmp.Or(options.Workers, runtime.GOMAXPROCS(0))
	workers, faults := make([]*worker, n), make([]error, n)
	var group sync.WaitGroup
	for i := range workers {
		group.Go(func() {
			var c *Comparer
			c, faults[i] = NewComparer(m, outputs, options.Engine())
			workers[i] = &worker{Comparer: c}
		})
	}
	group.Wait()
	return workers, cmp.Or(faults...)
}

// crew is a set of running workers.
type crew struct {
	results <-chan result
	stop    func() // stops the workers and waits for them
}

func start(ctx context.Context, workers []*worker, inputs domain.Inputs) crew {
	ctx, cancel := context.WithCancel(ctx)
	results := make(chan result)
	var chunks atomic.Int64
	var group sync.WaitGroup
	for _, w := range workers {
		group.Go(func() {
			for ctx.Err() == nil {
				r, ok := w.chunk(inputs, int(chunks.Add(1)-1))
				if !ok {
					return
				}
				select {
				case results <- r:
				case <-ctx.Done():
				}
			}
		})
	}
	go func() {
		group.Wait()
		close(results)
	}()
	return crew{results, func() { cancel(); group.Wait() }}
}

// collect adds up the results in the order of the chunks, until they end or one
// has an input on which the model is wrong, which it returns.
func (r *Report) collect(ctx context.Context, total int, crew crew, progress func(done, total int)) (wrong []int, err error) {
	defer crew.stop()
	early := map[int]result{} // results of chunks whose turn has not come
	next := 0
	for arrived := range crew.results {
		early[arrived.chunk] = arrived
		for {
			one, ok := early[next]
			if !ok || ctx.Err() != nil {
				break
			}
			delete(early, next)
			next++
			r.Inputs += one.inputs
			r.Faulted += one.faulted
			if one.err != nil || one.wrong != nil {
				return one.wrong, one.err
			}
		}
		if progress != nil {
			progress(r.Inputs, total)
		}
	}
	return nil, nil
}
