package formulas

import (
	"rasp/cmd/rasp/web/rpc/rpctest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCountLoads: what the kernels count is the formula where tiles fill the matrix.
func TestCountLoads(t *testing.T) {
	h := methods()
	for _, n := range []int{32, 64, 128} {
		for _, tile := range []int{0, 1, 2, 4, 8, 16, 32} {
			c := rpctest.Asked[Counted](t, h, "gemm.count", map[string]int{"n": n, "tile": tile})
			assert.Equal(t, 2*n*n*n/max(tile, 1), c.Loads)
			assert.Equal(t, c.Loads, c.Formula)
			assert.Equal(t, n*n, c.Stores)
			assert.InDelta(t, float64(2*n*n*n)/float64(4*(c.Loads+n*n)), c.Intensity, 1e-12)
		}
	}
}

// TestSteps: each element of C is written once, and the last step has all loads.
func TestStepsOfProduct(t *testing.T) {
	h := methods()
	for _, tile := range []int{0, 2, 3, 4, 8} {
		s := rpctest.Asked[ProductSteps](t, h, "gemm.steps", map[string]int{"n": 8, "tile": tile})
		written := map[[2]int]int{}
		for _, step := range s.Steps {
			if !step.Done {
				continue
			}
			for i := range step.Rows {
				for j := range step.Columns {
					written[[2]int{step.Row + i, step.Column + j}]++
				}
			}
		}
		assert.Len(t, written, 64)
		for at, times := range written {
			assert.Equal(t, 1, times, at)
		}
		assert.Equal(t, s.Loads, s.Steps[len(s.Steps)-1].Loads)
		assert.Equal(t, 64, s.Steps[len(s.Steps)-1].Stores)
	}
}

// TestMultiply: three ways, one product; also for sides that no tile divides.
func TestMultiply(t *testing.T) {
	h := methods()
	for _, n := range []int{1, 7, 64, 100, 129} {
		a, b := smallInts(n)
		want, tiles, kernel := make([]float32, n*n), make([]float32, n*n), make([]float32, n*n)
		multiplyLoops(n, a, b, want)
		multiplyTiles(n, a, b, tiles)
		multiplyKernel(n, a, b, kernel)
		require.Equal(t, want, tiles, n)
		require.Equal(t, want, kernel, n)
		sum := 0.0
		for _, x := range want {
			sum += float64(x)
		}
		for _, how := range []string{"loops", "tiles", "kernel"} {
			m := rpctest.Asked[Multiplied](t, h, "gemm.multiply", multiplyParams{n, 2, how})
			assert.Equal(t, Multiplied{float64(4 * n * n * n), sum}, m)
		}
	}
	assert.Equal(t, Multiplied{}, rpctest.Asked[Multiplied](t, h, "gemm.multiply", multiplyParams{64, 0, "loops"}))
}

func TestRoofline(t *testing.T) {
	h := methods()
	ask := func(tile int, peak, bandwidth float64) Roofline {
		return rpctest.Asked[Roofline](t, h, "gemm.roofline", map[string]any{"n": 128, "tile": tile, "peak": peak, "bandwidth": bandwidth})
	}
	r := ask(0, 1000, 100)
	assert.True(t, r.Memory)
	assert.Equal(t, 10.0, r.Ridge)
	assert.Equal(t, 40.0, r.Tile)
	assert.InDelta(t, 100*r.Intensity, r.Attainable, 1e-9)
	assert.InDelta(t, r.Attainable/1000, r.Share, 1e-12)
	r = ask(32, 100, 100)
	assert.False(t, r.Memory)
	assert.Equal(t, 100.0, r.Attainable)
}
