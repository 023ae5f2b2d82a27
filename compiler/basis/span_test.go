package basis

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/plan"
)

// vector lists what is not 0.
func vector(numbers ...float64) (v []plan.Entry) {
	for i, x := range numbers {
		if x != 0 {
			v = append(v, plan.Entry{Row: i, Weight: x})
		}
	}
	return v
}

func TestSpan(t *testing.T) {
	s := newSpan(4)
	for _, v := range [][]plan.Entry{vector(0, 1, 0, 0), vector(0, 1, 1, 1), vector(0, 0, 1, 3)} {
		_, ok := s.add(v)
		require.False(t, ok)
	}
	for _, test := range []struct{ v, factors []plan.Entry }{
		{vector(0, 1, 0, 0), vector(1)},
		{vector(0, 0, 1, 1), vector(-1, 1)},
		{vector(0, 0, 0, 2), vector(1, -1, 1)},
		{vector(0, 0, 0, 0.125), vector(0.0625, -0.0625, 0.0625)},
		{vector(0, 3, 0, 0), vector(3)},
		{nil, nil},
	} {
		factors, ok := s.add(test.v)
		assert.True(t, ok, "%v", test.v)
		assert.Equal(t, test.factors, factors, "%v", test.v)
	}
	for _, v := range [][]plan.Entry{vector(0, 0, 0, 1.0/3), vector(0, 0, 0, 1.0/64), vector(0, 0.1, 0, 0)} {
		_, ok := s.add(v)
		assert.False(t, ok, "%v needs factors with more bits", v)
	}
	assert.Len(t, s.vectors, 3, "these are no more independent for that")
	_, ok := s.add(vector(1, 0, 0, 0))
	assert.False(t, ok)
	assert.Len(t, s.vectors, 4)
}

// TestSpanOfRandomVectors: a vector is a combination with the factors by which it is
// said to be one, and there are never more independent ones than dimensions.
func TestSpanOfRandomVectors(t *testing.T) {
	r, combined := rand.New(rand.NewPCG(1, 11)), 0
	for range 200 {
		dimensions := 1 + r.IntN(12)
		s := newSpan(dimensions)
		for range 3 * dimensions {
			numbers := make([]float64, dimensions)
			for i := range numbers {
				numbers[i] = float64(r.IntN(5)-2) * float64(r.IntN(2))
			}
			factors, ok := s.add(vector(numbers...))
			if !ok {
				continue
			}
			combined++
			for _, f := range factors {
				for _, e := range s.vectors[f.Row] {
					numbers[e.Row] -= f.Weight * e.Weight
				}
			}
			require.Empty(t, vector(numbers...))
		}
		require.LessOrEqual(t, len(s.vectors), dimensions)
	}
	assert.Greater(t, combined, 1000)
}

// TestSpanGivesUp when it has looked at too many numbers, without a false word.
func TestSpanGivesUp(t *testing.T) {
	s := newSpan(2)
	s.add(vector(1, 1))
	s.work = maxElimination + 1
	_, ok := s.add(vector(2, 2))
	assert.False(t, ok)
}
