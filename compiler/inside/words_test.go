package inside_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/inside"
	"rasp/lang/golden"
	"rasp/lang/value"
)

// TestWords: what a trace says that a name is, the program says; what a function of the
// library computes is in its call, and lines of the library are said to be its.
func TestWords(t *testing.T) {
	const domain = "#rasp:vocab \"ab\"\n#rasp:length 4\n"
	for text, want := range map[string][]inside.Definition{
		"isa = tokens == \"a\";\nn = count(tokens, \"a\");\nx = 1 if isa else 0;\nr = n + x;": {
			{Name: "n", Text: inside.Text{Is: `count(tokens, "a")`, Line: 4}},
			{Name: "isa", Text: inside.Text{In: `count(tokens, "a")`, Line: 4}},
			{Name: "x", Text: inside.Text{Is: "1 if isa else 0", Line: 5}},
			{Name: "full_s", Text: inside.Text{Is: "select(1, 1, ==)", Line: 9, File: "the library"}},
		},
		"r = sort(tokens, tokens);":      {{Name: "before", Text: inside.Text{In: "sort(tokens, tokens)", Line: 3}}},
		"target = sort(tokens, tokens);": {{Name: "before", Text: inside.Text{In: "sort(tokens, tokens)", Line: 3}}},
		"s = select(tokens, tokens, ==);\nr = selector_width(s);\nr = r + 1;": {
			{Name: "s", Text: inside.Text{Is: "select(tokens, tokens, ==)", Line: 3}},
		},
	} {
		m := modelOf(&golden.Chunk{Text: domain + text}, 1)
		require.NotNil(t, m, text)
		x, err := inside.New(m)
		require.NoError(t, err)
		trace, err := x.Trace([]value.Value{value.OfString("b"), value.OfString("a")})
		require.NoError(t, err)
		assert.Equal(t, want, trace.Where, text)
		for _, l := range trace.Layers {
			for _, h := range l.Held {
				if h.SOp == "target" {
					assert.Equal(t, inside.Text{In: "sort(tokens, tokens)", Line: 3}, h.Text, text)
				}
			}
		}
	}
}
