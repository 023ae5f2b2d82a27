package compiler

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/construct"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/plan"
)

// throughRobust takes a program through all passes up to one, for a model that stands noise.
func throughRobust(t testing.TB, last, text string) *compilation {
	t.Helper()
	c := compilationOf(t, text)
	c.options.Robust = true
	require.NoError(t, c.checkDomain())
	require.NoError(t, c.runPasses("share", last), text)
	return c
}

// TestCertificateOfPerturbedRobustWeights is TestCertificateOfPerturbedWeights for models in
// which zeros, hinges and leaks are what the certificate speaks of.
func TestCertificateOfPerturbedRobustWeights(t *testing.T) {
	for name, text := range map[string]string{
		"counting":  "#rasp:vocab \"abc\"\n#rasp:length 6\nx = selector_width(select(tokens, tokens, ==)) > 2;",
		"widths":    "#rasp:vocab \"abc\"\n#rasp:length 5\nx = selector_width(select(tokens, tokens, ==));",
		"fetching":  "#rasp:vocab \"abc\"\n#rasp:length 6\nx = aggregate(select(indices, length - 1 - indices, ==), tokens);",
		"averaging": "#rasp:vocab 0..3\n#rasp:length 5\nx = round(aggregate(select(indices, indices, <=), tokens_int)) % 2;",
		"asking":    "#rasp:vocab \"abc\"\n#rasp:length 6\nx = has_focus(select(tokens, tokens, <)) and indices > 1;",
		"sorting":   "#rasp:vocab \"abc\"\n#rasp:length 4\nx = selector_width(select(tokens, tokens, <) or (select(tokens, tokens, ==) and select(indices, indices, <)));",
		"comparing": "#rasp:vocab \"ab\"\n#rasp:length 5\ns = selector_width(select(tokens, tokens, ==));\nx = selector_width(select(s, s, ==)) > 3;",
		"looking":   "#rasp:vocab \"abc\"\n#rasp:length 5\nx = shift(tokens, 1, \"-\") == \"b\" and shift(tokens, 2, \"-\") == \"c\";",
		"gated":     "#rasp:vocab \"ab\"\n#rasp:length 6\nx = selector_width(select(tokens, tokens, ==)) - 2 * count(tokens, \"a\") + (3 if tokens == \"a\" and indices > 1 else 0) > 1;",
		"balance":   "#rasp:vocab \"()\"\n#rasp:length 6\nb = aggregate(select(indices, indices, <=), 1 if tokens == \"(\" else -1);\nx = \"F\" if has_focus(select(indices, indices, <=) and select(b < 0, True, ==)) else (\"T\" if b == 0 else \"P\");",
	} {
		t.Run(name, func(t *testing.T) { checkPerturbed(t, throughRobust(t, "choose", text)) })
	}
}

// TestRobustPlans: a model that stands noise has no offsets, no tallies and no score of which a
// selected key has anything, and all others are at least a gap below.
func TestRobustPlans(t *testing.T) {
	for name, text := range factstest.Programs(t) {
		t.Run(name, func(t *testing.T) {
			c := compilationOf(t, text)
			c.options.Robust = true
			require.NoError(t, c.checkDomain())
			if err := c.runPasses("share", "choose"); err != nil {
				return // what must be refused is said elsewhere
			}
			p := c.best.plan
			for _, col := range p.Columns {
				assert.Zero(t, col.Offset, col.Label.What)
				assert.Zero(t, col.Grid, col.Label.What)
			}
			for _, h := range p.Heads {
				assert.True(t, h.Zeros, h.Label.What)
				assert.Zero(t, h.Base, h.Label.What)
				assert.Less(t, h.Gap, float64(construct.Gap)/2)
				for _, v := range h.Values {
					assert.NotEqual(t, plan.AddsUp, v.Kind, h.Label.What)
					assert.Zero(t, v.Value.Constant, h.Label.What)
				}
			}
		})
	}
}
