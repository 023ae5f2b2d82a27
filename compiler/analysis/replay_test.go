package analysis

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// TestAutomatonFindsVariants: read from left to right, rows end in the label of
// the value that the interpreter's addition gives them.
func TestAutomatonFindsVariants(t *testing.T) {
	for _, program := range []string{
		"#rasp:vocab [0.1, 0.2, 0.3]\n#rasp:length 6\nx = aggregate(select(tokens, tokens, <=), tokens_float) > 0.2;",
		"#rasp:vocab 1..5\n#rasp:length 5\nx = round(average(tokens_int / 3) * 10);",
		"#rasp:vocab [0.1, 0.7]\n#rasp:length 7\nx = selector_width(select(average(tokens_float), tokens_float, <));",
	} {
		c := factsOf(t, program)
		a := c.analysis
		i := slices.IndexFunc(graph.Reachable(c.roots...), func(n *graph.Node) bool { return a.MeanVariable(n) != nil })
		n := graph.Reachable(c.roots...)[i]
		v := a.MeanVariable(n)
		m, r := a.ReplayOf(n)
		require.NotNil(t, m)
		random, labels := rand.New(rand.NewPCG(1, 9)), map[int32]int{}
		for range 3000 {
			state, x, total := int32(0), m.Begin(), int64(0)
			for p := range c.domain.Length {
				symbol := random.IntN(len(m.Symbols) + 1)
				if state >= 0 {
					state = m.Next[p][int(state)*(len(m.Symbols)+1)+symbol]
				}
				if x = m.Read(x, symbol); symbol > 0 {
					total += v.Units[slices.IndexFunc(a.Table(n.Args[1]).Values, func(y value.Value) bool { return y.Float64() == m.Symbols[symbol-1].Float64() })]
				}
			}
			mean := x.Sum.Float64() / float64(max(1, x.Width))
			if label := r.Label[facts.Sum{Total: total, Width: x.Width}]; label != nil {
				want := label[slices.Index(r.Variants[facts.Sum{Total: total, Width: x.Width}], mean)]
				require.Equal(t, want, state, "%s: %v", program, x)
				labels[want]++
			}
		}
		assert.Greater(t, len(labels), 1, program)
	}
}

// TestVariantsThatMatter: of the sums that rounding can change, those count on
// which what is computed differs.
func TestVariantsThatMatter(t *testing.T) {
	for program, groups := range map[string]int{
		"x = m > 0.2;":              1,  // 0.1, 0.2 and 0.3, in six orders
		"x = m > 0.25;":             0,  // no three or fewer of them have that mean
		"x = m * 2;":                0,  // rounding alone
		"x = m > 0.2 or m > 0.1;":   1,  // one of the two asks, if in vain
		"x = aggregate(full_s, m);": -1, // all of them, since the rounding of sums of sums is not known
	} {
		c := factsOf(t, "#rasp:vocab [0.1, 0.2, 0.3]\n#rasp:length 3\nm = aggregate(full_s, tokens_float);\n"+program)
		for _, n := range graph.Reachable(c.roots...) {
			v := c.analysis.MeanVariable(n)
			if v == nil || n.Name != "m" {
				continue
			}
			r := c.analysis.variantsOf(n, v)
			several := 0
			for _, list := range r.Variants {
				if len(list) > 1 {
					several++
				}
			}
			require.Positive(t, several)
			if groups < 0 {
				groups = several
			}
			assert.Len(t, r.Label, groups, program)
		}
	}
}

// TestLabelsAreOfWhatIsAlike: the first is like the second and the third, which are not
// like each other.
func TestLabelsAreOfWhatIsAlike(t *testing.T) {
	labels, several := labelled(4, func(i, k int) bool { return k == 0 || i == 3 && k == 2 })
	assert.Equal(t, []int32{0, 0, 1, 1}, labels)
	assert.True(t, several)
	labels, several = labelled(3, func(i, k int) bool { return true })
	assert.Equal(t, []int32{0, 0, 0}, labels)
	assert.False(t, several)
}

// TestReplayOfOtherStates: a mean whose states are not those that were replayed stays as
// it is.
func TestReplayOfOtherStates(t *testing.T) {
	c := factsOf(t, "#rasp:vocab [0.1, 0.2, 0.3]\n#rasp:length 3\nx = average(tokens_float) > 0.2;")
	i := slices.IndexFunc(c.analysis.Nodes, func(n *graph.Node) bool { return c.analysis.MeanVariable(n) != nil })
	n := c.analysis.Nodes[i]
	_, r := c.analysis.ReplayOf(n)
	require.NotNil(t, r)
	c.analysis.Replays = map[*graph.Node]*facts.Replay{n: {Sums: r.Sums[1:], Values: r.Values[1:]}}
	table := c.analysis.Table(n)
	assert.Same(t, table, c.analysis.replayed(n, table))
}
