package open

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang/value"
)

// What is read as ids is what is read as tokens and looked up, and all else is read as Input
// reads it, in memory of what came before.
func TestGiven(t *testing.T) {
	letters := []value.Value{value.OfString("a"), value.OfString("b"), value.OfString("é"), value.OfString("[")}
	numbers := []value.Value{value.OfInt(1), value.OfString("2"), value.OfInt(2), value.OfBool(true), value.OfString("ab")}
	texts := []string{
		"a", "ab", "éa", "abé日", "日", "12", "21", "1a", "ab", "", "[", "[]", `["a", "é"]`, "[1]", "a[", "\xff", "a\xc3", "\ufffd", "\x00", "abab",
	}
	var g Given
	for _, vocab := range [][]value.Value{letters, numbers, nil} {
		v := NewVocabulary(vocab)
		for _, text := range append(texts, texts...) {
			g.Read(text, v)
			want, fault := Input(text, v)
			require.Equal(t, fault, g.fault, "%q", text)
			require.Equal(t, want, g.Tokens(), "%q", text)
			require.Equal(t, want == nil, g.Tokens() == nil, "%q", text)
			require.Equal(t, ShowInput(text, want), string(g.Append(nil)), "%q", text)
			known := want != nil && v != nil && !slices.ContainsFunc(want, func(token value.Value) bool { return !slices.Contains(v.Tokens, token) })
			require.Equal(t, known && len(want) > 0 && text[0] != '[', g.ids != nil, "%q", text)
			if g.ids != nil {
				ids, err := v.encode(nil, want, len(want))
				require.NoError(t, err)
				require.Equal(t, ids, g.ids, "%q", text)
			}
		}
	}
	v, long := NewVocabulary(letters), strings.Repeat("abé", 20)
	g.Read(long, v)
	require.Zero(t, testing.AllocsPerRun(10, func() { g.Read(long, v) }))
}
