package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
)

// made is a part of a document that is made of the code, or of the document itself.
var made = regexp.MustCompile(`(?s)(<!-- made: (\w+)(?: (\S+))? -->\n).*?(<!-- end -->)`)

// TestDocumentsMade compares what documents say of packages, passes and budgets with
// the code, and what they say of themselves with themselves.
func TestDocumentsMade(t *testing.T) {
	root := repository(t)
	c := readCode(t, root)
	makers := map[string]func() string{"packages": c.packages, "trusted": c.trusted, "budgets": c.budgets, "passes": passTable}
	for _, name := range documents(t, root) {
		text := read(t, filepath.Join(root, name))
		page := manualPage{t, text}
		got := made.ReplaceAllStringFunc(text, func(part string) string {
			m := made.FindStringSubmatch(part)
			switch {
			case m[2] == "contents":
				return m[1] + page.contents() + m[4]
			case m[2] == "size" && testing.Short():
				return part
			case m[2] == "size":
				return m[1] + page.size(m[3]) + m[4]
			}
			require.Contains(t, makers, m[2], name)
			return m[1] + makers[m[2]]() + m[4]
		})
		if *update && got != text {
			require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(got), 0o644))
			continue
		}
		compareLines(t, text, got)
	}
}

// TestDocumentsBorders: packages import nothing that architecture.md says they do not.
func TestDocumentsBorders(t *testing.T) {
	c := readCode(t, repository(t))
	for dir := range c.folders {
		allowed := regexp.MustCompile(`^`)
		switch {
		case dir == "compiler/linear", dir == "compiler/keys":
			allowed = regexp.MustCompile(`^$`)
		case dir == "compiler/table":
			allowed = regexp.MustCompile(`^compiler/keys$`)
		case dir == "compiler/construct":
			allowed = regexp.MustCompile(`^lang/elementary$`)
		case dir == "compiler/certify":
			allowed = regexp.MustCompile(`^(compiler/(construct|plan)|lang/elementary|runtime/model)$`)
		case dir == "compiler/facts/factstest":
			allowed = regexp.MustCompile(`^(compiler/facts|lang/(domain|graph|interp|value)|stdlib)$`)
		case dir == "compiler/compilertest":
			allowed = regexp.MustCompile(`^(compiler|compiler/(facts/factstest|verify)|lang|lang/(domain|graph)|runtime|runtime/model)$`)
		case dir == "compiler/prove/provetest":
			allowed = regexp.MustCompile(`^(compiler|compiler/(prove|verify)|lang|lang/(domain|graph)|runtime|runtime/model|stdlib)$`)
		case dir == "compiler/stored":
			allowed = regexp.MustCompile(`^(compiler/verify|lang|lang/(diag|graph)|runtime/model)$`)
		case dir == "compiler/inside":
			allowed = regexp.MustCompile(`^(compiler/(rewrite|stored|verify)|lang/(diag|elab|graph|interp|spell|syntax|value)|runtime/(form|inspect|model))$`)
		case dir == "compiler/prove":
			allowed = regexp.MustCompile(`^(compiler/prove/witness|lang|lang/\w+|runtime/(form|model))$`)
		case strings.HasPrefix(dir, "compiler"):
			allowed = regexp.MustCompile(`^(compiler/\w+(/witness|/noise)?|lang/(diag|domain|elementary|graph|interp|predict|value)|runtime/(form|model|next))$`)
		case strings.HasPrefix(dir, "runtime"):
			allowed = regexp.MustCompile(`^runtime`)
		case strings.HasPrefix(dir, "gpu"):
			allowed = regexp.MustCompile(`^(gpu|runtime)`)
		case strings.HasPrefix(dir, "lang"):
			allowed = regexp.MustCompile(`^(lang|stdlib|runtime/(text|form)$)`)
		}
		for _, imported := range c.imports(dir) {
			assert.Regexp(t, allowed, imported, "imported by %s", dir)
		}
	}
}

