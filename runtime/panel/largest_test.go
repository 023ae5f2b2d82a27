package panel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLargest: the first of equals, and of numbers that are none, or infinite, nothing.
func TestLargest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	inf := float32(math.Inf(1))
	odd := []float32{nan, math.Float32frombits(0xffc00000), inf, -inf, 0, float32(math.Copysign(0, -1)), 1, 1, math.Nextafter32(1, 0), math.MaxFloat32}
	for _, positions := range []int{1, 7, 8, 9, 16, 17, 64, 65, 130} {
		for _, rows := range []int{1, 2, 3, 9} {
			for _, share := range []float64{0, 0.1, 1} { // of odd numbers
				x := randomPanel(r, rows, positions, nan)
				for f := range rows {
					for i := range positions {
						if r.Float64() < share {
							x.Row(f)[i] = odd[r.IntN(len(odd))]
						}
					}
				}
				everyISA(func(name string) {
					got := make([]int32, positions+Lanes)
					Largest(got, x, rows, positions)
					for i := range positions {
						require.Equal(t, largestAt(x, rows, i), got[i], "%s, %d rows, position %d of %d", name, rows, i, positions)
					}
				})
			}
		}
	}
}

// largestAt is Largest of a position, as it is defined.
func largestAt(x Panel, rows, i int) int32 {
	best, at := math.Inf(-1), int32(-1)
	for f := range rows {
		v := float64(x.Row(f)[i])
		if math.IsNaN(v) {
			return -1
		}
		if v > best {
			best, at = v, int32(f)
		}
	}
	if math.IsInf(best, 0) {
		return -1
	}
	return at
}
