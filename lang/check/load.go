package check

import (
	"path/filepath"

	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// file is one that a program loads. Its faults are its own business.
type file struct {
	scope *scope // nil if it could not be read, or is being read
}

// loading is a load of the program, and whether anything that it brings is used.
type loading struct {
	span diag.Span
	used bool
}

// load binds the public names of a file.
func (w *walker) load(stmt *syntax.Load) {
	f := w.open(stmt.Path)
	if f.scope == nil {
		w.scope.opaque = true
		name := stmt.Path + ".rasp"
		if _, err := w.read(name); err != nil {
			w.report(w.DiagnoseAt(rules.NotRead(name, err), stmt.Span()))
		}
		return
	}
	l := &loading{span: stmt.Span()}
	w.scope.loads = append(w.scope.loads, l)
	w.scope.opaque = w.scope.opaque || f.scope.opaque
	for _, v := range f.scope.order {
		if isPrivate(v.name) || w.scope == w.top && w.isLibrary(v.name) && !rules.Yields(v.name) {
			continue
		}
		b := w.scope.bind(v.name, nil, borrowed, v.ever)
		b.maybe = v.maybe
		b.loads = append(b.loads, l)
		b.origin = v.definition()
	}
}

// open reads a file and runs it on shapes, once.
func (c *checker) open(path string) *file {
	path = filepath.Clean(path)
	if f := c.files[path]; f != nil {
		return f
	}
	f := &file{}
	c.files[path] = f
	text, err := c.read(path + ".rasp")
	if err != nil {
		return f
	}
	tree, faults := syntax.Parse(diag.NewSource(path+".rasp", text))
	scope := newScope(c.base)
	if faults.Err() != nil {
		c.lose(tree, scope)
	}
	c.quietly(tree, scope)
	f.scope = scope
	return f
}

// quietly runs the statements of a file whose faults are of no interest.
func (c *checker) quietly(tree *syntax.File, s *scope) {
	steps := c.steps
	w := &walker{checker: c, scope: s, sink: new(diag.List), trial: true}
	for _, stmt := range tree.Stmts {
		if syntax.IsExit(stmt) {
			break
		}
		c.steps = 0
		w.exec(stmt)
	}
	c.steps = steps
}

// language is the scope with the names of the language and the library.
func (c *checker) language() *scope {
	s := newScope(nil)
	for _, name := range c.program.Predefined() {
		v := of(c.program.Known(name.Value))
		v.lookup = v.Surely(rules.Function) // the only one
		s.bind(name.Name, nil, borrowed, v)
	}
	library := newScope(s)
	c.library = true
	c.quietly(elab.Library(), library)
	c.library = false
	for _, v := range library.order {
		s.vars[v.name] = v
		s.order = append(s.order, v)
	}
	return s
}
