package logits

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/analysis"
	"rasp/compiler/facts"
	"rasp/compiler/rewrite"
	"rasp/lang/graph"
	"rasp/lang/langtest"
)

// logitsOf is what a program says of the next token, and the doubts.
func logitsOf(t *testing.T, text string) ([]*Logit, []facts.Doubt, error) {
	t.Helper()
	outputs, d := langtest.Outputs(t, text)
	shared := rewrite.Share(rewrite.Of(graph.Roots(outputs)))
	scores := Split(outputs[0], shared.Roots)
	shared.Roots = scores.SOps(shared.Roots)
	known, err := analysis.Of(shared, d)
	require.NoError(t, err)
	return Support(known.Facts, scores, shared.Roots)
}

// supportOf is the same as text.
func supportOf(t *testing.T, text string) (string, []string, error) {
	t.Helper()
	list, doubts, err := logitsOf(t, text)
	var messages []string
	for _, x := range doubts {
		messages = append(messages, x.Message)
	}
	var b strings.Builder
	require.NoError(t, Print(&b, list))
	return b.String(), messages, err
}

const causal = "#rasp:vocab \"ab\"\n#rasp:length 3\n#rasp:causal\n"

// TestLogitsInText: weights have logarithms, of logits the terms stay apart, and a token
// that cannot come next is at -Inf.
func TestLogitsInText(t *testing.T) {
	for _, test := range []struct{ program, want string }{
		{`next = {"a": 1 if tokens == "a" else 3, "b": 2};`, `
"a": 0 + [0, 1.09861] by (1 if tokens == "a" else 3)
"b": 0.693147
`},
		{`next = {"a": indicator(tokens == "b"), "b": 1};`, `
"a": 0 + [0, 0] or -Inf by (indicator(tokens == "b"))
"b": 0
`},
		{"#rasp:logits\nnext = {\"a\": indices - 2 * indicator(tokens == \"b\"), \"b\": 0};", `
"a": -2 + [0, 2] by (indices) + [0, 2] by (indicator(tokens == "b"))
"b": 0
`},
	} {
		text, doubts, err := supportOf(t, causal+test.program)
		require.NoError(t, err)
		assert.Empty(t, doubts)
		assert.Equal(t, test.want, "\n"+text)
	}
}

// TestFewNumbers: a logit of a look-up lists the rows that the token is in, by a table of the
// token or not, and none of the others.
func TestFewNumbers(t *testing.T) {
	var vocab, rows []string
	const words = 40
	for k := range words {
		vocab = append(vocab, fmt.Sprintf("\"w%d\"", k))
		rows = append(rows, fmt.Sprintf("\"w%d\": {\"w%d\": %d}", k, (k+1)%words, k+1))
	}
	text := "#rasp:vocab [" + strings.Join(vocab, ", ") + "]\n#rasp:length 3\n#rasp:causal\n#rasp:logits\n" +
		"one = lookup({" + strings.Join(rows, ", ") + "}, %s, 0);\nnext = {w: one[w] for w in [" + strings.Join(vocab, ", ") + "]};"
	for _, looked := range []string{"tokens", "shift(tokens, 1, \"\")"} {
		list, _, err := logitsOf(t, fmt.Sprintf(text, looked))
		require.NoError(t, err)
		require.Len(t, list, words)
		for k, l := range list {
			require.Len(t, l.Portions, 1)
			p := &l.Portions[0]
			assert.Equal(t, looked == "tokens", p.Table != nil)
			assert.Equal(t, []float64{float64((k+words-1)%words + 1)}, p.Cells)
			if p.Table == nil {
				continue
			}
			values, numbers, few := p.Few()
			require.True(t, few)
			for state, x := range p.ByState(p.Table.Cells) {
				want := 0.0
				if p.Table.Cells[state] == values[0] {
					want = numbers[0]
				}
				assert.Equal(t, want, x, "after %s", vocab[state])
			}
		}
	}
}

// TestSharedSums: the words of a class have one sum, and a row that is that of many words is a
// neuron, where the columns of all words would have more weights.
func TestSharedSums(t *testing.T) {
	const words, classes = 400, 20
	var vocab, of, rows []string
	for k := range words {
		vocab = append(vocab, fmt.Sprintf("\"w%d\"", k))
		of = append(of, fmt.Sprintf("\"w%d\": %d", k, k%classes))
	}
	for k := range classes {
		var row []string
		for c := range classes {
			row = append(row, fmt.Sprintf("%d: %g", c, float64(1+k*classes+c)/64))
		}
		rows = append(rows, fmt.Sprintf("%d: {%s}", k, strings.Join(row, ", ")))
	}
	list, _, err := logitsOf(t, "#rasp:vocab ["+strings.Join(vocab, ", ")+"]\n#rasp:length 3\n#rasp:causal\n#rasp:logits\n"+
		"of = {"+strings.Join(of, ", ")+"};\n"+
		"one = lookup({"+strings.Join(rows, ", ")+"}, lookup(of, tokens, 0), 0);\n"+
		"next = {w: one[of[w]] - of[w] / 4 for w in of};")
	require.NoError(t, err)
	require.Len(t, list, words)
	for k, l := range list {
		assert.Same(t, list[k%classes].Sum, l.Sum)
		assert.Equal(t, words/classes, l.Logits)
		for _, p := range l.Portions {
			assert.NotNil(t, p.Row)
		}
	}
}

// TestDoubtsAndRefusals: weights that may all be 0 are a doubt, a probability at the
// border of float32 is refused.
func TestDoubtsAndRefusals(t *testing.T) {
	_, doubts, err := supportOf(t, causal+`next = {"a": indicator(tokens == "a")};`)
	require.NoError(t, err)
	assert.Contains(t, doubts, "all weights are 0")
	_, _, err = supportOf(t, causal+"#rasp:logits\nnext = {\"a\": indices - 104, \"b\": 0};")
	assert.ErrorContains(t, err, `the probability of "a" can be about e^-104 of the largest`)
}
