package bench

import (
	"context"
	"time"

	"rasp/gpu"
	"rasp/runtime/gemm"
)

// ProductResult is the speed of a product of two square matrices.
type ProductResult struct {
	Side         int     `json:"side"`
	Version      string  `json:"version"` // cpu, or the kernel
	Milliseconds float64 `json:"milliseconds"`
	Operations   float64 `json:"gflops"`
	Share        float64 `json:"of_peak,omitempty"` // 0 if the peak is unknown
}

func productResult(side int, version string, seconds, peak float64) ProductResult {
	flops := 2 * float64(side) * float64(side) * float64(side) / seconds
	return ProductResult{side, version, seconds * 1e3, flops / 1e9, shareOf(flops, peak)}
}

// shareOf a peak in operations a second, 0 if it is unknown.
func shareOf(flops, peak float64) float64 {
	if peak <= 0 {
		return 0
	}
	return flops / peak
}

// ProductOnCPU measures package gemm with so many goroutines.
func (clock Clock) ProductOnCPU(ctx context.Context, side, threads int) (ProductResult, error) {
	seconds, err := clock.Product(ctx, gemm.Op{Alpha: 1, Threads: threads}, side)
	if err != nil {
		return ProductResult{}, err
	}
	return productResult(side, "cpu", seconds, 0), nil
}

// ProductsOnGPU measures each version of the product on a GPU.
func (clock Clock) ProductsOnGPU(ctx context.Context, d *gpu.Device, side int) ([]ProductResult, error) {
	p, err := d.NewProduct(side)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	var results []ProductResult
	for _, v := range []gpu.Version{gpu.Naive, gpu.Shared, gpu.Tiled} {
		took, err := clock.Fastest(ctx, func() (time.Duration, error) { return p.Run(v) })
		if err != nil {
			return nil, err
		}
		results = append(results, productResult(side, v.String(), took.Seconds(), d.Info().PeakFLOPS()))
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

// What Heads measures: enough heads to fill a GPU.
const (
	measuredSequences = 4
	measuredHeads     = 16
	measuredDims      = 64
)

// Heads measures attention over 4 sequences with 16 heads of 64 dims on a GPU.
func (clock Clock) Heads(ctx context.Context, d *gpu.Device, length int, causal bool) (HeadsResult, error) {
	h, err := d.NewHeads(measuredSequences, length, measuredHeads, measuredDims)
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
	flops := measuredSequences * measuredHeads * pairs * 4 * measuredDims / took.Seconds()
	return HeadsResult{
		length, causal, measuredSequences, measuredHeads, measuredDims,
		took.Seconds() * 1e3, flops / 1e9, shareOf(flops, d.Info().PeakFLOPS()),
	}, nil
}
