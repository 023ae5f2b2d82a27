package heads

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/facts"
)

// TestPeriod: the least number of which a function needs the remainder alone.
func TestPeriod(t *testing.T) {
	numbers := facts.Range(99)
	of := func(f func(x int) float64) []float64 {
		g := make([]float64, len(numbers))
		for x := range g {
			g[x] = f(x)
		}
		return g
	}
	for _, test := range []struct {
		what string
		f    func(x int) float64
		m    float64
	}{
		{"a remainder", func(x int) float64 { return float64(x % 7) }, 7},
		{"whether it is one", func(x int) float64 { return facts.Indicate(x%7 == 3) }, 7},
		{"of an even number", func(x int) float64 { return facts.Indicate(x%8 < 4) }, 8},
		{"not defined everywhere", func(x int) float64 {
			if x%5 == 0 {
				return math.NaN()
			}
			return float64(x % 3)
		}, 3},
		{"one number", func(x int) float64 { return facts.Indicate(x == 50) }, 0},
		{"a period, and one number", func(x int) float64 { return float64(x%7) + facts.Indicate(x == 50) }, 0},
		{"steps", func(x int) float64 { return float64(x / 30) }, 0},
	} {
		m, f := period(numbers, of(test.f))
		assert.Equal(t, test.m, m, test.what)
		for x := range numbers {
			if want := test.f(x); m > 0 && !math.IsNaN(want) {
				assert.Equal(t, want, f[x%int(m)], "%s: %d", test.what, x)
			}
		}
	}
}
