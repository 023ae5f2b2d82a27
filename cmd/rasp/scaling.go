package main

import (
	"github.com/spf13/cobra"
)

func scalingCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "scaling COMMAND",
		Short: "Count what a model costs, fit a scaling law, plan a budget",
		Long: `Count what a model costs, fit a scaling law, plan a budget.

The law is L(N, D) = E + A/N^alpha + B/D^beta: the loss of a language model with N
parameters, trained on D tokens (Hoffmann et al. 2022).`,
		DisableFlagsInUseLine: true,

		Args: cobra.ArbitraryArgs,
		RunE: helpOrUnknown,
	}
	cmd.AddCommand(ledgerCommand(), fitCommand(), planCommand())
	return cmd
}
