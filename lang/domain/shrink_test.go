package domain

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/value"
)

func letters(text string) (vocab []value.Value) {
	for _, r := range text {
		vocab = append(vocab, value.OfString(string(r)))
	}
	return vocab
}

func TestShrink(t *testing.T) {
	d := Domain{Vocab: letters("abc"), Length: 8}
	twoC := func(ids []int) bool {
		return len(ids) > 2 && slices.Index(ids, 2) != len(ids)-1 && slices.Contains(ids, 2)
	}
	assert.Equal(t, []int{2, 0, 0}, d.Shrink([]int{1, 2, 0, 1, 2, 1, 0, 1}, 1000, twoC))

	asked := 0
	d.Shrink([]int{1, 1, 1, 1, 1, 1, 1, 1}, 3, func([]int) bool { asked++; return false })
	assert.Equal(t, 3, asked)
}

func TestShrinkKeepsTheForm(t *testing.T) {
	d, err := Domain{Vocab: letters("abc"), Length: 8}.Of(`[ab]+ "c" [ab]+`)
	require.NoError(t, err)
	always := func([]int) bool { return true }
	assert.Equal(t, []int{0, 2, 0}, d.Shrink([]int{1, 1, 0, 2, 1, 1}, 1000, always))
}
