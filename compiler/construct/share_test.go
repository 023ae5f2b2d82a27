package construct

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shared is what a head of F gives w keys beside a BOS that weighs c >= 1, its terms in the
// given order (-1 is BOS).
func shared[F float32 | float64](c float64, order []int) float64 {
	key := F(math.Exp(-float64(float32(math.Log(c)))))
	z, sum := F(0), F(0)
	for _, k := range order {
		if k < 0 {
			sum++
		} else {
			z, sum = z+key, sum+key
		}
	}
	return float64(z / sum)
}

// TestShareIsTheShare: a step between neighbours tells how many keys there are, at all lengths
// that Shares allows, in any order of addition.
func TestShareIsTheShare(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for _, weight := range []func(n int) float64{func(int) float64 { return 1 }, func(n int) float64 { return float64(n) }} {
		longest := 0
		for n := 1; n < 500; n++ {
			c := weight(n)
			if !Shares(n, c) {
				continue
			}
			longest = n
			w := r.IntN(n + 1)
			ideal, quarter, sink := Share(float64(w), c), ShareGap(n, c)/4, float64(float32(math.Log(c)))
			require.InDelta(t, ideal, shared[float32](c, someOrder(r, w)), Float32.ShareError(n, c, sink, 0), "%d of %d keys", w, n)
			require.InDelta(t, ideal, shared[float64](c, someOrder(r, w)), Float64.ShareError(n, c, sink, 0), "%d of %d keys", w, n)
			require.Less(t, Float32.ShareError(n, c, sink, 0), quarter)
			if w < n {
				require.Greater(t, Share(float64(w+1), c)-ideal, 3.99*quarter, "the last gap is the least")
			}
		}
		assert.Greater(t, longest, 90)
	}
}

// TestSharesEnd: of more keys than float32 tells apart, some have the share of others.
func TestSharesEnd(t *testing.T) {
	assert.True(t, Shares(100, 1))
	assert.False(t, Shares(1<<14, 1))
	alike := false
	for w := float64(1 << 13); w < 1<<14; w++ {
		alike = alike || float32(w/(1+w)) == float32((w+1)/(2+w))
	}
	assert.True(t, alike)
}

// TestShareOfAnEmptyRow is 0: BOS alone.
func TestShareOfAnEmptyRow(t *testing.T) {
	assert.Zero(t, shared[float32](1, []int{-1}))
	assert.Zero(t, Share(0, 1))
}

// TestShareErrorOfScores: scores that are off move a share by less than the bound.
func TestShareErrorOfScores(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2))
	for _, off := range []float64{1e-6, 1e-3, 0.1} {
		for range 200 {
			n := 1 + r.IntN(60)
			w, z, sum := r.IntN(n+1), 0.0, math.Exp(off*(2*r.Float64()-1))
			for range w {
				e := math.Exp(off * (2*r.Float64() - 1))
				z, sum = z+e, sum+e
			}
			require.InDelta(t, Share(float64(w), 1), z/sum, Float64.ShareError(n, 1, 0, off))
		}
	}
}
