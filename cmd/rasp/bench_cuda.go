package main

import (
	"context"
	"fmt"
	"io"
	goruntime "runtime"
	"time"

	"github.com/spf13/cobra"

	"rasp/gpu"
	"rasp/runtime"
	"rasp/runtime/bench"
	"rasp/runtime/model"
)

// A GPU is measured at batches of powers of two, up to so many inputs, or tokens
// if these are reached first.
const (
	largestBatch = 1 << 16
	mostTokens   = 1 << 23
)

// gpuMachine is the first JSON object of a measurement on a GPU.
type gpuMachine struct {
	Device  string  `json:"device"`
	Peak    float64 `json:"peak_gflops,omitempty"` // 0 if the clock is unknown
	Threads int     `json:"threads"`               // of the CPU beside it
}

// gpuRow is the speed of a batch on a GPU, beside that on the CPU.
type gpuRow struct {
	Batch      int     `json:"batch"`
	Length     int     `json:"length"`
	CPU        float64 `json:"cpu_tokens_per_second"`
	GPU        float64 `json:"gpu_tokens_per_second"` // copies and all else included
	Kernels    float64 `json:"kernels_microseconds"`
	Copies     float64 `json:"copies_microseconds"`
	Operations float64 `json:"gflops"` // of the kernels, dense
	Share      float64 `json:"of_peak,omitempty"`
}

// gpuWins is the last JSON object: from which batch on the GPU is faster, 0 for
// none.
type gpuWins struct {
	From int `json:"gpu_faster_from"`
}

func describeGPU(i gpu.Info) string {
	text := fmt.Sprintf("%s, %d multiprocessors", i.Name, i.Multiprocessors)
	if peak := i.PeakFLOPS(); peak > 0 {
		text += fmt.Sprintf(" at %d MHz: %.0f GFLOP/s at most", i.ClockMHz, peak/1e9)
	}
	return text
}

// onGPU measures a model on a GPU: batches beside the CPU, then a growing sequence.
func (f *benchFlags) onGPU(cmd *cobra.Command, m *model.Model) error {
	d, err := gpu.Open()
	if err != nil {
		return err
	}
	defer d.Close()
	session, err := d.NewSession(m)
	if err != nil {
		return err
	}
	defer session.Close()
	machine := gpuMachine{Device: d.Info().Name, Peak: d.Info().PeakFLOPS() / 1e9, Threads: goruntime.NumCPU()}
	out := cmd.OutOrStdout()
	if f.json {
		err = writeJSON(out, machine)
	} else {
		parameters, nonzero := m.Parameters()
		_, err = fmt.Fprintf(out, "device   %s\nmodel    %d parameters, %d nonzero; layers %d, heads %d, d_model %d, d_head %d, d_mlp %d\n",
			describeGPU(d.Info()), parameters, nonzero, m.Layers, m.Heads, m.DModel, m.DHead, m.DMLP)
	}
	if err != nil {
		return err
	}
	counts := runtime.NewSession(m, runtime.Dense()) // a GPU multiplies the zeros too
	if f.shape == "" {
		if err := f.besideCPU(cmd, m, session, counts, machine); err != nil {
			return err
		}
	}
	if !m.Causal {
		return nil
	}
	if !f.json {
		fmt.Fprintln(out, "\nweights  work        length    tokens/s  us/sequence  GFLOP/s   of peak  GB/s")
	}
	table := benchTable{to: out, json: f.json, machine: bench.Machine{Operations: machine.Peak}}
	sequence := bench.Session{Engine: session, Counts: counts, Model: m, Weights: "cuda", Clock: f.clock()}
	return f.sequence(cmd.Context(), &table, sequence, m.NCtx-1)
}

// besideCPU finds the batch from which on the GPU is faster than all cores of the
// CPU.
func (f *benchFlags) besideCPU(cmd *cobra.Command, m *model.Model, session *gpu.Session, counts *runtime.Session, machine gpuMachine) error {
	out, ctx, largest, length := cmd.OutOrStdout(), cmd.Context(), largestBatch, m.NCtx-1
	if cmd.Flags().Changed("batch") {
		largest = f.batch
	}
	cores := runtime.NewSession(m, runtime.Threads(machine.Threads))
	beside := bench.Session{Engine: cores, Counts: cores, Model: m, Clock: f.clock()}
	if !f.json {
		fmt.Fprintf(out, "\nbatch  length  CPU tokens/s  GPU tokens/s  GPU/CPU  kernels us  copies us    GFLOP/s  of peak   (CPU: sparse weights, threads: %d)\n", machine.Threads)
	}
	var rows []gpuRow
	for batch := 1; batch <= largest && batch*length <= mostTokens; batch *= 2 {
		cpu, err := beside.Batch(ctx, batch, length)
		if err != nil {
			return err
		}
		row, err := f.batchOnGPU(ctx, m, session, counts, batch)
		if err != nil {
			return err
		}
		row.CPU = cpu.Tokens
		if machine.Peak > 0 {
			row.Share = row.Operations / machine.Peak
		}
		rows = append(rows, row)
		if err := f.printGPU(out, row, machine.Peak); err != nil {
			return err
		}
	}
	wins := fasterFrom(rows)
	if f.json {
		return writeJSON(out, gpuWins{wins})
	}
	text := fmt.Sprintf("the GPU is faster from a batch of %d on", wins)
	if wins == 0 {
		text = "the GPU is not faster at the largest batch"
	}
	_, err := fmt.Fprintf(out, "\n%s\n", text)
	return err
}

// fasterFrom is the batch from which on the GPU is faster, 0 if it is not at the
// largest.
func fasterFrom(rows []gpuRow) int {
	from := 0
	for _, r := range rows {
		switch {
		case r.GPU <= r.CPU:
			from = 0
		case from == 0:
			from = r.Batch
		}
	}
	return from
}

func (f *benchFlags) batchOnGPU(ctx context.Context, m *model.Model, session *gpu.Session, counts *runtime.Session, batch int) (gpuRow, error) {
	length := m.NCtx - 1
	inputs := bench.Inputs(m, batch, length)
	var best gpu.Times
	_, err := f.clock().Fastest(ctx, func() (time.Duration, error) {
		_, times, err := session.Measure(inputs)
		if best.Total == 0 || times.Total < best.Total {
			best = times
		}
		return times.Total, err
	})
	return gpuRow{
		Batch: batch, Length: length, GPU: float64(batch*length) / best.Total.Seconds(),
		Kernels: best.Kernels.Seconds() * 1e6, Copies: best.Copies.Seconds() * 1e6,
		Operations: float64(batch) * counts.Operations(length+1, length+1) / max(best.Kernels, 1).Seconds() / 1e9,
	}, err
}

func (f *benchFlags) printGPU(out io.Writer, r gpuRow, peak float64) error {
	if f.json {
		return writeJSON(out, r)
	}
	_, err := fmt.Fprintf(out, "%5d  %6d  %12.0f  %12.0f  %7.2f  %10.1f  %9.1f  %9.1f  %7s\n",
		r.Batch, r.Length, r.CPU, r.GPU, r.GPU/r.CPU, r.Kernels, r.Copies, r.Operations, share(r.Operations, peak))
	return err
}
