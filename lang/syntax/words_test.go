package syntax

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/diag"
)

func TestWords(t *testing.T) {
	names := map[WordKind]string{NameWord: "name", CallWord: "call", NumberWord: "number", StringWord: "string", KeywordWord: "keyword",
		OperatorWord: "operator", PunctWord: "punct", CommentWord: "comment", DirectiveWord: "directive", BadWord: "bad"}
	var got []string
	for _, w := range Words(diag.NewSource("a.rasp", "#rasp:causal\nx = select(a, 1.5, !=) and \"é\"; # why\ny = 3 ? \"open\n")) {
		got = append(got, names[w.Kind]+" "+w.Text())
	}
	assert.Equal(t, []string{"directive #rasp:causal", "name x", "punct =", "call select", "punct (", "name a", "punct ,", "number 1.5", "punct ,",
		"operator !=", "punct )", "keyword and", `string "é"`, "punct ;", "comment # why", "name y", "punct =", "number 3", "bad ?", `bad "open`}, got)
	w := Words(diag.NewSource("a.rasp", "and"))[0]
	assert.True(t, w.Is("or", "and"))
	assert.False(t, Words(diag.NewSource("a.rasp", "x"))[0].Is("x"), "a name is none of them")
	assert.True(t, IsName("x_1"))
	for _, text := range []string{"", "1x", "é", "and", "def", "a b"} {
		assert.False(t, IsName(text), text)
	}
	assert.Contains(t, DirectiveNames(), "vocab")
}

// TestAround: the innermost node at | is the text between [ and ].
func TestAround(t *testing.T) {
	for text, want := range map[string]string{
		"x = a + f(b|, c);":                  "b",
		"x = a |+ f(b, c);":                  "a + f(b, c)",
		"x = aggregate(s|, t, 0);":           "s",
		"x = aggregate|(s, t, 0);":           "aggregate(s, t, 0)",
		"def f(x) {\n    return [x, y|];\n}": "y",
		"def f(x|) {\n    return x;\n}":      "x",
		"for i in [1|] { x = i; }":           "1",
		"x = {1: a|};":                       "a",
		"x = [i for i| in l];":               "i",
		"x = a;|":                            "x = a;",
		"x = (-a|)[2] if c else not d in e;": "a",
		"set example \"ab|c\"":               `"abc"`,
	} {
		before, after, _ := strings.Cut(text, "|")
		file, _ := Parse(diag.NewSource("a.rasp", before+after))
		path := file.Around(len(before))
		require.NotEmpty(t, path, text)
		assert.Equal(t, want, path[len(path)-1].Span().Text(), text)
		for i := 1; i < len(path); i++ {
			outer, inner := path[i-1].Span(), path[i].Span()
			assert.True(t, outer.Start <= inner.Start && inner.End <= outer.End, text)
		}
	}
	file, _ := Parse(diag.NewSource("a.rasp", "x = 1;\n\n"))
	assert.Empty(t, file.Around(8))
}

// TestChildren: in all programs of the library each name is met once, where it stands.
func TestChildren(t *testing.T) {
	files, err := filepath.Glob("../../stdlib/*.rasp")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		src := diag.NewSource(path, string(text))
		file, _ := Parse(src)
		met := map[int]int{}
		file.WalkAll(func(n Node) {
			if name, ok := n.(*Ident); ok {
				met[name.Span().Start]++
			}
		})
		for _, w := range Words(src) {
			if w.Kind == NameWord {
				assert.Equal(t, 1, met[w.Span.Start], "%s: %s", w.Span, w.Text())
			}
		}
	}
}
