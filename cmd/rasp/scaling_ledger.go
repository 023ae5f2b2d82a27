package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/runtime/bench"
	"rasp/runtime/scaling"
)

type ledgerFlags struct {
	gflops, gbytes float64
	json           bool
}

func ledgerCommand() *cobra.Command {
	var f ledgerFlags
	cmd := &cobra.Command{
		Use:   "ledger MODEL",
		Short: "Count the parameters, FLOPs and bytes of a model",
		Long: `Count the parameters, FLOPs and bytes of a model.

The roofline is the least time that a token can take: its arithmetic, or reading
the weights and the KV cache. It is that of one core of this machine, which is
measured, unless --gflops and --gbytes describe another.`,
		Example: `  rasp scaling ledger model.safetensors
  rasp scaling ledger model.safetensors --gflops 67000 --gbytes 3350`,
		Args: files("MODEL", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	cmd.Flags().Float64Var(&f.gflops, "gflops", 0, "10^9 operations a second of the machine (default: measured)")
	cmd.Flags().Float64Var(&f.gbytes, "gbytes", 0, "10^9 bytes a second from its memory (default: measured)")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object")
	return cmd
}

func (f *ledgerFlags) run(cmd *cobra.Command, file string) error {
	given := cmd.Flags().Changed("gflops")
	if given != cmd.Flags().Changed("gbytes") || given && !(finite(f.gflops) && finite(f.gbytes)) {
		return usagef("", "--gflops and --gbytes are two positive numbers")
	}
	model, err := open.Model(file)
	if err != nil {
		return err
	}
	if !given {
		const long = 200 * time.Millisecond
		m, err := bench.Clock{Duration: long}.Machine(cmd.Context(), 1)
		if err != nil {
			return err
		}
		f.gflops, f.gbytes = m.Operations, m.Bandwidth
	}
	l := scaling.NewLedger(model)
	r := l.Roofline(f.gflops, f.gbytes)
	if f.json {
		return writeJSON(cmd.OutOrStdout(), struct {
			scaling.Ledger
			Roofline scaling.Roofline `json:"roofline"`
		}{l, r})
	}
	return printLedger(cmd.OutOrStdout(), l, r)
}

func printLedger(to io.Writer, l scaling.Ledger, r scaling.Roofline) error {
	table := newTable(to)
	row := func(name, format string, args ...any) { fmt.Fprintf(table, name+"\t"+format+"\n", args...) }
	row("parameters", "%d, %d of them not zero", l.Parameters, l.Nonzero)
	row("  embeddings", "%d, of tokens and positions", l.Embedding)
	row("  without embeddings", "%d", l.Parameters-l.Embedding)
	row("  in layers", "%d", l.Body)
	row("weights", "%s", bytesText(l.WeightBytes))
	row("forward", "%d FLOPs a token at length %d, %d of them attention", l.FLOPs, l.Context-1, l.AttentionFLOPs)
	row("  without zeros", "%d FLOPs a token", l.NonzeroFLOPs)
	row("training", "%d FLOPs a token (6N)", l.TrainingFLOPs)
	row("KV cache", "%s a token, %s at length %d", bytesText(l.KVBytes), bytesText(l.KVBytes*l.Context), l.Context-1)
	bound := "bound by arithmetic"
	if r.MemoryBound() {
		bound = "bound by memory"
	}
	row("roofline", "%.3g us a token, %s, at %.4g GFLOP/s and %.4g GB/s", 1e6*r.Decode, bound, r.GFLOPs, r.GBytes)
	row("  in a large batch", "%.3g us a token", 1e6*r.Batch)
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
