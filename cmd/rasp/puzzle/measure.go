package puzzle

import (
	"context"
	"errors"
	"fmt"

	"rasp/compiler"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime"
	"rasp/runtime/model"
)

// measure compiles a program that is right, compares its model with the interpreter and
// completes the verdict. The error is that of the context, or of a model that is wrong.
func (p *Puzzle) measure(ctx context.Context, program *lang.Program, outputs []graph.Output, v *Verdict) error {
	engine := func(m *model.Model) verify.Engine { return runtime.NewSession(m) }
	m, _, err := compiler.Compile(outputs, p.Domain, compiler.Options{
		Level: 1, Partial: program.File.Directives.Partial, Engine: engine, Context: ctx,
		Source: program.File.Source.Text, Loads: program.Loaded,
	})
	var refused diag.List
	if errors.As(err, &refused) {
		v.Refused = refused
		return nil
	}
	if err != nil {
		return err
	}
	v.Sizes = sizesOf(m)
	report, err := verify.Run(ctx, m, outputs, verify.Options{Engine: func() verify.Engine { return engine(m) }})
	if err == nil && report.Counterexample != nil {
		return fmt.Errorf("the model is wrong on %s, which the compiler is to blame for", textOf(report.Counterexample.Input))
	}
	return err
}

func sizesOf(m *model.Model) Sizes {
	parameters, _ := m.Parameters()
	return Sizes{m.Layers, m.Heads, parameters}.seen()
}

// seen are sizes as people count: a model file has one head at least, which a model
// without layers does not use.
func (s Sizes) seen() Sizes {
	if s.Layers == 0 {
		s.Heads = 0
	}
	return s
}
