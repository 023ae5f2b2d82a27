package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	quoted = regexp.MustCompile("`[^`\n]+`")
	named  = regexp.MustCompile(`^([a-z]+)\.([A-Za-z]\w*)(?:\.(\w+))?$`)
	aTest  = regexp.MustCompile(`^(Test|Benchmark)[A-Z]\w*$`)
	aFile  = regexp.MustCompile(`^[\w./-]+\.(go|sh|py|rasp|md)$`)
	aDir   = regexp.MustCompile(`^(lang|compiler|runtime|gpu|cmd|stdlib|testdata|docs)(/\w+)*$`)
)

// TestDocumentsNames: each identifier, test, file and folder that the documents for
// maintainers name is there.
func TestDocumentsNames(t *testing.T) {
	root := repository(t)
	c := readCode(t, root)
	for _, name := range documents(t, root) {
		if !strings.HasPrefix(name, "docs/design/") && !strings.HasPrefix(name, "docs/rationale/") {
			continue
		}
		text := fenced.ReplaceAllString(read(t, filepath.Join(root, name)), "")
		for _, word := range quoted.FindAllString(text, -1) {
			word = strings.Trim(word, "`")
			m := named.FindStringSubmatch(word)
			switch {
			case aTest.MatchString(word):
				assert.True(t, c.tests[word], "%s names %s", name, word)
			case aFile.MatchString(word):
				is := func(file string) bool { return strings.HasSuffix("/"+file, "/"+word) }
				assert.True(t, slices.ContainsFunc(c.files, is), "%s names %s", name, word)
			case aDir.MatchString(word):
				assert.DirExists(t, filepath.Join(root, word), name)
			case m != nil && c.names[m[1]] != nil:
				assert.True(t, c.names[m[1]][m[2]], "%s names %s", name, word)
				assert.True(t, m[3] == "" || c.names[m[1]][m[3]], "%s names %s", name, word)
			}
		}
	}
}

// code is what documents can name of the repository.
type code struct {
	positions *token.FileSet
	folders   map[string][]*ast.File // by folder, without tests
	names     map[string]map[string]bool
	tests     map[string]bool
	files     []string
}

func readCode(t *testing.T, root string) *code {
	t.Helper()
	c := &code{token.NewFileSet(), map[string][]*ast.File{}, map[string]map[string]bool{}, map[string]bool{}, nil}
	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch {
		case file == ".git" && entry.IsDir():
			return fs.SkipDir
		case file == ".git": // of a further work tree
			return nil
		case !entry.IsDir():
			c.files = append(c.files, file)
		}
		if path.Ext(file) != ".go" {
			return nil
		}
		parsed, err := parser.ParseFile(c.positions, filepath.Join(root, file), nil, parser.ParseComments)
		if err != nil {
			return err
		}
		c.declare(parsed)
		if !strings.HasSuffix(file, "_test.go") {
			c.folders[path.Dir(file)] = append(c.folders[path.Dir(file)], parsed)
		}
		return nil
	}))
	return c
}

// declare notes the functions, methods, types, fields, variables and constants of a file.
func (c *code) declare(file *ast.File) {
	names := c.names[file.Name.Name]
	if names == nil {
		names = map[string]bool{}
		c.names[file.Name.Name] = names
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			names[n.Name.Name] = true
			if n.Recv == nil {
				c.tests[n.Name.Name] = true
			}
			return false
		case *ast.TypeSpec:
			names[n.Name.Name] = true
		case *ast.Field:
			for _, name := range n.Names {
				names[name.Name] = true
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				names[name.Name] = true
			}
		}
		return true
	})
}

// imports are the packages of the repository that a package imports, without tests.
func (c *code) imports(dir string) []string {
	all := map[string]bool{}
	for _, file := range c.folders[dir] {
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if dir, ok := strings.CutPrefix(name, "rasp/"); ok {
				all[dir] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// height is 0 for a package that imports none of the repository, else one more than that
// of the highest that it imports.
func (c *code) height(dir string) int {
	h := 0
	for _, d := range c.imports(dir) {
		h = max(h, c.height(d)+1)
	}
	return h
}
