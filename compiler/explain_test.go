package compiler

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func explained(t *testing.T, text string) (*compilation, string) {
	t.Helper()
	c := through(t, "check", text)
	var b strings.Builder
	require.NoError(t, (&Report{plan: c.plan, roots: c.roots}).Explain(&b))
	return c, b.String()
}

// TestEveryLayerIsExplained: each has a reason, and all its heads.
func TestEveryLayerIsExplained(t *testing.T) {
	for name, text := range programs(t) {
		t.Run(name, func(t *testing.T) {
			c, got := explained(t, text)
			sections := strings.Split(got, "\n\n")
			heads, _ := c.plan.byLayer()
			for l := range c.plan.layers() {
				section := sections[l+2] // after the headline and the embedding
				assert.True(t, strings.HasPrefix(section, fmt.Sprintf("layer %d", l+1)), section)
				assert.Contains(t, section, "needed")
				assert.Equal(t, len(heads[l]), strings.Count(section, "\n  head "))
			}
			assert.Len(t, sections, c.plan.layers()+3)
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
		c := through(t, "recognise", "#rasp:vocab \"ab\"\n#rasp:length 4\n"+text)
		assert.Equal(t, depth, attentionDepth(c.roots), text)
	}
}

func TestRanges(t *testing.T) {
	assert.Equal(t, "1-3,5,7-8", ranges([]int{5, 1, 2, 3, 8, 7, 7}))
	assert.Equal(t, "", ranges(nil))
}
