package construct

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUpAndDown(t *testing.T) {
	for _, c := range []struct {
		x        float64
		digits   int
		up, down float64
	}{
		{4.4e-06, 1, 5e-06, 4e-06}, {4e-06, 1, 4e-06, 4e-06}, {9.5e-07, 1, 1e-06, 9e-07}, {9.99e-07, 1, 1e-06, 9e-07},
		{14.87, 3, 14.9, 14.8}, {999.96, 3, 1000, 999}, {1e300, 1, 1e300, 1e300}, {5e-324, 1, 5e-324, 5e-324}, {0, 1, 0, 0},
		{math.Inf(1), 2, math.Inf(1), math.Inf(1)}, {math.MaxFloat64, 1, math.Inf(1), 1e308},
	} {
		assert.Equal(t, c.up, Up(c.x, c.digits), "%g up", c.x)
		assert.Equal(t, c.down, Down(c.x, c.digits), "%g down", c.x)
	}
	assert.True(t, math.IsNaN(Up(math.NaN(), 1)))
}
