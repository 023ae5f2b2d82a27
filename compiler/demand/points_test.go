package demand

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPointsAreThoseOfClean: numbers of both signs, repeated and missing ones, functions that
// are not defined everywhere, and more lists of numbers than are kept.
func TestPointsAreThoseOfClean(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	var l Demands
	var lists [][]float64
	for range 2 * mostOrdered {
		y := make([]float64, 1+r.IntN(400))
		for s := range y {
			y[s] = float64(r.IntN(101)-50) / float64(1+r.IntN(9))
			if r.IntN(9) == 0 {
				y[s] = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1e-300}[r.IntN(5)]
			}
		}
		lists = append(lists, y)
	}
	for range 200 {
		y := lists[r.IntN(len(lists))]
		f := make([]float64, len(y))
		for s, x := range y {
			if f[s] = math.Floor(x / 3); r.IntN(5) == 0 {
				f[s] = math.NaN()
			}
		}
		require.Equal(t, Clean(PointsOf(y, f)), l.Points(y, f))
		require.LessOrEqual(t, len(l.ordered), mostOrdered)
	}
	require.Equal(t, []int32{1, 0, 2}, inOrder([]float64{0, math.Copysign(0, -1) - 1, math.Copysign(0, -1)}))
}
