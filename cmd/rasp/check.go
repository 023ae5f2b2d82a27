package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang"
	"rasp/lang/check"
	"rasp/lang/diag"
)

func checkCommand() *cobra.Command {
	var asJSON, again bool
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Report every fault of a program, and likely mistakes",
		Example: `  rasp check program.rasp
  rasp check program.rasp --watch
  rasp check program.rasp --json`,
		Args: allFiles("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			work := func() error { return checkAll(cmd, args, asJSON) }
			if again {
				return watching(cmd, args, work)
			}
			return work()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a fault")
	cmd.Flags().BoolVar(&again, "watch", false, "check again each time that a file is saved, until Ctrl-C")
	return cmd
}

func checkAll(cmd *cobra.Command, args []string, asJSON bool) error {
	failed := false
	for _, file := range args {
		program, faults := findings(file)
		if err := printCheck(cmd.OutOrStdout(), file, program, faults, asJSON); err != nil {
			return err
		}
		failed = failed || faults.Err() != nil
	}
	if failed {
		return errFailed
	}
	return nil
}

// findings lists the faults of a program, and warnings. The program is nil if there is
// none.
func findings(file string) (*lang.Program, diag.List) {
	program, faults := open.Program(file)
	if program == nil {
		return nil, faults
	}
	return program, check.Program(program, faults, lang.ReadFile)
}

// finding is a JSON line of check.
type finding struct {
	File     string        `json:"file"`
	Line     int           `json:"line"`
	Col      int           `json:"col"`
	Severity diag.Severity `json:"severity"`
	Kind     diag.Kind     `json:"kind"`
	Message  string        `json:"message"`
	Hint     string        `json:"hint,omitempty"`
}

func printCheck(to io.Writer, file string, program *lang.Program, faults diag.List, asJSON bool) error {
	if len(faults) == 0 && !asJSON {
		_, err := fmt.Fprintf(to, "%s: ok%s\n", diag.Visible(file), outputText(program))
		return err
	}
	if d := note(program); asJSON && faults.Err() == nil && d != nil {
		faults = append(slices.Clone(faults), d)
	}
	for _, d := range faults {
		var err error
		if asJSON {
			err = writeJSON(to, findingOf(d, file))
		} else {
			_, err = io.WriteString(to, render(to, d, file))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// note says which inputs a program is for, if it says it itself: a line of JSON that is no
// fault.
func note(program *lang.Program) *diag.Diagnostic {
	if program == nil {
		return nil
	}
	d, fault := program.Domain()
	if fault != nil || d.Form == nil {
		return nil
	}
	upTo := ""
	if d.Length > 0 {
		upTo = fmt.Sprintf(" up to length %d", d.Length)
	}
	return &diag.Diagnostic{Severity: diag.Note, Kind: diag.Domain, Span: program.File.Directives.Where["inputs"],
		Message: "the program is for every input " + d.Form.Described() + upTo}
}

// outputText says what the program is run and compiled for, if nothing else is asked for.
func outputText(program *lang.Program) string {
	outputs, fault := program.Outputs(nil, program.File.Directives.Vocab)
	if fault != nil {
		return ""
	}
	names := make([]string, len(outputs))
	for i, o := range outputs {
		names[i] = o.Name
	}
	text := ", output " + strings.Join(names, ", ")
	if outputs[0].Next != nil {
		text += ": the next token"
	}
	if d, fault := program.Domain(); fault == nil && d.Form != nil {
		text += ", for inputs " + d.Form.Described()
	}
	return text
}

func findingOf(d *diag.Diagnostic, file string) finding {
	f := finding{file, d.Span.Line(), d.Span.Col(), d.Severity, d.Kind, d.Message, d.Hint}
	if d.Span.Source != nil {
		f.File = d.Span.Source.Name
	}
	if f.Severity == "" {
		f.Severity = diag.Error
	}
	return f
}
