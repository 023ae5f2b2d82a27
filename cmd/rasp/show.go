package main

import (
	"io"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
)

func showCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Print the text of a program",
		Long: `Print the text of a ready-made program, of library (the functions that every
program has), of a file, or of the program that a model was compiled from.`,
		Example: "  rasp show sort\n  rasp show library\n  rasp show sort > mine.rasp",
		Args:    files("NAME", 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := open.Text(args[0])
			if err != nil {
				return err
			}
			return writeProgram(cmd.OutOrStdout(), text)
		},
	}
}

// writeProgram writes the text of a program: in colours where they are wanted.
func writeProgram(to io.Writer, text string) error {
	if !wantsColor(to) {
		return writeText(to, text)
	}
	_, err := io.WriteString(to, highlighted(diag.VisibleLines(text)))
	return err
}
