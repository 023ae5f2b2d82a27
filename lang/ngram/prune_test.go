package ngram

import (
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

func words(order int) Options { return Options{Order: order, Split: text.Words} }

func pruned(t *testing.T, s Smoothing, thresholds ...int) *Model {
	t.Helper()
	c, err := Count(reader(rhyme(t)), words(3))
	require.NoError(t, err)
	require.NoError(t, c.Prune(thresholds))
	m, err := c.Estimate(s, 0)
	require.NoError(t, err)
	return m
}

// TestPrunedCounts: what occurs more often than the threshold keeps its probability apart
// from what backs off, and contexts sum to 1.
func TestPrunedCounts(t *testing.T) {
	for _, s := range []Smoothing{KneserNey, WittenBell} {
		all, m := pruned(t, s), pruned(t, s, 0, 0, 1)
		require.Equal(t, all.Grams()[:2], m.Grams()[:2])
		require.Less(t, m.Grams()[2], all.Grams()[2])
		require.Empty(t, m.Sums(1e-9))
		for gram, p := range m.logP[3] {
			require.Equal(t, strings.Count(sentencesOf(t), " "+strings.Join(m.vocab.words(m.trie.tokensOf(3, int32(gram))), " ")+" ") > 1, !math.IsNaN(p))
		}
		require.Equal(t, all.Grams(), pruned(t, s, 0).Grams())
		require.Empty(t, pruned(t, s, 0, 1).Sums(1e-9))
		require.Equal(t, pruned(t, s, 0, 1).Grams(), pruned(t, s, 0, 1, 1).Grams(), "the last threshold is for longer ones, too")
	}
}

// sentencesOf the rhyme, with their ends, between blanks.
func sentencesOf(t *testing.T) string {
	var b strings.Builder
	for line := range strings.Lines(rhyme(t)) {
		b.WriteString(" <s> " + strings.Join(strings.Fields(line), " ") + " </s> ")
	}
	return b.String()
}

// TestPruningIsThatOfKenLM compares with what lmplz made of the rhyme with --prune 0 0 1
// --discount_fallback, and with --interpolate_unigrams 0.
func TestPruningIsThatOfKenLM(t *testing.T) {
	for _, test := range []struct {
		file string
		ours func(c *Counts) error
	}{
		{"rhyme.pruned.arpa", func(c *Counts) error { return c.Prune([]int{0, 0, 1}) }},
		{"rhyme.plain.arpa", func(c *Counts) error { c.PlainUnigrams = true; return nil }},
	} {
		c, err := Count(reader(rhyme(t)), words(3))
		require.NoError(t, err)
		require.NoError(t, test.ours(c))
		ours, err := c.Estimate(KneserNey, 0)
		require.NoError(t, err)
		file, err := os.Open("testdata/" + test.file)
		require.NoError(t, err)
		defer file.Close()
		theirs, err := ReadARPA(file, test.file)
		require.NoError(t, err)
		require.Equal(t, theirs.Grams(), ours.Grams())
		for _, before := range contexts(ours, 2) {
			for _, token := range ours.Tokens() {
				require.InDelta(t, theirs.Score(before, token), ours.Score(before, token), 2e-6, "%s: %q after %q", test.file, token, before)
			}
		}
	}
}

func TestThresholdsThatAreNone(t *testing.T) {
	c, err := Count(reader("a b\n"), words(2))
	require.NoError(t, err)
	require.EqualError(t, c.Prune([]int{0, 1, 1}), "3 thresholds for order 2")
	require.EqualError(t, c.Prune([]int{1}), "the first threshold, of single tokens, is 0, not 1")
	require.EqualError(t, c.Prune([]int{0, -1}), "the thresholds do not fall, but -1 comes after 0")
}

// TestDivergenceIsThatOfTheModels compares the formula, for each n-gram, with the sum over
// all tokens of the two distributions after its context.
func TestDivergenceIsThatOfTheModels(t *testing.T) {
	tried := 0
	for n := 2; n <= 3; n++ {
		m := pruned(t, WittenBell)
		for gram, p := range m.logP[n] {
			context := m.trie.levels[n].context[gram]
			following := m.continuations(n - 1).of(context)
			seen, lower := m.seen(n, following)
			if math.IsNaN(p) || 1-seen < leastLeft {
				continue
			}
			tried++
			formula := m.divergence(n, int32(gram), m.backoff[n-1][context], 1-seen, 1-lower)
			before := make(map[int32]float64)
			for _, token := range m.predicted() {
				before[token] = m.after(n-1, context, token)
			}
			bow := m.backoff[n-1][context]
			m.logP[n][gram] = math.NaN()
			seen, lower = m.seen(n, following)
			m.backoff[n-1][context] = math.Log((1 - seen) / (1 - lower))
			direct := 0.0
			for token, log := range before {
				direct += math.Exp(log) * (log - m.after(n-1, context, token))
			}
			m.logP[n][gram], m.backoff[n-1][context] = p, bow
			require.InDelta(t, direct, formula, 1e-9)
		}
	}
	require.Greater(t, tried, 50)
}

// TestEntropyPruning: the lower the threshold, the more n-grams and the less the relative
// entropy to the whole model; contexts sum to 1; no context of what is left is missing.
func TestEntropyPruning(t *testing.T) {
	whole := pruned(t, KneserNey)
	last := math.Inf(1)
	for _, threshold := range []float64{1, 1e-2, 3e-3, 1e-3, 0} {
		m := pruned(t, KneserNey)
		before := m.Grams()
		removed := m.PruneEntropy(threshold)
		after := m.Grams()
		require.Equal(t, removed, before[0]+before[1]+before[2]-after[0]-after[1]-after[2])
		require.Equal(t, before[0], after[0])
		require.Empty(t, m.Sums(1e-9))
		if threshold == 0 {
			require.Zero(t, removed, "each n-gram of this model says something")
		}
		if threshold == 1 {
			require.Equal(t, []int{before[0], 0, 0}, after)
		}
		d := 0.0
		for line := range strings.Lines(rhyme(t)) {
			before := []string{"<s>"}
			for _, word := range append(strings.Fields(line), "</s>") {
				for _, token := range whole.Tokens() {
					if p := whole.Score(before, token); !math.IsInf(p, -1) {
						d += math.Exp(p) * (p - m.Score(before, token))
					}
				}
				before = append(before, word)
			}
		}
		require.LessOrEqual(t, d, last)
		last = d
	}
	require.InDelta(t, 0, last, 1e-9)
}

// TestEntropyPrunedSumsToOne: after every context, also where next to nothing is left for
// unseen tokens, of words and of classes, in the program and in the ARPA file.
func TestEntropyPrunedSumsToOne(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	pruned := 0
	for seed := range 90 {
		content := fewWords(r)
		if seed%3 == 0 {
			content = strings.NewReplacer("c", "b", "d", "b", "e", "b").Replace(content)
		}
		s, o := []Smoothing{AddK, WittenBell, KneserNey}[r.IntN(3)], Options{Order: 2 + r.IntN(4), Split: text.Words}
		threshold := []float64{1e-4, 1e-3, 1e-2, 0.1}[r.IntN(4)]
		words := estimated(t, content, o, s, 0.01)
		classes := classModel(t, content, "b X\nc X\nf Y\n", o, s)
		pruned += words.PruneEntropy(threshold) + classes.PruneEntropy(threshold)
		expanded, err := classes.Expand()
		require.NoError(t, err)
		requireNormalised(t, classes, r, content)
		requireNormalised(t, words, r, content)
		for _, m := range []*Model{words, expanded} {
			require.Empty(t, m.Sums(1e-9), "%s %v %g: %q", s, o, threshold, content)
			read, err := ReadARPA(strings.NewReader(arpaOf(t, m)), "")
			require.NoError(t, err)
			require.Empty(t, read.Sums(1e-5), "%s %v %g: %q", s, o, threshold, content)
			for _, before := range contexts(m, 2) {
				for _, token := range m.Tokens() {
					if token != text.BeginName {
						require.InDelta(t, m.Score(before, token), read.Score(before, token), 1e-5, "%q after %q: %q", token, before, content)
					}
				}
			}
		}
	}
	require.Greater(t, pruned, 1000)
}
