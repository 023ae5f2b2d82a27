package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
)

// firstProgram compiles, and explains itself.
//
//go:embed new.rasp
var firstProgram string

func newCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "new [FILE]",
		Short: "Write a first program, to be changed",
		Long: `Write a first program, to be changed.

It has what a program needs to be compiled, and says what is what. FILE is
program.rasp if none is named; one that is there already is left alone.`,
		Example: "  rasp new\n  rasp new seen.rasp",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return files("FILE", 1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			file := "program" + open.ProgramSuffix
			if len(args) > 0 {
				file = strings.TrimSuffix(args[0], open.ProgramSuffix) + open.ProgramSuffix
			}
			if filepath.Base(file) == open.ProgramSuffix {
				return usagef("rasp new mine.rasp", "FILE %s is no name of a program", args[0])
			}
			if err := writeNew(file, firstProgram); err != nil {
				return err
			}
			return whatNext(cmd.OutOrStdout(), file)
		},
	}
}

// whatNext says what can be done with the program that was written.
func whatNext(to io.Writer, file string) error {
	fmt.Fprintf(to, "%s is a program that compiles. Change it, or try\n\n", diag.Visible(file))
	model := typed(strings.TrimSuffix(file, open.ProgramSuffix) + open.ModelSuffix)
	file = typed(file)
	t := newTable(to)
	for _, line := range [][2]string{
		{"rasp run " + file + " abcab", "what it computes"},
		{"rasp draw " + file + " abcab -o picture.svg", "how, layer by layer"},
		{"rasp check " + file + " --watch", "its faults, each time that it is saved"},
		{"rasp compile " + file + " -o " + model, "the transformer that computes it"},
		{"rasp verify " + model, "the transformer against the program"},
		{"rasp help has_focus", "what a word means"},
	} {
		fmt.Fprintf(t, "  %s\t%s\n", diag.Visible(line[0]), line[1])
	}
	return t.Flush()
}

// typed is a file as it is typed in a shell.
func typed(file string) string {
	if strings.HasPrefix(file, "-") {
		file = "./" + file
	}
	if !strings.ContainsAny(file, " \t'\"$&|;<>()*?[]`!#~") {
		return file
	}
	return "'" + strings.ReplaceAll(file, "'", `'\''`) + "'"
}

// writeNew writes a file that is not there yet.
func writeNew(file, text string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return open.Faultf(diag.Value, "name another FILE", "%s is there already, and stays as it is", file)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(file)
	}
	return err
}
