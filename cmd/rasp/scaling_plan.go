package main

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/scaling"
	"rasp/runtime/text"
)

type planFlags struct {
	law       string
	flops     float64
	loss      float64
	inference float64
	json      bool
}

func planCommand() *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Choose model size and data for a budget",
		Long: `Choose model size and data for a budget.

With --flops: the model of least loss for so many FLOPs of training. With --loss
instead: the cheapest model that reaches it. With --inference-tokens beside
either, or alone for the loss of Chinchilla: the model of the same loss that is cheapest over its life, training and
so many tokens of use together; a smaller one, trained on more data than is
optimal for training alone.

The law is that of the Chinchilla runs, unless --law names another.`,
		Example: `  rasp scaling plan --flops 5.76e23
  rasp scaling plan --flops 5.76e23 --inference-tokens 1e13
  rasp scaling fit runs.csv --json > law.json && rasp scaling plan --law law.json --loss 2.0`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.law, "law", "", "a file with E, A, B, alpha and beta in JSON, as fit --json prints it")
	flags.Float64Var(&f.flops, "flops", 0, "FLOPs for training (6ND)")
	flags.Float64Var(&f.loss, "loss", 0, "loss to reach, in nats a token")
	flags.Float64Var(&f.inference, "inference-tokens", 0, "tokens that the model will read or write in its life")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	return cmd
}

func (f *planFlags) run(cmd *cobra.Command) error {
	law, err := f.readLaw(cmd)
	if err != nil {
		return err
	}
	optimal, err := f.optimal(cmd, law)
	if err != nil {
		return err
	}
	advice, err := law.Advise(optimal, f.inference)
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(cmd.OutOrStdout(), advice)
	}
	return printAdvice(cmd.OutOrStdout(), advice)
}

// longestLaw bounds a file that holds six numbers, in bytes.
const longestLaw = 1 << 20

func (f *planFlags) readLaw(cmd *cobra.Command) (scaling.Law, error) {
	if f.law == "" {
		return scaling.Chinchilla, nil
	}
	in, err := text.Open(f.law, cmd.InOrStdin())
	if err != nil {
		return scaling.Law{}, err
	}
	defer in.Close()
	content, err := io.ReadAll(io.LimitReader(in, longestLaw))
	if err != nil {
		return scaling.Law{}, err
	}
	law, err := scaling.ParseLaw(content)
	switch {
	case errors.Is(err, scaling.ErrNoLaw):
		return law, open.Faultf(diag.Type, "rasp scaling fit RUNS.csv --json prints one", "%s is not a law in JSON", nameOfText(f.law))
	case err != nil:
		return law, inFile(f.law, err)
	}
	return law, nil
}

func (f *planFlags) optimal(cmd *cobra.Command, law scaling.Law) (scaling.Plan, error) {
	flags := cmd.Flags()
	if flags.Changed("inference-tokens") && !finite(f.inference) {
		return scaling.Plan{}, usagef("", positiveNumbers)
	}
	if flags.Changed("inference-tokens") && !flags.Changed("flops") && !flags.Changed("loss") {
		fmt.Fprintf(cmd.ErrOrStderr(), "rasp: for the loss that Chinchilla's budget of %.3g FLOPs buys; --flops or --loss name another\n", scaling.GopherFLOPs)
		return law.Optimal(scaling.GopherFLOPs), nil
	}
	switch {
	case flags.Changed("flops") == flags.Changed("loss"):
		return scaling.Plan{}, usagef("such as --flops 5.76e23, the budget of Chinchilla", "give one of --flops and --loss")
	case flags.Changed("flops") && !finite(f.flops), flags.Changed("loss") && !finite(f.loss):
		return scaling.Plan{}, usagef("", positiveNumbers)
	case flags.Changed("flops"):
		return law.Optimal(f.flops), nil
	}
	return law.Cheapest(f.loss)
}

const positiveNumbers = "budgets and losses are positive numbers"

func finite(x float64) bool { return x > 0 && !math.IsInf(x, 1) }

func printAdvice(to io.Writer, a scaling.Advice) error {
	table := newTable(to)
	fmt.Fprintln(table, "\tparameters\ttokens\ttokens a parameter\tloss\ttraining\tinference\tFLOPs in all")
	row := func(name string, p scaling.Costs) {
		fmt.Fprintf(table, "%s\t%.3g\t%.3g\t%.1f\t%.4f\t%.3g\t%.3g\t%.3g\n", name, p.N, p.D, p.Ratio, p.Loss, p.Training, p.Inference, p.Total)
	}
	row("optimal to train", a.Optimal)
	if a.Lifetime != nil {
		row("optimal over its life", *a.Lifetime)
		for _, p := range a.Curve {
			row(fmt.Sprintf("  %.2f of that size", p.N/a.Lifetime.N), p)
		}
	}
	return table.Flush()
}
