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

// TestToBits: numbers with few digits are what they are, others go to the nearer one, and to the
// even one of two that are as near.
func TestToBits(t *testing.T) {
	for _, test := range []struct {
		x    float64
		bits int
		want float64
	}{{0, 7, 0}, {1, 7, 1}, {-1.0078125, 7, -1.0078125}, {1.005, 7, 1.0078125}, {1.00390625, 7, 1}, {257, 7, 256}, {259, 7, 260}, {2049, 10, 2048}, {0.1, 0, 0.1}, {0x1p-40 * 3, 10, 0x1p-40 * 3}} {
		assert.Equal(t, test.want, ToBits(test.x, test.bits), "%g in %d bits", test.x, test.bits)
		if test.bits > 0 {
			assert.LessOrEqual(t, math.Abs(test.want-test.x), Unit(test.bits)*math.Abs(test.x))
		}
	}
	assert.Zero(t, Unit(0))
}
