package elab

import (
	"errors"

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
	names, opaque := syntax.Binds(stmt)
	for _, name := range names {
		if !f.isReserved(name.Name) {
			f.set(name.Name, poison{}, name.Span())
		}
	}
	f.scope.opaque = f.scope.opaque || opaque
}

// lose poisons the names in the text that a file with syntax errors lost: they
// may have been bound there. Those in the body of a function are poisoned in the
// file too, where the body finds them.
func (f *frame) lose(file *syntax.File, faults diag.List) {
	if f.Interactive || faults.Err() == nil {
		return
	}
	for _, name := range syntax.Identifiers(file.Lost()) {
		if !f.knows(name) {
			f.set(name, poison{}, diag.Span{})
		}
	}
}
