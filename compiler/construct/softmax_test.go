package construct

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Weights that are divided first are rounded each: the mean of equal values is off by more than
// where sums are divided, and never by more than the bound.
func TestMeanOfDividedWeights(t *testing.T) {
	divided := Float32
	divided.Divides = true
	worst := 0.0
	for n := 1; n <= 3000; n++ {
		for _, value := range []float32{1, 3, 0.7} {
			weight, mean := float32(1)/float32(n), float32(0)
			for range n {
				mean += float32(weight * value)
			}
			off := math.Abs(float64(mean) - float64(value))
			assert.LessOrEqual(t, off, divided.MeanError(n, float64(value), 1, 0), "%d times %g", n, value)
			worst = max(worst, off/Float32.MeanError(n, float64(value), 1, 0))
		}
	}
	assert.Greater(t, worst, 5.0, "the bound of sums that are divided once would not do")
}
