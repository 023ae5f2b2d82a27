package main

import (
	"io"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
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
			if err == nil {
				_, err = io.WriteString(cmd.OutOrStdout(), text)
			}
			return err
		},
	}
}
