package perplexity

import (
	"encoding/base64"
	"math"
	"math/rand/v2"
	"strings"
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
	require.Equal(t, all.Log, stored.Log)
	require.Equal(t, all.EndLog, stored.EndLog)
	require.Equal(t, all.Error, stored.Error)
	require.Equal(t, []int{all.Tokens, all.EndTokens, all.Groups, int(all.Bytes), int(all.Characters)},
		[]int{stored.Tokens, stored.EndTokens, stored.Groups, int(stored.Bytes), int(stored.Characters)})
	require.Greater(t, all.Error, 0.05)
}

// TestParts: a text of sentences comes to the same, digit for digit, in whatever parts, joined
// in whatever groups; the first token that cannot be has its place in the whole.
func TestParts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	lines := Options{Reading: text.Reading{Sentences: true}, Longest: 4}
	score := func(id, before, position int) float64 {
		if id == 1 && before == 1 {
			return 0
		}
		return 1 / float64(2+3*id+before+position)
	}
	for range 60 {
		var parts []string
		for range 1 + r.IntN(5) {
			part := ""
			for range 1 + r.IntN(4) {
				for range r.IntN(9) {
					part += "abcz"[r.IntN(4):][:1]
				}
				part += "\n"
			}
			parts = append(parts, part)
		}
		before, err := measure("cb\n", abc(true), score, lines)
		require.NoError(t, err)
		all, err := measure(strings.Join(parts, ""), abc(true), score, lines)
		require.NoError(t, err)
		var want, got, rest Result
		want.Add(before)
		want.Add(all)
		got.Add(before)
		for i, part := range parts {
			p, err := measure(part, abc(true), score, lines)
			require.NoError(t, err)
			if i > 0 {
				p.Continue()
			}
			if i < 2 {
				got.Add(p)
			} else {
				rest.Add(p)
			}
		}
		if len(parts) > 2 {
			got.Add(rest)
		}
		if want.Zeros > 0 {
			require.Equal(t, *want.First, *got.First)
			require.True(t, math.IsNaN(got.Error))
			want.First, got.First, want.Error, got.Error = nil, nil, 0, 0
		}
		a, err := want.MarshalText()
		require.NoError(t, err)
		var same Result
		require.NoError(t, same.UnmarshalText(a))
		for _, x := range []*Result{&want, &got, &same} {
			x.sums = sums{} // of equal sums, which may be spelled in two ways
			if math.IsNaN(x.Error) {
				x.Error = 0
			}
		}
		require.Equal(t, want, got)
		require.Equal(t, want, same)
	}
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

// TestNoResult: what nobody wrote is an error and no panic.
func TestNoResult(t *testing.T) {
	for of, want := range map[string]string{
		`{"Sums": {"Log": [9221120237041090560]}}`:                       "NaN is no part of a sum",
		`{"Sums": {"Log": [9218868437227405312, 18442240474082181120]}}`: "+Inf is no part of a sum",
		`{"Sums": {"Groups": {"N": 2, "XX": [9218868437227405311]}}}`:    "e+308 is no part of a sum",
		`{"Sums": {"Groups": {"N": 2}}}`:                                 "",
	} {
		var r Result
		err := r.UnmarshalText([]byte(base64.StdEncoding.EncodeToString([]byte(of))))
		if want == "" {
			require.NoError(t, err)
			require.True(t, math.IsNaN(r.Error))
			continue
		}
		require.ErrorContains(t, err, want)
	}
}
