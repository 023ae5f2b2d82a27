package service

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHover(t *testing.T) {
	for text, want := range map[string]string{
		"#> \"ab\" => [1, 1]\nx| = length - 1;":                          "x: s-op of ints|On `\"ab\"`: `[1]*2`",
		"#> \"ab\" => error value: k\nset example \"abc\"\nx| = tokens;": "On `\"abc\"`: `[a, b, c]`",
		"#rasp:vocab 5..6\n#rasp:length 3\nx = tokens_int|;":             "tokens_int: s-op of ints|On `[",
		"x = tokens_int| + 1;":                                           "tokens_int: s-op of ints",
		"#> \"a\" => [1]\nx = tokens_int| + 1;":                          "On `\"a\"` it fails: cannot read string",
		"x = [1, [2.5, \"a\"]];\ny = x|;":                                "x: list|Value: `[1, [2.5, \"a\"]]`",
		"s| = select(tokens, \"l\", ==);":                                "s: selector|On `\"hello\"`: `10 of 25 selected`|h | . . 1 1 .",
		"def f(a|) {\n    return a;\n}\nx = f(1);\ny = f(2);":            "a: int|A parameter.|Value, the last of 2 times: `2`",
		"# Adds.\ndef f(a, b) {\n    return a + b;\n}\nx = f|(1, 2);":    "f(a, b)|Adds.",
		"x = sel|ect(tokens, \"l\", ==);":                                "select(key, query, ==)|10 of 25 selected",
		"x = 1 |+ 2;":                                                    "Value: `3`",
		"#rasp:len|gth 3":                                                "#rasp:length 32|longest input",
		"x = tokens if| True else tokens;":                               "a if c else b|On `\"hello\"`: `[h, e, l, l, o]`",
		"x = 1 i|n [1];":                                                 "a in l|Value: `True`",
	} {
		plain, p := marked(t, text)
		h := opened(plain).Hover(p, nil)
		require.NotNil(t, h, text)
		for _, part := range strings.Split(want, "|") {
			if part == "h " {
				part = "h | . . 1 1 ."
			}
			if part != " . . 1 1 ." {
				assert.Contains(t, h.Contents.Value, part, text)
			}
		}
	}
	for _, text := range []string{"x |= 1;", "x = 1|;", "# com|ment", "| ", "x = nothing|;", "#rasp:no|thing", "x = \"te|xt\";"} {
		plain, p := marked(t, text)
		assert.Nil(t, opened(plain).Hover(p, nil), text)
	}
}

// TestHoverModel: where a model computes an s-op and uses a selector.
func TestHoverModel(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "stdlib", "sort.rasp"))
	require.NoError(t, err)
	s := opened(string(text))
	c, err := s.Compile(context.Background())
	require.NoError(t, err)
	require.Nil(t, c.Refused)
	said := func(part string) string {
		return s.Hover(s.Position(strings.Index(s.text, part)), c).Contents.Value
	}
	assert.Regexp(t, `In the model: brought by layer 2, head 0 \(copies\); held in \d dimensions of the attention of layer 2\.`, said("sorted = "))
	assert.Regexp(t, `In the model: held in \d dimensions of the embedding\.`, said("tokens, tokens, =="))
	assert.Regexp(t, `In the model: selects in layer 1, head 0`, said("or equal"))
	assert.Contains(t, said("place = "), "of the MLP of layer 1")

	none := opened("#rasp:vocab \"ab\"\n#rasp:length 2\nx = 1 / tokens_int;\n")
	c, err = none.Compile(context.Background())
	require.NoError(t, err)
	require.NotNil(t, c.Refused)
	assert.NotContains(t, none.Hover(Position{2, 0}, c).Contents.Value, "model")
	assert.Equal(t, "no model: "+c.Refused.Message, none.Lenses(c, "", "")[0].Command.Title)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = s.Compile(ctx)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestComplete(t *testing.T) {
	labels := func(text string) (list []string) {
		plain, p := marked(t, text)
		for _, c := range opened(plain).Complete(p, true) {
			list = append(list, c.Label)
		}
		return list
	}
	assert.Subset(t, labels("first = 1;\nx = f|;"), []string{"first", "full_s", "select", "selector_width", "tokens", "if", "True"})
	assert.NotContains(t, labels("x = f|;\nlater = 1;"), "later")
	assert.Contains(t, labels("def f(a) {\n    return l|;\n}\nlater = 1;"), "later")
	assert.Subset(t, labels("def f(first, second) {\n    inside = first;\n    x = s|"), []string{"first", "second", "inside", "f"})
	assert.NotContains(t, labels("def f(first, second) {\n    x = s|"), "help")
	assert.Subset(t, labels("#rasp:|"), []string{"#rasp:vocab", "#rasp:inputs"})
	assert.Len(t, labels("#|"), len(directiveWords))
	for _, text := range []string{"# a comment|", "x = \"te|xt\";", "x = 12|;", "def na|", "for i|"} {
		assert.Empty(t, labels(text), text)
	}

	plain, p := marked(t, "def f(a, b) {\n    return a + b;\n}\nx = f|;")
	list := opened(plain).Complete(p, true)
	at := slices.IndexFunc(list, func(c Completion) bool { return c.Label == "f" })
	assert.Equal(t, "f(${1:a}, ${2:b})", list[at].TextEdit.NewText)
	assert.Equal(t, Range{Position{3, 4}, Position{3, 5}}, list[at].TextEdit.Range)
	assert.Equal(t, "f", opened(plain).Complete(p, false)[at].TextEdit.NewText)
	plain, p = marked(t, "def f(a, b) {\n    return a + b;\n}\nx = f|(1);")
	assert.Equal(t, "f", opened(plain).Complete(p, true)[at].TextEdit.NewText, "it is called already")
}

