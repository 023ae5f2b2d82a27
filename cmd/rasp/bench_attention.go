package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"rasp/gpu"
	"rasp/gpu/measure"
)

// longestMeasured keeps a measurement short.
const longestMeasured = 1 << 14

// widestMeasured is that of a head with --dims.
const widestMeasured = 256

// attention measures --attention, on a GPU.
func (f *benchFlags) attention(cmd *cobra.Command) error {
	lengths, err := numbersOf("--attention", f.heads, "the length of a sequence", longestMeasured)
	if err != nil {
		return err
	}
	if f.device.name != cuda {
		return usagef("", "--attention: only with --device cuda")
	}
	if f.dims < 1 || f.dims > widestMeasured {
		return usagef("", "--dims: %d is not how many dims a head has, 1 to %d", f.dims, widestMeasured)
	}
	d, err := gpu.Open()
	if err != nil {
		return err
	}
	defer d.Close()
	shape := measure.LargeHeads
	if cmd.Flags().Changed("dims") {
		shape = measure.SmallHeads(f.dims)
	}
	peak := d.Info().PeakFLOPS()
	if !f.json {
		fmt.Fprintf(cmd.OutOrStdout(), "device   %s\n\nlength  attention      milliseconds    GFLOP/s  of peak\n", describeGPU(d.Info()))
	}
	for _, length := range lengths {
		for _, causal := range []bool{false, true} {
			row, err := measure.Heads(cmd.Context(), f.clock(), d, shape, length, causal)
			if err != nil {
				return err
			}
			if f.json {
				err = writeJSON(cmd.OutOrStdout(), row)
			} else {
				kind := "bidirectional"
				if causal {
					kind = "causal"
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%6d  %-13s  %12.3f  %9.1f  %7s\n", length, kind, row.Milliseconds, row.Operations, share(row.Operations*1e9, peak))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
