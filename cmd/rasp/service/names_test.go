package service

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// files are those that programs load.
func files(texts map[string]string) func(string) (string, error) {
	return func(path string) (string, error) {
		text, ok := texts[path]
		if !ok {
			return "", os.ErrNotExist
		}
		return text, nil
	}
}

// TestReferences: [] stands around all that is meant by the name at |.
func TestReferences(t *testing.T) {
	for what, text := range map[string]string{
		"a variable that is assigned again":  "[x|] = 1;\n[x] = [x] + 1;\ny = [x];",
		"a parameter hides a variable":       "x = 1;\ndef f([x|]) {\n    return [x] + 1;\n}\ny = x;",
		"a variable that a parameter hides":  "[x|] = 1;\ndef f(x) {\n    return x;\n}\ny = [x];",
		"a function":                         "def [f](x) {\n    return x;\n}\ny = [f|](1);",
		"an iterator of a comprehension":     "i = 1;\nl = [[i] for [i|] in range(3)];\nk = i;",
		"an iterator of a loop stays":        "for [i|] in range(3) {\n    x = [i];\n}\ny = [i];",
		"a local of a function":              "y = 2;\ndef f(x) {\n    [y|] = x;\n    return [y];\n}\nz = y;",
		"read from a function":               "[y|] = 2;\ndef f(x) {\n    return x + [y];\n}",
		"a local that a loop may not bind":   "[x] = 1;\ndef f(a) {\n    for i in a {\n        [x|] = i;\n    }\n    return [x];\n}\ny = [x];",
		"an output":                          "#rasp:output [y]\n[y|] = tokens;",
		"tokens that may be those of others": "def f(x) {\n    return [tokens|];\n}\n[tokens] = tokens_int;",
	} {
		brackets := strings.NewReplacer("[", "", "]", "")
		if what == "an iterator of a comprehension" {
			brackets = strings.NewReplacer("[[i]", "[i", "[i|]", "i|", "(3)]", "(3)]")
		}
		plain, p := marked(t, brackets.Replace(text))
		s := opened(plain)
		var b strings.Builder
		last := 0
		list := s.Highlights(p)
		for _, h := range list {
			start, end := s.Offset(h.Range.Start), s.Offset(h.Range.End)
			b.WriteString(plain[last:start] + "[" + plain[start:end] + "]")
			last = end
		}
		assert.Equal(t, strings.ReplaceAll(text, "|", ""), b.String()+plain[last:], what)
		locations := Project{}.References(s, p, true)
		assert.Len(t, locations, len(list), what)
	}
}

// TestDefinition: ^ stands before where the name at | was bound.
func TestDefinition(t *testing.T) {
	for _, text := range []string{
		"^x = 1;\ny = x|;",
		"x = 1;\n^x = 2;\ny = x|;",
		"def ^f(a) {\n    return a;\n}\ny = f|(1);",
		"def f(^a) {\n    return a|;\n}",
		"l = [i| for ^i in range(3)];",
	} {
		plain, p := marked(t, strings.ReplaceAll(text, "^", ""))
		at := opened(plain).Definition(p)
		require.NotNil(t, at, text)
		place := NewText(plain, UTF16).Offset(at.Range.Start)
		assert.Equal(t, strings.ReplaceAll(text, "|", ""), plain[:place]+"^"+plain[place:])
	}
	plain, p := marked(t, "x = len|gth;")
	assert.Nil(t, opened(plain).Definition(p), "of the library")
	plain, p = marked(t, "x = no|thing;")
	assert.Nil(t, opened(plain).Definition(p))
}

// TestAcrossFiles: a name of a file that is loaded, from both sides and through a third.
func TestAcrossFiles(t *testing.T) {
	texts := map[string]string{
		"lib.rasp":    "# Twice s.\ndef twice(s) {\n    return s + s;\n}\n_own = 1;\n",
		"middle.rasp": "load \"lib\";\nfour = twice(twice(1));\n",
	}
	text, p := marked(t, "load \"middle\";\nx = tw|ice(indices);\n")
	s := Open("a.rasp", text, files(texts), UTF16)
	require.Empty(t, s.Findings())

	at := s.Definition(p)
	require.NotNil(t, at)
	assert.Equal(t, Location{"lib.rasp", Range{Position{1, 4}, Position{1, 9}}}, *at)
	assert.Contains(t, s.Hover(p, nil).Contents.Value, "Twice s.")
	assert.Contains(t, s.Hover(p, nil).Contents.Value, "Of lib.rasp, line 2.")

	middle := Open("middle.rasp", texts["middle.rasp"], files(texts), UTF16)
	all := Project{s, middle}
	assert.Len(t, all.References(s, p, true), 4)
	edits, err := all.Rename(s, p, "double")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"a.rasp", "middle.rasp", "lib.rasp"}, keysOf(edits))
	lib := Open("lib.rasp", texts["lib.rasp"], files(texts), UTF16)
	renamed := files(map[string]string{"lib.rasp": lib.Apply(edits["lib.rasp"]), "middle.rasp": middle.Apply(edits["middle.rasp"])})
	assert.Empty(t, Open("a.rasp", s.Apply(edits["a.rasp"]), renamed, UTF16).Findings())

	_, err = all.Rename(s, p, "_double")
	assert.ErrorContains(t, err, "twice cannot be called _double: undefined variable _double", "a private name is not loaded")
	_, err = Project{lib, s, middle}.Rename(lib, Position{1, 5}, "four")
	assert.ErrorContains(t, err, "twice cannot be called four", "middle binds that")
}

// TestRenameRefused: with the reason.
func TestRenameRefused(t *testing.T) {
	for _, row := range [][3]string{
		{"x| = 1;", "def", "is no name"},
		{"x| = 1;", "2x", "is no name"},
		{"x| = 1;", "", "is no name"},
		{"x| = 1;", "tokens_int", "is a reserved name"},
		{"x| = 1;", "length", "length is a reserved name"},
		{"x = len|gth;", "y", "a name of the language"},
		{"x| = 1;\ny = 2;\nz = x;", "y", "y is taken: on line 2"},
		{"y = 1;\ndef f(x|) {\n    return x + y;\n}", "y", "y is taken: on line 3"},
		{"y| = 1;\ndef f(x) {\n    return x + y;\n}", "x", "x is taken: on line 3"},
		{"def f(s|) {\n    return max(s, 1);\n}", "max", "max is taken: on line 2"},
		{"x = 1;\ny = x| +;", "z", "there is no name here"},
		{"x| = 1;\ny = 2 +;", "z", "line 2 of a.rasp cannot be read"},
	} {
		text, p := marked(t, row[0])
		_, err := Project{}.Rename(opened(text), p, row[1])
		assert.ErrorContains(t, err, row[2], row[0])
	}
}
