package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// Mutant is one change of a function of the compiler.
type Mutant struct {
	Number   int
	Package  string // its folder below compiler
	File     string
	Line     int
	Old, New string
	Name     string // of those that are written down, see named.go

	function *function
	from, to int // offsets in the file
}

// function is a function that can be woven.
type function struct {
	number  int
	file    *source
	decl    *ast.FuncDecl
	mutants []*Mutant
}

// points lists the changes of a function.
func (p *pkg) points(f *function) (list []*Mutant) {
	add := func(from, to token.Pos, text string) {
		list = append(list, f.mutant(p.offset(from), p.offset(to), text))
	}
	text := func(n ast.Node) string { return f.file.text[p.offset(n.Pos()):p.offset(n.End())] }
	results := f.decl.Type.Results
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && p.isConstant(e) {
			if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.INT {
				for _, x := range otherNumbers(lit.Value) {
					add(lit.Pos(), lit.End(), x)
				}
			}
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			outer := results
			results = n.Type.Results
			ast.Inspect(n.Body, visit)
			results = outer
			return false
		case *ast.BinaryExpr:
			for _, op := range p.otherOperators(n) {
				add(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), op)
			}
		case *ast.IfStmt:
			add(n.Cond.Pos(), n.Cond.End(), "!("+text(n.Cond)+")")
		case *ast.CallExpr:
			if other := otherCall[text(n.Fun)]; other != "" {
				add(n.Fun.Pos(), n.Fun.End(), other)
			}
		case *ast.ReturnStmt:
			for i, e := range n.Results {
				for _, x := range p.otherBool(e, results, i, len(n.Results)) {
					add(e.Pos(), e.End(), x)
				}
			}
		case *ast.ExprStmt:
			add(n.Pos(), n.End(), "")
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				add(n.Pos(), n.End(), "")
			}
		case *ast.BranchStmt:
			if n.Tok == token.BREAK || n.Tok == token.CONTINUE {
				add(n.Pos(), n.End(), "")
			}
		}
		return true
	}
	ast.Inspect(f.decl.Body, visit)
	return list
}

func (f *function) mutant(from, to int, text string) *Mutant {
	return &Mutant{Package: f.file.folder, File: f.file.name, Line: f.file.line(from), Old: f.file.text[from:to], New: text, function: f, from: from, to: to}
}

func (m *Mutant) String() string {
	name := ""
	if m.Name != "" {
		name = m.Name + ": "
	}
	changed := m.New
	if changed == "" {
		changed = "nothing"
	}
	return fmt.Sprintf("%s:%d %s: %s`%s` -> `%s`", m.File, m.Line, m.function.decl.Name.Name, name, oneLine(m.Old), oneLine(changed))
}

// otherCall is what may be called instead.
var otherCall = map[string]string{"min": "max", "max": "min", "slices.Min": "slices.Max", "slices.Max": "slices.Min"}

// otherNumbers are what an int may be instead: one more, and 0.
func otherNumbers(literal string) []string {
	n, err := strconv.ParseInt(literal, 0, 64)
	if err != nil {
		return nil
	}
	list := []string{strconv.FormatInt(n+1, 10)}
	if n != 0 {
		list = append(list, "0")
	}
	return list
}

var otherOperator = map[token.Token][]string{
	token.LSS: {"<="}, token.LEQ: {"<"}, token.GTR: {">="}, token.GEQ: {">"}, token.EQL: {"!="}, token.NEQ: {"=="},
	token.LAND: {"||"}, token.LOR: {"&&"},
	token.ADD: {"-"}, token.SUB: {"+"}, token.MUL: {"+"},
}

// otherOperators are what may stand instead of an operator: + of numbers only.
func (p *pkg) otherOperators(e *ast.BinaryExpr) []string {
	if e.Op == token.ADD || e.Op == token.SUB || e.Op == token.MUL {
		basic, ok := p.info.TypeOf(e).Underlying().(*types.Basic)
		if !ok || basic.Info()&types.IsNumeric == 0 {
			return nil
		}
	}
	return otherOperator[e.Op]
}

// otherBool is what a result may be instead: true and false.
func (p *pkg) otherBool(e ast.Expr, results *ast.FieldList, i, n int) []string {
	if results == nil || n != results.NumFields() {
		return nil
	}
	basic, ok := p.info.TypeOf(e).Underlying().(*types.Basic)
	switch {
	case !ok || basic.Info()&types.IsBoolean == 0:
		return nil
	case p.isConstant(e):
		return []string{"!" + e.(*ast.Ident).Name}
	}
	return []string{"true", "false"}
}

func (p *pkg) isConstant(e ast.Expr) bool {
	t, ok := p.info.Types[e]
	return ok && t.Value != nil
}

// oneLine is a piece of code in a line, cut where it is long.
func oneLine(code string) string {
	var b []rune
	for _, r := range code {
		if r == '\n' || r == '\t' {
			r = ' '
		}
		if r != ' ' || len(b) == 0 || b[len(b)-1] != ' ' {
			b = append(b, r)
		}
	}
	if len(b) > 90 {
		b = append(b[:87], '.', '.', '.')
	}
	return string(b)
}
