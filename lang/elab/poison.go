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

// lose poisons the names in the text that a file with syntax errors lost: they
// may have been bound there. Those in the body of a function are poisoned in the
// file too, where the body finds them.
func (f *frame) lose(file *syntax.File, faults diag.List) {
	if f.Interactive || faults.Err() == nil {
		return
	}
	for _, name := range identifier.FindAllString(file.Lost(), -1) {
		if !f.knows(name) {
			f.set(name, poison{}, diag.Span{})
		}
	}
}
