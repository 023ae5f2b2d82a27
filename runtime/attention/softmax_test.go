package attention

import (
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyWeigh calls f with each implementation that this CPU can run.
func everyWeigh(f func(name string)) {
	chosen := weigh
	defer func() { weigh = chosen }()
	for name, implementation := range implementations() {
		weigh = implementation
		f(name)
	}
}

// weights calls weigh on a copy of x, in the middle of NaNs.
func weights(t *testing.T, x []float32, scale, largest float32) ([]float32, *scores) {
	all := make([]float32, len(x)+64)
	for i := range all {
		all[i] = float32(math.NaN())
	}
	inside := all[32:][:len(x)]
	copy(inside, x)
	r := &scores{x: &inside[0], n: len(x), scale: scale, largest: largest}
	weigh(r)
	for i, v := range all {
		require.True(t, v != v || 32 <= i && i < 32+len(x), "wrote beyond the scores")
	}
	return inside, r
}

// All floats from -105 to 0, or every 997th unless EXHAUSTIVE is set, are within 1
// ulp of exp.
func TestExp(t *testing.T) {
	step := uint32(997)
	if os.Getenv("EXHAUSTIVE") != "" {
		step = 1
	}
	everyWeigh(func(name string) {
		worst, at := 0.0, float32(0)
		batch := make([]float32, 0, 4096)
		finish := func() {
			got, _ := weights(t, batch, 1, 0)
			for i, x := range batch {
				want := math.Exp(float64(x))
				if off := math.Abs(float64(got[i])-want) / ulp(want); off > worst {
					worst, at = off, x
				}
			}
			batch = batch[:0]
		}
		for bits := uint64(math.Float32bits(float32(math.Copysign(0, -1)))); bits <= uint64(math.Float32bits(-105)); bits += uint64(step) {
			batch = append(batch, math.Float32frombits(uint32(bits)))
			if len(batch) == cap(batch) {
				finish()
			}
		}
		finish()
		assert.LessOrEqual(t, worst, 1.0, "%s at %g", name, at)
		t.Logf("%s: at most %.3f ulp, at %g", name, worst, at)
	})
}

// ulp is the distance between float32s around x.
func ulp(x float64) float64 {
	_, exponent := math.Frexp(x)
	return math.Ldexp(1, max(exponent-24, -149))
}

func TestExpAtTheEnds(t *testing.T) {
	everyWeigh(func(name string) {
		inf := float32(math.Inf(1))
		got, r := weights(t, []float32{5, 5 - 104, 5 - 1e9, -inf, 5, 4}, 1, -inf)
		assert.Equal(t, []float32{1, 0, 0, 0, 1}, got[:5], name)
		assert.Equal(t, float32(5), r.largest, name)
		assert.Equal(t, 2+got[5], r.sum, name)
		got, r = weights(t, []float32{1}, 2, 3)
		assert.InEpsilon(t, math.Exp(-4), got[0], 1e-6, name)
		assert.Equal(t, float32(3), r.largest, name)
		got, _ = weights(t, []float32{0, float32(math.NaN())}, 1, 0)
		assert.True(t, got[1] != got[1], name)
	})
}

// Any number of scores: tails, and none of a full vector.
func TestEveryLength(t *testing.T) {
	everyWeigh(func(name string) {
		for n := 1; n <= 70; n++ {
			x := make([]float32, n)
			for i := range x {
				x[i] = float32(-i)
			}
			x[n-1] = 3 // the maximum is in the tail
			got, r := weights(t, x, 0.5, -1)
			require.Equal(t, float32(3), r.largest, "%s %d", name, n)
			sum := 0.0
			for i := range x {
				want := math.Exp(0.5 * float64(x[i]-3))
				require.InEpsilon(t, want, got[i], 1e-6, "%s %d of %d", name, i, n)
				sum += want
			}
			require.InEpsilon(t, sum, r.sum, 1e-6, "%s %d", name, n)
		}
	})
}
