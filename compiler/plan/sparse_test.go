package plan

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAddTo adds numbers in any order, and gets the list of their sums.
func TestAddTo(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 16))
	for range 200 {
		all := make([]float64, 1+r.IntN(8))
		var list []Entry
		for range r.IntN(20) {
			row, x := r.IntN(len(all)), float64(1+r.IntN(5))
			all[row] += x
			list = AddTo(list, row, x)
		}
		assert.Equal(t, NonZero(all), list)
	}
	assert.Equal(t, []Entry{{1, 2}, {3, math.Inf(-1)}}, NonZero([]float64{0, 2, math.NaN(), math.Inf(-1)}))
}

// TestWeights counts those of a plan: one of the embedding; of the head two each for the
// form of query and key and for the value, which BOS has too; of each neuron one that it
// reads, its bias and one that it writes; of each logit one and its bias.
func TestWeights(t *testing.T) {
	assert.Equal(t, 1+3*2+2*3+2*2, more().Weights())
}
