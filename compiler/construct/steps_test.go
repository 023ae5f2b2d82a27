package construct

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// at is the ramp at y as two neurons compute it.
func (r Ramp) at(y float64) float64 {
	relu := func(x float64) float64 { return max(0, x) }
	return relu(r.Slope*y-r.At) - relu(r.Slope*y-r.At-1)
}

func TestStepIsZeroAndOneUpToItsMargin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 5000 {
		grid := math.Exp2(float64(-r.IntN(20)))
		low := grid * float64(r.IntN(4000)-2000)
		high := low + grid*float64(16+r.IntN(4000)) // 16 grids are the least gap, see Grid
		step := Step(low, high, high-low, grid)
		margin, gap := step.Margin(low, high), high-low

		require.Positive(t, margin)
		require.GreaterOrEqual(t, margin, gap/4-grid/2)
		inside := margin * (1 - 1e-9)
		require.Zero(t, step.at(low+inside), "%v", step)
		require.Zero(t, step.at(low-gap))
		require.InDelta(t, 1, step.at(high-inside), 1e-12)
		require.InDelta(t, 1, step.at(high+gap), 1e-12)
		require.False(t, step.at(low+1.1*margin) == 0 && step.at(high-1.1*margin) == 1, "there is more margin than it says")

		exponent := math.Log2(step.Slope)
		require.Equal(t, math.Trunc(exponent), exponent, "the slope is a power of two")
		unit := step.Slope * grid
		require.Equal(t, math.Trunc(step.At/unit), step.At/unit, "the threshold is on the grid")
	}
}

func TestStepWithoutAGrid(t *testing.T) {
	step := Step(0, 1, 1, 0)
	assert.Equal(t, Ramp{Slope: 2, At: 0.5}, step)
	assert.Equal(t, 0.25, step.Margin(0, 1))
	assert.Equal(t, 0.5, step.at(0.5))
}

func TestMarginIsOfTheNearerEnd(t *testing.T) {
	step := Ramp{Slope: 2, At: 0.5} // rises from 0.25 to 0.75
	assert.Equal(t, 0.25, step.Margin(0, 2))
	assert.Equal(t, 0.25, step.Margin(-1, 1))
	assert.Negative(t, step.Margin(0.5, 1), "no margin inside the ramp")
}

func TestGridIsASixteenthOfTheGap(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for range 1000 {
		gap := math.Exp2(-20 * r.Float64())
		grid := Grid(gap)
		_, exponent := math.Frexp(grid)
		require.Equal(t, math.Ldexp(0.5, exponent), grid, "a power of two")
		require.LessOrEqual(t, grid, gap/16)
		require.Greater(t, grid, gap/32)
	}
	assert.Equal(t, 1.0/16, Grid(1))
}

// TestOffsetRounds adds numbers to an offset in float32, as a residual stream
// does: the nearest multiple of the grid stays, ties to an even one.
func TestOffsetRounds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for _, grid := range []float64{1, 0x1p-7, 0x1p-18, 8} {
		size := grid * (1<<22 - 1)
		offset, ok := Offset(grid, size)
		require.True(t, ok)
		require.Equal(t, offset, float64(float32(offset)))
		for range 2000 {
			x := float32((2*r.Float64() - 1) * size)
			got := float64(float32(offset)+x) - offset
			require.Equal(t, grid*math.RoundToEven(float64(x)/grid), got, "grid %g, x %g", grid, x)
		}
	}
}

// TestOffsetAtItsEdge: numbers up to 2^22 grids are rounded to the grid, and at
// the edge the spacing of float32 changes: above, it is twice the grid.
func TestOffsetAtItsEdge(t *testing.T) {
	const grid = 0x1p-10
	edge := grid * (1 << 22)
	_, ok := Offset(grid, edge-grid)
	assert.True(t, ok)
	_, ok = Offset(grid, edge)
	assert.False(t, ok)

	offset, _ := Offset(grid, 1)
	stored := func(x float64) float64 { return float64(float32(offset)+float32(x)) - offset }
	assert.Equal(t, edge-grid, stored(edge-grid))
	assert.Equal(t, -edge+grid, stored(-edge+grid))
	assert.NotEqual(t, edge+grid, stored(edge+grid), "one past the edge the spacing is two grids")
	assert.Equal(t, -edge-grid/2, stored(-edge-grid/2), "below the edge it is half a grid: nothing is rounded")
}

// TestSeparable: what is not separable is far beyond what float32 can do, and near it both
// neurons of a step are still two in float64.
func TestSeparable(t *testing.T) {
	assert.True(t, Separable(1, 1<<24))
	assert.False(t, Separable(1, 1<<26))
	assert.False(t, Separable(0.5, 1<<25))
	assert.True(t, Separable(0x1p60, 0x1p80))
	assert.False(t, Separable(math.Inf(1), math.Inf(1)))
	assert.False(t, Separable(math.NaN(), 1))
	last := Step(1<<25-1, 1<<25, 1, 1)
	assert.Equal(t, 1.0, last.At+1-last.At)
	far := float32(Step(1<<26-1, 1<<26, 1, 1).At)
	assert.Equal(t, far, far+1, "float32 has one neuron for both")
}
