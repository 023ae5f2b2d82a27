package perplexity

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

// The error is what the formula says of the sums over sentences, or over blocks.
func TestError(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	for _, sentences := range []bool{true, false} {
		g := newGroups(sentences)
		var x, n []float64
		for range 20 {
			g.begin()
			tokens := blockTokens
			if sentences {
				tokens = 1 + r.IntN(9)
			}
			sum := 0.0
			for range tokens {
				bits := 1000 + r.Float64()
				g.add(bits)
				sum += bits
			}
			x, n = append(x, sum), append(n, float64(tokens))
		}
		ratio := total(x) / total(n)
		squares := 0.0
		for i := range x {
			squares += (x[i] - ratio*n[i]) * (x[i] - ratio*n[i])
		}
		g.finish()
		got := g.error()
		require.Equal(t, 20, g.N)
		require.InEpsilon(t, math.Sqrt(20./19*squares)/total(n), got, 1e-6)
	}
}

func total(x []float64) (sum float64) {
	for _, v := range x {
		sum += v
	}
	return sum
}

// Sentences that cost the same have no error; one sentence has no estimate.
func TestErrorOfEquals(t *testing.T) {
	lines := Options{Reading: text.Reading{Sentences: true}}
	r, err := measure("ab\na\nabc\n", abc(true), func(int, int, int) float64 { return 0.3 }, lines)
	require.NoError(t, err)
	require.Equal(t, 3, r.Groups)
	require.InDelta(t, 0, r.Error, 1e-15)
	r, err = measure("ab\n", abc(true), half, lines)
	require.NoError(t, err)
	require.Equal(t, 1, r.Groups)
	require.True(t, math.IsNaN(r.Error))
}

// What belongs to ends of sentences, to bytes and to characters.
func TestShares(t *testing.T) {
	r, err := measure("añ c\r\nc\n", func() text.Vocabulary {
		v := abc(true)
		v.IDs["ñ"] = 6
		return v
	}(), func(id, _, _ int) float64 {
		if id == 4 {
			return 0.125
		}
		return 0.5
	}, Options{Reading: text.Reading{Sentences: true}})
	require.NoError(t, err)
	require.Equal(t, 6, r.Tokens)
	require.Equal(t, 2, r.EndTokens)
	require.InDelta(t, 2, r.EndlessPerplexity(), 1e-12)
	require.EqualValues(t, []int64{9, 8}, []int64{r.Bytes, r.Characters})
	require.InDelta(t, (4+6)/9., r.BitsPerByte(), 1e-12)
	require.InDelta(t, (4+6)/8., r.BitsPerCharacter(), 1e-12)
}
