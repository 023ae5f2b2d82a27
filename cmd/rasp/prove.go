package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"rasp/compiler/prove"
	"rasp/lang/diag"
	"rasp/runtime/model"
)

type proveFlags struct {
	json, strict bool
	outputs      string
	domain       domainFlags
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
  assumed     so it does if what is marked as assumed holds, which is said of
              the program alone and was tried on inputs
  not proved  no proof was found; this does not say that the model is wrong
  refuted     the model is wrong, on the input that is shown

The exit status is 0 if the model is proved, also under assumptions unless
--strict is given, and 1 otherwise.`,
		Example: `  rasp prove model.safetensors
  rasp prove sort --length 8 --json`,
		Args: files("FILE", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	flags.BoolVar(&f.strict, "strict", false, "assume nothing: exit status 1 for a model that is proved under assumptions")
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
	if r.Verdict == prove.Proved || r.Verdict == prove.Assumed && !f.strict {
		return nil
	}
	return errFailed
}

// proofOf looks for a proof of a model, and shows on a terminal how far it has come.
func proofOf(cmd *cobra.Command, m *model.Model) (*prove.Result, error) {
	options := prove.Options{Context: cmd.Context()}
	line := progress{what: "steps of the proof", to: terminal(cmd.ErrOrStderr())}
	if line.to != nil {
		options.Progress = line.show
	}
	defer line.clear()
	return prove.Prove(m, options)
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
