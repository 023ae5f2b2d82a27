package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rasp/gpu"
	"rasp/runtime/gemm"
)

// productRow is the speed of a product of two square matrices.
type productRow struct {
	Side         int     `json:"side"`
	Version      string  `json:"version"` // cpu, or the kernel
	Milliseconds float64 `json:"milliseconds"`
	Operations   float64 `json:"gflops"`
	Share        float64 `json:"of_peak,omitempty"` // 0 if the peak is unknown
}

// products measures --gemm.
func (f *benchFlags) products(cmd *cobra.Command) error {
	sides, err := numbersOf("--gemm", f.gemm, "the side of a matrix", largestSide)
	if err != nil {
		return err
	}
	measure, peak := f.onCPU, 0.0
	if f.device.name == cuda {
		d, err := gpu.Open()
		if err != nil {
			return err
		}
		defer d.Close()
		if peak = d.Info().PeakFLOPS(); !f.json {
			fmt.Fprintf(cmd.OutOrStdout(), "device   %s\n\n", describeGPU(d.Info()))
		}
		measure = func(ctx context.Context, side int, show func(string, time.Duration) error) error {
			return f.kernels(ctx, d, side, show)
		}
	}
	if !f.json {
		fmt.Fprintln(cmd.OutOrStdout(), " side  version  milliseconds    GFLOP/s  of peak")
	}
	for _, side := range sides {
		err := measure(cmd.Context(), side, func(version string, took time.Duration) error {
			flops := 2 * float64(side) * float64(side) * float64(side) / took.Seconds()
			row := productRow{Side: side, Version: version, Milliseconds: took.Seconds() * 1e3, Operations: flops / 1e9}
			if peak > 0 {
				row.Share = flops / peak
			}
			if f.json {
				return writeJSON(cmd.OutOrStdout(), row)
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%5d  %-7s  %12.3f  %9.1f  %7s\n", side, version, row.Milliseconds, row.Operations, share(flops, peak))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// largestSide keeps three matrices within 13 GB.
const largestSide = 1 << 15

// numbersOf reads the list that a flag has.
func numbersOf(flag, list, what string, most int) ([]int, error) {
	var numbers []int
	for part := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 || n > most {
			return nil, usagef("such as "+flag+" 512,1024,2048", "%s: %q is not %s, 1 to %d", flag, part, what, most)
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// onCPU measures the product of package gemm.
func (f *benchFlags) onCPU(ctx context.Context, side int, show func(version string, took time.Duration) error) error {
	seconds, err := f.clock().Product(ctx, gemm.Op{Alpha: 1, Threads: f.threads}, side)
	if err != nil {
		return err
	}
	return show("cpu", time.Duration(seconds*float64(time.Second)))
}

// kernels measures each version of the product on a GPU.
func (f *benchFlags) kernels(ctx context.Context, d *gpu.Device, side int, show func(version string, took time.Duration) error) error {
	p, err := d.NewProduct(side)
	if err != nil {
		return err
	}
	defer p.Close()
	for _, v := range []gpu.Version{gpu.Naive, gpu.Shared, gpu.Tiled} {
		took, err := f.clock().Fastest(ctx, func() (time.Duration, error) { return p.Run(v) })
		if err != nil {
			return err
		}
		if err := show(v.String(), took); err != nil {
			return err
		}
	}
	return nil
}
