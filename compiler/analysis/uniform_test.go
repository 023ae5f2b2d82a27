package analysis

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/facts/factstest"
	"rasp/lang/value"
)

func TestGlobal(t *testing.T) {
	const text = "#rasp:vocab 0..3\n#rasp:length 5\nx = %s;"
	for expression, want := range map[string]bool{
		"length":                                 true,
		"length % 2":                             true,
		"average(tokens_int)":                    true,
		"count(tokens_int, 2)":                   true,
		"contains(tokens_int, 1) and length > 2": true,
		"tokens_int[0]":                          true,
		"aggregate(select(tokens_int, length, <), indices)":     true,
		"selector_width(select(tokens_int, tokens_int[0], ==))": true,
		"indices":                 false,
		"tokens_int":              false,
		"tokens_int[0] + indices": false,
		"selector_width(select(tokens_int, tokens_int, ==))":        false,
		"aggregate(select(indices, indices, <=), tokens_int)":       false,
		"aggregate(not select(tokens_int, indices, <), tokens_int)": false,
	} {
		c := factsOf(t, fmt.Sprintf(text, expression))
		assert.Equal(t, want, c.analysis.isUniform(c.roots[0]), expression)
	}
	c := factsOf(t, fmt.Sprintf("#rasp:causal\n"+text, "average(tokens_int)"))
	assert.False(t, c.analysis.isUniform(c.roots[0]), "a causal row sees no keys after its own")
}

func TestDiffers(t *testing.T) {
	const text = "#rasp:vocab 0..3\n#rasp:length 5\n" +
		"twos = aggregate(select(tokens_int, 2, ==), indices);\nx = %s;"
	for expression, want := range map[string]bool{
		"indices":                          true,
		"length - 1 - indices":             true,
		"indices + length - twos":          true,
		"indices * (1 + count(tokens, 1))": true,
		"sort(indices, tokens_int) + twos": false, // the permutation is not known to be one
		"indices * twos":                   false, // 0
		"indices + tokens_int":             false,
		"indices % 3 + twos":               false,
		"tokens_int + twos":                false,
	} {
		c := factsOf(t, fmt.Sprintf(text, expression))
		assert.Equal(t, want, c.analysis.differs(c.roots[0]), expression)
	}
}

// TestGlobalsAndDifferencesHoldOnInputs: what random numbers are said to be,
// they are on every input that is tried.
func TestGlobalsAndDifferencesHoldOnInputs(t *testing.T) {
	globals, different := 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 8))
		w := &generatedNumber{r}
		text := "#rasp:vocab 0..2\n#rasp:length 5\nx = length * 0 + " + w.number(3) + ";"
		if seed%4 == 0 {
			text = "#rasp:causal\n" + text
		}
		c := factsOf(t, text)
		n := c.roots[0]
		global, differs := c.analysis.isUniform(n), c.analysis.differs(n)
		if global {
			globals++
		}
		if differs {
			different++
		}
		c.worlds(rand.New(rand.NewPCG(seed, 9)), 30, func(w *factstest.World) {
			values := w.Sequence(n)
			for i, x := range values {
				for _, y := range values[:i] {
					assert.False(t, global && x != y, "%v: %s is no global: %v", w.Input, text, values)
					assert.False(t, differs && value.Equal(x, y), "%v: %s is not different: %v", w.Input, text, values)
				}
			}
		})
	}
	t.Logf("%d global, %d that differ", globals, different)
	assert.Greater(t, globals, 40)
	assert.Greater(t, different, 20)
}

// generatedNumber writes random numbers, of positions and of what is the same at
// all of them.
type generatedNumber struct{ *rand.Rand }

func (g *generatedNumber) word(list ...string) string { return list[g.IntN(len(list))] }

func (g *generatedNumber) number(depth int) string {
	if depth == 0 || g.IntN(6) == 0 {
		return g.word("indices", "indices", "length", "2", "tokens_int", "tokens_int[0]", "count(tokens_int, 1)", "average(tokens_int)")
	}
	sub := func() string { return g.number(depth - 1) }
	switch g.IntN(6) {
	case 0:
		return fmt.Sprintf("aggregate(select(%s, %s, %s), %s)", sub(), g.word("1", "length", "indices"), g.word("==", "<="), g.word("indices", "tokens_int"))
	case 1:
		return fmt.Sprintf("(%s * %s)", sub(), g.word("2", "-1", "0", "tokens_int[0]"))
	}
	return fmt.Sprintf("(%s %s %s)", sub(), g.word("+", "-"), sub())
}
