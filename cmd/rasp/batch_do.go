package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/compiler/stored"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime"
	"rasp/runtime/model"
)

// compiledRow is the row of a model that was written.
type compiledRow struct {
	ID       string  `json:"id"`
	Model    string  `json:"model"` // the file
	Info     sizes   `json:"info"`
	Warnings []fault `json:"warnings,omitempty"`
}

// batched compiles the programs of --batch into files of the folder -o.
func (f *compileFlags) batched(cmd *cobra.Command) error {
	if err := f.batch.check(cmd, "dump", "explain", "prove", "output", "debug"); err != nil {
		return err
	}
	if f.out == "" {
		return usagef("give the folder for the model files: -o DIR", "-o is missing")
	}
	choices, err := f.domain.choices(cmd)
	if err != nil {
		return err
	}
	return f.batch.do(cmd, func(ctx context.Context, j *job) (any, bool, error) {
		c, warnings, err := j.compile(ctx, choices)
		if err != nil {
			return nil, true, err
		}
		if err := os.MkdirAll(f.out, 0o777); err != nil {
			return nil, true, err
		}
		file := filepath.Join(f.out, j.ID+open.ModelSuffix)
		if err := c.Save(file); err != nil {
			return nil, true, err
		}
		return compiledRow{j.ID, filepath.ToSlash(file), open.SizesOf(c.Model), faultsOf(warnings)}, false, nil
	})
}

// batched runs the programs and models of --batch, each on the inputs of its line.
func (f *runFlags) batched(cmd *cobra.Command) error {
	if err := f.batch.check(cmd, "main", "inputs", "set", "device", "dense", "json", "watch"); err != nil {
		return err
	}
	choices, err := f.domain.choices(cmd)
	if err != nil {
		return err
	}
	return f.batch.do(cmd, func(ctx context.Context, j *job) (any, bool, error) {
		if j.Inputs == nil {
			return nil, true, errors.New(`the line has no "inputs" to run it on: {"file": "sort", "inputs": ["cab"]}`)
		}
		r, err := j.runner(ctx, choices, f.compiled)
		if err != nil {
			return nil, true, err
		}
		results, err := runAll(ctx, r, j.Inputs)
		failed := false
		for _, a := range results {
			failed = failed || a.Error != nil || slices.ContainsFunc(a.Outputs, sequence.differs)
		}
		return struct {
			ID      string     `json:"id"`
			Results []answered `json:"results"`
		}{j.ID, results}, failed, err
	})
}

// batched verifies the models and programs of --batch.
func (f *verifyFlags) batched(cmd *cobra.Command) error {
	if err := f.batch.check(cmd, "device", "dense", "json", "output"); err != nil {
		return err
	}
	choices, err := f.domain.choices(cmd)
	if err != nil {
		return err
	}
	return f.batch.do(cmd, func(ctx context.Context, j *job) (any, bool, error) {
		m, outputs, err := j.model(ctx, choices)
		if err != nil {
			return nil, true, err
		}
		options := f.options
		options.Workers = 1 // programs are side by side
		if options.Engine, err = (open.Device{}).Engines(m); err != nil {
			return nil, true, err
		}
		report, err := verify.Run(ctx, m, outputs, options)
		o := f.outcome(m, report, false)
		return struct {
			ID string `json:"id"`
			outcome
		}{j.ID, o}, !o.Equal, err
	})
}

// read is the program of a job, and how it is compiled: as its line says, or the command line.
func (j *job) read(ctx context.Context, c open.Choices) (*lang.Program, diag.List, open.Choices, error) {
	program, warnings, err := j.compileParams.read()
	if err != nil {
		return nil, nil, c, err
	}
	c.Context = ctx
	c, err = j.override(c)
	return program, warnings, c, err
}

// compile compiles the program of a job; the warnings are those of reading it, too.
func (j *job) compile(ctx context.Context, c open.Choices) (open.Compiled, diag.List, error) {
	program, warnings, c, err := j.read(ctx, c)
	if err != nil {
		return open.Compiled{}, nil, err
	}
	compiled, err := patient(ctx, func() (open.Compiled, error) { return c.Compile(program, j.Outputs) })
	if err != nil {
		return open.Compiled{}, nil, err
	}
	return compiled, append(warnings, compiled.Report.Warnings...), nil
}

// model loads a model, or compiles a program, and has the outputs that it stands for.
func (j *job) model(ctx context.Context, c open.Choices) (*model.Model, []graph.Output, error) {
	if j.Source == nil && j.File != "" && open.IsModel(j.File) {
		m, err := open.Model(j.File)
		if err != nil {
			return nil, nil, err
		}
		outputs, err := stored.Outputs(m)
		return m, outputs, err
	}
	compiled, _, err := j.compile(ctx, c)
	return compiled.Model, compiled.Outputs, err
}

// runner is a model, the interpreter, or both side by side.
func (j *job) runner(ctx context.Context, c open.Choices, both bool) (open.Runner, error) {
	switch {
	case j.Source == nil && j.File != "" && open.IsModel(j.File):
		m, err := open.Model(j.File)
		if err != nil {
			return nil, err
		}
		return open.Loaded(m, "", runtime.NewSession(m, runtime.Threads(1)))
	case both:
		compiled, _, err := j.compile(ctx, c)
		if err != nil {
			return nil, err
		}
		return open.Compared(compiled.Model, compiled.Outputs, runtime.NewSession(compiled.Model, runtime.Threads(1)))
	}
	program, _, c, err := j.read(ctx, c)
	if err != nil {
		return nil, err
	}
	outputs, d, err := c.Interpreted(program, j.Outputs)
	if err != nil {
		return nil, err
	}
	return open.Interpreted(outputs, d), nil
}
