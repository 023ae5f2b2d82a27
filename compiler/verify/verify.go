// Package verify compares a compiled model with the interpreter, which is the
// meaning of the program, input by input.
//
// In comes a model together with the s-ops that its outputs were compiled from,
// out goes a report: how many inputs were compared and, where the two differ,
// the first input on which they do. It looks at answers only, never at weights,
// so it checks the compiler and the runtime together.
//
//   - The inputs are numbered (inputs.go): all those of the domain if they are
//     few, otherwise all the short ones and then random ones, of shapes on which
//     attention is likely to fail (random.go). Input k depends on the seed and
//     on k alone.
//   - Workers, one a processor, each with an evaluator and a session of its own,
//     take chunks of numbers (worker.go). The results are put back in order, so
//     the report does not depend on the number of workers.
//   - The first counterexample is shrunk to one from which no token can be
//     dropped (shrink.go).
//
// Inputs on which the program itself fails have no answer to compare with: they
// are counted.
package verify

import (
	"context"
	goruntime "runtime"
	"sync"
	"sync/atomic"

	"rasp/lang/value"
	"rasp/runtime"
)

// Options of a verification. The zero value is the default.
type Options struct {
	Samples    int    // random inputs if the domain is large, and the most of the short ones; 0 means DefaultSamples
	Exhaustive bool   // all inputs of the domain, however many
	Seed       uint64 // of the random inputs

	// Engine, if not nil, runs the model for all workers, one batch at a time;
	// otherwise each has a session on the CPU, with the options Session.
	Engine  runtime.Engine
	Session []runtime.Option

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

// Run compares interpreter and model. The error is that of the target, of the
// runtime, or of ctx; the report is valid in the last case too.
func Run(ctx context.Context, target Target, options Options) (Report, error) {
	vocab, err := target.check()
	if err != nil {
		return Report{}, err
	}
	inputs, err := plan(len(vocab), target.length(), options)
	if err != nil {
		return Report{}, err
	}
	engine := func() runtime.Engine { return runtime.NewSession(target.Model, options.Session...) }
	if options.Engine != nil {
		one := &shared{Engine: options.Engine}
		engine = func() runtime.Engine { return one }
	}
	report := Report{Exhaustive: inputs.random == 0, AllUpTo: inputs.allUpTo}
	wrong, err := report.collect(ctx, inputs, start(ctx, target, vocab, inputs, engine), options.Progress)
	if err != nil {
		return report, err
	}
	if wrong != nil {
		report.Counterexample, err = shrink(newWorker(target, vocab, engine), wrong)
		return report, err
	}
	return report, ctx.Err()
}

// crew is a set of running workers.
type crew struct {
	results <-chan result
	stop    func() // stops the workers and waits for them
}

func start(ctx context.Context, target Target, vocab []value.Value, inputs inputs, engine func() runtime.Engine) crew {
	ctx, cancel := context.WithCancel(ctx)
	results := make(chan result)
	var chunks atomic.Int64
	var group sync.WaitGroup
	for range goruntime.GOMAXPROCS(0) {
		group.Go(func() {
			w := newWorker(target, vocab, engine)
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
func (r *Report) collect(ctx context.Context, inputs inputs, crew crew, progress func(done, total int)) (wrong []int, err error) {
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
			progress(r.Inputs, inputs.total)
		}
	}
	return nil, nil
}
