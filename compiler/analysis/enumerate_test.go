package analysis

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/sums"
)

// TestObservedRowsAreThoseThatOccur: a row whose values follow from each other has
// fewer sums than any values would give.
func TestObservedRowsAreThoseThatOccur(t *testing.T) {
	c := factsOf(t, "#rasp:vocab \"ab\"\n#rasp:length 3\n#rasp:causal\nf = average(indicator(tokens == \"a\"));\nx = average(f);")
	a, n := c.analysis, c.roots[0]
	v := a.MeanVariable(n)
	require.NotNil(t, v)
	kinds := a.enumerate(n, sums.Of(a.Table(n.Args[1]), 3, v.Units))
	counts := map[int32]int{}
	for _, k := range kinds {
		require.Equal(t, int(k.state)+1, k.width, "row i sees i+1 positions")
		counts[k.state] = len(k.sums)
	}
	assert.Equal(t, map[int32]int{0: 2, 1: 4, 2: 8}, counts, "one for each prefix")
	assert.Greater(t, v.Size, 14, "any fractions together have more")
}

// TestNothingIsObservedOfLargeDomains, which would take too long.
func TestNothingIsObservedOfLargeDomains(t *testing.T) {
	c := factsOf(t, "#rasp:vocab \"abcdefgh\"\n#rasp:length 6\nx = average(indicator(tokens == \"a\"));")
	n := c.roots[0]
	assert.Nil(t, c.analysis.enumerate(n, sums.Of(c.analysis.Table(n.Args[1]), 6, []int64{0, 1})))
	assert.False(t, IsSmall(c.domain))
}