// TestDocumentsOrderOfPasses: the drawing of the hand-overs has the passes in the order
// in which they run.
func TestDocumentsOrderOfPasses(t *testing.T) {
	text := read(t, filepath.Join(repository(t), "docs", "design", "architecture.md"))
	drawing := fenced.FindString(text)
	at := 0
	for _, pass := range compiler.DumpNames() {
		if pass == "offers" {
			continue // what lower decides by
		}
		place := regexp.MustCompile(`\b` + pass + `\b`).FindStringIndex(drawing[at:])
		require.NotNil(t, place, "%s is not drawn, or too early", pass)
		at += place[1]
	}
}

// packages lists the packages of the compiler, each below all that it imports.
func (c *code) packages() string {
	var dirs []string
	for dir := range c.folders {
		if strings.HasPrefix(dir, "compiler") {
			dirs = append(dirs, dir)
		}
	}
	slices.SortFunc(dirs, func(a, b string) int {
		if d := c.height(a) - c.height(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	var b strings.Builder
	b.WriteString("| package | of the compiler it imports | of the rest |\n|---|---|---|\n")
	for _, dir := range dirs {
		var inside, outside []string
		for _, d := range c.imports(dir) {
			if short, ok := strings.CutPrefix(d, "compiler/"); ok {
				inside = append(inside, short)
			} else {
				outside = append(outside, d)
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", dir, strings.Join(inside, ", "), strings.Join(outside, ", "))
	}
	return b.String()
}

// trusted lists all that the certificate rests on: what certify imports, and what that does.
func (c *code) trusted() string {
	seen := map[string]bool{}
	var visit func(dir string)
	visit = func(dir string) {
		seen[dir] = true
		for _, d := range c.imports(dir) {
			if !seen[d] {
				visit(d)
			}
		}
	}
	visit("compiler/certify")
	var b strings.Builder
	for _, dir := range slices.Sorted(maps.Keys(seen)) {
		fmt.Fprintf(&b, "- `%s`\n", dir)
	}
	return b.String()
}

func passTable() string {
	var b strings.Builder
	b.WriteString("```\n")
	compiler.DescribePasses(&b)
	return b.String() + "```\n"
}

var budget = regexp.MustCompile(`^(max|Max|most|Most|largest)[A-Z]`)

// budgets lists the constants that bound what a program, a text or a model may ask for.
func (c *code) budgets() string {
	var b strings.Builder
	b.WriteString("| constant | value | what it bounds |\n|---|---|---|\n")
	for _, dir := range slices.Sorted(maps.Keys(c.folders)) {
		files := c.folders[dir]
		info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
		checker := types.Config{Error: func(error) {}, FakeImportC: true} // of other packages no constant needs to know
		checker.Check(dir, c.positions, files, info)
		for _, file := range files {
			for _, d := range file.Decls {
				decl, ok := d.(*ast.GenDecl)
				if !ok || decl.Tok != token.CONST {
					continue
				}
				for _, s := range decl.Specs {
					spec := s.(*ast.ValueSpec)
					for _, name := range spec.Names {
						if value, ok := info.Defs[name].(*types.Const); ok && budget.MatchString(name.Name) {
							fmt.Fprintf(&b, "| `%s.%s` | %s | %s |\n", file.Name.Name, name.Name, constantText(value.Val()), comment(decl, spec))
						}
					}
				}
			}
		}
	}
	return b.String()
}

const longestConstant = 40 // digits

// constantText writes a constant, and as a power of two where it is one.
func constantText(v constant.Value) string {
	n, whole := constant.Uint64Val(constant.ToInt(v))
	for power := 10; whole && power < 64; power++ {
		if n == 1<<power {
			return fmt.Sprintf("%d (2^%d)", n, power)
		}
	}
	if s := v.ExactString(); len(s) <= longestConstant {
		return s
	}
	return v.String() // rounded
}

// comment is the sentence that says most closely what a constant is.
func comment(decl *ast.GenDecl, spec *ast.ValueSpec) string {
	for _, group := range []*ast.CommentGroup{spec.Comment, spec.Doc, decl.Doc} {
		if text := strings.Join(strings.Fields(group.Text()), " "); text != "" {
			return strings.ReplaceAll(text, "|", `\|`)
		}
	}
	return ""
}
