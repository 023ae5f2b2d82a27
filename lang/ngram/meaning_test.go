package ngram

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime/text"
)

// predicted runs the program of a model on an input: what comes after each of its
// positions.
func predicted(t *testing.T, m *Model) func(input []string) [][]float64 {
	t.Helper()
	p, faults := lang.Parse("lm.rasp", program(t, m))
	require.NoError(t, faults.Err())
	vocab := p.File.Directives.Vocab
	require.True(t, p.File.Directives.Causal)
	require.Len(t, vocab, len(m.Tokens()))
	for i, token := range m.Tokens() {
		require.Equal(t, value.OfString(token), vocab[i])
	}
	outputs, fault := p.Outputs(nil, vocab)
	require.Nil(t, fault)
	require.NotNil(t, outputs[0].Next)
	evaluator := predict.New(outputs, vocab, true)
	return func(input []string) [][]float64 {
		tokens := make([]value.Value, len(input))
		for i, token := range input {
			tokens[i] = value.OfString(token)
		}
		results, err := evaluator.Run(tokens)
		require.NoError(t, err)
		return results[0].Next
	}
}

// requireMeaning wants the program to say what the back-off rule says, to 1e-6
// relatively, on random inputs; what has no probability has exactly none.
func requireMeaning(t *testing.T, m *Model, r *rand.Rand) {
	t.Helper()
	run := predicted(t, m)
	tokens := m.Tokens()
	for range 50 {
		input := []string{text.BeginName}
		for range r.IntN(12) {
			input = append(input, tokens[1+r.IntN(len(tokens)-1)])
		}
		for i, row := range run(input) {
			for id, got := range row {
				before := input[:i+1]
				want := m.Score(before, tokens[id])
				if math.IsInf(want, -1) {
					require.True(t, math.IsInf(got, -1), "%q after %q", tokens[id], before)
					continue
				}
				require.InDelta(t, want, got, 1e-6, "%q after %q", tokens[id], before)
			}
		}
	}
}

// TestProgramsMeanTheModel for all orders, splits and smoothings.
func TestProgramsMeanTheModel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for order := 1; order <= MaxOrder; order++ {
		for _, s := range []Smoothing{MLE, AddK, WittenBell, KneserNey} {
			for _, split := range []text.Split{text.Chars, text.Words} {
				t.Run(fmt.Sprintf("%d %s %s", order, s, split), func(t *testing.T) {
					requireMeaning(t, estimated(t, rhyme(t)+`a "quote" and a \`, Options{Order: order, Split: split}, s, 0.1), r)
				})
			}
		}
	}
}

func TestProgramOfARPA(t *testing.T) {
	text, err := os.ReadFile("testdata/rhyme.kenlm.arpa")
	require.NoError(t, err)
	m, err := ReadARPA(strings.NewReader(string(text)), "")
	require.NoError(t, err)
	requireMeaning(t, m, rand.New(rand.NewPCG(3, 4)))
}

// TestProgramNormalises says what becomes of an ARPA file that does not sum to 1:
// each probability is divided by the sum.
func TestProgramNormalises(t *testing.T) {
	m, err := ReadARPA(strings.NewReader(small), "")
	require.NoError(t, err)
	rows := predicted(t, m)([]string{"<s>", "a"})
	sums := m.Sums(0)
	for i, context := range []string{"<s>", "a"} {
		at := slices.IndexFunc(sums, func(s Sum) bool { return strings.Join(s.Context, " ") == context })
		for id, token := range m.Tokens() {
			if token != text.BeginName {
				require.InDelta(t, m.Score([]string{context}, token)-math.Log(sums[at].Sum), rows[i][id], 1e-6)
			}
		}
	}
}
