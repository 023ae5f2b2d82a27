package treesitter_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	sitter "github.com/tree-sitter/go-tree-sitter"

	treesitter "rasp/cmd/rasp/editor/tree-sitter/src"
	"rasp/lang/diag"
	"rasp/lang/golden"
	"rasp/lang/syntax"
)

const root = "../../../.."

func language(t *testing.T) *sitter.Language {
	t.Helper()
	l := sitter.NewLanguage(treesitter.Language())
	require.NotNil(t, l)
	return l
}

// parse gives a tree, to be closed.
func parse(t *testing.T, text []byte) *sitter.Tree {
	t.Helper()
	p := sitter.NewParser()
	defer p.Close()
	require.NoError(t, p.SetLanguage(language(t)))
	tree := p.Parse(text, nil)
	require.NotNil(t, tree)
	return tree
}

// program is one that our parser may or may not take.
type program struct{ name, text string }

// programs are those of the library, the tests and the documents.
func programs(t *testing.T) []program {
	t.Helper()
	var list []program
	for _, folder := range []string{"stdlib", "testdata"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(root, folder), func(path string, _ os.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".rasp" {
				return err
			}
			chunks, err := golden.Read(path, read(t, path))
			for _, c := range chunks {
				list = append(list, program{path + ": " + c.Title, c.Text})
			}
			return err
		}))
	}
	documents, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	for _, path := range append(documents, filepath.Join(root, "README.md")) {
		for _, m := range shown.FindAllStringSubmatch(read(t, path), -1) {
			list = append(list, program{path + ": " + m[1], m[2]})
		}
	}
	return list
}

// shown is a program of a document, up to the next command or the end of the block.
var shown = regexp.MustCompile(`(?ms)^\$ cat (\S+\.rasp)\n(.*?)(?:^\$ |^` + "```" + `)`)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// same compares the trees of a program; false if our parser finds a fault in it.
func same(t *testing.T, p program) bool {
	t.Helper()
	file, faults := syntax.Parse(diag.NewSource(p.name, p.text))
	if len(faults) > 0 {
		return false
	}
	tree := parse(t, []byte(p.text))
	defer tree.Close()
	require.False(t, tree.RootNode().HasError(), "%s:\n%s\n%s", p.name, p.text, tree.RootNode().ToSexp())
	var ours, theirs outline
	ours.file(file)
	theirs.theirs(tree.RootNode(), []byte(p.text))
	require.Equal(t, ours.String(), theirs.String(), "%s:\n%s", p.name, p.text)
	return true
}

// TestPrograms: what our parser takes has the same tree here, node for node.
func TestPrograms(t *testing.T) {
	compared := 0
	for _, p := range programs(t) {
		if same(t, p) {
			compared++
		}
	}
	assert.Greater(t, compared, 500)
}

// TestRandomPrograms: so have programs in which a random token stands for another one.
func TestRandomPrograms(t *testing.T) {
	token := regexp.MustCompile(`#.*|"[^"\n]*"|[0-9.]+|s-op|(?:select|aggregate|range|zip|len)\(|\w+|[=!<>]=|\S`)
	random := rand.New(rand.NewPCG(1, 2))
	compared := 0
	for _, p := range programs(t) {
		places := token.FindAllStringIndex(p.text, -1)
		for range 20 {
			at, from := places[random.IntN(len(places))], places[random.IntN(len(places))]
			changed := p.text[:at[0]] + " " + p.text[from[0]:from[1]] + " " + p.text[at[random.IntN(2)]:]
			if same(t, program{p.name, changed}) {
				compared++
			}
		}
	}
	assert.Greater(t, compared, 1000)
}

// TestCorpus: test/corpus, as tree-sitter test reads it.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("test/corpus/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		parts := regexp.MustCompile(`(?m)^===+\n(.+)\n===+\n`).Split(read(t, path), -1)[1:]
		titles := regexp.MustCompile(`(?m)^===+\n(.+)\n===+\n`).FindAllStringSubmatch(read(t, path), -1)
		for i, part := range parts {
			text, want, found := strings.Cut(part, "\n---\n")
			require.True(t, found, titles[i][1])
			tree := parse(t, []byte(text))
			got := tree.RootNode().ToSexp()
			tree.Close()
			want = strings.ReplaceAll(strings.Join(strings.Fields(want), " "), "( ", "(")
			assert.Equal(t, want, got, titles[i][1])
		}
	}
}

// TestHighlights: the queries are valid, and each token of all programs but a plain name
// has a colour.
func TestHighlights(t *testing.T) {
	queries := map[string]*sitter.Query{}
	for _, name := range []string{"highlights", "folds", "indents", "locals"} {
		q, err := sitter.NewQuery(language(t), read(t, "queries/"+name+".scm"))
		require.Nil(t, err, "%s: %v", name, err)
		defer q.Close()
		queries[name] = q
	}
	for _, p := range programs(t) {
		if _, faults := syntax.Parse(diag.NewSource(p.name, p.text)); len(faults) > 0 {
			continue
		}
		tree := parse(t, []byte(p.text))
		colours := captured(queries["highlights"], tree, p.text)
		leaves(tree.RootNode(), func(n *sitter.Node) {
			if n.Kind() != "identifier" {
				assert.True(t, colours[n.Id()], "%s: %s", p.name, n.Utf8Text([]byte(p.text)))
			}
		})
		tree.Close()
	}
}

// captured has the nodes that a query names.
func captured(q *sitter.Query, tree *sitter.Tree, text string) map[uintptr]bool {
	cursor := sitter.NewQueryCursor()
	defer cursor.Close()
	named := map[uintptr]bool{}
	matches := cursor.Matches(q, tree.RootNode(), []byte(text))
	for m := matches.Next(); m != nil; m = matches.Next() {
		for _, c := range m.Captures {
			named[c.Node.Id()] = true
		}
	}
	return named
}

func leaves(n *sitter.Node, visit func(*sitter.Node)) {
	if n.ChildCount() == 0 {
		visit(n)
	}
	for i := range n.ChildCount() {
		leaves(n.Child(i), visit)
	}
}
