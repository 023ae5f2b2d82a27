package construct

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPowerOfTwo(t *testing.T) {
	for x, want := range map[float64]float64{1: 1, -1: 1, 6: 2, 0.75: 0.25, 96: 32, -0.1875: 0.0625, 0x1p-40: 0x1p-40, 1 << 60: 1 << 60} {
		assert.Equal(t, want, PowerOfTwo(x), "%g", x)
	}
	assert.True(t, math.IsInf(PowerOfTwo(0), 1))
	assert.Less(t, PowerOfTwo(0.1), 0x1p-50, "a tenth is a multiple of very little")
}
