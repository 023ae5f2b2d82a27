package predict

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/value"
)

const manyTokens = 200

// words is a vocabulary of many tokens.
func words() (list []value.Value) {
	for i := range manyTokens {
		list = append(list, value.OfString(fmt.Sprintf("w%d", i)))
	}
	return list
}

// bigrams is a program of which the scores of so many words are said, and a table with
// logits, or weights, of some words after others.
func bigrams(rng *rand.Rand, scored int, directive string, number func() string) string {
	var alone, after []string
	for i := range scored {
		alone = append(alone, fmt.Sprintf("%q: %s", fmt.Sprintf("w%d", i), number()))
	}
	for i := range manyTokens / 2 {
		var row []string
		for t := range scored {
			if rng.IntN(8) == 0 {
				row = append(row, fmt.Sprintf("%q: %s", fmt.Sprintf("w%d", t), number()))
			}
		}
		if len(row) > 0 {
			after = append(after, fmt.Sprintf("%q: {%s}", fmt.Sprintf("w%d", i), strings.Join(row, ", ")))
		}
	}
	return directive + "\nnone = {" + strings.Join(alone, ", ") + "};\none = {" + strings.Join(after, ", ") + "};\n" +
		"zero = {w: 0 for w in none};\nafter = lookup(one, tokens, zero);\nbefore = lookup(one, shift(tokens, 1, \"\"), zero);\n" +
		"next = {w: none[w] + after[w] - 0.5 * before[w] for w in none};"
}

// TestSparse: scores of which a position changes few have the predictions of all scores
// evaluated, also where some have no probability, and the faults of these.
func TestSparse(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 1))
	logit := func(scale float64) func() string {
		return func() string { return fmt.Sprintf("%.4f", scale*rng.NormFloat64()) }
	}
	for _, test := range []struct {
		name, directive string
		scored          int
		number          func() string
		fails           bool
	}{
		{"logits", "#rasp:logits", manyTokens, logit(2), false},
		{"far apart", "#rasp:logits", manyTokens, logit(80), false},
		{"some words", "#rasp:logits", 70, logit(1), false},
		{"weights", "", manyTokens, func() string { return fmt.Sprint(rng.IntN(3) + 60) }, false},
		{"weights below 0", "", manyTokens, func() string { return fmt.Sprint(rng.IntN(100)) }, true},
	} {
		p, faults := lang.Parse("test.rasp", bigrams(rng, test.scored, test.directive, test.number))
		require.NoError(t, faults.Err(), test.name)
		outputs, fault := p.Outputs(nil, words())
		require.Nil(t, fault, test.name)
		e := New(outputs, words(), true)
		failed := false
		for range 20 {
			var input []value.Value
			for range 12 {
				input = append(input, words()[rng.IntN(manyTokens)])
			}
			want, wantErr := New(outputs, words(), true).runAll(input)
			got, err := e.Run(input)
			if wantErr != nil {
				failed = true
				assert.EqualError(t, err, wantErr.Error(), test.name)
				continue
			}
			require.NoError(t, err, test.name)
			assertSame(t, want[0].Next, got[0].Next, test.name)
		}
		assert.Equal(t, test.fails, failed, test.name)
		assert.Equal(t, test.fails, e.sparse == nil || e.nodes != nil, "%s: all nodes are evaluated where there are faults alone", test.name)
	}
}

func assertSame(t *testing.T, want, got [][]float64, name string) {
	t.Helper()
	require.Len(t, got, len(want), name)
	for i, row := range want {
		for k, x := range row {
			if math.IsInf(x, -1) {
				require.True(t, math.IsInf(got[i][k], -1), "%s: position %d, token %d: %v", name, i, k, got[i][k])
				continue
			}
			require.InDelta(t, x, got[i][k], 1e-12, "%s: position %d, token %d", name, i, k)
		}
	}
}

// TestNotSparse: what is no sum of cells is evaluated as a whole.
func TestNotSparse(t *testing.T) {
	for _, next := range []string{"{w: none[w] + indices for w in none}", "{w: none[w] if indices == 0 else after[w] for w in none}"} {
		text := "none = {w: 1.5 for w in vocabulary};\none = {\"w1\": {\"w2\": 3}};\nafter = lookup(one, tokens, {w: 1 for w in none});\nnext = " + next + ";"
		var vocabulary []string
		for _, word := range words() {
			vocabulary = append(vocabulary, word.JSON())
		}
		p, faults := lang.Parse("test.rasp", "#rasp:logits\nvocabulary = ["+strings.Join(vocabulary, ", ")+"];\n"+text)
		require.NoError(t, faults.Err())
		outputs, fault := p.Outputs(nil, words())
		require.Nil(t, fault)
		e := New(outputs, words(), true)
		assert.Nil(t, e.sparse, next)
		_, err := e.Run(words()[:3])
		assert.NoError(t, err)
	}
}
