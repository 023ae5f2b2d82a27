package verify

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFewInputsAreAllTried(t *testing.T) {
	p, err := plan(3, 4, Options{})
	require.NoError(t, err)
	assert.Equal(t, 3+9+27+81, p.total)
	assert.Equal(t, 4, p.allUpTo)
	assert.Zero(t, p.random)
	seen := map[string]bool{}
	last := 0
	for k := range p.total {
		ids := p.input(k, nil)
		assert.GreaterOrEqual(t, len(ids), last, "shorter inputs come first")
		last = len(ids)
		seen[fmt.Sprint(ids)] = true
	}
	assert.Len(t, seen, p.total)
	assert.Equal(t, []int{0}, p.input(0, nil))
	assert.Equal(t, []int{0, 1}, p.input(4, nil))
	assert.Equal(t, []int{2, 2, 2, 2}, p.input(p.total-1, nil))
}

func TestLargeDomainIsSampled(t *testing.T) {
	p, err := plan(10, 50, Options{Samples: 1500})
	require.NoError(t, err)
	assert.Equal(t, 3, p.allUpTo)
	assert.Equal(t, 10+100+1000+1500, p.total)
	longest := 0
	for k := range p.total {
		ids := p.input(k, nil)
		assert.Equal(t, ids, p.input(k, make([]int, 50)), "what lies in the room does not matter")
		assert.LessOrEqual(t, len(ids), 50)
		if len(ids) == 50 {
			longest++
		}
	}
	assert.GreaterOrEqual(t, longest, 750)
	other, err := plan(10, 50, Options{Samples: 1500, Seed: 1})
	require.NoError(t, err)
	assert.NotEqual(t, p.input(p.total-2, nil), other.input(p.total-2, nil))
}

func TestExhaustive(t *testing.T) {
	p, err := plan(2, 20, Options{Exhaustive: true})
	require.NoError(t, err)
	assert.Equal(t, 1<<21-2, p.total)
	assert.Equal(t, 20, p.allUpTo)
	_, err = plan(10, 18, Options{Exhaustive: true})
	assert.ErrorContains(t, err, "more than 10^18 inputs")
}

func TestOneToken(t *testing.T) {
	p, err := plan(1, 15_000, Options{})
	require.NoError(t, err)
	assert.Equal(t, 15_000, p.total)
	assert.Len(t, p.input(p.total-1, nil), 15_000)
}

func TestDomainDoesNotOverflow(t *testing.T) {
	for _, c := range []struct {
		vocab, length, count int
		exact                bool
	}{
		{1, 1, 1, true}, {2, 3, 14, true}, {10, 17, 111_111_111_111_111_110, true},
		{10, 18, math.MaxInt, false}, {math.MaxInt, 2, math.MaxInt, false}, {2, math.MaxInt, math.MaxInt, false},
	} {
		count, exact := domain(c.vocab, c.length)
		assert.Equal(t, c.count, count)
		assert.Equal(t, c.exact, exact)
	}
}

func TestShapesStayInTheVocabulary(t *testing.T) {
	for _, vocab := range []int{1, 2, 7, 1000} {
		for _, length := range []int{1, 2, 3, 64} {
			p := inputs{vocab: vocab, length: length}
			for k := range 300 {
				ids := p.sample(k, nil)
				assert.NotEmpty(t, ids)
				for _, id := range ids {
					assert.True(t, id >= 0 && id < vocab)
				}
			}
		}
	}
}
