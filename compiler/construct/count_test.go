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
	for _, n := range []int{1, 2, 7, 20, 64, 300, 2000, 1 << 16} {
		most := 1.0
		c, sink := TallyWeight(n, most, 0)
		for Float32.TallyError(n, 2*most, c, 0) < 0.5 {
			most *= 2
			c, sink = TallyWeight(n, most, 0)
		}
		for range max(2, min(200, 400000/n)) {
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
			wide := Float64.TallyError(n, most, c, 0) + float64(n)*most*math.Abs(TallyUnit(c, sink)-1)
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
	for Float32.TallyError(n, large, c, 0) < 64 {
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
	for n := 1; n <= 1<<16; n += 1 + n/2 {
		for size := 1.0; size*float64(n) < 1<<17; size *= 3 {
			for base := 0.0; base < 8; base += 0.5 {
				c, sink := TallyWeight(n, size, base)
				require.Equal(t, sink+base*Gap, float64(float32(sink+base*Gap)))
				require.LessOrEqual(t, sink+2*base*Gap, PowerOfTwo(sink)/Ulp)
				require.GreaterOrEqual(t, PowerOfTwo(c), 0x1p22)
				require.Less(t, float64(n)*0x1.7p26, c)
				require.LessOrEqual(t, c*size, 0x1p45)
				require.Equal(t, c*size+TallyOffset, float64(float32(c*size+TallyOffset)))
				require.InDelta(t, 1, TallyUnit(c, sink), 0x1p-15/float64(min(n, 256)), "n = %d, size %g, base %g", n, size, base)
			}
		}
	}
}

// patterns are whole numbers up to v, so many, that are hard to add up: of one sign, in
// turns, to and fro across each power of two, and a large one between many of the other
// sign, which keeps sums small.
func patterns(n int, v float64) map[string][]float64 {
	of := func(f func(i int) float64) []float64 {
		list := make([]float64, n)
		for i := range list {
			list[i] = f(i)
		}
		return list
	}
	r, at, up := rand.New(rand.NewPCG(4, 3)), 0.0, true
	return map[string][]float64{
		"one sign":    of(func(int) float64 { return v }),
		"one at last": of(func(i int) float64 { return float64(max(0, i+2-n)) * v }),
		"in turns":    of(func(i int) float64 { return v * float64(1-2*(i%2)) }),
		"large among small": of(func(i int) float64 {
			if i%(int(v)+1) == 0 {
				return v
			}
			return -1
		}),
		"to and fro": of(func(i int) float64 {
			if top := math.Exp2(float64(i * 20 / n)); up && at > top || !up && at < -top {
				up = !up
			}
			x := -v
			if up {
				x = v
			}
			at += x
			return x
		}),
		"random": of(func(int) float64 { return float64(r.IntN(2*int(v)+1)) - v }),
	}
}

// TestTallyErrorOfAChain: a chain that adds whole numbers, each off by as much as may be, in
// the worst direction, in turns or at random, stays within TallyError, and
// comes near it.
func TestTallyErrorOfAChain(t *testing.T) {
	const n = 1 << 16
	worst := 0.0
	for _, v := range []float64{1, 2, 4} {
		c, _ := TallyWeight(n, v, 0)
		bound := Float32.TallyError(n, v, c, 0)
		h := 6*v*Ulp + TallyOffset/c
		for name, values := range patterns(n, v) {
			for how, of := range map[string]func(i int, d float64) float64{
				"up":       func(int, float64) float64 { return h },
				"down":     func(int, float64) float64 { return -h },
				"in turns": func(i int, _ float64) float64 { return h * float64(1-2*(i%2)) },
				"onward":   func(_ int, d float64) float64 { return math.Copysign(h, d) },
			} {
				a, w := float32(0), 0.0
				for i, x := range values {
					a = float32(float64(a) + (x + of(i, float64(a)-w))) // as fused: float64 has the sum
					w += x
					off := math.Abs(float64(a) - w)
					worst = max(worst, off/bound)
				}
				require.Less(t, worst, 1.0, "%s of %g, off %s", name, v, how)
			}
		}
	}
	t.Logf("at most %.3f of the bound", worst)
	assert.Greater(t, worst, 0.2)
}

// TestTallyInChains: 65,536 keys in chains of several shapes, BOS first or last in one of
// them, exps off by 3 ulps and products rounded.
func TestTallyInChains(t *testing.T) {
	const n = 1 << 16
	for _, v := range []float64{1, 2} {
		c, sink := TallyWeight(n, v, 0)
		require.Less(t, Float32.TallyError(n, v, c, v*math.Abs(TallyUnit(c, sink)-1)), 0.5)
		for name, values := range patterns(n, v) {
			sum := 0.0
			for _, x := range values {
				sum += x
			}
			for _, off := range []float64{-3, 0, 3} {
				e := float32(math.Exp(-sink) * (1 + off*Ulp))
				for _, lanes := range []int{1, 8, 64, 128} {
					for _, bos := range []int{0, 1} {
						chains := make([]float32, lanes)
						for i, x := range values {
							if i == bos*(n-1) {
								chains[i%lanes] += TallyOffset
							}
							chains[i%lanes] += float32(e * (float32(c*x) + TallyOffset))
						}
						for ; len(chains) > 1; chains = chains[:len(chains)/2] {
							for i := range len(chains) / 2 {
								chains[i] += chains[len(chains)/2+i]
							}
						}
						require.Equal(t, sum, float64(chains[0]-TallyOffset), "%s of %g, exp %g, %d chains, BOS %d", name, v, off, lanes, bos)
					}
				}
			}
		}
	}
}
