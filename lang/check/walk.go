package check

import (
	"strings"

	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// walker runs statements on shapes. It goes once through every statement and
// expression of the program, in the order of the text, a body of a function
// after what stands around it; in a trial, once through what a call runs.
type walker struct {
	*checker
	rules.Place
	scope *scope
	fun   *funct     // whose body it is in, nil in a file
	sink  *diag.List // where faults go

	trial  bool
	caller *walker         // of a trial
	ran    bool            // the statement or body at hand was run, without a fault
	maybe  int             // conditions, loops and comprehensions around the walker's place
	dead   int             // branches around it that are never taken
	loops  []*syntax.Ident // names of the loops around the walker's place
}

// exec runs a statement.
func (w *walker) exec(stmt syntax.Stmt) {
	switch stmt := stmt.(type) {
	case *syntax.ExprStmt:
		w.eval(stmt.X)
		if !w.trial && (w.fun != nil || w.loops != nil) {
			w.scope.idle = append(w.scope.idle, stmt.X.Span())
		}
	case *syntax.Assign:
		w.assign(stmt)
	case *syntax.FuncDef:
		w.define(stmt)
	case *syntax.For:
		w.loop(stmt)
	case *syntax.Load:
		w.load(stmt)
	case *syntax.Draw:
		w.draw(stmt)
	}
}

func (w *walker) execAll(stmts []syntax.Stmt) {
	for _, stmt := range stmts {
		w.exec(stmt)
	}
}

func (w *walker) assign(stmt *syntax.Assign) {
	v := w.noteCopy(stmt)
	values := []*shape{v}
	if len(stmt.Names) > 1 {
		values = w.unpack(v, stmt.Names, syntax.Across(stmt.Values))
	}
	w.bindAll(stmt.Names, local, values)
}

// together is the value of one expression, or the list of several.
func (w *walker) together(xs []syntax.Expr) *shape {
	if len(xs) == 1 {
		return w.eval(xs[0])
	}
	return ofList(w.evalAll(xs))
}

// bindAll binds names to values, of which there are as many.
func (w *walker) bindAll(names []*syntax.Ident, r role, values []*shape) {
	var group []*variable
	for i, name := range names {
		if v := w.bind(name, r, values[i]); v != nil {
			group = append(group, v)
		}
	}
	if len(names) > 1 {
		for _, v := range group {
			v.group = group
		}
	}
}

// bind gives a name a value in the current scope; nil if that fails.
func (w *walker) bind(name *syntax.Ident, r role, v *shape) *variable {
	if !w.takes(rules.Bound, v, name) {
		v = unknown
	}
	if elab.IsReserved(name.Name) || w.scope == w.top && w.isLibrary(name.Name) && !rules.Yields(name.Name) {
		w.refuses(rules.Reserved(name.Name), name)
		w.scope.bind(name.Name, nil, borrowed, unknown)
		return nil
	}
	w.noteShadow(name, r)
	if w.scope == w.top && w.poisoned(name.Name) {
		v = unknown
	}
	return w.bound(name, r, v)
}

// bound binds a name that may be bound, and takes note of it.
func (w *walker) bound(name *syntax.Ident, r role, v *shape) *variable {
	b := w.scope.bind(name.Name, name, r, v)
	if !w.trial {
		w.note(name.Span(), true, v, b)
	}
	return b
}

func (w *walker) define(stmt *syntax.FuncDef) {
	f := &funct{def: stmt, scope: w.scope, library: w.library}
	if w.scope == w.top && rules.IsOnly(stmt) && w.isLibrary(stmt.Name.Name) { // files for other interpreters have it
		w.bound(stmt.Name, defined, &shape{Operand: rules.Operand{Kinds: rules.Function}, fun: f})
		return
	}
	w.bind(stmt.Name, defined, &shape{Operand: rules.Operand{Kinds: rules.Function}, fun: f})
	if !w.trial {
		w.bodies = append(w.bodies, f)
	}
}

// loop runs the body of a for once. What the body binds can have any value in
// it, from the round before, and need not be bound at all after it.
func (w *walker) loop(stmt *syntax.For) {
	item := w.iterate(stmt.In)
	names, _ := syntax.Binds(stmt)
	before := map[string]variable{}
	for _, name := range names {
		v := w.scope.vars[name.Name]
		switch {
		case v == nil:
			v = w.scope.bind(name.Name, name, local, unknown)
			v.maybe, v.foreseen = true, true
			before[name.Name] = variable{maybe: true}
		case v != nil:
			if _, seen := before[name.Name]; !seen {
				before[name.Name] = *v
			}
			v.now, v.ever = unknown, unknown
		}
	}
	w.noteLoops(stmt.Names)
	around := w.loops
	w.loops = append(around[:len(around):len(around)], stmt.Names...)
	w.maybe++
	w.bindItem(stmt.Names, iteratorOver(stmt.In), item, stmt.In)
	w.execAll(stmt.Body)
	w.maybe--
	w.loops = around
	for name, old := range before {
		v := w.scope.vars[name]
		v.now, v.maybe = join(old.now, v.now), old.maybe
	}
}

// iteratorOver is the role of the iterators of a loop over x.
func iteratorOver(x syntax.Expr) role {
	if b, ok := x.(*syntax.Builtin); ok && b.Name == "range" {
		return counter
	}
	return iterator
}

func (w *walker) draw(stmt *syntax.Draw) {
	if stmt.Input != nil {
		w.input(stmt.Input, w.eval(stmt.Input))
	}
	w.takes(rules.Drawn, w.eval(stmt.X), stmt.X)
}

// unpack splits v, which the expressions at span gave, among several names.
func (w *walker) unpack(v *shape, names []*syntax.Ident, span diag.Span) []*shape {
	values := make([]*shape, len(names))
	for i := range values {
		values[i] = unknown
	}
	if fault := rules.Split(v.Operand, len(names)); fault != nil {
		w.report(w.DiagnoseAt(fault, span))
		return values
	}
	parts := knownParts(v)
	if parts == nil {
		return values
	}
	if fault := rules.Names(v.Operand, len(names), len(parts)); fault != nil {
		w.report(w.DiagnoseAt(fault, syntax.Across(names)))
		return values
	}
	return parts
}

// knownParts are the elements of a list or the characters of a string; nil if
// they are not known.
func knownParts(v *shape) []*shape {
	if !v.Known {
		if v.Surely(rules.List) {
			return v.list
		}
		return nil
	}
	parts := []*shape{}
	for _, r := range v.Atom.Text() {
		parts = append(parts, ofText(string(r)))
		if len(parts) > longest {
			return nil
		}
	}
	return parts
}

// bindItem binds the names of a loop or comprehension over x to an item.
func (w *walker) bindItem(names []*syntax.Ident, r role, item *shape, x syntax.Expr) {
	values := []*shape{item}
	if len(names) > 1 {
		values = w.unpack(item, names, x.Span())
	}
	w.bindAll(names, r, values)
}

// iterate is what a loop over x finds there.
func (w *walker) iterate(x syntax.Expr) *shape {
	v := w.eval(x)
	var item *shape
	switch {
	case !w.takes(rules.Looped, v, x):
	case v.Surely(rules.List):
		item = v.item
	case v.Surely(rules.Dict):
		item = v.key
	}
	if item == nil {
		return unknown
	}
	return item
}

// isLibrary: such a name cannot be bound by the program, but by its functions.
func (c *checker) isLibrary(name string) bool {
	return c.base.vars[name] != nil && name != "tokens" && name != "lookup" && name != "quote"
}

// isPrivate: such a name stays inside its file.
func isPrivate(name string) bool { return strings.HasPrefix(name, "_") }
