package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/puzzle"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
)

type puzzleFlags struct {
	hint, solution bool
	start          string // the file to write
	all            string // the folder to check
}

func puzzleCommand() *cobra.Command {
	var f puzzleFlags
	cmd := &cobra.Command{
		Use:   "puzzle [PUZZLE [FILE]]",
		Short: "Learn by exercises: list them, show one, check a solution",
		Long: `Learn by exercises: list them, show one, check a solution.

Without an argument all puzzles are listed, the easiest first. PUZZLE is the number
or the name of one: what it asks for, on which inputs, with examples and a hint.

FILE is a program. It is tried on all inputs of the puzzle, or, where these are too
many, on all short ones and on random ones; the smallest input that is found on
which it is wrong is shown, with what the program computes there. A program that is
right is compiled, and its model compared with the best known.`,
		Example: `  rasp puzzle
  rasp puzzle 7
  rasp puzzle 7 --new mine.rasp
  rasp puzzle 7 mine.rasp
  rasp puzzle --all solutions`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 2 {
				return usagef("", "one argument too many: %q", args[2])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return puzzleNames(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&f.hint, "hint", false, "show all hints")
	flags.StringVar(&f.start, "new", "", "write a program to begin with to this file")
	flags.BoolVar(&f.solution, "solution", false, "show the reference solution")
	flags.StringVar(&f.all, "all", "", "check what is in this folder: 1.rasp or caesar.rasp and so on")
	return cmd
}

func puzzleNames() []string {
	var names []string
	for _, p := range puzzle.All() {
		names = append(names, p.Name)
	}
	return names
}

func (f *puzzleFlags) run(cmd *cobra.Command, args []string) error {
	flags := cmd.Flags()
	switch {
	case f.all != "" && len(args) > 0:
		return usagef("rasp puzzle PUZZLE FILE checks one", "--all checks a folder, and %q is one argument too many", args[0])
	case f.all != "":
		return checkPuzzles(cmd, f.all)
	case flags.Changed("all"):
		return usagef("", "the name of the folder is empty")
	case len(args) == 0 && flags.NFlag() > 0:
		return usagef("rasp puzzle lists them", "the PUZZLE is missing")
	case len(args) == 0:
		return listPuzzles(cmd.OutOrStdout(), puzzle.All())
	}
	p, near := puzzle.Find(args[0])
	if p == nil {
		hint := didYouMean("", near)
		if hint == "" && len(args) == 1 && open.Exists(args[0]) {
			hint = fmt.Sprintf("a program is checked with its puzzle: rasp puzzle PUZZLE %s", args[0])
		}
		if hint == "" {
			hint = fmt.Sprintf("they are numbered from 1 to %d; rasp puzzle lists them", len(puzzle.All()))
		}
		return usagef(hint, "there is no puzzle %s", args[0])
	}
	switch {
	case len(args) == 2 && flags.NFlag() > 0:
		return usagef("", "a FILE is checked, and goes with no flag")
	case len(args) == 2:
		return checkPuzzle(cmd, p, args[1])
	case flags.Changed("new"):
		return startPuzzle(cmd.OutOrStdout(), p, f.start)
	case f.solution:
		_, err := io.WriteString(cmd.OutOrStdout(), p.Solution)
		return err
	}
	return showPuzzle(cmd.OutOrStdout(), p, f.hint)
}

// startPuzzle writes a program to begin with; never over another one.
func startPuzzle(to io.Writer, p *puzzle.Puzzle, file string) error {
	if file == "" {
		return usagef("", "the name of the file is empty")
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already, and may hold somebody's work", file)
	}
	err := atomicfile.Write(file, func(to io.Writer) error {
		_, err := io.WriteString(to, p.Start())
		return err
	})
	if err == nil {
		_, err = fmt.Fprintf(to, "%s is for you. rasp puzzle %d %s checks it.\n", file, p.Number, file)
	}
	return err
}

// checkPuzzle checks one file.
func checkPuzzle(cmd *cobra.Command, p *puzzle.Puzzle, file string) error {
	v, err := verdictOn(cmd, p, file)
	if err != nil {
		return err
	}
	if v.Faults != nil {
		for _, d := range v.Faults {
			fmt.Fprint(cmd.ErrOrStderr(), render(cmd.ErrOrStderr(), d, file))
		}
		return errFailed
	}
	if err := printVerdict(cmd.OutOrStdout(), p, file, v); err != nil {
		return err
	}
	if !v.Solved() {
		return errFailed
	}
	return nil
}

// verdictOn a file.
func verdictOn(cmd *cobra.Command, p *puzzle.Puzzle, file string) (*puzzle.Verdict, error) {
	if !open.Exists(file) {
		return nil, open.Faultf(diag.Undefined, fmt.Sprintf("rasp puzzle %d --new FILE writes a program to begin with", p.Number), "could not find file: %s", file)
	}
	text, err := open.Text(file)
	if err != nil {
		return nil, err
	}
	return p.Check(cmd.Context(), file, text, lang.ReadFile)
}
