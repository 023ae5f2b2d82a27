package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/puzzle"
)

// checkPuzzles checks the solutions in a folder, and prints a line for each puzzle. It
// fails if one of them is none.
func checkPuzzles(cmd *cobra.Command, folder string) error {
	if info, err := os.Stat(folder); err != nil {
		return err
	} else if !info.IsDir() {
		return usagef("rasp puzzle PUZZLE FILE checks one", "%s is no folder", folder)
	}
	table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tpuzzle\tfile\tlayers\tbest\theads\tbest\tparameters\tbest\tverdict")
	line := progress{what: "puzzles"}
	line.to = terminal(cmd.ErrOrStderr())
	solved, failed := 0, false
	for i, p := range puzzle.All() {
		if line.to != nil {
			line.show(i, len(puzzle.All()))
		}
		file := solutionIn(folder, p)
		if file == "" {
			fmt.Fprintf(table, "%d\t%s\n", p.Number, p.Name)
			continue
		}
		v, err := verdictOn(cmd, p, file)
		if cmd.Context().Err() != nil {
			line.clear()
			return cmd.Context().Err()
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\n", p.Number, p.Name, filepath.Base(file), rowOf(p, v, err))
		if err == nil && v.Solved() {
			solved++
		} else {
			failed = true
		}
	}
	line.clear()
	if err := table.Flush(); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%d of %d solved\n", solved, len(puzzle.All())); err != nil {
		return err
	}
	if failed {
		return errFailed
	}
	return nil
}

// solutionIn is the file of a puzzle in a folder, by its number or its name; "" for none.
func solutionIn(folder string, p *puzzle.Puzzle) string {
	for _, name := range []string{strconv.Itoa(p.Number), p.Name} {
		if file := filepath.Join(folder, name+open.ProgramSuffix); open.Exists(file) {
			return file
		}
	}
	return ""
}

// rowOf is the end of a line: sizes beside the best known, and the verdict.
func rowOf(p *puzzle.Puzzle, v *puzzle.Verdict, err error) string {
	const none = "\t\t\t\t\t\t"
	switch {
	case err != nil:
		return none + open.Diagnose(err).Message
	case v.Faults != nil:
		return none + "has a fault: " + v.Faults[0].Message
	case v.Counterexample != nil && v.Counterexample.Fault != nil:
		return none + "fails on " + v.Counterexample.Text()
	case v.Counterexample != nil:
		return none + "wrong on " + v.Counterexample.Text()
	case v.Refused != nil:
		return none + "solved, not compiled"
	}
	yours, best := v.Sizes, p.Best
	return fmt.Sprintf("%d\t%d\t%d\t%d\t%d\t%d\tsolved", yours.Layers, best.Layers, yours.Heads, best.Heads, yours.Parameters, best.Parameters)
}