// TestDirectives: the words of all directives are known.
func TestDirectives(t *testing.T) {
	list := opened("#rasp:").Complete(Position{0, 6}, false)
	require.Len(t, list, len(directiveWords))
	for _, c := range list {
		assert.NotEmpty(t, c.Documentation.Value, c.Label)
	}
}

func TestSignature(t *testing.T) {
	for text, want := range map[string]string{
		"x = sort(a|":                                   "sort(seq, key) 0",
		"x = sort(a, [1, f(2), 3], |":                   "sort(seq, key) 2",
		"x = sort(a, [1, (2|":                           "sort(seq, key) 1",
		"x = aggregate(s, select(t, t, ==), |)":         "aggregate(sel, seq, default) 2",
		"x = lookup(d, a, b, c, |)":                     "lookup(table, s, .., default) 2",
		"def f(a, b) {\n    return a;\n}\nx = f(1, |);": "f(a, b) 1",
		"x = round(|":                                   "round(s) 0",
		"def f(a, |":                                    "",
		"x = sort(a); |":                                "",
		"x = tokens(|":                                  "",
		"x = (1, |":                                     "",
		"# sort(|":                                      "",
	} {
		plain, p := marked(t, text)
		h := opened(plain).Signature(p)
		got := ""
		if h != nil {
			got = h.Signatures[0].Label + " " + string(rune('0'+h.ActiveParameter))
		}
		assert.Equal(t, want, got, text)
	}
}

func TestSymbolsAndFolds(t *testing.T) {
	s := opened("# one\n# two\n\nx = [\n    1,\n    2\n];\nx = 2;\ndef f(a) {\n    b = a;\n    return b;\n}\nfor i in [1] {\n    c = i;\n}\ndef g(s) {\n    d = s;\n")
	var names []string
	for _, symbol := range s.Symbols() {
		names = append(names, symbol.Name)
		for _, inner := range symbol.Children {
			names = append(names, "."+inner.Name)
		}
	}
	assert.Equal(t, []string{"x", "f", ".b", "c", "g", ".d"}, names)
	assert.Equal(t, []Fold{{0, 1, "comment"}, {3, 5, ""}, {8, 10, ""}, {12, 13, ""}}, s.Folds())
}

func TestDo(t *testing.T) {
	ctx := context.Background()
	s := opened("#rasp:vocab \"ab\"\n#rasp:length 3\nx = tokens == \"a\";\ns = select(tokens, tokens, ==);\n#> \"ab\" => [true, false]\n#> \"b\" => [false]\n")
	do := func(command, name string) Shown {
		shown, err := s.Do(ctx, command, name)
		require.NoError(t, err)
		return shown
	}
	assert.Equal(t, Shown{"run x", "text", "x(\"ab\") = [T, F] (bools)\nx(\"b\") = [F] (bools)\n"}, do(Run, "x"))
	assert.Contains(t, do(Run, "s").Content, "\n  1 .\n  . 1\n")
	assert.Equal(t, "svg", do(Draw, "x").Kind)
	assert.Contains(t, do(Draw, "s").Content, "s is a selector")
	assert.Contains(t, do(Compile, "x").Content, "0 layers, ")
	assert.Contains(t, do(Compile, "s").Content, "s is a selector")
	assert.Equal(t, "equal on every input of the domain: 14 inputs\n", do(Verify, "x").Content)
	assert.Contains(t, do(Run, "nothing").Content, "the program has no s-op or selector nothing")
	_, err := s.Do(ctx, "rm", "x")
	assert.Error(t, err)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = s.Do(cancelled, Verify, "x")
	assert.ErrorIs(t, err, context.Canceled)

	faulty, err := opened("x = 1 +;\ny = tokens;").Do(ctx, Run, "y")
	require.NoError(t, err)
	assert.Contains(t, faulty.Content, "a.rasp:1:8: syntax error")
}
