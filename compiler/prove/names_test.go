package prove_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/prove"
	"rasp/compiler/prove/provetest"
)

// TestNames: each line says of what it is: which part of a selector, which selector inside
// of a call, which file.
func TestNames(t *testing.T) {
	const causal = "#rasp:vocab \"ab\"\n#rasp:length 4\n#rasp:causal\n"
	for name, c := range map[string]struct{ text, line string }{
		"header":         {causal + "x = tokens == \"a\";", "header    inputs of 1 to 4 tokens from a vocabulary of 2, causal attention, float32; outputs of the program: x\n"},
		"part":           {causal + "x = aggregate(full_s, (1 if tokens == \"a\" else -1)) >= 0;", "full_s where token is \"a\": positions alike in token differ in width (library.rasp, line 9, 2 pairs)"},
		"part of two":    {"#rasp:vocab \"ab\"\n#rasp:length 4\nbefore = shift(tokens, 1, \"b\");\nx = contains(1 if tokens == \"a\" and before == \"a\" else 0, 1);", "full_s where (token, token at the key of select(indices + 1, indices, ==) in shift(tokens, 1, \"b\")) is (\"a\", \"a\"): positions"},
		"long call":      {causal + "x = selector_width(select(tokens, \"a\", ==) and select(indices, 0, >)) > 1;", "(select(tokens, \"a\", ==) and select(indices, 0, >)) or at0 in selector_width(...): positions alike in token differ in width (line 4, "},
		"no select":      {"#rasp:vocab 0..3\n#rasp:length 4\nx = sort(tokens_int, tokens_int);", "adds up select(tokens_int, tokens_int, <) in sort(tokens_int, tokens_int) (line 3, "},
		"inside a call":  {causal + "x = shift(tokens, 1, \"-\");", "select(indices + 1, indices, ==) in shift(tokens, 1, \"-\"): at most one key a row: the position tells (line 4, "},
		"in the library": {"#rasp:vocab \"ab\"\n#rasp:length 4\nx = length;", "head      layer 1, head 1 adds up full_s (library.rasp, line 9, "},
		"any":            {causal + "x = has_focus(select(tokens, \"a\", ==));", "in each state of whether select(tokens, \"a\", ==) selects a key (line 4, "},
		"doubt":          {"#rasp:vocab \"ab\"\n#rasp:length 3\nx = aggregate(select(tokens, \"a\", ==), tokens);", "doubt     the program may fail, as far as states tell: x (line 3): several keys may be selected, and only numbers have a mean\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r := provetest.ProofOf(t, provetest.MustCompile(t, c.text).Model)
			var b strings.Builder
			require.NoError(t, r.Write(&b))
			assert.Contains(t, b.String(), c.line)
			assert.Contains(t, b.String(), "\nlegend    ")
		})
	}
}

// TestProgress: what is told never falls, and is of one total, over all attempts.
func TestProgress(t *testing.T) {
	m := provetest.MustCompile(t, "#rasp:vocab [0.1, 0.2, 0.7]\n#rasp:length 6\nx = round(aggregate(select(indices, indices, <=), tokens_float) * 10) if tokens_float > 0.5 else aggregate(select(tokens, tokens, <=), indices);").Model
	told, last, all := 0, -1, 0
	_, err := prove.Prove(m, prove.Options{Progress: func(done, total int) {
		assert.Greater(t, done, last)
		assert.LessOrEqual(t, done, total)
		assert.True(t, all == 0 || total == all)
		told, last, all = told+1, done, total
	}})
	require.NoError(t, err)
	assert.Positive(t, told)
}
