package verify

import (
	"context"

	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Count compares the same inputs as Run does, to the last, and counts those on which the
// model is wrong. The report has no counterexample.
func Count(ctx context.Context, m *model.Model, outputs []graph.Output, options Options) (report Report, wrong int, err error) {
	c, err := NewComparer(m, outputs, options.Engine())
	if err != nil {
		return report, 0, err
	}
	inputs, allUpTo, err := Choose(c.domain, options)
	if err != nil {
		return report, 0, err
	}
	report.Exhaustive, report.AllUpTo = inputs.Random == 0, allUpTo
	for size := chunk(c.domain); report.Inputs < inputs.Len() && ctx.Err() == nil; {
		batch := make([][]int, min(size, inputs.Len()-report.Inputs))
		for i := range batch {
			batch[i] = inputs.IDs(report.Inputs+i, nil)
		}
		err := c.Compare(batch, func(_ int, pairs []Pair, fault error) error {
			switch {
			case fault != nil:
				report.Faulted++
			case Wrong(pairs) >= 0:
				wrong++
			}
			return nil
		})
		if err != nil {
			return report, wrong, err
		}
		report.Inputs += len(batch)
		if options.Progress != nil {
			options.Progress(report.Inputs, inputs.Len())
		}
	}
	return report, wrong, ctx.Err()
}
