package measure

import (
	"context"
	"time"

	"rasp/gpu"
	"rasp/runtime"
	"rasp/runtime/bench"
	"rasp/runtime/model"
)

// A GPU is measured at batches of powers of two, up to so many inputs, or tokens
// if these are reached first.
const (
	LargestBatch = 1 << 16
	mostTokens   = 1 << 23
)

// Both is the speed of a batch on a GPU, beside that on the CPU.
type Both struct {
	Batch      int     `json:"batch"`
	Length     int     `json:"length"`
	CPU        float64 `json:"cpu_tokens_per_second"`
	GPU        float64 `json:"gpu_tokens_per_second"` // copies and all else included
	Kernels    float64 `json:"kernels_microseconds"`
	Copies     float64 `json:"copies_microseconds"`
	Operations float64 `json:"gflops"` // of the kernels, dense
	Share      float64 `json:"of_peak,omitempty"`
}

// Rivals are a GPU and all cores of the CPU, which run the same model.
type Rivals struct {
	Model   *model.Model
	GPU     *gpu.Session
	Peak    float64 // 10^9 operations a second of the GPU, 0 if unknown
	Threads int     // of the CPU
	Clock   bench.Clock
}

// Batches measures both at batches of 1, 2, 4, ... up to the largest and shows
// each. It returns the batch from which on the GPU is faster, 0 if it is not at the
// largest.
func (r Rivals) Batches(ctx context.Context, largest int, show func(Both) error) (faster int, err error) {
	length := r.Model.NCtx - 1
	dense := runtime.NewSession(r.Model, runtime.Dense()) // a GPU multiplies the zeros too
	cores := runtime.NewSession(r.Model, runtime.Threads(r.Threads))
	cpu := bench.Session{Engine: cores, Counts: cores, Model: r.Model, Clock: r.Clock}
	var rows []Both
	for batch := 1; batch <= largest && batch*length <= mostTokens; batch *= 2 {
		beside, err := cpu.Batch(ctx, batch, length)
		if err != nil {
			return 0, err
		}
		row, err := r.onGPU(ctx, batch, dense.Operations(length+1, length+1))
		if err != nil {
			return 0, err
		}
		row.CPU = beside.Tokens
		rows = append(rows, row)
		if err := show(row); err != nil {
			return 0, err
		}
	}
	return fasterFrom(rows), nil
}

// onGPU measures a batch of inputs that take so many operations each.
func (r Rivals) onGPU(ctx context.Context, batch int, operations float64) (Both, error) {
	length := r.Model.NCtx - 1
	inputs := bench.Inputs(r.Model, batch, length)
	var best gpu.Times
	_, err := r.Clock.Fastest(ctx, func() (time.Duration, error) {
		_, times, err := r.GPU.Measure(inputs)
		if best.Total == 0 || times.Total < best.Total {
			best = times
		}
		return times.Total, err
	})
	row := Both{
		Batch: batch, Length: length, GPU: float64(batch*length) / best.Total.Seconds(),
		Kernels: best.Kernels.Seconds() * 1e6, Copies: best.Copies.Seconds() * 1e6,
		Operations: float64(batch) * operations / max(best.Kernels, 1).Seconds() / 1e9,
	}
	if r.Peak > 0 {
		row.Share = row.Operations / r.Peak
	}
	return row, err
}

// fasterFrom is the batch from which on the GPU is faster, 0 if it is not at the
// largest.
func fasterFrom(rows []Both) int {
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
