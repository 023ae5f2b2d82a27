package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rasp/gpu"
)

// What --attention measures: enough heads to fill a GPU.
const (
	measuredSequences = 4
	measuredHeads     = 16
	measuredDims      = 64
	longestMeasured   = 1 << 14
)

// attentionRow is the speed of attention over sequences of a length.
type attentionRow struct {
	Length       int     `json:"length"`
	Causal       bool    `json:"causal"`
	Sequences    int     `json:"sequences"`
	Heads        int     `json:"heads"`
	Dims         int     `json:"d_head"`
	Milliseconds float64 `json:"milliseconds"`
	Operations   float64 `json:"gflops"` // two for each dim of a query and of a value, key by key
	Share        float64 `json:"of_peak,omitempty"`
}

// attention measures --attention, on a GPU.
func (f *benchFlags) attention(cmd *cobra.Command) error {
	lengths, err := numbersOf("--attention", f.heads, "the length of a sequence", longestMeasured)
	if err != nil {
		return err
	}
	if f.device.name != cuda {
		return usagef("", "--attention: only with --device cuda")
	}
	d, err := gpu.Open()
	if err != nil {
		return err
	}
	defer d.Close()
	peak := d.Info().PeakFLOPS()
	if !f.json {
		fmt.Fprintf(cmd.OutOrStdout(), "device   %s\n\nlength  attention      milliseconds    GFLOP/s  of peak\n", describeGPU(d.Info()))
	}
	for _, length := range lengths {
		for _, causal := range []bool{false, true} {
			row, err := f.measureHeads(cmd.Context(), d, length, causal)
			if err != nil {
				return err
			}
			if peak > 0 {
				row.Share = row.Operations * 1e9 / peak
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

func (f *benchFlags) measureHeads(ctx context.Context, d *gpu.Device, length int, causal bool) (attentionRow, error) {
	row := attentionRow{Length: length, Causal: causal, Sequences: measuredSequences, Heads: measuredHeads, Dims: measuredDims}
	h, err := d.NewHeads(measuredSequences, length, measuredHeads, measuredDims)
	if err != nil {
		return row, err
	}
	defer h.Close()
	took, err := f.clock().Fastest(ctx, func() (time.Duration, error) { return h.Run(causal) })
	pairs := float64(length) * float64(length)
	if causal {
		pairs = (pairs + float64(length)) / 2
	}
	row.Milliseconds = took.Seconds() * 1e3
	row.Operations = measuredSequences * measuredHeads * pairs * 4 * measuredDims / max(took, 1).Seconds() / 1e9
	return row, err
}
