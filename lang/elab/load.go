package elab

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
	"rasp/stdlib"
)

// load runs a file in a scope of its own under the base scope, and binds its
// public names where the load stands.
func (f *frame) load(stmt *syntax.Load) error {
	path := filepath.Clean(stmt.Path)
	if slices.Contains(f.loading, path) {
		return f.errorf(stmt.Span(), diag.Limit, "files load each other in a circle: %s",
			strings.Join(append(slices.Clone(f.loading), path), " -> "))
	}
	if err := f.charge(loadWork, stmt.Span()); err != nil {
		return err
	}
	name := stmt.Path + ".rasp"
	text, err := f.read(name)
	if err != nil {
		return f.DiagnoseAt(rules.NotRead(name, err), stmt.Span())
	}
	f.loading = append(f.loading, path)
	defer func() { f.loading = f.loading[:len(f.loading)-1] }()

	file, faults := syntax.Parse(diag.NewSource(name, text))
	inner := &frame{Session: f.Session, scope: newScope(f.base), creator: stmt.Path}
	inner.lose(file, faults)
	told := len(f.diags)
	f.tell(Console.Opened)
	faults = eachStatement(file, faults, func(before diag.List, s syntax.Stmt) bool {
		f.lost(before)
		result, fault := inner.execTop(s)
		f.tell(func(c Console) { c.Ran(result, fault) })
		return !f.exhausted()
	})
	f.lost(faults)
	if !f.exhausted() {
		f.export(inner.scope)
	}
	f.tell(Console.Closed)
	if f.Console != nil {
		f.diags = f.diags[:told]
	}
	if f.exhausted() {
		return errPoisoned
	}
	return nil
}

// lost reports the syntax faults of a file that is being loaded.
func (f *frame) lost(faults diag.List) {
	if len(faults) == 0 {
		return
	}
	f.diags = append(f.diags, faults...)
	f.tell(func(c Console) { c.Lost(faults) })
}

// eachStatement calls run for the statements of a file with the syntax faults
// before each, until run says no or the file exits. It returns the faults after
// the last statement; those after an exit are nobody's.
func eachStatement(file *syntax.File, faults diag.List, run func(diag.List, syntax.Stmt) bool) diag.List {
	for _, stmt := range file.Stmts {
		n := 0
		for n < len(faults) && faults[n].Span.Start < stmt.Span().Start {
			n++
		}
		if syntax.IsExit(stmt) {
			return faults[:n]
		}
		if !run(faults[:n], stmt) {
			return nil
		}
		faults = faults[n:]
	}
	return faults
}

// export binds the public names of a file in the scope that loads it.
func (f *frame) export(from *Scope) {
	for _, name := range from.names() {
		v := from.vars[name]
		switch {
		case strings.HasPrefix(name, "_"):
		case v.value == (poison{}) && f.knows(name):
		case f.isReserved(name):
			d := f.errorf(v.span, diag.Reserved,
				"%s is a name of the library: it can be used inside this file, but not be loaded from it", name).
				WithHint("a name that starts with _ stays inside its file: _%s", name)
			f.diags = append(f.diags, d)
			f.tell(func(c Console) { c.Ran(Result{}, d) })
		default:
			f.set(name, v.value, v.span)
		}
	}
	f.scope.opaque = f.scope.opaque || from.opaque
}

// knows reports whether a name can be read in the current scope.
func (f *frame) knows(name string) bool {
	v, _ := f.scope.lookup(name)
	return v != nil
}

// builtins is a scope with the names of the language.
func (s *Session) builtins() *Scope {
	scope := newScope(nil)
	set := func(name string, v Value) {
		s.order++
		scope.set(name, v, diag.Span{}, s.order)
	}
	set("True", Atom{value.OfBool(true)})
	set("False", Atom{value.OfBool(false)})
	set("indices", SOp{s.add(&graph.Node{Op: graph.Indices, Name: "indices"}, element.Ints)})
	for base, form := range []struct {
		name  string
		kinds element.Set
	}{{"tokens_asis", element.Anything}, {"tokens", element.Strings}, {"tokens_int", element.Ints}, {"tokens_float", element.Floats}, {"tokens_bool", element.Bools}} {
		set(form.name, SOp{s.add(&graph.Node{Op: graph.Tokens, Base: graph.Base(base), Name: form.name}, form.kinds)})
	}
	set("lookup", Native("lookup"))
	set("quote", Atom{value.OfString(`"`)})
	set("tokens_str", scope.vars["tokens"].value)
	return scope
}

// Library is the library as it is written, parsed once: trees are immutable. It
// panics if the embedded file is faulty, which no input can bring about.
var Library = sync.OnceValue(func() *syntax.File {
	text, err := stdlib.FS.ReadFile("library.rasp")
	if err != nil {
		panic(err)
	}
	file, faults := syntax.Parse(diag.NewSource("library.rasp", string(text)))
	if err := faults.Err(); err != nil {
		panic(err)
	}
	return file
})

// loadLibrary runs the library and adds its names to the base scope.
func (s *Session) loadLibrary() {
	f := &frame{Session: s, scope: newScope(s.base), creator: "library"}
	for _, stmt := range Library().Stmts {
		if _, err := f.exec(stmt); err != nil {
			panic(err)
		}
	}
	for _, name := range f.scope.names() {
		s.library[name] = true
		s.base.vars[name] = f.scope.vars[name]
	}
}
