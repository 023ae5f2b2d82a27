package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rasp/compiler"
)

type compileFlags struct {
	out     string
	outputs string
	explain bool
	prove   bool
	domain  domainFlags
	batch   batchFlags
}

func compileCommand() *cobra.Command {
	var f compileFlags
	cmd := &cobra.Command{
		Use:   "compile FILE -o MODEL",
		Short: "Compile a program into the weights of a transformer",
		Long: `Compile a program into the weights of a transformer.

FILE is a program (.rasp) or the name of a ready-made program (rasp list). The
model gives what the interpreter gives on every input of the domain: all
sequences of 1 to --length tokens of --vocab.

With --batch many programs are compiled in one process, into files of the folder
-o: a row of JSON for each says what came of it, and none keeps the next from
being compiled.`,
		Example: `  rasp compile reverse -o reverse.safetensors
  rasp compile program.rasp -o model.safetensors --vocab 0..9 --length 16
  ls programs/*.rasp | rasp compile --batch - -o models > rows.jsonl`,
		Args: f.batch.fileOrBatch(files("FILE", 1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "the model file to write (.safetensors)")
	cmd.Flags().StringVar(&f.outputs, "output", "", "s-ops to read out, separated by commas (default: #rasp:output, else the last one assigned)")
	cmd.Flags().StringVar(&f.domain.dump, "dump", "", "print what this pass hands over (a wrong name lists them); -o may then be left out")
	cmd.Flags().BoolVar(&f.domain.debug, "debug", false, "show the stack of a fault of the compiler")
	cmd.Flags().BoolVar(&f.explain, "explain", false, "print what each layer does and why it is there; -o may then be left out")
	cmd.Flags().BoolVar(&f.prove, "prove", false, "look for a proof, as rasp prove does, and note it in the certificate; a model that is wrong is not written")
	f.domain.register(cmd)
	f.batch.register(cmd)
	registerThreads(cmd, &f.batch.threads, "with --batch: programs that are compiled at a time")
	return cmd
}

func (f *compileFlags) run(cmd *cobra.Command, args []string) error {
	if f.batch.list != "" {
		return f.batched(cmd)
	}
	if err := refuse(cmd, onlyWithBatch, "timeout", "threads"); err != nil {
		return err
	}
	startRoomy()
	file := args[0]
	if f.out == "" && f.domain.dump == "" && !f.explain {
		return usagef("give the model file to write: -o MODEL.safetensors", "-o is missing")
	}
	if passes := compiler.DumpNames(); f.domain.dump != "" && !slices.Contains(passes, f.domain.dump) {
		return usagef("the passes are "+strings.Join(passes, ", "), "--dump: unknown pass %q", f.domain.dump)
	}
	if sameFile(file, f.out) {
		return usagef("", "-o: %s is the program itself", f.out)
	}
	compiled, err := f.domain.compile(cmd, file, splitNames(f.outputs))
	if err != nil {
		return err
	}
	if f.prove {
		if err := noteProof(cmd, compiled.Model); err != nil {
			return err
		}
	}
	if f.explain {
		if err := compiled.Report.Explain(cmd.OutOrStdout()); err != nil {
			return err
		}
		fmt.Fprintln(cmd.OutOrStdout())
	}
	if f.out != "" {
		if err := spareLoaded(compiled.Loads, f.out); err != nil {
			return err
		}
		if err := compiled.Save(f.out); err != nil {
			return err
		}
	}
	return printSizes(cmd.OutOrStdout(), compiled.Model, false)
}

// spareLoaded refuses to write over a file that the program loads.
func spareLoaded(loaded map[string]string, out string) error {
	for name := range loaded {
		if sameFile(name, out) {
			return usagef("", "-o: the program loads %s", out)
		}
	}
	return nil
}

func sameFile(a, b string) bool {
	first, err1 := os.Stat(a)
	second, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(first, second)
}

// roomToStart is how large the heap is when garbage is collected for the first time. A
// compilation gets there soon, with little to throw away; many end before.
const roomToStart = 40 << 20

// startRoomy puts the first collection of garbage off; those after it come as they always
// do. A collector that $GOGC sets stays as it is.
func startRoomy() {
	if os.Getenv("GOGC") != "" {
		return
	}
	const least = 4 << 20 // the heap of the first collection, at 100 percent
	usual := debug.SetGCPercent(100 * (roomToStart / least))
	runtime.AddCleanup(new(*byte), func(usual int) { debug.SetGCPercent(usual) }, usual)
}
