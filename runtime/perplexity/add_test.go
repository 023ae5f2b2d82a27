package perplexity

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

// TestAdd: sentences of several texts are those of one, whether their results were kept or
// went through bytes; the first token that cannot be is that of the first text.
func TestAdd(t *testing.T) {
	lines := Options{Reading: text.Reading{Sentences: true}}
	score := func(id, position, _ int) float64 { return 1 / float64(2+id+position) }
	texts := []string{"ab\na\n", "abc\n\ncab\n", "b\n"}
	all, err := measure(texts[0]+texts[1]+texts[2], abc(true), score, lines)
	require.NoError(t, err)
	var kept, stored Result
	for _, from := range texts {
		r, err := measure(from, abc(true), score, lines)
		require.NoError(t, err)
		kept.Add(r)
		b, err := r.MarshalText()
		require.NoError(t, err)
		var again Result
		require.NoError(t, again.UnmarshalText(b))
		require.Equal(t, r.Log, again.Log)
		stored.Add(again)
	}
	require.Equal(t, kept.Log, stored.Log)
	require.Equal(t, kept.Error, stored.Error)
	require.Equal(t, 3, stored.Texts)
	require.InDelta(t, all.Log, stored.Log, 1e-12)
	require.InDelta(t, all.EndLog, stored.EndLog, 1e-12)
	require.InDelta(t, all.Error, stored.Error, 1e-12)
	require.Equal(t, []int{all.Tokens, all.EndTokens, all.Groups, int(all.Bytes), int(all.Characters)},
		[]int{stored.Tokens, stored.EndTokens, stored.Groups, int(stored.Bytes), int(stored.Characters)})
	require.Greater(t, all.Error, 0.05)
}

// TestAddZeros: what is infinite stays so through bytes.
func TestAddZeros(t *testing.T) {
	score := func(id, _, _ int) float64 { return float64(id % 2) }
	var sum Result
	for _, from := range []string{"bb", "bab", "aa"} {
		r, _ := measure(from, abc(false), score, Options{})
		b, err := r.MarshalText()
		require.NoError(t, err)
		var again Result
		require.NoError(t, again.UnmarshalText(b))
		sum.Add(again)
	}
	require.Equal(t, 1, sum.FirstText)
	require.Equal(t, 2, sum.Zeros)
	require.True(t, math.IsInf(sum.Bits(), 1))
	require.True(t, math.IsNaN(sum.Error))
	require.Error(t, sum.UnmarshalText([]byte("no")))
}
