package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// One build has all mutants: beside a function stands a copy of it for each of its
// mutants, and the function asks as which of them it is to run. What does not compile (a
// variable that nothing uses any more, say) is left out.

// source is a file of the compiler.
type source struct {
	folder, name, text string
	syntax             *ast.File
	functions          []*function
	woven              string
	copies             []copied // of the woven text
}

// copied is where the copy of a mutant stands in a woven file.
type copied struct {
	from, to int
	mutant   *Mutant
}

func (s *source) line(offset int) int { return 1 + strings.Count(s.text[:offset], "\n") }

// pkg is a package of the compiler.
type pkg struct {
	folder    string
	positions *token.FileSet
	info      *types.Info
	sources   []*source
}

func (p *pkg) offset(at token.Pos) int { return p.positions.Position(at).Offset }

// readPackage parses a package, below compiler in the repository, and finds its types.
func readPackage(root, folder string, exports map[string]string) (*pkg, error) {
	p := &pkg{folder: folder, positions: token.NewFileSet()}
	files, err := filepath.Glob(filepath.Join(root, "compiler", folder, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		s := &source{folder: folder, name: filepath.ToSlash(filepath.Join("compiler", folder, filepath.Base(file))), text: string(text)}
		if s.syntax, err = parser.ParseFile(p.positions, file, text, parser.ParseComments); err != nil {
			return nil, err
		}
		p.sources = append(p.sources, s)
	}
	var syntax []*ast.File
	for _, s := range p.sources {
		syntax = append(syntax, s.syntax)
	}
	p.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	if faults := check(folder, p.positions, syntax, p.info, exports); len(faults) > 0 {
		return nil, faults[0]
	}
	for _, s := range p.sources {
		for _, d := range s.syntax.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && canWeave(f) {
				s.functions = append(s.functions, &function{file: s, decl: f})
			}
		}
	}
	return p, nil
}

// check finds the types of a package, and what does not compile.
func check(folder string, positions *token.FileSet, files []*ast.File, info *types.Info, exports map[string]string) (faults []types.Error) {
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	config := types.Config{
		Importer: importer.ForCompiler(positions, "gc", lookup),
		Error: func(err error) {
			if fault, ok := err.(types.Error); ok {
				faults = append(faults, fault)
			}
		},
	}
	config.Check("rasp/compiler/"+folder, positions, files, info)
	return faults
}

// exported lists the compiled packages that the compiler imports, by path.
func exported(root string) (map[string]string, error) {
	list := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", "./compiler/...", "./cmd/mutants/mutant")
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		exports[path] = file
	}
	return exports, nil
}

// canWeave reports that a function can call a copy of itself: its receiver and all of its
// parameters have names.
func canWeave(f *ast.FuncDecl) bool {
	if f.Body == nil || f.Recv == nil && (f.Name.Name == "init" || f.Name.Name == "main") || f.Name.Name == "_" {
		return false
	}
	lists := []*ast.FieldList{f.Type.Params}
	if f.Recv != nil {
		lists = append(lists, f.Recv)
	}
	for _, list := range lists {
		for _, field := range list.List {
			if len(field.Names) == 0 || slices.ContainsFunc(field.Names, func(n *ast.Ident) bool { return n.Name == "_" }) {
				return false
			}
		}
	}
	return true
}

// call is the call of a copy from the function itself.
func (f *function) call(m *Mutant) string {
	var args []string
	for _, field := range f.decl.Type.Params.List {
		for _, n := range field.Names {
			arg := n.Name
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				arg += "..."
			}
			args = append(args, arg)
		}
	}
	receiver := ""
	if f.decl.Recv != nil {
		receiver = f.decl.Recv.List[0].Names[0].Name + "."
	}
	call := fmt.Sprintf("%s%s(%s)", receiver, m.nameOfCopy(), strings.Join(args, ", "))
	if f.decl.Type.Results != nil {
		return "return " + call
	}
	return call + "; return"
}

