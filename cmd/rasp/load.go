package main

import (
	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang"
	"rasp/runtime/model"
)

const compiledAlready = "a model is compiled already; this goes with a program"

// loadProgram reads the program that file names and prints its warnings. The
// error is a diag.List.
func loadProgram(cmd *cobra.Command, file string) (*lang.Program, error) {
	program, faults := open.Program(file)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	printFaults(cmd.ErrOrStderr(), faults)
	return program, nil
}

// compile compiles what is named, or what the program says, as the flags say, and
// prints the warnings.
func (f *domainFlags) compile(cmd *cobra.Command, file string, names []string) (open.Compiled, error) {
	program, err := loadProgram(cmd, file)
	if err != nil {
		return open.Compiled{}, err
	}
	choices, err := f.choices(cmd)
	if err != nil {
		return open.Compiled{}, err
	}
	line := wait(cmd.ErrOrStderr(), "compile")
	choices.Progress = line.at
	c, err := choices.Compile(program, names)
	line.done()
	if err == nil {
		printFaults(cmd.ErrOrStderr(), c.Report.Warnings)
	}
	return c, err
}

// model is the one that a FILE holds, or that its program compiles to; of the
// s-ops named, if there are any.
func (f *domainFlags) model(cmd *cobra.Command, file, output string) (*model.Model, error) {
	if open.IsModel(file) {
		if err := refuse(cmd, compiledAlready, "vocab", "length", "causal", "optimize", "partial"); err != nil {
			return nil, err
		}
		return open.Model(file)
	}
	c, err := f.compile(cmd, file, splitNames(output))
	return c.Model, err
}
