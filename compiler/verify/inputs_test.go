package verify

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/domain"
	"rasp/lang/value"
)

func TestChoice(t *testing.T) {
	for _, c := range []struct {
		vocab, length          int
		options                Options
		first, random, allUpTo int
	}{
		{3, 4, Options{}, 3 + 9 + 27 + 81, 0, 4},                   // few are all tried
		{10, 50, Options{Samples: 1500}, 10 + 100 + 1000, 1500, 3}, // many are sampled
		{2, 20, Options{Exhaustive: true}, 1<<21 - 2, 0, 20},       // unless all are wanted
		{1, 15_000, Options{}, 15_000, 0, 15_000},                  // one token
		{10_000, 50, Options{}, 0, DefaultSamples, 0},              // even the shortest are many
	} {
		d := domain.Domain{Vocab: make([]value.Value, c.vocab), Length: c.length}
		inputs, allUpTo, err := Choose(d, c.options)
		require.NoError(t, err)
		assert.Equal(t, []int{c.first, c.random, c.allUpTo}, []int{inputs.First, inputs.Random, allUpTo})
	}
	_, _, err := Choose(domain.Domain{Vocab: make([]value.Value, 10), Length: 18}, Options{Exhaustive: true})
	assert.ErrorContains(t, err, "too many inputs: 10 tokens at up to 18 positions")
}
