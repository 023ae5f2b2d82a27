package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
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
	var undated time.Time
	header := doc.GenManHeader{Section: "1", Manual: "rasp", Source: "rasp", Date: &undated}
	return doc.GenManTree(documented(), &header, folder)
}

// documented are all commands, ready to be written as pages.
func documented() *cobra.Command {
	var started bool
	root := newRoot(&started)
	root.DisableAutoGenTag = true
	root.InitDefaultCompletionCmd()
	asMarkdown(root)
	return root
}

// asMarkdown makes what commands say of themselves Markdown: lists that are set in by two
// blanks stay as they stand.
func asMarkdown(cmd *cobra.Command) {
	lines := strings.Split(cmd.Long, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "  ") {
			lines[i] = "  " + line
		}
	}
	cmd.Long = strings.Join(lines, "\n")
	for _, c := range cmd.Commands() {
		asMarkdown(c)
	}
}
