package domain

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/lang/value"
)

// of so many tokens, the ints from 0.
func of(vocab, length int) Domain {
	d := Domain{Length: length}
	for i := range vocab {
		d.Vocab = append(d.Vocab, value.OfInt(int64(i)))
	}
	return d
}

func TestAllInputsInOrder(t *testing.T) {
	d := of(3, 4)
	count, exact := d.Count()
	assert.True(t, exact)
	assert.Equal(t, 3+9+27+81, count)
	s := Inputs{Domain: d, First: count}
	seen := map[string]bool{}
	last := 0
	for k := range s.Len() {
		ids := s.IDs(k, nil)
		assert.GreaterOrEqual(t, len(ids), last, "shorter inputs come first")
		last = len(ids)
		seen[fmt.Sprint(ids)] = true
	}
	assert.Len(t, seen, count)
	assert.Equal(t, []int{0}, s.IDs(0, nil))
	assert.Equal(t, []int{0, 1}, s.IDs(4, nil))
	assert.Equal(t, []int{2, 2, 2, 2}, s.IDs(count-1, nil))
}

func TestAllIsIDs(t *testing.T) {
	s := Inputs{Domain: of(3, 7), First: 20, Random: 50, Seed: 9}
	k := 0
	for input := range s.All() {
		assert.Equal(t, s.Values(s.IDs(k, nil), nil), input)
		k++
	}
	assert.Equal(t, 70, k)
	for range s.All() {
		break
	}
}

func TestRandomInputs(t *testing.T) {
	s := Inputs{Domain: of(10, 50), Random: 1500}
	longest := 0
	for k := range s.Len() {
		ids := s.IDs(k, nil)
		assert.Equal(t, ids, s.IDs(k, make([]int, 50)), "what lies in the room does not matter")
		if len(ids) == 50 {
			longest++
		}
	}
	assert.GreaterOrEqual(t, longest, 750)
	other := s
	other.Seed = 1
	assert.NotEqual(t, s.IDs(1498, nil), other.IDs(1498, nil))
}

func TestShapesStayInTheVocabulary(t *testing.T) {
	for _, vocab := range []int{1, 2, 7, 1000} {
		for _, length := range []int{1, 2, 3, 64} {
			s := Inputs{Domain: of(vocab, length), Random: 300}
			for k := range s.Len() {
				ids := s.IDs(k, nil)
				assert.True(t, 1 <= len(ids) && len(ids) <= length)
				assert.True(t, slices.Min(ids) >= 0 && slices.Max(ids) < vocab)
			}
		}
	}
}

func TestCountDoesNotOverflow(t *testing.T) {
	for _, c := range []struct {
		vocab, length, count int
		exact                bool
	}{
		{1, 1, 1, true}, {1, 15_000, 15_000, true}, {2, 3, 14, true}, {10, 8, 111_111_110, true},
		{10, 18, math.MaxInt, false}, {100_000, 4, math.MaxInt, false}, {2, math.MaxInt, math.MaxInt, false},
	} {
		count, exact := of(c.vocab, c.length).Count()
		assert.Equal(t, c.count, count)
		assert.Equal(t, c.exact, exact)
	}
}

func TestUpTo(t *testing.T) {
	for _, c := range []struct{ vocab, length, most, upTo, count int }{
		{10, 50, 1500, 3, 1110}, {10, 50, 1110, 3, 1110}, {10, 50, 1109, 2, 110}, {10, 50, 9, 0, 0}, {10, 2, 1500, 2, 110},
	} {
		upTo, count := of(c.vocab, c.length).UpTo(c.most)
		assert.Equal(t, c.upTo, upTo)
		assert.Equal(t, c.count, count)
	}
}

func TestText(t *testing.T) {
	assert.Equal(t, `["a", 1]`, Text([]value.Value{value.OfString("a"), value.OfInt(1)}))
}
