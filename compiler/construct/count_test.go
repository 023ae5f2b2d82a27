package construct

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tallied is what a head adds up in float32, its terms in the given order (-1 is
// BOS), less the offset.
func tallied(n int, values []float64, order []int) float64 {
	sink := float32(math.Log(TallyWeight(n)))
	e := float32(math.Exp(-float64(sink)))
	z, sum := float32(0), float32(0)
	for _, k := range order {
		if k < 0 {
			z, sum = z+TallyOffset, sum+1
		} else {
			z, sum = z+float32(e*float32(TallyWeight(n)*values[k])), sum+e
		}
	}
	return float64(z/sum) - TallyOffset
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
		for TallyError(n, 2*most, TallyWeight(n)) < 0.5 {
			most *= 2
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
			require.Equal(t, sum, tallied(n, values, someOrder(r, len(values))), "%d keys of %d", len(values), n)
		}
	}
}

// TestTallyBreaks where values are larger than its error allows.
func TestTallyBreaks(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	const n = 20
	large := 1.0
	for TallyError(n, large, TallyWeight(n)) < 16 {
		large *= 2
	}
	wrong := false
	for range 100 {
		values := []float64{large - 1, large - 3, large - 5}
		wrong = wrong || tallied(n, values, someOrder(r, 3)) != 3*large-9
	}
	assert.True(t, wrong)
}

// TestTallyOfAnEmptyRow is 0: BOS alone.
func TestTallyOfAnEmptyRow(t *testing.T) {
	assert.Zero(t, tallied(20, nil, []int{-1}))
}
