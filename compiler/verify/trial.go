package verify

import (
	"context"

	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Trial is a comparison of many inputs that is done range by range: on many machines, or
// one after the other. It is for one goroutine at a time.
type Trial struct {
	// Progress, if not nil, is told now and then how many inputs of a range are done.
	Progress func(done, total int)

	names   []string // of the outputs
	workers []*worker
	inputs  domain.Inputs
	allUpTo int
}

// NewTrial prepares the comparison of a model with the outputs that it was compiled from.
// The error says why they cannot be compared.
func NewTrial(m *model.Model, outputs []graph.Output, options Options) (*Trial, error) {
	workers, err := hire(m, outputs, options)
	if err != nil {
		return nil, err
	}
	t := &Trial{workers: workers, Progress: options.Progress}
	if t.inputs, t.allUpTo, err = Choose(workers[0].domain, options); err != nil {
		return nil, err
	}
	for _, o := range m.Outputs {
		t.names = append(t.names, o.Name)
	}
	return t, nil
}

// Len is how many inputs there are to try.
func (t *Trial) Len() int { return t.inputs.Len() }

// Whole is the report on all of them, without a counterexample, of sums over ranges.
func (t *Trial) Whole(inputs, faulted int) Report {
	return Report{Inputs: inputs, Faulted: faulted, Exhaustive: t.inputs.Random == 0, AllUpTo: t.allUpTo}
}

// Range compares the inputs with the numbers from, to before to, of 0 to Len: up to the first
// on which the model is wrong. The error is that of the engine, or of ctx; the report is
// valid in the last case, too.
func (t *Trial) Range(ctx context.Context, from, to int) (Report, error) {
	report := t.Whole(0, 0)
	if to-from < t.Len() {
		report.From, report.Of, report.Exhaustive = from, t.Len(), false
	}
	wrong, err := report.collect(ctx, to-from, start(ctx, t.workers, t.inputs, from, to), t.Progress)
	if err != nil {
		return report, err
	}
	if wrong != nil {
		report.Counterexample, err = shrink(t.workers[0].Comparer, t.names, wrong)
		return report, err
	}
	return report, ctx.Err()
}
