package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/corpus"
	"rasp/cmd/rasp/open"
	"rasp/compiler/stored"
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

type verifyFlags struct {
	outputs string
	json    bool
	shard   string
	worker  bool
	options verify.Options
	device  deviceFlag
	domain  domainFlags
	batch   batchFlags
}

func verifyCommand() *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "Compare a model with the interpreter on many inputs",
		Long: `Compare a model with the interpreter on many inputs.

FILE is a model (.safetensors), which carries its program, or a program, which
is compiled first. All inputs are compared if they are few; otherwise all short
ones and random ones of all lengths. Numbers and probabilities count as equal
within the bound that the certificate names; all else must be the same.

With --shard 2/16 one process of 16 compares its part of the same inputs, a range
of their order: together they say what one process says, and of counterexamples
the one of the first shard is its own. On a cluster python -m rasp.spark does
all of it.`,
		Example: `  rasp verify model.safetensors --samples 20000
  rasp verify reverse --vocab ab --length 6 --exhaustive
  rasp verify reverse --length 12 --exhaustive --shard 2/16`,
		Args: f.batch.fileOrBatch(files("FILE", 1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.IntVar(&f.options.Samples, "samples", verify.DefaultSamples, "random inputs, and the most of the short ones")
	flags.BoolVar(&f.options.Exhaustive, "exhaustive", false, "all inputs of the domain, however many")
	flags.Uint64Var(&f.options.Seed, "seed", 1, "of the random inputs")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	flags.StringVar(&f.shard, "shard", "", "compare the part `I/N` of the inputs, I from 1 to N (default: all)")
	flags.BoolVar(&f.worker, "worker", false, forWorkers)
	flags.StringVar(&f.outputs, "output", "", "s-ops to compile, separated by commas (default: #rasp:output, else the last one assigned)")
	f.device.register(cmd)
	f.domain.register(cmd)
	f.batch.register(cmd)
	registerThreads(cmd, &f.batch.threads, "with --batch: programs that are verified at a time")
	return cmd
}

func (f *verifyFlags) run(cmd *cobra.Command, args []string) error {
	if f.options.Samples < 1 {
		return usagef("", "--samples: at least 1, not %d", f.options.Samples)
	}
	if f.batch.list != "" {
		return f.batched(cmd)
	}
	if err := refuse(cmd, onlyWithBatch, "timeout", "threads"); err != nil {
		return err
	}
	file := args[0]
	if f.worker {
		return f.serve(cmd, file)
	}
	shard, err := shardOf(f.shard)
	if err != nil {
		return err
	}
	if err := f.device.check(cmd); err != nil {
		return err
	}
	model, outputs, err := f.open(cmd, file)
	if err != nil {
		return err
	}
	if f.options.Engine, err = f.device.choice().Engines(model); err != nil {
		return err
	}
	trial, err := verify.NewTrial(model, outputs, f.options)
	if err != nil {
		return err
	}
	from, to := part(trial.Len(), shard)
	if from == to {
		return usagef("", "--shard: %s has none of the %s", f.shard, diag.Count(trial.Len(), "input"))
	}
	line := progress{what: "inputs"}
	if line.to = terminal(cmd.ErrOrStderr()); line.to != nil {
		trial.Progress = line.show
	}
	report, err := trial.Range(cmd.Context(), from, to)
	line.clear()
	if err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	if printErr := f.print(cmd.OutOrStdout(), model, report, err != nil); printErr != nil {
		return printErr
	}
	if err == nil && fails(report) {
		return errFailed
	}
	return err
}

// part is the numbers of a shard of so many inputs.
func part(n int, s corpus.Shard) (from, to int) {
	begin := func(i int) int { return n/s.Of*i + min(i, n%s.Of) } // n times i may be too large for an int
	return begin(s.Index), begin(s.Index + 1)
}

// open loads a model, or compiles a program, and has the outputs that it stands for.
func (f *verifyFlags) open(cmd *cobra.Command, file string) (*model.Model, []graph.Output, error) {
	if open.IsModel(file) {
		if err := refuse(cmd, compiledAlready, "vocab", "length", "causal", "optimize", "partial", "output"); err != nil {
			return nil, nil, err
		}
		model, err := open.Model(file)
		if err != nil {
			return nil, nil, err
		}
		outputs, err := stored.Outputs(model)
		return model, outputs, err
	}
	c, err := f.domain.compile(cmd, file, splitNames(f.outputs))
	return c.Model, c.Outputs, err
}
