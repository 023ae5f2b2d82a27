//go:build nopages

package main

import (
	"github.com/spf13/cobra"
)

// pageFlags are none: this program was built without pages (docs/rationale/project.md).
type pageFlags struct{}

func (*pageFlags) register(*cobra.Command) {}

// pages reports that no pages are asked for.
func (*pageFlags) pages(*cobra.Command) (asked bool, err error) { return false, nil }

// learnCommand is not listed, and says why there are no pages.
func learnCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "learn",
		Short:  "Open the pages that teach: not in this program, which was built without them",
		Hidden: true,
		RunE: func(*cobra.Command, []string) error {
			return usagef("the rasp that Go builds, and that releases have, opens them", "this program was built without pages, as the Python package has it")
		},
	}
}
