package predict

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/value"
)

// probabilities of a program with a vocabulary, on an input.
func probabilities(t *testing.T, text string) func(input []value.Value) ([][]float64, error) {
	t.Helper()
	p, faults := lang.Parse("test.rasp", text)
	require.NoError(t, faults.Err(), text)
	d := p.File.Directives
	outputs, fault := p.Outputs(nil, d.Vocab)
	require.Nil(t, fault, text)
	require.NotNil(t, outputs[0].Next, text)
	e := New(outputs, d.Vocab, d.Causal)
	return func(input []value.Value) ([][]float64, error) {
		results, err := e.Run(input)
		if err != nil {
			return nil, err
		}
		return results[0].Next, nil
	}
}

func letters(text string) (input []value.Value) {
	for _, r := range text {
		input = append(input, value.OfString(string(r)))
	}
	return input
}

func TestProbabilities(t *testing.T) {
	for _, test := range []struct {
		text, input string
		want        [][]float64 // probabilities
	}{
		{"next = {\"a\": 1, \"b\": indices, \"c\": 0};", "ab", [][]float64{{1, 0, 0}, {0.5, 0.5, 0}}},
		{"next = {\"c\": 3, \"a\": indices + True};", "a", [][]float64{{0.25, 0, 0.75}}},
		{"#rasp:logits\nnext = {\"a\": indices, \"c\": 0};", "ab", [][]float64{{0.5, 0, 0.5}, {math.E / (1 + math.E), 0, 1 / (1 + math.E)}}},
		{"#rasp:logits\nnext = {\"a\": -103, \"b\": 0, \"c\": -104};", "a", [][]float64{{math.Exp(-103), 1, 0}}},
		{"#rasp:confidence 0.5\nnext = tokens;", "ac", [][]float64{{0.5, 0.25, 0.25}, {0.25, 0.25, 0.5}}},
		{"#rasp:confidence 1\nnext = tokens;", "b", [][]float64{{0, 1, 0}}},
		{"#rasp:output other\nother = {\"b\": 2};\nnext = tokens;", "a", [][]float64{{0, 1, 0}}},
	} {
		rows, err := probabilities(t, "#rasp:vocab \"abc\"\n"+test.text)(letters(test.input))
		require.NoError(t, err, test.text)
		require.Len(t, rows, len(test.want), test.text)
		for i, row := range rows {
			for k, x := range row {
				assert.InDelta(t, test.want[i][k], math.Exp(x), 1e-12, "%s: position %d, token %d", test.text, i, k)
				assert.Equal(t, test.want[i][k] == 0, math.IsInf(x, -1), test.text)
			}
		}
	}
}

func TestFaults(t *testing.T) {
	for text, want := range map[string]string{
		"next = {\"a\": 1 - indices, \"b\": 1};":                `the weight of string "a" is int -1; it must be a number, 0 or above (position 2)`,
		"next = {\"a\": indicator(indices < 1)};":               "all weights are 0: no token can come next (position 1)",
		"next = {\"a\": tokens_float, \"b\": 1};":               `the weight of string "a" is float nan; it must be a number, 0 or above (position 1)`,
		"#rasp:logits\nnext = {\"a\": tokens_float, \"b\": 1};": `the logit of string "a" is float nan; it must be a number, and finite (position 1)`,
		"#rasp:confidence 0.5\nnext = shift(tokens, 1, \"z\");": `string "z" is not a token of the vocabulary (position 0)`,
		"#rasp:confidence 0.5\nnext = 1 / indices;":             "division by zero: int 1 / int 0 (position 0)",
	} {
		r := probabilities(t, "#rasp:vocab [\"a\", \"b\", \"0\", \"nan\"]\n"+text)
		_, err := r([]value.Value{value.OfString("0"), value.OfString("nan"), value.OfString("0")})
		if assert.Error(t, err, text) {
			assert.Equal(t, want, err.Error(), text)
		}
	}
}

// TestRunAgain: nothing is left of the run before, whatever its length.
func TestRunAgain(t *testing.T) {
	r := probabilities(t, "#rasp:vocab \"ab\"\nnext = {\"a\": length, \"b\": indicator(tokens == \"b\")};")
	for _, input := range []string{"b", "aaaa", "ba", "bbb", "a"} {
		rows, err := r(letters(input))
		require.NoError(t, err)
		fresh, err := probabilities(t, "#rasp:vocab \"ab\"\nnext = {\"a\": length, \"b\": indicator(tokens == \"b\")};")(letters(input))
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprint(fresh), fmt.Sprint(rows), input)
	}
}

// TestSeveralOutputs: s-ops, selectors and distributions side by side.
func TestSeveralOutputs(t *testing.T) {
	p, faults := lang.Parse("test.rasp", "#rasp:vocab \"ab\"\nbefore = select(indices, indices, <);\nhow_many = selector_width(before);\nnext = {\"b\": length};")
	require.NoError(t, faults.Err())
	outputs, fault := p.Outputs([]string{"how_many", "before"}, nil)
	require.Nil(t, fault)
	next, fault := p.Outputs([]string{"next"}, letters("ab"))
	require.Nil(t, fault)
	results, err := New(append(outputs, next...), letters("ab"), true).Run(letters("ba"))
	require.NoError(t, err)
	assert.Equal(t, []Result{
		{Sequence: []value.Value{value.OfInt(0), value.OfInt(1)}},
		{Matrix: [][]bool{{false, false}, {true, false}}},
		{Next: [][]float64{{math.Inf(-1), 0}, {math.Inf(-1), 0}}},
	}, results)
}

func TestMostLikely(t *testing.T) {
	none := math.Inf(-1)
	assert.Equal(t, 1, MostLikely([]float64{none, -0.5, -1}))
	assert.Equal(t, 1, MostLikely([]float64{none, -0.5 - 1e-9, -0.5}), "the first of equals, but for rounding")
	assert.Equal(t, 2, MostLikely([]float64{none, -0.6, -0.5}))
}
