package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/compiler/prove"
	"rasp/compiler/stored"
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/runtime/model"
)

type proveFlags struct {
	json    bool
	outputs string
	domain  domainFlags
}

func proveCommand() *cobra.Command {
	var f proveFlags
	cmd := &cobra.Command{
		Use:   "prove FILE",
		Short: "Prove that a model is its program, without trusting the compiler",
		Long: `Prove that a model is its program, without trusting the compiler.

FILE is a model (.safetensors), which carries its program, or a program, which
is compiled first. The weights are executed over all values that the program's
s-ops can have; what is shown on the way is printed, with its line of the
program, and last the verdict:

  proved      the model gives what the interpreter gives on every input of the
              domain on which the program has a value
  not proved  no proof was found, and no input on which the two differ; this
              does not say that the model is wrong
  refuted     the model is wrong, on the input that is shown

Nothing is assumed. The words before the verdict:

  lemma     a fact about the program that later lines rest on
  head      a head gives weight to exactly the keys that a selector of the
            program selects: it chooses one or takes their mean, or adds up, or
            counts: each key weighs as much as BOS
  read-out  an output is the program's, in each state of what it depends on
  states    what a position can be, as far as the line tells them apart
  pairs     states of a key beside states of a query
  margin    of a head, how far a score is below one that must stand above it, by
            the distance that makes its weight 0; of a read-out, how far the
            right logit is above the next, in roundings of float32
  doubt     a place where the program may have no value, as far as the states
            tell, which are at least those that occur; of inputs on which it has
            none nothing is said

The exit status is 0 if the model is proved, 1 otherwise. docs/proof.md has the
theorem, the lemmas, and a proof step by step.`,
		Example: `  rasp prove model.safetensors
  rasp prove sort --length 8 --json`,
		Args: files("FILE", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	flags.StringVar(&f.outputs, "output", "", "s-ops to compile, separated by commas (default: #rasp:output, else the last one assigned)")
	f.domain.register(cmd)
	return cmd
}

func (f *proveFlags) run(cmd *cobra.Command, file string) error {
	m, err := f.domain.model(cmd, file, f.outputs)
	if err != nil {
		return err
	}
	r, err := proofOf(cmd, m)
	if err != nil {
		return err
	}
	if err := printProof(cmd.OutOrStdout(), r, f.json); err != nil {
		return err
	}
	if r.Verdict == prove.Proved {
		return nil
	}
	return errFailed
}

// proofOf looks for a proof of a model, and shows on a terminal how far it has come.
func proofOf(cmd *cobra.Command, m *model.Model) (*prove.Result, error) {
	options := prove.Options{Context: cmd.Context()}
	line := progress{what: "steps of the proof at most", to: terminal(cmd.ErrOrStderr())}
	if line.to != nil {
		options.Progress = line.show
	}
	defer line.clear()
	r, err := prove.Prove(m, options)
	if err != nil || r.Verdict != prove.Open {
		return r, err
	}
	return r, refute(cmd, m, r)
}

// refute looks for an input on which a model that is not proved differs from its program.
func refute(cmd *cobra.Command, m *model.Model, r *prove.Result) error {
	outputs, err := stored.Outputs(m)
	if err != nil {
		return err
	}
	engines, err := open.Device{}.Engines(m)
	if err != nil {
		return err
	}
	const samples = 2000
	verifying := verify.Options{Samples: samples, Seed: 1, Engine: engines}
	line := progress{what: "inputs, in search of one that differs", to: terminal(cmd.ErrOrStderr())}
	if line.to != nil {
		verifying.Progress = line.show
	}
	defer line.clear()
	report, err := verify.Run(cmd.Context(), m, outputs, verifying)
	if err != nil {
		return err
	}
	r.Tried = report.Compared()
	if c := report.Counterexample; c != nil {
		r.Verdict = prove.Refuted
		r.Reason = &prove.Reason{
			Text: fmt.Sprintf("%s differs at position %d", c.Output, c.Position), Input: string(listJSON(c.Input)), Output: c.Output, Position: c.Position,
			Program: c.Interpreter[c.Position].JSON(), Model: c.Model[c.Position].JSON(),
		}
	}
	return nil
}

// proof is the JSON of prove.
type proof struct {
	Claim string `json:"claim"`
	*prove.Result
}

func printProof(to io.Writer, r *prove.Result, asJSON bool) error {
	if asJSON {
		return writeJSON(to, proof{r.Claim(), r})
	}
	if err := r.Write(to); err != nil {
		return err
	}
	if r.Verdict != prove.Refuted {
		return nil
	}
	_, err := io.WriteString(to, difference(r.Reason))
	return err
}

// difference is the input on which a model is refuted, and what comes of it.
func difference(r *prove.Reason) string {
	call := fmt.Sprintf("%s(%s)", r.Output, r.Input)
	return fmt.Sprintf("interpreter %s = %s at position %d\nmodel       %s = %s\n", call, r.Program, r.Position, call, r.Model)
}

// noteProof looks for a proof of a model, and notes in its certificate what came of it.
// That a model is wrong is an error.
func noteProof(cmd *cobra.Command, m *model.Model) error {
	r, err := proofOf(cmd, m)
	if err != nil {
		return err
	}
	if r.Verdict == prove.Refuted {
		return diag.List{diag.Errorf(diag.Span{}, diag.Internal, "the model is wrong, so there is none; this is a fault of the compiler, not of the program\n%s", difference(r.Reason))}
	}
	m.Certificate.Proof, m.Certificate.ProofClaim = string(r.Verdict), r.Claim()
	return nil
}
