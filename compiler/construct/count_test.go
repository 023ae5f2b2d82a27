package construct

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tallied is what a head adds up, its terms in the given order (-1 is BOS), less the
// offset.
func tallied[F float32 | float64](n int, values []float64, order []int) float64 {
	c, sink := TallyWeight(n, slices.Max(append(values, 1)), 0)
	e := F(math.Exp(-sink))
	z, sum := F(0), F(0)
	for _, k := range order {
		if k < 0 {
			z, sum = z+TallyOffset, sum+1
		} else {
			z, sum = z+F(e*(F(c*values[k])+TallyOffset)), sum+e
		}
	}
	return float64(z/sum - TallyOffset)
}

// someOrder is BOS and the keys below w in a random order.
func someOrder(r *rand.Rand, w int) []int {
	order := r.Perm(w + 1)
	for i := range order {
		order[i]--
	}
	return order
}

// TestTallyIsTheSum for any number of selected keys, in any order, up to the
// size of values for which the error is below one half.
func TestTallyIsTheSum(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for _, n := range []int{1, 2, 7, 20, 64, 300, 2000} {
		most := 1.0
		c, sink := TallyWeight(n, most, 0)
		for Float32.TallyError(n, 2*most, c) < 0.5 {
			most *= 2
			c, sink = TallyWeight(n, most, 0)
		}
		for range 200 {
			values, sum := make([]float64, r.IntN(n+1)), 0.0
			for i := range values {
				values[i] = most
				if r.IntN(2) == 0 {
					values[i] = math.Trunc((2*r.Float64() - 1) * most)
				}
				sum += values[i]
			}
			order := someOrder(r, len(values))
			require.Equal(t, sum, tallied[float32](n, values, order), "%d keys of %d", len(values), n)
			wide := Float64.TallyError(n, most, c) + float64(n)*most*math.Abs(TallyUnit(c, sink)-1)
			require.InDelta(t, sum, tallied[float64](n, values, order), wide)
			require.Less(t, wide, 1e-7*float64(n)*(most+1))
		}
	}
}

// TestTallyBreaks where values are larger than its error allows.
func TestTallyBreaks(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	const n = 20
	large := 1.0
	c, _ := TallyWeight(n, 1<<20, 0)
	for Float32.TallyError(n, large, c) < 64 {
		large *= 2
	}
	wrong := false
	for range 100 {
		values := []float64{large - 1, large - 3, large - 5}
		wrong = wrong || tallied[float32](n, values, someOrder(r, 3)) != 3*large-9
	}
	assert.True(t, wrong)
}

// TestTallyOfAnEmptyRow is 0: BOS alone.
func TestTallyOfAnEmptyRow(t *testing.T) {
	assert.Zero(t, tallied[float32](20, nil, []int{-1}))
	assert.Zero(t, tallied[float64](20, nil, []int{-1}))
}

// TestTallyWeight: what is said of the weight and its logarithm.
func TestTallyWeight(t *testing.T) {
	for n := 1; n <= 4096; n += 1 + n/2 {
		for size := 1.0; size*float64(n) < 1<<17; size *= 3 {
			for base := 0.0; base < 8; base += 0.5 {
				c, sink := TallyWeight(n, size, base)
				require.Equal(t, sink+base*Gap, float64(float32(sink+base*Gap)))
				require.GreaterOrEqual(t, PowerOfTwo(c), 0x1p22)
				require.Less(t, float64(n)*0x1.7p27, c)
				require.Less(t, c*size, 0x1p46)
				require.Equal(t, c*size+TallyOffset, float64(float32(c*size+TallyOffset)))
				require.InDelta(t, 1, TallyUnit(c, sink), 0x1p-16/float64(min(n, 256)), "n = %d, size %g, base %g", n, size, base)
			}
		}
	}
}
