package construct

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sloped are the float32 scores of keys with these codes in bits, by position, to a query:
// products added in some order.
func sloped(r *rand.Rand, p Pattern, n, query int, codes []int) []float32 {
	step := SlopedStep(n)
	scores := make([]float32, len(codes))
	order := r.Perm(len(p.Dims) + 2)
	for j, code := range codes {
		for _, d := range order {
			switch {
			case d < len(p.Dims):
				scores[j] += float32(Gap*step*p.Dims[d].Query[query]) * float32(p.Dims[d].Key[code])
			case d == len(p.Dims):
				scores[j] += float32(-Gap * step * p.Base)
			default:
				scores[j] += float32(Slope) * float32(j)
			}
		}
	}
	return scores
}

// TestLatest: of the keys with the code of the query the latest is 128 above the next, and
// above BOS; all others are as much below BOS.
func TestLatest(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	for _, n := range []int{1, 2, 3, 63, 64, 65, 1024, 65536} {
		for _, count := range []int{2, 33, 65536} {
			numbers := make([]int, count)
			for i := range numbers {
				numbers[i] = i
			}
			p := Bits(numbers, numbers, count)
			require.Less(t, SlopedSize(n, p.Size()), float64(1<<24))
			query := r.IntN(count)
			codes := make([]int, n)
			for j := range codes {
				codes[j] = query
				if r.IntN(2) == 0 {
					codes[j] ^= 1 << r.IntN(len(p.Dims)) % count // one bit away
				}
				codes[j] = min(codes[j], count-1)
			}
			best := float32(-Gap / 2)
			for j, s := range sloped(r, p, n, query, codes) {
				if codes[j] == query {
					require.GreaterOrEqual(t, s, best+Slope)
					best = s
				} else {
					require.LessOrEqual(t, s, float32(-Gap/2-Slope))
				}
			}
		}
	}
}

// TestLatestBreaks: scores that are too large for the condition are not told apart.
func TestLatestBreaks(t *testing.T) {
	const n, count = 4096, 4096
	numbers := make([]float64, count)
	for i := range numbers {
		numbers[i] = float64(i)
	}
	p := Parabola(numbers, numbers, false)
	assert.GreaterOrEqual(t, SlopedSize(n, p.Size()), float64(1<<24))
	wrong := false
	for query := range count {
		s := sloped(rand.New(rand.NewPCG(3, uint64(query))), p, n, query, []int{query, query, query})
		wrong = wrong || s[1]-s[0] != Slope || s[2]-s[1] != Slope
	}
	assert.True(t, wrong)
}

func TestSlopedStep(t *testing.T) {
	for n, want := range map[int]float64{1: 1, 2: 2, 3: 2, 4: 4, 7: 4, 8: 8, 65535: 32768, 65536: 65536} {
		assert.Equal(t, want, SlopedStep(n))
		// What does not match is below BOS by as much as what does is above it.
		assert.LessOrEqual(t, Slope*float64(n-1)-Gap*SlopedStep(n), float64(-Gap))
	}
	assert.False(t, math.IsInf(SlopedSize(65536, 64), 0))
}
