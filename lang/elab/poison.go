package elab

import (
	"errors"
	"regexp"

	"rasp/lang/diag"
	"rasp/lang/syntax"
)

// errPoisoned is the fault of what depends on a poisoned name: it was reported
// where that name should have been bound.
var errPoisoned = errors.New("depends on a faulty statement")

// poison marks the names that a failed statement would have bound.
func (f *frame) poison(stmt syntax.Stmt) {
	if f.Interactive {
		return
	}
	f.scope.out = poison{}
	names, opaque := boundBy(stmt)
	for _, name := range names {
		if !f.isReserved(name.Name) {
			f.set(name.Name, poison{}, name.Span())
		}
	}
	f.scope.opaque = f.scope.opaque || opaque
}

// boundBy lists the names that a statement binds where it stands; opaque tells
// that it may bind others that only another file knows.
func boundBy(stmt syntax.Stmt) (names []*syntax.Ident, opaque bool) {
	switch stmt := stmt.(type) {
	case *syntax.Assign:
		return stmt.Names, false
	case *syntax.FuncDef:
		return []*syntax.Ident{stmt.Name}, false
	case *syntax.Load:
		return nil, true
	case *syntax.For:
		names = append(names, stmt.Names...)
		for _, inner := range stmt.Body {
			more, hidden := boundBy(inner)
			names = append(names, more...)
			opaque = opaque || hidden
		}
	}
	return names, opaque
}

var identifier = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)

// lose poisons the names in the text of a file with syntax errors that belongs
// to no statement before its exit and no comment: they may have been bound there. Those in the
// body of a function are poisoned in the file too, where the body finds them.
func (f *frame) lose(file *syntax.File, faults diag.List) {
	if f.Interactive || faults.Err() == nil {
		return
	}
	text := []byte(file.Source.Text)
	blank := func(span diag.Span) {
		for i := span.Start; i < span.End; i++ {
			text[i] = ' '
		}
	}
	for _, comment := range file.Comments {
		blank(comment.Span())
	}
	for _, stmt := range file.Stmts {
		if isExit(stmt) {
			blank(diag.Span{Start: stmt.Span().Start, End: len(text)})
		}
		understood(stmt, blank)
	}
	for _, name := range identifier.FindAllString(string(text), -1) {
		if !f.knows(name) {
			f.set(name, poison{}, diag.Span{})
		}
	}
}

// understood visits the parts of a statement that parsed: all of it, but for a
// body those of its statements.
func understood(stmt syntax.Stmt, visit func(diag.Span)) {
	switch stmt := stmt.(type) {
	case *syntax.FuncDef:
		visit(stmt.Name.Span())
		for _, param := range stmt.Params {
			visit(param.Span())
		}
		for _, inner := range stmt.Body {
			understood(inner, visit)
		}
		visit(spanOf(stmt.Results))
	case *syntax.For:
		for _, name := range stmt.Names {
			visit(name.Span())
		}
		visit(stmt.In.Span())
		for _, inner := range stmt.Body {
			understood(inner, visit)
		}
	default:
		visit(stmt.Span())
	}
}
