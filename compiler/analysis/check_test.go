package analysis

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
)

// TestFactsAreChecked: each way in which facts can be none is found.
func TestFactsAreChecked(t *testing.T) {
	for want, damage := range map[string]func(c *analysed, r *facts.Table){
		"has no table":                  func(c *analysed, _ *facts.Table) { delete(c.analysis.Tables, c.roots[0]) },
		"is unbounded and has":          func(_ *analysed, r *facts.Table) { r.Unbounded = true },
		"cells for":                     func(_ *analysed, r *facts.Table) { r.Cells = r.Cells[1:] },
		"a cell has value 99":           func(_ *analysed, r *facts.Table) { r.Cells[0] = 99 },
		"out of order":                  func(_ *analysed, r *facts.Table) { slices.Reverse(r.Values) },
		"variables out of order":        func(_ *analysed, r *facts.Table) { slices.Reverse(r.Vars) },
		"several variables and is none": func(c *analysed, _ *facts.Table) { clear(c.analysis.Facts.Computed) },
		"another size than its classes": func(c *analysed, _ *facts.Table) {
			for _, s := range c.analysis.Selectors {
				for _, p := range s.Conjuncts {
					for _, x := range p.Conditions {
						x.Allowed = x.Allowed[1:]
					}
				}
			}
		},
	} {
		c := factsOf(t, "#rasp:vocab 0..3\n#rasp:length 4\nx = tokens_int * indices + selector_width(select(tokens, tokens, ==));")
		require.NoError(t, c.analysis.Check())
		damage(c, c.analysis.Table(c.roots[0]))
		assert.ErrorContains(t, c.analysis.Check(), want)
	}
}

// TestFactsInText: what is known of each node of a small program.
func TestFactsInText(t *testing.T) {
	c := factsOf(t, "#rasp:vocab \"ab\"\n#rasp:length 3\ny = indices * 2;\nx = y + selector_width(select(tokens, tokens, ==));")
	var b strings.Builder
	require.NoError(t, c.analysis.Print(&b))
	assert.Equal(t, `
%0 = indices  # indices  : 3 values over (position): 0 1 2, no value twice
%1 = 2  : 1 value over (): 2
%2 = * %0 %1  # y  : 3 values over (position): 0 2 4, linear, no value twice
%4 = tokens_str  # tokens  : 2 values over (token): "a" "b"
%5 = select == %4 %4  : 1 head, 1 condition
%17 = selector_width %5  : 4 values over (%17): 0 1 2 3
%18 = + %2 %17  # x  : 8 values over (position, %17): 0 1 2 3 4 5 6 7, linear
`, "\n"+b.String())
}
