package analysis

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
	"rasp/compiler/facts/factstest"
	"rasp/lang/graph"
)

// TestPartsAreDisjointAndCoverTheSelector compares the parts of random formulas
// with the interpreter's matrix: of a pair that is selected exactly one part
// says so, of another none does.
func TestPartsAreDisjointAndCoverTheSelector(t *testing.T) {
	several := 0
	for seed := range uint64(factstest.Often(250)) {
		text := factstest.RandomSelector(seed)
		c := factsOf(t, text)
		sel := c.roots[0].Args[0]
		s, err := c.analysis.selectorOf(sel)
		require.NoError(t, err, text)
		parts := s.Conjuncts
		if len(parts) > 1 {
			several++
		}
		c.worlds(rand.New(rand.NewPCG(seed, 2)), 25, func(w *factstest.World) {
			for q, row := range w.Matrix(sel) {
				for k, selected := range row {
					if c.domain.Causal && k > q {
						continue
					}
					want := 0
					if selected {
						want = 1
					}
					require.Equal(t, want, partsWith(t, w, parts, q, k), "query %d, key %d of %v in %s", q, k, w.Input, text)
				}
			}
		})
	}
	assert.Greater(t, several, factstest.Often(50))
}

// partsWith counts the parts that select a key for a query.
func partsWith(t *testing.T, w *factstest.World, parts []*facts.Conjunct, q, k int) int {
	count := 0
	for _, p := range parts {
		all := true
		for _, c := range p.Conditions {
			qc, kc := c.Query.Class[w.State(c.Query.Variable, q)], c.Key.Class[w.State(c.Key.Variable, k)]
			require.NotEqual(t, int32(facts.None), qc)
			require.NotEqual(t, int32(facts.None), kc)
			require.NotEqual(t, int8(facts.None), c.Allowed[qc][kc], "the pair was said not to meet")
			all = all && c.Allowed[qc][kc] == 1
		}
		if all {
			count++
		}
	}
	return count
}

func TestNumberOfParts(t *testing.T) {
	for _, test := range []struct {
		selector          string
		parts, conditions int // conditions in all parts together
	}{
		{"full_s", 1, 0},
		{"not full_s", 0, 0},
		{"select(indices, indices, <)", 1, 1},
		{"select(indices, indices, <) or select(indices, indices, ==)", 1, 1},
		{"select(indices, indices, <) and select(indices, indices, >)", 0, 0},
		{"select(indices, indices, <) or select(indices, indices, >=)", 1, 0},
		{"select(tokens, tokens, ==) and select(indices, indices, <)", 1, 2},
		{"select(tokens, tokens, ==) or select(indices, indices, <)", 2, 3},
		{"not (select(tokens, tokens, ==) and select(indices, indices, <))", 2, 3},
		{"not (select(tokens, tokens, ==) or select(indices, indices, <))", 1, 2},
		// What sort counts: the smaller ones, and of the equal ones those before.
		{"select(tokens, tokens, <) or (select(tokens, tokens, ==) and select(indices, indices, <))", 2, 3},
		{"(select(indices, indices, <) and select(tokens, tokens, ==)) or select(tokens, tokens, >)", 2, 3},
		// The tokens decide, but for equality: xor.
		{"(select(tokens, \"a\", ==) and select(indices, indices, <)) or (select(tokens, \"b\", ==) and select(indices, indices, >))", 2, 4},
	} {
		t.Run(test.selector, func(t *testing.T) {
			c := factsOf(t, "#rasp:vocab \"abc\"\n#rasp:length 5\n"+"x = aggregate("+test.selector+", 1, 3) + indices;")
			s, err := c.analysis.selectorOf(firstSelector(c))
			require.NoError(t, err)
			parts := s.Conjuncts
			conditions := 0
			for _, p := range parts {
				conditions += len(p.Conditions)
			}
			assert.Equal(t, [2]int{test.parts, test.conditions}, [2]int{len(parts), conditions})
		})
	}
}

// firstSelector is the selector of the only aggregate of a program.
func firstSelector(c *analysed) *graph.Node {
	for _, n := range graph.Reachable(c.roots...) {
		if n.Op == graph.Aggregate {
			return n.Args[0]
		}
	}
	return nil
}

// TestCausalPairsCannotMeet: where attention is causal, a later key decides
// nothing, so that "at or before me" is everything.
func TestCausalPairsCannotMeet(t *testing.T) {
	const program = "x = aggregate(select(indices, indices, <=), 1, 3) + indices;"
	for domain, conditions := range map[string]int{"": 1, "#rasp:causal\n": 0} {
		c := factsOf(t, "#rasp:vocab \"abc\"\n#rasp:length 5\n"+domain+program)
		s, err := c.analysis.selectorOf(firstSelector(c))
		require.NoError(t, err)
		parts := s.Conjuncts
		require.Len(t, parts, 1)
		assert.Len(t, parts[0].Conditions, conditions, domain)
	}
}

func TestTooManyComparisons(t *testing.T) {
	text := "s = select(indices, 0, ==)"
	for i := 1; i <= 64; i++ {
		text += fmt.Sprintf(" or select(indices, %d, ==)", i)
	}
	c := factsOf(t, "#rasp:vocab 0..1\n#rasp:length 3\n"+text+";\nx = aggregate(s, tokens_int);")
	_, err := c.analysis.selectorOf(firstSelector(c))
	require.ErrorContains(t, err, "combines 65 comparisons, the limit is 63")
}
