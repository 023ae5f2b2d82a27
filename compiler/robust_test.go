package compiler

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/construct"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/plan"
	"rasp/lang/langtest"
	"rasp/runtime/model"
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

// TestRobustPlans: a model that stands noise has no offsets, no tallies, no value at BOS that
// cancels, and no score of which a selected key has anything, but where a head fetches, or asks
// for any: keys may be off by a part there, and have twice the gap.
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
				sloped := slices.ContainsFunc(h.Dims, func(d plan.Dim) bool { return d.Query.Constant == 1.0/construct.Gap })
				if h.Zeros || sloped {
					assert.Zero(t, h.Base, h.Label.What)
				} else {
					assert.InDelta(t, 2*construct.RobustGap(c.domain.Length), h.Gap, 0, h.Label.What)
					for _, v := range h.Values {
						assert.Contains(t, []plan.Bringing{plan.Copies, plan.AnyOf}, v.Kind, h.Label.What)
					}
				}
				assert.Less(t, h.Gap, float64(construct.Gap)/2)
				for _, v := range h.Values {
					assert.NotEqual(t, plan.AddsUp, v.Kind, h.Label.What)
					assert.Zero(t, v.Value.Constant, h.Label.What)
				}
			}
		})
	}
}

// TestBoundsBoundRobust is TestBoundsBound for models that stand noise.
func TestBoundsBoundRobust(t *testing.T) {
	for _, name := range []string{"histogram", "sort", "dyck1", "dyck2", "majority", "reverse", "double_histogram", "sort_numbers", "palindrome", "induction"} {
		t.Run(name, func(t *testing.T) { checkBounds(t, throughRobust(t, "choose", factstest.Program(t, name))) })
	}
}

// TestRobustSizes: a model that stands noise has few more parameters than the model of level 0, and
// one layer more at most; one that is to stand more of it may be larger.
func TestRobustSizes(t *testing.T) {
	sizeOf := func(name string, o Options) (model.Config, *model.Model) {
		outputs, d := langtest.Outputs(t, factstest.Program(t, name))
		o.Engine = onCPU
		m, _, err := Compile(outputs, d, o)
		require.NoError(t, err)
		return m.Config, m
	}
	for _, name := range []string{"reverse", "induction", "palindrome"} {
		t.Run(name, func(t *testing.T) {
			ordinary, _ := sizeOf(name, Options{})
			robust, m := sizeOf(name, Options{Robust: true})
			assert.LessOrEqual(t, robust.Layers, ordinary.Layers+1)
			assert.LessOrEqual(t, float64(parameters(robust)), 2.5*float64(parameters(ordinary)))

			more, _ := sizeOf(name, Options{Robust: true, Sigma: 1.05 * m.Certificate.Noise.Relative.Likely})
			assert.Greater(t, parameters(more), parameters(robust))
		})
	}
}

// TestRobustTooLong: counts of more keys than float32 has shares for are refused in words, at
// any length.
func TestRobustTooLong(t *testing.T) {
	for _, length := range []string{"1000", "10000", "60000"} {
		for counted, said := range map[string]string{
			"selector_width(select(tokens, tokens, ==))":     "select(tokens, tokens, ==) may select up to " + length + " keys, whose shares float32 does not tell apart",
			"aggregate(full_s, 1 if tokens == \"a\" else 0)": "full_s may select up to " + length + " keys, whose shares float32 does not tell apart",
			"length": "full_s may select up to " + length + " keys, whose shares float32 does not tell apart",
		} {
			c := compilationOf(t, "#rasp:vocab \"ab\"\n#rasp:length "+length+"\nx = "+counted+";")
			c.options.Robust = true
			require.NoError(t, c.checkDomain())
			assert.ErrorContains(t, c.runPasses("share", "choose"), said, "%s at %s", counted, length)
		}
	}
}
