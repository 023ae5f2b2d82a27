package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rasp/gpu"
	"rasp/gpu/measure"
	"rasp/runtime/bench"
)

// products measures --gemm.
func (f *benchFlags) products(cmd *cobra.Command) error {
	sides, err := numbersOf("--gemm", f.gemm, "the side of a matrix", largestSide)
	if err != nil {
		return err
	}
	warnOfWork(cmd.ErrOrStderr(), f.clock().Busy(f.threads))
	product, peak := f.productOnCPU, 0.0
	if f.device.name == cuda {
		d, err := gpu.Open()
		if err != nil {
			return err
		}
		defer d.Close()
		if peak = d.Info().PeakFLOPS(); !f.json {
			fmt.Fprintf(cmd.OutOrStdout(), "device   %s\n\n", describeGPU(d.Info()))
		}
		product = func(ctx context.Context, side int) ([]bench.ProductResult, error) {
			return measure.Products(ctx, f.clock(), d, side)
		}
	}
	if !f.json {
		fmt.Fprintln(cmd.OutOrStdout(), " side  version  milliseconds    GFLOP/s  of peak")
	}
	for _, side := range sides {
		results, err := product(cmd.Context(), side)
		if err != nil {
			return err
		}
		for _, r := range results {
			if err := f.printProduct(cmd.OutOrStdout(), r, peak); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *benchFlags) productOnCPU(ctx context.Context, side int) ([]bench.ProductResult, error) {
	r, err := f.clock().ProductOnCPU(ctx, side, f.threads)
	return []bench.ProductResult{r}, err
}

func (f *benchFlags) printProduct(out io.Writer, r bench.ProductResult, peak float64) error {
	if f.json {
		return writeJSON(out, r)
	}
	_, err := fmt.Fprintf(out, "%5d  %-7s  %12.3f  %9.1f  %7s\n", r.Side, r.Version, r.Milliseconds, r.Operations, share(r.Operations*1e9, peak))
	return err
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
