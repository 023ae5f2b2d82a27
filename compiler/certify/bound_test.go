package certify

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/construct"
)

// TestDotIsExactOnAGrid takes a sum to the edge of 2^24 grids and one past it,
// and compares with float32.
func TestDotIsExactOnAGrid(t *testing.T) {
	const grid = 0x1p-4
	bounds := func(terms int) bound {
		s := newDot(construct.Float32, 0, 0)
		for range terms {
			s.add(1, 1, bound{Lo: 0, Hi: 1 << 16, Grid: grid, Err: 0}, 0) // 2^20 grids each
		}
		return s.bound()
	}
	assert.Equal(t, bound{Lo: 0, Hi: 16 << 16, Grid: grid, Err: 0}, bounds(16))
	past := bounds(17)
	assert.Zero(t, past.Grid)
	assert.Positive(t, past.Err)
	sum := float32(1 << 20)
	assert.NotEqual(t, sum, sum-grid, "the edge can be told from its neighbour")
	assert.Equal(t, sum, sum+grid, "one past it cannot")
	assert.GreaterOrEqual(t, past.Err, grid)
}

// TestDotOfWeightsThatFloat32CannotHold: the rounding of the weight counts.
func TestDotOfWeightsThatFloat32CannotHold(t *testing.T) {
	s := newDot(construct.Float32, 0, 0)
	s.add(float64(float32(1.0/3)), 1.0/3, bound{Lo: 0, Hi: 3000, Grid: 1, Err: 0}, 0)
	b := s.bound()
	assert.GreaterOrEqual(t, b.Err, math.Abs(float64(float32(1.0/3))*3000-1000))
	assert.Less(t, b.Err, 0.01)
	s = newDot(construct.Float32, 0, 0)
	s.add(0.25, 0.25, bound{Lo: 0, Hi: 3000, Grid: 1, Err: 0.5}, 0)
	assert.Equal(t, bound{Lo: 0, Hi: 750, Grid: 0.25, Err: 0.125}, s.bound(), "errors pass through, scaled")
}
