package main

import (
	"fmt"
	"io"
	goruntime "runtime"

	"github.com/spf13/cobra"

	"rasp/gpu"
	"rasp/gpu/measure"
	"rasp/runtime"
	"rasp/runtime/bench"
	"rasp/runtime/model"
)

// gpuMachine is the first JSON object of a measurement on a GPU.
type gpuMachine struct {
	Device  string  `json:"device"`
	Peak    float64 `json:"peak_gflops,omitempty"` // 0 if the clock is unknown
	Threads int     `json:"threads"`               // of the CPU beside it
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
	if f.shape == "" {
		rivals := measure.Rivals{Model: m, GPU: session, Peak: machine.Peak, Threads: machine.Threads, Clock: f.clock()}
		if err := f.besideCPU(cmd, rivals); err != nil {
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
	// A GPU multiplies the zeros too.
	sequence := bench.Session{Engine: session, Counts: runtime.NewSession(m, runtime.Dense()), Model: m, Weights: "cuda", Clock: f.clock()}
	return sequence.Measure(cmd.Context(), nil, table.row)
}

// besideCPU finds the batch from which on the GPU is faster than all cores of the
// CPU.
func (f *benchFlags) besideCPU(cmd *cobra.Command, rivals measure.Rivals) error {
	out, largest := cmd.OutOrStdout(), measure.LargestBatch
	if cmd.Flags().Changed("batch") {
		largest = f.batch
	}
	if !f.json {
		fmt.Fprintf(out, "\nbatch  length  CPU tokens/s  GPU tokens/s  GPU/CPU  kernels us  copies us    GFLOP/s  of peak   (CPU: sparse weights, threads: %d)\n", rivals.Threads)
	}
	wins, err := rivals.Batches(cmd.Context(), largest, func(row measure.Both) error { return f.printBoth(out, row, rivals.Peak) })
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(out, gpuWins{wins})
	}
	text := fmt.Sprintf("the GPU is faster from a batch of %d on", wins)
	if wins == 0 {
		text = "the GPU is not faster at the largest batch"
	}
	_, err = fmt.Fprintf(out, "\n%s\n", text)
	return err
}

func (f *benchFlags) printBoth(out io.Writer, r measure.Both, peak float64) error {
	if f.json {
		return writeJSON(out, r)
	}
	_, err := fmt.Fprintf(out, "%5d  %6d  %12.0f  %12.0f  %7.2f  %10.1f  %9.1f  %9.1f  %7s\n",
		r.Batch, r.Length, r.CPU, r.GPU, r.GPU/r.CPU, r.Kernels, r.Copies, r.Operations, share(r.Operations, peak))
	return err
}
