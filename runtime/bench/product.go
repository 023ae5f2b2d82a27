package bench

import (
	"context"

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

// NewProductResult of a product that took so many seconds, where peak operations a
// second are possible, 0 if that is unknown.
func NewProductResult(side int, version string, seconds, peak float64) ProductResult {
	flops := 2 * float64(side) * float64(side) * float64(side) / seconds
	r := ProductResult{Side: side, Version: version, Milliseconds: seconds * 1e3, Operations: flops / 1e9}
	if peak > 0 {
		r.Share = flops / peak
	}
	return r
}

// ProductOnCPU measures package gemm with so many goroutines.
func (clock Clock) ProductOnCPU(ctx context.Context, side, threads int) (ProductResult, error) {
	seconds, err := clock.Product(ctx, gemm.Op{Alpha: 1, Threads: threads}, side)
	if err != nil {
		return ProductResult{}, err
	}
	return NewProductResult(side, "cpu", seconds, 0), nil
}
