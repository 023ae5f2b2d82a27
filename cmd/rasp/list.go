package main

import (
	"fmt"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func listCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the ready-made programs",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, name := range readyNames() {
				text, _ := readyMade(name)
				fmt.Fprintf(table, "%s\t%s\n", name, title(text))
			}
			return table.Flush()
		},
	}
}

// title is the first comment of a program that is not a directive: the whole
// sentences of its first line, or all of it and dots.
func title(text string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		comment, ok := strings.CutPrefix(line, "#")
		if !ok || strings.HasPrefix(line, "#rasp:") {
			continue
		}
		comment = strings.TrimSpace(comment)
		if ends := sentenceEnd.FindAllStringIndex(comment, -1); ends != nil {
			return strings.TrimSpace(comment[:ends[len(ends)-1][1]])
		}
		return comment + " ..."
	}
	return ""
}

var sentenceEnd = regexp.MustCompile(`[.?!]( |$)`)
