package next

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUsualLogits: the probabilities are those that each exp computed anew gives, whichever
// logits are usual, wherever the largest is, and NaN where a logit is.
func TestUsualLogits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 30))
	const classes = 300
	known := 0
	for range 300 {
		biases, own := make([]float32, classes), make([]float32, classes)
		for c := range own {
			biases[c] = float32(r.NormFloat64() * 40)
			if own[c] = biases[c]; r.IntN(20) == 0 {
				own[c] = float32(r.NormFloat64() * 100)
			}
		}
		shift := []float32{0, 0, 150, -150, 300, -300}[r.IntN(6)]
		if shift != 0 {
			own[r.IntN(classes)] += shift
		}
		p := &Prediction{usual: newUsual(biases)}
		largest, total := p.normaliser(own)
		wantLargest, want := (&Prediction{}).normaliser(own)
		require.Equal(t, wantLargest, largest)
		require.InDelta(t, want, total, 1e-13)
		if math.Abs(p.usual.top-largest) <= farFromUsual {
			known++
		}
		own[r.IntN(classes)] = float32(math.NaN())
		_, total = p.normaliser(own)
		require.True(t, math.IsNaN(total))
	}
	require.Greater(t, known, 100)
	require.Less(t, known, 300)
}

// TestUsualLogitsFarBelow: where all logits stand so far from the usual ones that the exps of
// these vanish, or overflow, none is taken from them.
func TestUsualLogitsFarBelow(t *testing.T) {
	biases, own := make([]float32, manyClasses), make([]float32, manyClasses)
	biases[0], own[0] = 1e4, -1e4
	p := &Prediction{usual: newUsual(biases)}
	_, total := p.normaliser(own)
	require.InDelta(t, math.Log(manyClasses-1), total, 1e-13)
}