func (m *Mutant) nameOfCopy() string {
	return fmt.Sprintf("%s__%d", m.function.decl.Name.Name, m.Number)
}

// weave writes a file with its mutants, and notes where each stands.
func (p *pkg) weave(s *source) {
	var b strings.Builder
	s.copies = nil
	at := p.offset(s.syntax.Name.End())
	b.WriteString(s.text[:at] + `; import mutant__ "rasp/cmd/mutants/mutant"`)
	for _, f := range s.functions {
		if len(f.mutants) == 0 {
			continue
		}
		body := p.offset(f.decl.Body.Lbrace) + 1
		b.WriteString(s.text[at:body])
		at = body
		fmt.Fprintf(&b, " switch mutant__.At(%d) {", f.number)
		for _, m := range f.mutants {
			fmt.Fprintf(&b, " case %d: %s;", m.Number, f.call(m))
		}
		b.WriteString(" };")
	}
	b.WriteString(s.text[at:] + "\nvar _ = mutant__.At\n")
	for _, f := range s.functions {
		for _, m := range f.mutants {
			from := b.Len()
			start, name, end := p.offset(f.decl.Pos()), p.offset(f.decl.Name.Pos()), p.offset(f.decl.End())
			b.WriteString("\n" + s.text[start:name] + m.nameOfCopy() + s.text[name+len(f.decl.Name.Name):m.from] + m.New + s.text[m.to:end] + "\n")
			s.copies = append(s.copies, copied{from, b.Len(), m})
		}
	}
	s.woven = b.String()
}

// place of a fault in a woven file.
type place struct {
	file, says string
	offset     int
}

// compiled weaves the files, and leaves out the mutants that do not compile.
func (p *pkg) compiled(exports map[string]string) error {
	for {
		for _, s := range p.sources {
			p.weave(s)
		}
		faults := p.faults(exports)
		if len(faults) == 0 {
			return nil
		}
		bad := map[*Mutant]bool{}
		for _, f := range faults {
			m := p.mutantAt(f)
			if m == nil {
				return fmt.Errorf("%s does not compile as woven: %s", f.file, f.says)
			}
			bad[m] = true
		}
		for _, s := range p.sources {
			for _, f := range s.functions {
				f.mutants = slices.DeleteFunc(f.mutants, func(m *Mutant) bool { return bad[m] })
			}
		}
	}
}

// faults of the woven files, of syntax or else of types.
func (p *pkg) faults(exports map[string]string) (list []place) {
	positions := token.NewFileSet()
	var files []*ast.File
	for _, s := range p.sources {
		file, err := parser.ParseFile(positions, s.name, s.woven, parser.AllErrors)
		if faults, ok := err.(scanner.ErrorList); ok {
			for _, f := range faults {
				list = append(list, place{s.name, f.Msg, f.Pos.Offset})
			}
		}
		files = append(files, file)
	}
	if len(list) > 0 {
		return list
	}
	for _, f := range check(p.folder, positions, files, nil, exports) {
		at := positions.Position(f.Pos)
		list = append(list, place{at.Filename, f.Msg, at.Offset})
	}
	return list
}

// mutantAt is the mutant in whose copy a fault is.
func (p *pkg) mutantAt(at place) *Mutant {
	for _, s := range p.sources {
		for _, c := range s.copies {
			if s.name == at.file && c.from <= at.offset && at.offset < c.to {
				return c.mutant
			}
		}
	}
	return nil
}

// overlay writes the woven files, and the file that says what they stand for.
func overlay(root, dir string, packages []*pkg) (string, error) {
	replace := map[string]string{}
	for _, p := range packages {
		for _, s := range p.sources {
			if len(s.copies) == 0 {
				continue
			}
			file := filepath.Join(dir, strings.ReplaceAll(s.name, "/", "_"))
			if err := os.WriteFile(file, []byte(s.woven), 0o644); err != nil {
				return "", err
			}
			replace[filepath.Join(root, filepath.FromSlash(s.name))] = file
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, text, 0o644)
}
