package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"rasp/lang/diag"
)

// errFailed ends a command that has already said what is wrong.
var errFailed = errors.New("failed")

// render is d for the people who read what is written there. A fault without a place in a
// program stands at where.
func render(to io.Writer, d *diag.Diagnostic, where string) string {
	return rendered(paintOf(to), d, where)
}

func rendered(p diag.Paint, d *diag.Diagnostic, where string) string {
	if d.Span.Source == nil {
		place := p.Place
		p.Place = func(string) string {
			if where = diag.Visible(where) + ":"; place == nil {
				return where
			}
			return place(where)
		}
	}
	return d.RenderIn(p)
}

// statusInterrupted is the exit status after Ctrl-C, as shells have it for SIGINT: 128 + 2.
const statusInterrupted = 130

// report prints the error of a command, if there is one, and returns the exit
// status.
func report(stderr io.Writer, cmd *cobra.Command, err error) int {
	var usage *usageError
	var list diag.List
	var one *diag.Diagnostic
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		reportUsage(stderr, cmd, usage)
		return 2
	case errors.Is(err, errFailed):
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "rasp: interrupted")
		return statusInterrupted
	case errors.As(err, &list):
		printFaults(stderr, list)
	case errors.As(err, &one):
		printFaults(stderr, diag.List{one})
	default:
		fmt.Fprintf(stderr, "%s %s\n", in(stderr, bold, cmd.CommandPath()+":"), diag.Visible(errorText(err)))
		printHint(stderr, deviceHint(err))
	}
	return 1
}

// errorText is an error for people: of a file that cannot be read or written its
// name and why, without the name of the system call.
func errorText(err error) string {
	text := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		text = strings.Replace(text, path.Error(), fmt.Sprintf("%s: %s", path.Path, path.Err), 1)
	}
	return text
}

// inFile is an error about what a file holds; one of reading it has the name already.
func inFile(file string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return err
	}
	return fmt.Errorf("%s: %w", nameOfText(file), err)
}

func printFaults(stderr io.Writer, list diag.List) {
	for _, d := range list {
		fmt.Fprint(stderr, render(stderr, d, "rasp"))
	}
}

func reportUsage(stderr io.Writer, cmd *cobra.Command, usage *usageError) {
	fmt.Fprintf(stderr, "%s %s\n", in(stderr, bold, cmd.CommandPath()+":"), diag.Visible(usage.message))
	printHint(stderr, usage.hint)
	fmt.Fprintf(stderr, "usage: %s (%s --help says more)\n", cmd.UseLine(), cmd.CommandPath())
}

func printHint(stderr io.Writer, hint string) {
	if hint != "" {
		fmt.Fprintf(stderr, "      %s %s\n", in(stderr, cyan, "= hint:"), diag.Visible(hint))
	}
}
