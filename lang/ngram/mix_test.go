package ngram

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

// TestMixtureIsTheSum: n-grams of any model have the weighted sum of the probabilities,
// with exact all tokens have, and contexts sum to 1.
func TestMixtureIsTheSum(t *testing.T) {
	a := estimated(t, rhyme(t), Options{Order: 3, Split: text.Words}, KneserNey, 0)
	b := estimated(t, "the bird sat on the cat\nno bird is a dog\n", Options{Order: 2, Split: text.Words}, WittenBell, 0)
	weights := []float64{0.3, 0.7}
	logs := make([]float64, 2)
	for _, exact := range []bool{false, true} {
		x, err := NewMixer([]*Model{a, b})
		require.NoError(t, err)
		m, err := x.Mix(weights, exact)
		require.NoError(t, err)
		require.Empty(t, m.Sums(1e-9))
		require.Subset(t, m.Tokens(), append(a.Tokens(), b.Tokens()...))
		equal, other := 0, 0
		for _, before := range contexts(m, 2) {
			for _, token := range m.Tokens() {
				x.Logs(before, token, logs)
				want := 0.3*math.Exp(logs[0]) + 0.7*math.Exp(logs[1])
				if token == text.BeginName {
					continue
				}
				got := math.Exp(m.Score(before, token))
				ids := make([]int32, 0, 3)
				for _, name := range append(before[:len(before):len(before)], token) {
					ids = append(ids, m.vocab.ids[name])
				}
				if exact || x.seen(ids) {
					equal++
					require.InDelta(t, want, got, 1e-12, "%q after %q", token, before)
				} else if math.Abs(want-got) > 1e-12 {
					other++
				}
			}
		}
		require.Greater(t, equal, 80)
		require.Equal(t, exact, other == 0)
	}
}

// TestTune finds the maximum: at any other weights the text is less likely.
func TestTune(t *testing.T) {
	logs := [][]float64{}
	for _, p := range [][]float64{{0.5, 0.1}, {0.2, 0.3}, {0.1, 0.4}, {0.6, 0.5}, {0.01, 0}} {
		logs = append(logs, []float64{math.Log(p[0]), math.Log(p[1])})
	}
	likelihood := func(w float64) (sum float64) {
		for _, row := range logs {
			sum += Weighted([]float64{w, 1 - w}, row)
		}
		return sum
	}
	weights, err := Tune(logs)
	require.NoError(t, err)
	require.InDelta(t, 1, weights[0]+weights[1], 1e-9)
	for w := 0.01; w < 1; w += 0.01 {
		require.GreaterOrEqual(t, likelihood(weights[0])+1e-8, likelihood(w))
	}
	_, err = Tune([][]float64{{0, 0}, {math.Inf(-1), math.Inf(-1)}})
	require.EqualError(t, err, "no model has a probability for token 2")
}

// TestMixtureOfOneModel is that model.
func TestMixtureOfOneModel(t *testing.T) {
	m := estimated(t, rhyme(t), Options{Order: 3, Split: text.Words}, KneserNey, 0)
	x, err := NewMixer([]*Model{m, m})
	require.NoError(t, err)
	same, err := x.Mix([]float64{0.5, 0.5}, false)
	require.NoError(t, err)
	for _, before := range contexts(m, 2) {
		for _, token := range m.Tokens() {
			want := m.Score(before, token)
			if !math.IsInf(want, -1) {
				require.InDelta(t, want, same.Score(before, token), 1e-9)
			}
		}
	}
	require.Equal(t, strings.Count(arpaOf(t, m), "\n"), strings.Count(arpaOf(t, same), "\n"))
}

// TestMixturesSumToOne: after every context, also where a model leaves nothing for unseen
// tokens and the other no more than a little.
func TestMixturesSumToOne(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 60 {
		var models []*Model
		for range 2 {
			s, o := Smoothing(r.IntN(4)), Options{Order: 1 + r.IntN(4), Split: text.Words}
			m, err := ReadARPA(strings.NewReader(arpaOf(t, estimated(t, fewWords(r), o, s, 1e-9))), "")
			require.NoError(t, err)
			models = append(models, m)
		}
		x, err := NewMixer(models)
		require.NoError(t, err)
		w := []float64{0, 1e-7, 0.3, 1}[r.IntN(4)]
		for _, exact := range []bool{false, true} {
			m, err := x.Mix([]float64{w, 1 - w}, exact)
			require.NoError(t, err)
			require.Empty(t, m.Sums(3e-6), "%v %v\n%s\n%s", w, exact, arpaOf(t, models[0]), arpaOf(t, models[1]))
		}
	}
}

// TestExactMixtures are the sums of the models after all tokens, also where a token of one
// is "<unk>" in the contexts of another.
func TestExactMixtures(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	spelled := 0
	for range 40 {
		var models []*Model
		for i := range 2 {
			content := strings.ReplaceAll(fewWords(r), "b", []string{"b", "g"}[i])
			o := Options{Order: 2 + r.IntN(3), Split: text.Words, MinCount: 1 + r.IntN(4)}
			models = append(models, estimated(t, "c c c c\n"+content, o, []Smoothing{AddK, WittenBell, KneserNey}[r.IntN(3)], 0.5))
		}
		x, err := NewMixer(models)
		require.NoError(t, err)
		before := x.trie.grams
		require.NoError(t, x.spell())
		spelled += x.trie.grams - before
		m, err := x.Mix([]float64{0.4, 0.6}, true)
		require.NoError(t, err)
		logs := make([]float64, 2)
		for _, before := range contexts(m, m.Order()-1) {
			for _, token := range m.Tokens() {
				x.Logs(before, token, logs)
				if token != text.BeginName {
					require.InDelta(t, Weighted([]float64{0.4, 0.6}, logs), m.Score(before, token), 1e-9, "%q after %q", token, before)
				}
			}
		}
	}
	require.Greater(t, spelled, 100)
}
