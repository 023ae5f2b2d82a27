package main

import (
	"fmt"
	"io"
)

// verdict in a word or two.
func (f Found) verdict() string {
	wrong := ""
	if f.Wrong != "" {
		wrong = fmt.Sprintf("WRONG on %s at %s; ", f.Wrong, f.Input)
	}
	switch {
	case f.Notice != "":
		return fmt.Sprintf("%snoticed by %s on %s", wrong, f.Notice, f.Program)
	case f.Wrong != "":
		return wrong + "noticed by nobody"
	case f.Ran == 0:
		return "not reached"
	case f.Differ == 0:
		return "changes nothing"
	}
	return fmt.Sprintf("differs but right, on %d programs", f.Differ)
}

// kind of what became of a mutant, for the table.
func (f Found) kind() string {
	switch {
	case f.Notice != "" && f.Wrong == "":
		return f.Notice
	case f.Notice != "":
		return f.Notice + ", after a wrong model"
	case f.Wrong != "":
		return "WRONG"
	case f.Ran == 0:
		return "not reached"
	case f.Differ == 0:
		return "changes nothing"
	}
	return "differs but right"
}

var kinds = []string{byFacts, byCertificate, byLastPass, byProof, byTests, byCrash, byTimeout,
	byFacts + ", after a wrong model", byCertificate + ", after a wrong model", byLastPass + ", after a wrong model", byProof + ", after a wrong model",
	byTests + ", after a wrong model", byCrash + ", after a wrong model", byTimeout + ", after a wrong model",
	"WRONG", "differs but right", "changes nothing", "not reached"}

// report writes how many mutants were noticed by whom, and lists those that were not.
func report(w io.Writer, results []Result, programs int) {
	byKind := map[string][2]int{}
	for _, r := range results {
		c := byKind[r.kind()]
		if r.Name != "" {
			c[0]++
		} else {
			c[1]++
		}
		byKind[r.kind()] = c
	}
	fmt.Fprintf(w, "%d mutants over %d programs\n\n| | written down | others |\n|---|---|---|\n", len(results), programs)
	for _, k := range kinds {
		if c, ok := byKind[k]; ok {
			fmt.Fprintf(w, "| %s | %d | %d |\n", k, c[0], c[1])
		}
	}
	fmt.Fprint(w, "\nWritten down:\n\n")
	for _, r := range results {
		if r.Name != "" {
			fmt.Fprintf(w, "- %s (`%s:%d`): %s\n", r.Name, r.File, r.Line, r.verdict())
		}
	}
	survivors(w, results)
}

// survivors lists the mutants that nobody noticed, or only after a wrong model, by what
// became of them.
func survivors(w io.Writer, results []Result) {
	for _, k := range kinds {
		first := true
		for _, r := range results {
			if r.kind() != k || r.Notice != "" && r.Wrong == "" {
				continue
			}
			if first {
				fmt.Fprintf(w, "\nSurvivors, %s:\n\n", k)
				first = false
			}
			fmt.Fprintf(w, "- %s: %s\n", r.Mutant, r.verdict())
		}
	}
}
