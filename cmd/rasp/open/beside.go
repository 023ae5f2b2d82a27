package open

import (
	"context"

	"rasp/compiler/stored"
	"rasp/compiler/verify"
	"rasp/runtime/disguise"
	"rasp/runtime/model"
)

// BesideProgram runs a model in disguise beside the program that it carries, on all short inputs and on
// random ones, samples at most of either.
func BesideProgram(ctx context.Context, m *model.Model, samples int, seed uint64, progress func(done, total int)) (disguise.Verified, error) {
	v := disguise.Verified{Seed: seed}
	outputs, err := stored.Outputs(m)
	if err != nil {
		return v, err
	}
	options := verify.Options{Samples: samples, Seed: seed, Progress: progress}
	if options.Engine, err = (Device{}).Engines(m); err != nil {
		return v, err
	}
	report, wrong, err := verify.Count(ctx, m, outputs, options)
	if err != nil {
		return v, err
	}
	v.Inputs, v.Wrong, v.All = report.Compared(), wrong, report.Exhaustive
	return v, nil
}
