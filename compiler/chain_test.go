package compiler

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// chain is a program of n statements, each made of the two before it, from means.
func chain(n int, next string) string {
	var b strings.Builder
	b.WriteString("#rasp:vocab \"ab\"\n#rasp:length 4\nx0 = aggregate(full_s, indicator(tokens == \"a\"));\n")
	b.WriteString("x1 = aggregate(select(indices, indices, <=), indicator(tokens == \"a\"));\n")
	for i := 2; i < n; i++ {
		b.WriteString(strings.NewReplacer("NEXT", fmt.Sprint("x", i), "LAST", fmt.Sprint("x", i-1), "BEFORE", fmt.Sprint("x", i-2)).Replace("NEXT = " + next + ";\n"))
	}
	return b.String()
}

// TestLongChains: what is known of a number is found once, although there are more ways
// to the means that it is made of than there are atoms in the world.
func TestLongChains(t *testing.T) {
	for _, next := range []string{"(LAST + BEFORE) / 2", "LAST + 1", "1 - LAST"} {
		_, err := compilationOf(t, chain(400, next)).run()
		require.NoError(t, err, next)
	}
}

// TestTooManyNodes: the limit has a sentence.
func TestTooManyNodes(t *testing.T) {
	_, err := compilationOf(t, fmt.Sprintf("#rasp:vocab \"ab\"\n#rasp:length 4\nx = indices;\nfor i in range(%d) { x = x + 1; }\n", maxNodes)).run()
	require.ErrorContains(t, err, "x consists of 65538 s-ops and selectors, and a model is made of 65536 at most")
}

// TestMeansThatShare: each mean averages the one before, twice: there are 2^40 ways down.
func TestMeansThatShare(t *testing.T) {
	through(t, "lower", "#rasp:vocab 0..3\n#rasp:length 4\ns = aggregate(full_s, tokens_int);\n"+
		strings.Repeat("s = s + aggregate(select(tokens, tokens, <=), s);\n", 40)+"x = s;")
}
