package check

import (
	"rasp/lang/diag"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// outer is the variable of the program with that name around the function s
// belongs to, nil if there is none.
func (s *scope) outer(name string) *variable {
	outside := false
	for ; s != nil; s = s.parent {
		if v := s.vars[name]; v != nil && outside && v.where != nil {
			return v
		}
		outside = outside || s.fun != nil
	}
	return nil
}

// noteShadow warns, before a name is bound, if it hides another that the reader
// may take it for.
func (w *walker) noteShadow(name *syntax.Ident, r role) {
	own := w.scope.vars[name.Name]
	switch {
	case w.trial:
	case own != nil && r == parameter:
		w.warn(name.Span(), diag.Shadow, "two parameters are called %s; only the last one can be read", name.Name)
	case own != nil && !own.foreseen, w.scope == w.top:
	case w.isLibrary(name.Name):
		w.warn(name.Span(), diag.Shadow, "%s hides the library's %s", name.Name, name.Name).
			WithHint("%s", rules.AnotherName(name.Name))
	case r == iterator || r == counter:
		w.noteHiddenLocal(name)
	}
}

// noteHiddenLocal warns if the iterator of a comprehension hides a name of the
// same function.
func (w *walker) noteHiddenLocal(name *syntax.Ident) {
	for s := w.scope; s.fun == nil && s.parent != w.base; {
		s = s.parent
		if v := s.vars[name.Name]; v != nil && v.where != nil && s != w.top {
			w.warn(name.Span(), diag.Shadow, "%s hides the %s of line %d", name.Name, name.Name, v.where.Span().Line())
			return
		}
	}
}

// noteLoops warns if the names of a loop are those of a loop around it.
func (w *walker) noteLoops(names []*syntax.Ident) {
	for _, name := range names {
		for _, around := range w.loops {
			if around.Name == name.Name {
				w.warn(name.Span(), diag.Shadow, "%s is already the name of the loop of line %d", name.Name, around.Span().Line())
			}
		}
	}
}

// noteCopy evaluates what a statement assigns. If that is a new name in a
// function, made from a variable of the same name outside, the author likely
// wants to change that one.
func (w *walker) noteCopy(stmt *syntax.Assign) *shape {
	name := stmt.Names[0]
	var outer *variable
	if own := w.scope.vars[name.Name]; w.fun != nil && !w.trial && (own == nil || own.foreseen) {
		outer = w.scope.outer(name.Name)
	}
	if outer == nil {
		return w.together(stmt.Values)
	}
	before := outer.reads
	v := w.together(stmt.Values)
	if outer.reads > before {
		w.warn(name.Span(), diag.Shadow, "this makes a new %s inside the function; the one of line %d stays as it is",
			name.Name, outer.where.Span().Line()).WithHint("give the new one another name")
	}
	return v
}
