package compiler

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts/factstest"
)

func explained(t *testing.T, text string) (*compilation, string) {
	t.Helper()
	c := through(t, "verify", text)
	var b strings.Builder
	require.NoError(t, (&Report{plan: c.best.plan, roots: c.roots}).Explain(&b))
	return c, b.String()
}

// TestEveryLayerIsExplained: each has a reason, and all its heads.
func TestEveryLayerIsExplained(t *testing.T) {
	for name, text := range factstest.Programs(t) {
		t.Run(name, func(t *testing.T) {
			c, got := explained(t, text)
			sections := strings.Split(got, "\n\n")
			heads, _ := c.best.plan.ByLayer()
			for l := range c.best.plan.Layers() {
				section := sections[l+2] // after the headline and the embedding
				assert.True(t, strings.HasPrefix(section, fmt.Sprintf("layer %d", l+1)), section)
				assert.Contains(t, section, "needed")
				assert.Equal(t, len(heads[l]), strings.Count(section, "\n  head "))
			}
			assert.Len(t, sections, c.best.plan.Layers()+3)
		})
	}
}

func TestExplainUsesTheNamesOfTheProgram(t *testing.T) {
	_, got := explained(t, `#rasp:vocab "abc"
#rasp:length 8
same = select(tokens, tokens, ==);
often = selector_width(same);
most = aggregate(select(often, often, >=), indices);`)
	assert.Contains(t, got, "for a program whose aggregates stand 2 deep")
	assert.Contains(t, got, "often: width of same (line 4)")
	assert.Contains(t, got, "needed to look at other positions: head of same (line 3)")
}

func TestAttentionDepth(t *testing.T) {
	for text, depth := range map[string]int{
		"x = indices + 1;": 0,
		"x = length;":      1,
		"x = aggregate(select(indices, length - 1 - indices, ==), tokens);": 2,
		"x = tokens[0];": 1,
		"x = selector_width(select(selector_width(select(tokens, tokens, ==)), 2, ==)) + length;": 2,
	} {
		c := through(t, "widths", "#rasp:vocab \"ab\"\n#rasp:length 4\n"+text)
		assert.Equal(t, depth, attentionDepth(c.roots), text)
	}
}

// TestExplainGathersTheCodesOfAnSOp in one line: what is written for x, and what a
// read-out reads.
func TestExplainGathersTheCodesOfAnSOp(t *testing.T) {
	_, got := explained(t, `#rasp:vocab "abcd"
#rasp:length 4
x = tokens[0] + tokens;`)
	assert.Equal(t, 1, strings.Count(got, "write x (line 3): dim"), got)
	assert.Contains(t, got, "from x (line 3)\n")
}

// TestExplainTellsHeadsApart: the parts of one selector, and one selector over
// other keys each time.
func TestExplainTellsHeadsApart(t *testing.T) {
	_, got := explained(t, `#rasp:vocab "abc"
#rasp:length 8
less = select(tokens, tokens, <);
tie = select(tokens, tokens, ==) and select(indices, indices, <);
x = selector_width(less or tie);`)
	assert.Contains(t, got, "head of less or tie, part 1 of 2 (line 5)")
	assert.Contains(t, got, "head of less or tie, part 2 of 2 (line 5)")

	_, got = explained(t, `#rasp:vocab "abc"
#rasp:length 8
same = select(tokens, tokens, ==);
def near(s) { return aggregate(same, indicator(s)) > 0; }
x = near(shift(tokens, 1, "-") == "a") and near(shift(tokens, 2, "-") == "b");`)
	assert.Contains(t, got, "head of same where indicator(s) (line 3), d_head 4, reads dim")
}

func TestExplainAnMLPBeforeAllHeads(t *testing.T) {
	_, got := explained(t, `#rasp:vocab 0..3
#rasp:length 4
x = aggregate(full_s, indicator(tokens_int < indices)) > 0;`)
	assert.Contains(t, got, "layer 1, for its MLP alone\n  needed because tokens_int < indices")
	assert.Contains(t, got, "(line 3) is not a sum of what token and position say by themselves\n")
}

func TestLongExpressionsAreCut(t *testing.T) {
	_, got := explained(t, `#rasp:vocab "abc"
#rasp:length 4
x = selector_width(select(tokens, tokens, ==) and
    select(indices, indices, <) and select(indices, 2, !=));`)
	assert.Contains(t, got, "head of select(tokens, tokens, ==) and select(indices, indices, <... (line 3)")
}
