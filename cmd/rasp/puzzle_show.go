package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"rasp/cmd/rasp/puzzle"
)

// listPuzzles prints a line for each, below what they teach.
func listPuzzles(to io.Writer, puzzles []*puzzle.Puzzle) error {
	width := 0
	for _, p := range puzzles {
		width = max(width, len(p.Name))
	}
	var b strings.Builder
	concept := ""
	for _, p := range puzzles {
		if p.Concept != concept {
			concept = p.Concept
			fmt.Fprintf(&b, "%s\n", concept)
		}
		fmt.Fprintf(&b, "%4d  %-*s  %s\n", p.Number, width, p.Name, p.Title)
	}
	b.WriteString("\nrasp puzzle NUMBER shows one.\n")
	_, err := io.WriteString(to, b.String())
	return err
}

// showPuzzle prints what a puzzle asks for, and its first hint or all.
func showPuzzle(to io.Writer, p *puzzle.Puzzle, allHints bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d. %s (%s)\n\n%s\n", p.Number, p.Name, p.Concept, p.Title)
	if len(p.Statement) > 0 {
		fmt.Fprintf(&b, "\n%s\n", strings.Join(p.Statement, "\n"))
	}
	b.WriteString("\n")
	for _, line := range p.Directives() {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	b.WriteString("\n")
	for _, e := range p.Examples {
		b.WriteString(exampleText(p, e))
	}
	hints := p.Hints
	if !allHints {
		hints = hints[:1]
	}
	for i, hint := range hints {
		fmt.Fprintf(&b, "\nhint %d of %d: %s\n", i+1, len(p.Hints), hint)
	}
	fmt.Fprintf(&b, "\nrasp puzzle %d --new FILE writes a program to begin with, rasp puzzle %d FILE checks it.\n", p.Number, p.Number)
	_, err := io.WriteString(to, b.String())
	return err
}

// exampleText is a line; of a prediction one for each position.
func exampleText(p *puzzle.Puzzle, e puzzle.Example) string {
	if !p.Next {
		return fmt.Sprintf("  %s -> %s\n", e.Text(), strings.Join(e.Answer, ", "))
	}
	var b strings.Builder
	for i, after := range e.Answer {
		fmt.Fprintf(&b, "  after %s comes %s\n", puzzle.Example{Input: e.Input[:i+1]}.Text(), after)
	}
	return b.String()
}

// printVerdict prints what came of a program without faults.
func printVerdict(to io.Writer, p *puzzle.Puzzle, file string, v *puzzle.Verdict) error {
	var b strings.Builder
	switch {
	case v.Counterexample != nil:
		b.WriteString(counterexampleText(paintOf(to), p, file, v.Counterexample))
	case v.Refused != nil:
		fmt.Fprintf(&b, "%s solves puzzle %d, %s, by the interpreter: %s.\nThe compiler refuses it:\n\n", file, p.Number, p.Name, triedText(v))
		for _, d := range v.Refused {
			b.WriteString(render(to, d, file))
		}
	default:
		fmt.Fprintf(&b, "%s solves puzzle %d, %s: %s.\n\n%s", file, p.Number, p.Name, triedText(v), besideBest(v.Sizes, p.Best))
	}
	_, err := io.WriteString(to, b.String())
	return err
}

func triedText(v *puzzle.Verdict) string {
	if v.Exhaustive {
		return fmt.Sprintf("right on all %d inputs", v.Inputs)
	}
	return fmt.Sprintf("right on %d inputs, all up to length %d and random ones", v.Inputs, v.AllUpTo)
}

// besideBest is a table of sizes beside the best known ones.
func besideBest(yours, best puzzle.Sizes) string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\tyours\tbest known\n")
	fmt.Fprintf(table, "layers\t%d\t%d\n", yours.Layers, best.Layers)
	fmt.Fprintf(table, "heads\t%d\t%d\n", yours.Heads, best.Heads)
	fmt.Fprintf(table, "parameters\t%d\t%d\n", yours.Parameters, best.Parameters)
	table.Flush()
	switch {
	case yours.Layers > best.Layers:
		b.WriteString("\nIt can be done in fewer layers.\n")
	case yours.Smaller(best):
		b.WriteString("\nThat is smaller than the best known.\n")
	}
	return b.String()
}
