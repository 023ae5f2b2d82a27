package rewrite

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/graph"
)

// idiom counts the columns of s in the way of the RASP paper, up to the last
// line.
const idiom = `
s = select(tokens, tokens, ==);
at0 = select(indices, 0, ==);
light0 = indicator(indices == 0);
inverted = aggregate(s or at0, light0);
has0 = aggregate(s and at0, light0, 0);
`

// recognised compiles a program up to the recognition of widths.
func recognised(t *testing.T, program string) []*graph.Node {
	return Widths(Share(programOf(t, small+program))).Roots
}

func TestWidthIsRecognised(t *testing.T) {
	for name, program := range map[string]string{
		"library":          "s = select(tokens, tokens, ==);\nx = selector_width(s);",
		"own definition":   "def width(q) { a = select(indices, 0, ==); l = indicator(indices == 0); return round(1/aggregate(q or a, l) - 1 + aggregate(q and a, l)); }\ns = select(tokens, tokens, ==);\nx = width(s);",
		"as written":       idiom + "x = round(1 / inverted - 1 + has0);",
		"mean last":        idiom + "x = round(has0 - 1 + 1 / inverted);",
		"constant first":   idiom + "x = round(-1 + (has0 + 1 / inverted));",
		"in brackets":      idiom + "x = round(1 / inverted - (1 - has0));",
		"constant in two":  idiom + "x = round(1 / inverted + 1 - 2 + has0);",
		"float constants":  idiom + "x = round(1.0 / inverted - 1.0 + has0);",
		"at0 first":        "s = select(tokens, tokens, ==);\nat0 = select(indices, 0, ==);\nl = indicator(0 == indices);\nx = round(1/aggregate(at0 or s, l) - 1 + aggregate(at0 and s, l));",
		"a one in place 0": "s = select(tokens, tokens, ==);\nat0 = select(indices, 0, ==);\nl = indicator(indices == 0);\nx = round(1/aggregate(s or at0, l) - 1 + aggregate(s and at0, 1));",
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, `
%0 = tokens_str  # tokens
%1 = select == %0 %0  # s
%2 = selector_width %1  # x
`, "\n"+printed(recognised(t, program)))
		})
	}
}

// TestWidthInsideAProgram: what uses a width uses the primitive.
func TestWidthInsideAProgram(t *testing.T) {
	assert.Equal(t, `
%0 = tokens_str  # tokens
%1 = select == %0 %0  # s
%2 = selector_width %1  # number
%3 = select < %2 %2
%4 = selector_width %3  # x
`, "\n"+printed(recognised(t, "s = select(tokens, tokens, ==);\nnumber = selector_width(s);\nx = selector_width(select(number, number, <));")))
}

// TestNearMissesStay: each of these counts something else, or nothing at all.
func TestNearMissesStay(t *testing.T) {
	for name, program := range map[string]string{
		"no minus one":      "x = round(1 / inverted + has0);",
		"lost in rounding":  "x = round(1 / inverted + 1000000000000000000000 - 1000000000000000000000 - 1 + has0);",
		"minus two":         "x = round(1 / inverted - 2 + has0);",
		"plus one":          "x = round(1 / inverted + 1 + has0);",
		"two over":          "x = round(2 / inverted - 1 + has0);",
		"not rounded":       "x = 1 / inverted - 1 + has0;",
		"negated":           "x = -(1 / inverted - 1 + has0);",
		"an indicator":      "x = indicator(1 / inverted - 1 + has0);",
		"subtracted":        "x = round(1 / inverted - 1 - has0);",
		"inverse negative":  "x = round(has0 - 1 - 1 / inverted);",
		"one mean too many": "x = round(1 / inverted - 1 + has0 + has0);",
		"one more term":     "x = round(1 / inverted - 1 + has0 + indices);",
		"only the inverse":  "x = round(1 / inverted - 1);",
		"default one":       "x = round(1 / inverted - 1 + aggregate(s and at0, light0, 1));",
		"default a string":  "x = round(1 / inverted - 1 + (1 if aggregate(s and at0, tokens, \"\") == \"a\" else 0));",
		"another selector":  "x = round(1 / inverted - 1 + aggregate(select(indices, indices, ==) and at0, light0));",
		"another place":     "x = round(1 / inverted - 1 + aggregate(s and select(indices, 1, ==), light0));",
		"later places":      "x = round(1 / inverted - 1 + aggregate(s and select(indices, 0, >), light0));",
		"and for or":        "x = round(1 / aggregate(s and at0, light0, 1) - 1 + has0);",
		"or for and":        "x = round(1 / inverted - 1 + inverted);",
		"another light":     "x = round(1 / aggregate(s or at0, indicator(indices == 1)) - 1 + has0);",
		"a light elsewhere": "x = round(1 / inverted - 1 + aggregate(s and at0, indicator(indices == 1)));",
		"a two":             "x = round(1 / inverted - 1 + aggregate(s and at0, 2));",
	} {
		t.Run(name, func(t *testing.T) {
			text := printed(recognised(t, idiom+program))
			assert.NotContains(t, text, "selector_width", text)
			require.True(t, strings.HasSuffix(text, "# x\n"))
		})
	}
}
