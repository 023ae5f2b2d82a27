package ngram

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

func arpaOf(t *testing.T, m *Model) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.ARPA(&b))
	return b.String()
}

// TestWrittenARPA is read as the model that it was written of.
func TestWrittenARPA(t *testing.T) {
	for _, s := range []Smoothing{AddK, WittenBell, KneserNey} {
		for _, o := range []Options{{Order: 1}, {Order: 3}, {Order: 9}, {Order: 2, Split: text.Words, MinCount: 2}} {
			m := estimated(t, "ab ab\na b\n\nba ab", o, s, 0.5)
			read, err := ReadARPA(strings.NewReader(arpaOf(t, m)), "")
			require.NoError(t, err)
			require.ElementsMatch(t, m.Tokens(), read.Tokens())
			for _, before := range contexts(m, min(o.Order, 4)) {
				for _, token := range m.Tokens() {
					require.InDelta(t, m.Score(before, token), read.Score(before, token), 1e-5, "%s %v: %q after %q", s, o, token, before)
				}
			}
			require.Equal(t, arpaOf(t, m), arpaOf(t, read), "and that writes the same")
		}
	}
	m := estimated(t, "ab", Options{Order: 2}, MLE, 0)
	require.Contains(t, arpaOf(t, m), "-99\t<s>\t-99\n", "nothing backs off")
	_, err := ReadARPA(strings.NewReader(strings.Replace(arpaOf(t, m), "\ta\t", "\t<space>\t", 1)), "")
	require.ErrorContains(t, err, `"a" is not among the 1-grams`)
	require.ErrorContains(t, estimated(t, "a\tb", Options{Order: 2}, KneserNey, 0).ARPA(&bytes.Buffer{}), `cannot hold the token "\t"`)
}

// TestBlankOfWords: among words <space> is a word.
func TestBlankOfWords(t *testing.T) {
	m, err := ReadARPA(strings.NewReader(strings.ReplaceAll(small, "b\n", "<space>\n")), "")
	require.NoError(t, err)
	require.Contains(t, m.Tokens(), " ")
	m, err = ReadARPA(strings.NewReader(strings.NewReplacer("b\n", "<space>\n", "a\t", "word\t", "s> a", "s> word", "a b", "word <space>").Replace(small)), "")
	require.NoError(t, err)
	require.Contains(t, m.Tokens(), "<space>")
}

// TestQueryIsTheModel, with the lengths of the n-grams that decide.
func TestQueryIsTheModel(t *testing.T) {
	m := estimated(t, rhyme(t), Options{Order: 3, Split: text.Words}, KneserNey, 0)
	q := NewQuery(m)
	tokens := m.Tokens()
	row := make([]float64, len(tokens))
	for _, before := range contexts(m, 2) {
		places := make([]int, len(before))
		for i, name := range before {
			for place, token := range tokens {
				if token == name {
					places[i] = place
				}
			}
		}
		q.Next(places, row)
		for place, token := range tokens {
			want := m.Score(before, token)
			got, order := q.Log(places, place)
			require.Equal(t, want, got)
			if math.IsInf(want, -1) {
				require.Zero(t, order)
				require.True(t, math.IsInf(row[place], -1))
				continue
			}
			require.InDelta(t, want, row[place], 1e-12)
			longest := 1
			for n := 1; n <= len(before); n++ {
				ids := []int32{}
				for _, name := range append(before[len(before)-n:len(before):len(before)], token) {
					ids = append(ids, m.vocab.ids[name])
				}
				if m.find(ids) >= 0 {
					longest = n + 1
				}
			}
			require.Equal(t, longest, order)
		}
	}
}
