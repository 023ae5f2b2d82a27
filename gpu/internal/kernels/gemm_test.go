//go:build cgo && linux

package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var orders = []Order{Upwards, Downwards, 7}

// some are all orders, or the nth of them with -short.
func some(orders []Order, n int) []Order {
	if n %= len(orders); testing.Short() {
		return orders[n : n+1]
	}
	return orders
}

// matrix has random small ints, and NaN between its rows and after them.
func matrix(r *rand.Rand, rows, cols, gap int) Matrix {
	m := Matrix{rows, cols, cols + gap, make([]float32, rows*(cols+gap))}
	for i := range m.Data {
		m.Data[i] = float32(math.NaN())
		if i%m.Stride < cols {
			m.Data[i] = float32(r.IntN(17) - 8)
		}
	}
	return m
}

// product is what the kernels should compute, in float64.
func product(g Gemm, a, b, c Matrix) []float64 {
	out := make([]float64, c.Rows*c.Cols)
	for i := range c.Rows {
		for j := range c.Cols {
			sum := 0.0
			for n := range a.Cols {
				sum += float64(a.Data[i*a.Stride+n]) * float64(b.Data[n*b.Stride+j])
			}
			x := float64(g.Alpha) * sum
			if g.Beta != 0 {
				x += float64(g.Beta) * float64(c.Data[i*c.Stride+j])
			}
			if g.Bias != nil {
				x += float64(g.Bias[j])
			}
			if g.ReLU {
				x = max(x, 0)
			}
			out[i*c.Cols+j] = x
		}
	}
	return out
}

// TestGemm: small ints, so that the sums are exact in any order.
func TestGemm(t *testing.T) {
	sizes := [][3]int{{1, 1, 1}, {5, 3, 7}, {32, 32, 32}, {33, 31, 16}, {128, 128, 16}, {129, 127, 17}, {64, 130, 33}, {130, 64, 1}, {3, 257, 50}, {1, 4, 0}}
	for version := range 3 {
		for n, size := range sizes {
			for _, order := range some(orders, n) {
				r := rand.New(rand.NewPCG(uint64(version), uint64(n)))
				gap := n % 3 * 2 // with and without alignment to 16 bytes
				a, b, c := matrix(r, size[0], size[2], gap), matrix(r, size[2], size[1], gap), matrix(r, size[0], size[1], gap)
				g := Gemm{Version: version, Alpha: 1}
				if n%2 == 1 {
					g.Alpha, g.Beta, g.Bias, g.ReLU = 2, 0.5, matrix(r, 1, size[1], 0).Data, true
				} else {
					for i := range c.Data {
						c.Data[i] = float32(math.NaN()) // with beta 0 it must not be read
					}
				}
				want := product(g, a, b, c)
				before := append([]float32(nil), c.Data...)
				require.NoError(t, g.Run(order, a, b, c))
				for i := range c.Data {
					at := fmt.Sprintf("version %d, %v, order %d, row %d, column %d", version, size, order, i/c.Stride, i%c.Stride)
					if i%c.Stride >= c.Cols {
						assert.True(t, math.Float32bits(before[i]) == math.Float32bits(c.Data[i]), at)
						continue
					}
					require.Equal(t, want[i/c.Stride*c.Cols+i%c.Stride], float64(c.Data[i]), at)
				}
			}
		}
	}
}
