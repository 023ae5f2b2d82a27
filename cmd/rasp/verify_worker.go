package main

import (
	"context"

	"github.com/spf13/cobra"

	"rasp/compiler/verify"
	"rasp/runtime/model"
)

// verifyRequest is a line that a worker reads: a range of inputs, or the sum over ranges.
type verifyRequest struct {
	Range *[2]int    `json:"range"` // the numbers from, to before to
	Sum   *verifySum `json:"sum"`
}

// verifySum is what there is of a range, or of several in a row: up to the first input on
// which the model is wrong, which is the last of Inputs.
type verifySum struct {
	Inputs  int  `json:"inputs"`
	Faulted int  `json:"faulted"`
	Wrong   bool `json:"wrong"`
}

// Answers of a worker. The first line says how much there is to do.
type (
	verifySize struct {
		Inputs int `json:"inputs"`
	}
	verifyWhole struct {
		Outcome outcome `json:"outcome"` // what rasp verify --json prints
		Summary string  `json:"summary"` // what rasp verify prints
	}
)

// serve compares ranges as they are asked for.
func (f *verifyFlags) serve(cmd *cobra.Command, file string) error {
	if err := refuse(cmd, "not with --worker, which compares the ranges it is told to", "shard", "json"); err != nil {
		return err
	}
	if err := f.device.check(cmd); err != nil {
		return err
	}
	return serveWorker(cmd, func(context.Context) (worker, error) {
		m, outputs, err := f.open(cmd, file)
		if err != nil {
			return worker{}, err
		}
		if f.options.Engine, err = f.device.choice().Engines(m); err != nil {
			return worker{}, err
		}
		trial, err := verify.NewTrial(m, outputs, f.options)
		if err != nil {
			return worker{}, err
		}
		return worker{verifySize{trial.Len()}, func(ctx context.Context, line string) (any, error) {
			return f.answer(ctx, m, trial, line)
		}}, nil
	})
}

func (f *verifyFlags) answer(ctx context.Context, m *model.Model, trial *verify.Trial, line string) (any, error) {
	var r verifyRequest
	if err := readRequest(line, &r); err != nil {
		return nil, err
	}
	if err := oneOf(`"range" and "sum"`, r.Range != nil, r.Sum != nil); err != nil {
		return nil, err
	}
	if r.Sum != nil {
		return f.whole(ctx, m, trial, *r.Sum)
	}
	from, to := r.Range[0], r.Range[1]
	if from < 0 || from > to || to > trial.Len() {
		return nil, usagef("", "range: there are %d inputs, and none from %d to %d", trial.Len(), from, to)
	}
	report, err := trial.Range(ctx, from, to)
	return verifySum{report.Inputs, report.Faulted, report.Counterexample != nil}, err
}

// whole is what one machine would have said. The counterexample is found anew.
func (f *verifyFlags) whole(ctx context.Context, m *model.Model, trial *verify.Trial, s verifySum) (any, error) {
	if s.Inputs < 1 || s.Inputs > trial.Len() || s.Faulted < 0 || s.Faulted > s.Inputs || !s.Wrong && s.Inputs < trial.Len() {
		return nil, usagef("", "sum: %d inputs of %d, %d of them faulted, are not what the ranges have", s.Inputs, trial.Len(), s.Faulted)
	}
	report := trial.Whole(s.Inputs, s.Faulted)
	if s.Wrong {
		last, err := trial.Range(ctx, s.Inputs-1, s.Inputs)
		if err != nil {
			return nil, err
		}
		if last.Counterexample == nil {
			return nil, usagef("", "sum: on input %d, the last, the model is right", s.Inputs)
		}
		report.Counterexample = last.Counterexample
	}
	return verifyWhole{f.outcome(m, report, false), summary(report, false, f.options.Seed, tolerance(m))}, nil
}
