package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"rasp/runtime/scaling"
)

func ledgerCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "ledger MODEL",
		Short:   "Count the parameters, FLOPs and bytes of a model",
		Example: "  rasp scaling ledger model.safetensors --json",
		Args:    files("MODEL", 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			model, err := loadModel(args[0])
			if err != nil {
				return err
			}
			l := scaling.NewLedger(model)
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), l)
			}
			return printLedger(cmd.OutOrStdout(), l)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func printLedger(to io.Writer, l scaling.Ledger) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(table, name+"\t"+format+"\n", args...) }
	row("parameters", "%d, %d of them not zero", l.Parameters, l.Nonzero)
	row("  embedding", "%d", l.Embedding)
	row("  layers", "%d", l.Body)
	row("  unembedding", "%d", l.Unembed)
	row("weights", "%s", bytesText(l.WeightBytes))
	row("forward", "%d FLOPs a token at length %d, %d of them attention", l.FLOPs, l.Context-1, l.AttentionFLOPs)
	row("  without zeros", "%d FLOPs a token", l.NonzeroFLOPs)
	row("training", "%d FLOPs a token (6N)", l.TrainingFLOPs)
	row("KV cache", "%s a token, %s at length %d", bytesText(l.KVBytes), bytesText(l.KVBytes*l.Context), l.Context-1)
	return table.Flush()
}

// bytesText writes a number of bytes with three digits.
func bytesText(n int) string {
	x, unit := float64(n), "bytes"
	for _, larger := range []string{"KiB", "MiB", "GiB"} {
		if x < 1024 {
			break
		}
		x, unit = x/1024, larger
	}
	return fmt.Sprintf("%.3g %s", x, unit)
}
