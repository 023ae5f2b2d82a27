package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
)

func listCommand() *cobra.Command {
	var sizes bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the ready-made programs",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			table, line := newTable(cmd.OutOrStdout()), wait(cmd.ErrOrStderr(), "compile")
			row := titleRow
			if sizes {
				row = sizesRow
				fmt.Fprintln(table, "program\tlength\tlayers\theads\td_model\td_head\td_mlp\tparameters")
			}
			for _, name := range open.ReadyNames() {
				line.at(name)
				text, err := row(name)
				if err != nil {
					line.done()
					return err
				}
				fmt.Fprintf(table, "%s\t%s\n", name, text)
			}
			line.done()
			return table.Flush()
		},
	}
	cmd.Flags().BoolVar(&sizes, "sizes", false, "compile each and show the size of its model instead")
	return cmd
}

func titleRow(name string) (string, error) {
	return open.Title(name), nil
}

// sizesRow compiles a ready-made program for the domain that it names.
func sizesRow(name string) (string, error) {
	program, faults := open.Program(name)
	if err := faults.Err(); err != nil {
		return "", err
	}
	compiled, err := open.Choices{Level: 1}.Compile(program, nil)
	if err != nil {
		return "", err
	}
	s := open.SizesOf(compiled.Model)
	return fmt.Sprintf("%d\t%d\t%d\t%d\t%d\t%d\t%d", s.Length, s.Layers, s.Heads, s.DModel, s.DHead, s.DMLP, s.Parameters), nil
}
