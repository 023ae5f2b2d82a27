package main

import (
	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
)

// predictorFlags say what predicts: a program, which is interpreted or compiled, or a
// model.
type predictorFlags struct {
	output   string
	compiled bool
	threads  int
	split    splitFlag
	device   deviceFlag
	domain   domainFlags
}

// notOfARPA are flags that say nothing of an ARPA file.
var notOfARPA = []string{"output", "compiled", "optimize", "robust", "partial", "device", "dense", "vocab", "length", "causal"}

func (f *predictorFlags) register(cmd *cobra.Command) {
	f.split.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.output, "output", "", "which output predicts, if there are several")
	flags.BoolVar(&f.compiled, "compiled", false, "compile the program in memory, and ask the model")
	registerThreads(cmd, &f.threads, "goroutines that compute")
	f.device.register(cmd)
	f.domain.register(cmd)
}

func (f *predictorFlags) check(cmd *cobra.Command) error {
	if err := f.split.check(); err != nil {
		return err
	}
	return f.device.check(cmd)
}

// open makes the predictor of a FILE.
func (f *predictorFlags) open(cmd *cobra.Command, file string) (*open.Predictor, error) {
	if open.IsARPA(file) {
		if err := refuse(cmd, "an ARPA file has n-grams and no output, domain or weights: rasp ngram --arpa makes a program of it", notOfARPA...); err != nil {
			return nil, err
		}
		m, err := open.ARPA(file)
		if err != nil {
			return nil, err
		}
		return open.PredictGrams(m, f.split.name)
	}
	if !open.IsModel(file) && !f.compiled {
		if err := refuse(cmd, "only with --compiled, or a model", "optimize", "partial", "device", "dense"); err != nil {
			return nil, err
		}
		program, err := loadProgram(cmd, file)
		if err != nil {
			return nil, err
		}
		choices, err := f.domain.choices(cmd)
		if err != nil {
			return nil, err
		}
		return open.Interpret(program, namesOf(f.output), choices, f.split.name, f.threads)
	}
	if open.IsModel(file) {
		if err := refuse(cmd, compiledAlready, "compiled"); err != nil {
			return nil, err
		}
	}
	model, err := f.domain.model(cmd, file, f.output)
	if err != nil {
		return nil, err
	}
	return open.Predict(model, f.output, f.device.choice(), f.split.name, f.threads)
}
