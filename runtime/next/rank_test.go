package next

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func logarithms(probabilities ...float64) []float64 {
	logs := make([]float64, len(probabilities))
	for i, p := range probabilities {
		logs[i] = math.Log(p)
	}
	return logs
}

func TestRanked(t *testing.T) {
	require.Equal(t, []int{2, 0, 3}, Ranked(logarithms(0.25, 0, 0.5, 0.25)))
	require.Equal(t, []int{0, 1, 2}, Ranked(logarithms(0.25, 0.250001, 0.1)), "equals, but for rounding")
	require.Empty(t, Ranked(logarithms(0)))
}

// At each temperature the distribution is that by which the sampler draws.
func TestTemperIsThatOfTheSampler(t *testing.T) {
	for seed := range uint64(300) {
		logits := peaked(20, seed)
		p := all(t, 20)
		for _, temperature := range []float64{0.3, 1, 2.5, 1e-300, math.MaxFloat64} {
			logs := make([]float64, 20)
			p.Log(logs, logits)
			Temper(logs, temperature)
			want := direct(logits, Choice{temperature, 0, 1, 0})
			for id, w := range want {
				require.InDelta(t, w, math.Exp(logs[id]), 1e-9, "temperature %v, token %d", temperature, id)
			}
		}
		logs := make([]float64, 20)
		p.Log(logs, logits)
		Temper(logs, 0)
		require.Zero(t, logs[p.Sampler(Choice{0, 0, 1, 0}, 1, 1).Draw(logits)])
		require.Len(t, Ranked(logs), 1)
	}
}

func TestEntropy(t *testing.T) {
	require.InDelta(t, math.Log(4), Entropy(logarithms(0.25, 0.25, 0, 0.25, 0.25)), 1e-15)
	require.Zero(t, Entropy(logarithms(0, 1)))
}
