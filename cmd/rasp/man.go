package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"rasp/runtime/atomicfile"

	"github.com/spf13/cobra"
)

func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man FOLDER",
		Short:  "Write the manual pages of all commands into a folder",
		Hidden: true,
		Args:   files("FOLDER", 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := writeManual(args[0]); err != nil {
				return err
			}
			pages, err := filepath.Glob(filepath.Join(args[0], "rasp*.1"))
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d pages in %s\n", len(pages), args[0])
			return err
		},
	}
}

// writeManual writes a page for each command, the same bytes on every machine and day: they
// name no date.
func writeManual(folder string) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for _, cmd := range allCommands(documented()) {
		if cmd.HasParent() && !cmd.IsAvailableCommand() {
			continue
		}
		page := filepath.Join(folder, pageOf(cmd)+".1")
		write := func(w io.Writer) error {
			_, err := io.WriteString(w, roffPage(cmd))
			return err
		}
		if err := atomicfile.Write(page, write); err != nil {
			return err
		}
	}
	return nil
}

// documented are all commands, ready to be written as pages.
func documented() *cobra.Command {
	var started bool
	root := newRoot(&started)
	root.DisableAutoGenTag = true
	root.InitDefaultCompletionCmd()
	return root
}
