package formulas

import (
	"context"
	"math"
	"rasp/cmd/rasp/web/rpc"
)

// rooflineParams are a machine and a kernel on it.
type rooflineParams struct {
	kernelParams
	Peak      float64 `json:"peak"`      // GFLOP/s
	Bandwidth float64 `json:"bandwidth"` // GB/s
}

// Roofline is what arithmetic and memory allow (Williams, Waterman, Patterson 2009):
//
//	attainable(I) = min(peak, bandwidth I)
type Roofline struct {
	Intensity  float64     `json:"intensity"`  // of the kernel, in FLOPs a byte
	Attainable float64     `json:"attainable"` // GFLOP/s at that intensity
	Share      float64     `json:"share"`      // of the peak
	Memory     bool        `json:"memory"`     // it waits for memory
	Ridge      float64     `json:"ridge"`      // the intensity from which on it does not
	Tile       float64     `json:"tile"`       // the least side of a tile with that intensity, were C nothing
	Roof       [][]float64 `json:"roof"`       // [intensity, GFLOP/s] of a line to draw
}

func roofline(_ context.Context, p rooflineParams) (*Roofline, error) {
	if err := p.check(mostCounted); err != nil {
		return nil, err
	}
	if !(p.Peak > 0 && p.Peak < 1e9 && p.Bandwidth > 0 && p.Bandwidth < 1e9) {
		return nil, rpc.Usage("", "peak and bandwidth are numbers above 0, below 10^9")
	}
	c := p.run(nil)
	attainable := func(intensity float64) float64 { return min(p.Peak, p.Bandwidth*intensity) }
	r := &Roofline{Intensity: c.Intensity, Attainable: attainable(c.Intensity), Ridge: p.Peak / p.Bandwidth}
	r.Share, r.Memory = r.Attainable/p.Peak, r.Intensity < r.Ridge
	r.Tile = math.Ceil(4 * r.Ridge) // 2 n^3 operations for 4 2 n^3 / tile bytes are tile / 4
	low, high := min(1.0/16, r.Ridge/2), max(64, 2*r.Ridge)
	for _, at := range []float64{low, r.Ridge, high} {
		r.Roof = append(r.Roof, []float64{at, attainable(at)})
	}
	return r, nil
}
