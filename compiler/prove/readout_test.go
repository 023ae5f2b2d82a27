package prove

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestUp: a bound that is printed is never below the one that was shown.
func TestUp(t *testing.T) {
	for x, want := range map[float64]float64{0: 0, 4.4444444458e-8: 4.45e-8, 1e-12: 1.01e-12, 9.9999e-7: 1e-6, 5.0001e-300: 5.01e-300, 0.125: 0.126, 123.4: 124} {
		assert.Equal(t, want, up(x))
		assert.GreaterOrEqual(t, up(x), x)
	}
}
