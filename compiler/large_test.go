package compiler_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
)

// TestLargeModelsEndTheSearch: a mean of means, of which no policy makes a model of 10,000 weights.
func TestLargeModelsEndTheSearch(t *testing.T) {
	outputs, domain := compilertest.Parse(t, "means", `#rasp:vocab "abc"
		#rasp:length 7
		#rasp:causal
		x = aggregate(select(tokens, "c", ==), indicator(indices == 3));
		y = aggregate(select(tokens, "a", ==) or select(indices, indices - 2, ==), x);`)
	options, passes := compilertest.At(1), map[string]int{}
	options.Progress = func(pass string) { passes[pass]++ }
	options.Parameters = 10_000
	m, _, err := compiler.Compile(outputs, domain, options)
	var large *compiler.LargeError
	require.True(t, errors.As(err, &large), "%v", err)
	assert.Greater(t, large.Parameters, int64(4*options.Parameters))
	assert.Nil(t, m)
	assert.Equal(t, 1, passes["lower"])
	assert.Zero(t, passes["emit"])

	options.Parameters = 0
	_, _, err = compiler.Compile(outputs, domain, options)
	assert.False(t, errors.As(err, &large))
	assert.Greater(t, passes["lower"], 2)
}

// TestParametersThatSuffice change nothing: plans are larger than what becomes of them, but not by
// so much.
func TestParametersThatSuffice(t *testing.T) {
	for i, text := range []string{
		"x = sort(tokens, tokens);",
		"x = aggregate(select(indices, length - 1 - indices, ==), tokens);",
		"often = selector_width(select(tokens, tokens, ==)); x = selector_width(select(often, often, ==));",
		"x = aggregate(select(tokens, \"a\", ==), indices);",
		"x = selector_width(select(tokens, tokens, <)) % 3 == 1;",
		"x = aggregate(select(indices, indices - 1, <=), indicator(tokens == \"b\")); y = x > 0.5;",
	} {
		outputs, domain := compilertest.Parse(t, fmt.Sprint(i), "#rasp:vocab \"abcd\"\n#rasp:length 6\n"+text)
		for level := range 3 {
			for _, robust := range []bool{false, true} {
				options := compilertest.At(level)
				options.Robust = robust
				want, _, err := compiler.Compile(outputs, domain, options)
				require.NoError(t, err)
				options.Parameters, _ = want.Parameters()
				got, _, err := compiler.Compile(outputs, domain, options)
				require.NoError(t, err, "%s at level %d", text, level)
				require.Equal(t, want, got)
			}
		}
	}
}
