package runtime

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What else is in a batch makes no difference, nor what was run before.
func TestRaggedBatch(t *testing.T) {
	for _, causal := range []bool{false, true} {
		m := random(Config{Layers: 2, Heads: 3, DModel: 9, DHead: 4, DMLP: 6, NCtx: 17, Causal: causal}, 4, 0.2, 5)
		var batch [][]int
		for _, length := range []int{3, 16, 1, 7, 16, 2} {
			batch = append(batch, randomInput(m, length, uint64(length)))
		}
		s := NewSession(m)
		got, err := s.Run(batch)
		require.NoError(t, err)
		require.Len(t, got, len(batch))
		for n, input := range batch {
			alone, err := NewSession(m).Run([][]int{input})
			require.NoError(t, err)
			require.Equal(t, alone[0], got[n])
			require.Len(t, got[n], 2)
			require.Len(t, got[n][0], len(input))
			checkAgainstReference(t, m, s, input)
		}
	}
}

// A causal model's logits for a prefix do not depend on what follows.
func TestCausalPrefix(t *testing.T) {
	m := random(Config{Layers: 2, Heads: 2, DModel: 8, DHead: 3, DMLP: 6, NCtx: 13, Causal: true}, 4, 0.2, 6)
	input := randomInput(m, 12, 1)
	whole, err := NewSession(m).Logits(input)
	require.NoError(t, err)
	for length := 1; length < 12; length++ {
		prefix, err := NewSession(m).Logits(input[:length])
		require.NoError(t, err)
		require.Equal(t, whole[:len(prefix)], prefix)
	}
}

func TestInputErrors(t *testing.T) {
	m := tiny(1)
	s := NewSession(m)
	_, err := s.Run([][]int{{0}, make([]int, 7)})
	require.ErrorIs(t, err, ErrTooLong)
	require.EqualError(t, err, "input 2 of 2: input too long: 7 tokens, the model takes at most 6")

	_, err = s.Run([][]int{{}})
	require.ErrorIs(t, err, ErrEmpty)
	_, err = s.Logits(nil)
	require.ErrorIs(t, err, ErrEmpty)

	_, err = s.Logits([]int{0, 3}) // the id of BOS is not for users
	require.EqualError(t, err, "token id 3 at position 1, the vocabulary has the ids 0 to 2")
	_, err = s.Logits([]int{-1})
	require.ErrorContains(t, err, "token id -1 at position 0")

	got, err := s.Run(nil)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestEncode(t *testing.T) {
	m := &Model{Vocab: []Token{`"a"`, "1", "1.0", `"1"`}}
	ids, err := m.Encode([]Token{`"1"`, "1", "1.0", `"a"`, "1"})
	require.NoError(t, err)
	require.Equal(t, []int{3, 1, 2, 0, 1}, ids)

	_, err = m.Encode([]Token{"1", `"z"`})
	require.EqualError(t, err, `token "z" at position 1 is not in the vocabulary: "a", 1, 1.0, "1"`)

	_, err = blank(Config{DModel: 1, NCtx: 2}, 50).Encode([]Token{"7"})
	require.ErrorContains(t, err, `"t18", "t19", ... (50 in all)`)
}
