package check

import (
	"slices"

	"rasp/lang/diag"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// funct is a function with the scope it was made in.
type funct struct {
	def     *syntax.FuncDef
	scope   *scope
	library bool
}

// call calls a function, or applies an s-op or selector to an input.
func (w *walker) call(x *syntax.Call) *shape {
	v := w.eval(x.Fun)
	args := w.evalAll(x.Args)
	switch {
	case v.Surely(rules.Function) && v.fun != nil:
		return w.invoke(x, v.fun, args)
	case v.Surely(rules.Function) && v.lookup:
		return w.lookup(x, args)
	case v.Can(rules.Function):
		return unknown
	case !w.takes(rules.Called, v, x.Fun), w.refuses(rules.Inputs(v.Operand, len(args)), x):
		return unknown
	}
	w.input(x.Args[0], args[0])
	return ofKinds(rules.Application)
}

// lookup is lookup(table, s1, .., default).
func (w *walker) lookup(x *syntax.Call, args []*shape) *shape {
	if w.refuses(rules.LookupArguments(len(args)), x) || !w.takes(rules.LookupTable, args[0], x.Args[0]) {
		return unknown
	}
	if !w.trial {
		w.sought[x.Span()] = true
	}
	last := len(args) - 1
	table, def := args[0], args[last]
	for i, arg := range args[1:last] {
		w.takes(rules.Everywhere, arg, x.Args[i+1])
	}
	w.takes(rules.LookupDefault, def, x.Args[last])
	for range last - 1 {
		if !table.Surely(rules.Dict) {
			return unknown
		}
		table = table.inside()
	}
	switch {
	case table.Surely(rules.Atoms) && def.Surely(rules.Atoms):
		return ofElements(table.Atoms() | def.Atoms())
	case table.Surely(rules.Dict) && table.item != nil && def.Surely(rules.Atoms):
		return dictOf(table.key, ofElements(table.item.Atoms()|def.Atoms()))
	}
	return unknown
}

// input checks that v, the value of x, can be an input.
func (w *walker) input(x syntax.Expr, v *shape) {
	if parts := knownParts(v); w.takes(rules.Input, v, x) && parts != nil {
		w.refuses(rules.InputLength(len(parts)), x)
	}
}

const (
	maxTrials = 8     // inside each other
	maxSteps  = 5_000 // expressions that the trials of a statement or body evaluate
)

// given is what is known of arguments.
func given(args []*shape) []rules.Operand {
	list := make([]rules.Operand, len(args))
	for i, v := range args {
		list[i] = v.Operand
	}
	return list
}

// invoke tries a call with what is known of the arguments: the body may fail on
// them, and the result may be of fewer kinds than on others.
func (w *walker) invoke(x *syntax.Call, f *funct, args []*shape) *shape {
	if w.refuses(rules.Arguments(f.def, len(args)), x) {
		return unknown
	}
	if w.steps >= maxSteps || w.running(f) {
		return unknown
	}
	var faults diag.List
	inner := &walker{checker: w.checker, scope: newScope(f.scope), fun: f, sink: &faults, trial: true, caller: w, Place: w.Place}
	inner.scope.fun = f
	if f.library && w.fun.inProgram() {
		inner.Site = w.At(x.Span())
		if !w.trial && slices.Contains(seeks, f.def.Name.Name) {
			w.sought[x.Span()] = true
		}
	}
	result := inner.body(args)
	if rules.IsOnly(f.def) && !w.takes(rules.OnlyOf, result, x.Args[0]) {
		return unknown
	}
	if len(faults) == 0 {
		return result
	}
	if !w.InLibrary() {
		rules.CalledFrom(faults[0], f.def, f.library, given(args), w.At(x.Span()))
	}
	w.report(faults[0])
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

// checkBody checks the body of a function for arguments of any kind.
func (c *checker) checkBody(f *funct) {
	w := &walker{checker: c, scope: c.ownScope(f.scope, f.def.Span()), fun: f, sink: &c.faults}
	w.ran = c.program.Called(f.def) && c.faultless(f.def.Span())
	w.scope.fun = f
	c.steps = 0
	args := make([]*shape, len(f.def.Params))
	for i := range args {
		args[i] = unknown
	}
	w.body(args)
}
