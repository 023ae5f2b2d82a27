package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rasp/compiler"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime"
	"rasp/runtime/model"
)

type compileFlags struct {
	out     string
	outputs string
	dump    string
	explain bool
	domain  domainFlags
}

func compileCommand() *cobra.Command {
	var f compileFlags
	cmd := &cobra.Command{
		Use:   "compile FILE -o MODEL",
		Short: "Compile a program into the weights of a transformer",
		Long: `Compile a program into the weights of a transformer.

FILE is a program (.rasp) or the name of a ready-made program (rasp list). The
model gives what the interpreter gives on every input of the domain: all
sequences of 1 to --length tokens of --vocab.`,
		Example: `  rasp compile reverse -o reverse.safetensors
  rasp compile program.rasp -o model.safetensors --vocab 0..9 --length 16`,
		Args: files("FILE", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "the model file to write (.safetensors)")
	cmd.Flags().StringVar(&f.outputs, "output", "", "s-ops to read out, separated by commas (default: #rasp:output, else the last one assigned)")
	cmd.Flags().StringVar(&f.dump, "dump", "", "print the program after this pass; -o may then be left out")
	cmd.Flags().BoolVar(&f.explain, "explain", false, "print what each layer does and why it is there; -o may then be left out")
	f.domain.register(cmd)
	return cmd
}

func (f *compileFlags) run(cmd *cobra.Command, file string) error {
	if f.out == "" && f.dump == "" && !f.explain {
		return usagef("give the model file to write: -o MODEL.safetensors", "-o is missing")
	}
	if passes := compiler.DumpNames(); f.dump != "" && !slices.Contains(passes, f.dump) {
		return usagef("the passes are "+strings.Join(passes, ", "), "--dump: unknown pass %q", f.dump)
	}
	if sameFile(file, f.out) {
		return usagef("", "-o: %s is the program itself", f.out)
	}
	program, err := loadProgram(cmd, file)
	if err != nil {
		return err
	}
	model, notes, _, err := compileOutputs(cmd, program, splitNames(f.outputs), &f.domain, f.dump)
	if err != nil {
		return err
	}
	if f.explain {
		if err := notes.Explain(cmd.OutOrStdout()); err != nil {
			return err
		}
		fmt.Fprintln(cmd.OutOrStdout())
	}
	if f.out != "" {
		if err := model.Save(f.out); err != nil {
			return err
		}
	}
	return printSizes(cmd.OutOrStdout(), model, false)
}

func sameFile(a, b string) bool {
	first, err1 := os.Stat(a)
	second, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(first, second)
}

// compileOutputs compiles what is named on the command line, or what the program
// says, as the flags say. It prints the warnings to stderr and the program after
// the pass dump, if that is not empty, to stdout.
func compileOutputs(cmd *cobra.Command, program *lang.Program, names []string, flags *domainFlags, dump string) (*model.Model, *compiler.Report, []graph.Output, error) {
	vocab, err := flags.vocabulary(cmd, program)
	if err != nil {
		return nil, nil, nil, err
	}
	outputs, err := outputsOf(program, names, vocab)
	if err != nil {
		return nil, nil, nil, err
	}
	model, notes, err := compileProgram(cmd, program, outputs, flags, dump)
	return model, notes, outputs, err
}

func compileProgram(cmd *cobra.Command, program *lang.Program, outputs []graph.Output, flags *domainFlags, dump string) (*model.Model, *compiler.Report, error) {
	options, err := flags.options()
	if err != nil {
		return nil, nil, err
	}
	options.Dump, options.DumpTo, options.Source = dump, cmd.OutOrStdout(), program.File.Source.Text
	options.Engine = func(m *model.Model) verify.Engine { return runtime.NewSession(m) }
	domain, err := flags.domain(cmd, program)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range outputs {
		if o.Next == nil && o.Node.IsSelector() {
			return nil, nil, diag.Errorf(o.Span, diag.Type, "%s is a selector; a model gives s-ops", o.Name).
				WithHint("aggregate over it, or name an s-op with #rasp:output, --main or --output")
		}
	}
	model, notes, err := compiler.Compile(outputs, domain, options)
	if err != nil {
		return nil, nil, err
	}
	printFaults(cmd.ErrOrStderr(), notes.Warnings)
	return model, notes, nil
}

const compiledAlready = "a model is compiled already; this goes with a program"

// modelOf is the model that a FILE holds, or that its program compiles to; of the
// s-ops named, if there are any.
func modelOf(cmd *cobra.Command, file, output string, flags *domainFlags) (*model.Model, error) {
	if isModel(file) {
		if err := refuse(cmd, compiledAlready, "vocab", "length", "causal", "optimize", "partial"); err != nil {
			return nil, err
		}
		return loadModel(file)
	}
	program, err := loadProgram(cmd, file)
	if err != nil {
		return nil, err
	}
	model, _, _, err := compileOutputs(cmd, program, splitNames(output), flags, "")
	return model, err
}
