package check

import (
	"strings"

	"rasp/lang/diag"
	"rasp/lang/syntax"
)

// funct is a function with the scope it was made in.
type funct struct {
	def     *syntax.FuncDef
	scope   *scope
	library bool
}

// signature of a function, as its def begins.
func (f *funct) signature() string {
	names := make([]string, len(f.def.Params))
	for i, p := range f.def.Params {
		names[i] = p.Name
	}
	return f.def.Name.Name + "(" + strings.Join(names, ", ") + ")"
}

// call calls a function, or applies an s-op or selector to an input.
func (w *walker) call(x *syntax.Call) *shape {
	v := w.eval(x.Fun)
	args := w.evalAll(x.Args)
	switch {
	case v.surely(function) && v.fun != nil:
		return w.invoke(x, v.fun, args)
	case v.surely(function) && v.lookup:
		return w.lookup(x, args)
	case v.can(function):
		return unknown
	case !v.can(sop | selector):
		return w.fail(x.Fun.Span(), diag.Type, "%s cannot be called", v)
	case len(args) != 1:
		return w.fail(x.Span(), diag.Arity, "%s is applied to one input, found %s", v, plural(len(args), "argument"))
	}
	w.input(x.Args[0], args[0])
	return ofKinds(application)
}

// lookup is lookup(table, s1, .., default).
func (w *walker) lookup(x *syntax.Call, args []*shape) *shape {
	last := len(args) - 1
	if last < 2 {
		w.fault(x.Span(), diag.Arity, "lookup needs at least 3 arguments, found %d", len(args)).
			WithHint("lookup(table, s, default), or with more s-ops between them")
		return unknown
	}
	table, def := args[0], args[last]
	if !table.can(dict) {
		w.fault(x.Args[0].Span(), diag.Type, "lookup needs a dict first, not %s", table).
			WithHint("lookup(table, s, default)")
		return unknown
	}
	for i, arg := range args[1:last] {
		if !arg.can(sop | atoms) {
			w.misplaced(x.Args[i+1], arg)
		}
	}
	if !def.can(atoms | dict) {
		w.fault(x.Args[last].Span(), diag.Type, "the default of a lookup is an atom or a dict of atoms, not %s", def)
	}
	for range last - 1 {
		if !table.surely(dict) {
			return unknown
		}
		table = table.inside()
	}
	switch {
	case table.surely(atoms) && def.surely(atoms):
		return ofElements(table.atoms() | def.atoms())
	case table.surely(dict) && table.item != nil && def.surely(atoms):
		return dictOf(table.key, ofElements(table.item.atoms()|def.atoms()))
	}
	return unknown
}

// input checks that v, the value of x, can be an input.
func (w *walker) input(x syntax.Expr, v *shape) {
	switch parts := knownParts(v); {
	case !v.can(list | dict | text):
		w.fault(x.Span(), diag.Type, "an input is a list, string or dict, not %s", v)
	case parts != nil && len(parts) == 0:
		w.fault(x.Span(), diag.Value, "an input has at least one element")
	}
}

const (
	maxTrials = 8     // inside each other
	maxSteps  = 5_000 // expressions that the trials of a statement or body evaluate
)

// invoke tries a call with what is known of the arguments: the body may fail on
// them, and the result may be of fewer kinds than on others.
func (w *walker) invoke(x *syntax.Call, f *funct, args []*shape) *shape {
	if len(args) != len(f.def.Params) {
		w.fault(x.Span(), diag.Arity, "%s needs %s, found %d", f.def.Name.Name, plural(len(f.def.Params), "argument"), len(args)).
			WithHint("%s", f.signature())
		return unknown
	}
	if w.steps >= maxSteps || w.running(f) {
		return unknown
	}
	var faults diag.List
	inner := &walker{checker: w.checker, scope: newScope(f.scope), fun: f, sink: &faults, trial: true, caller: w, site: w.site}
	inner.scope.fun = f
	if f.library && w.fun.inProgram() {
		inner.site = w.at(x.Span())
	}
	result := inner.body(args)
	if len(faults) == 0 {
		return result
	}
	w.report(calledFrom(faults[0], w.at(x.Span()), f))
	return unknown
}

// inProgram: the function, nil for none, is not of the library.
func (f *funct) inProgram() bool { return f == nil || !f.library }

// running reports whether a call of f is tried already, or too many others are.
func (w *walker) running(f *funct) bool {
	depth := 0
	for ; w != nil; w = w.caller {
		if w.fun != nil && w.fun.def == f.def {
			return true
		}
		depth++
	}
	return depth > maxTrials
}

// body binds the parameters and runs the body.
func (w *walker) body(args []*shape) *shape {
	for i, param := range w.fun.def.Params {
		w.bind(param, parameter, args[i])
	}
	w.execAll(w.fun.def.Body)
	return w.together(w.fun.def.Results)
}

// calledFrom adds to a fault inside f where it was called, if nothing more
// useful is hinted at.
func calledFrom(d *diag.Diagnostic, call diag.Span, f *funct) *diag.Diagnostic {
	switch {
	case d.Hint != "":
	case f.library:
		d.WithHint("this is inside the library function %s", f.signature())
	default:
		d.WithHint("%s was called at line %d", f.def.Name.Name, call.Line())
	}
	return d
}

// checkBody checks the body of a function for arguments of any kind.
func (c *checker) checkBody(f *funct) {
	w := &walker{checker: c, scope: c.ownScope(f.scope), fun: f, sink: &c.faults}
	w.ran = c.program.Called(f.def) && c.faultless(f.def.Span())
	w.scope.fun = f
	c.steps = 0
	args := make([]*shape, len(f.def.Params))
	for i := range args {
		args[i] = unknown
	}
	w.body(args)
}
