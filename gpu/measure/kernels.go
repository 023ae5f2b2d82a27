package measure

import (
	"context"
	"time"

	"rasp/gpu"
	"rasp/runtime/bench"
)

// Products measures each version of the product of square matrices on a GPU.
func Products(ctx context.Context, clock bench.Clock, d *gpu.Device, side int) ([]bench.ProductResult, error) {
	p, err := d.NewProduct(side)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	var results []bench.ProductResult
	for _, v := range []gpu.Version{gpu.Naive, gpu.Shared, gpu.Tiled} {
		took, err := clock.Fastest(ctx, func() (time.Duration, error) { return p.Run(v) })
		if err != nil {
			return nil, err
		}
		results = append(results, bench.NewProductResult(side, v.String(), took.Seconds(), d.Info().PeakFLOPS()))
	}
	return results, nil
}

// HeadsResult is the speed of attention over sequences of a length.
type HeadsResult struct {
	Length       int     `json:"length"`
	Causal       bool    `json:"causal"`
	Sequences    int     `json:"sequences"`
	Heads        int     `json:"heads"`
	Dims         int     `json:"d_head"`
	Milliseconds float64 `json:"milliseconds"`
	Operations   float64 `json:"gflops"` // two for each dim of a query and of a value, key by key
	Share        float64 `json:"of_peak,omitempty"`
}

// HeadsShape is how many heads of how many dims attend, over how many sequences.
type HeadsShape struct{ Sequences, Heads, Dims int }

// LargeHeads are enough to fill a GPU.
var LargeHeads = HeadsShape{Sequences: 4, Heads: 16, Dims: 64}

// SmallHeads are those of a compiled model, of so many dims, in a large batch of short sequences.
func SmallHeads(dims int) HeadsShape { return HeadsShape{Sequences: 1024, Heads: 2, Dims: dims} }

// Heads measures attention over sequences of a length on a GPU.
func Heads(ctx context.Context, clock bench.Clock, d *gpu.Device, shape HeadsShape, length int, causal bool) (HeadsResult, error) {
	h, err := d.NewHeads(shape.Sequences, length, shape.Heads, shape.Dims)
	if err != nil {
		return HeadsResult{}, err
	}
	defer h.Close()
	took, err := clock.Fastest(ctx, func() (time.Duration, error) { return h.Run(causal) })
	if err != nil {
		return HeadsResult{}, err
	}
	pairs := float64(length) * float64(length)
	if causal {
		pairs = (pairs + float64(length)) / 2
	}
	flops := float64(shape.Sequences*shape.Heads*4*shape.Dims) * pairs / took.Seconds()
	r := HeadsResult{
		Length: length, Causal: causal, Sequences: shape.Sequences, Heads: shape.Heads, Dims: shape.Dims,
		Milliseconds: took.Seconds() * 1e3, Operations: flops / 1e9,
	}
	if peak := d.Info().PeakFLOPS(); peak > 0 {
		r.Share = flops / peak
	}
	return r, nil
}
