package analysis

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
)

// manyFlags are so many conditions that a table over them is too large.
const manyFlags = 14

// flagged is a program that has the flags c0, c1, .. and says what x is.
func flagged(text string) string {
	letters := "abcdefghijklmnopqrstuvwxyz"[:manyFlags]
	b := fmt.Sprintf("#rasp:vocab %q\n#rasp:length 5\n", letters)
	for i, x := range letters {
		b += fmt.Sprintf("c%d = contains(tokens, \"%c\");\n", i, x)
	}
	return b + text
}

// each joins a text for each flag.
func each(format, by string) string {
	var list []string
	for i := range manyFlags {
		list = append(list, strings.ReplaceAll(format, "#", fmt.Sprint(i)))
	}
	return strings.Join(list, by)
}

// TestChains: conditions that are asked one after the other are a list of links, however
// they are written.
func TestChains(t *testing.T) {
	for text, want := range map[string]struct{ links, values int }{
		"x = -1;\n" + each("x = # if c# else x;", "\n"):                         {manyFlags, manyFlags + 1},
		"x = -1;\n" + each("x = x if c# else #;", "\n"):                         {manyFlags, manyFlags + 1},
		"x = " + each("c#", " or ") + ";":                                       {manyFlags, 2},
		"x = not (" + each("c#", " and ") + ");":                                {manyFlags, 2},
		"x = True;\n" + each("x = x and c#;", "\n"):                             {manyFlags, 2},
		"x = False;\n" + each("x = x or c# if # % 2 == 0 else x and c#;", "\n"): {manyFlags, 2},
		"x = \"\";\n" + each("x = tokens if c# else x;", "\n"):                  {manyFlags, manyFlags + 1},
	} {
		p := factsOf(t, flagged(text))
		v := p.analysis.Own[p.roots[0]]
		require.NotNil(t, v, text)
		require.Equal(t, facts.Chosen, v.Source, text)
		assert.Equal(t, want.links, v.Chain.Length, text)
		assert.Len(t, v.Table.Values, want.values, text)
	}
}

// TestFewConditionsAreTables: what a table holds needs no chain.
func TestFewConditionsAreTables(t *testing.T) {
	p := factsOf(t, flagged("x = 1 if c0 else (2 if c1 else (3 if c2 else 4));"))
	assert.Nil(t, p.analysis.Own[p.roots[0]])
	assert.Len(t, p.analysis.Table(p.roots[0]).Vars, 3)
}
