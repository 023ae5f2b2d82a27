package check

import (
	"fmt"

	"rasp/lang/diag"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// refuses reports what surely fails when the walker's place is reached: the fault
// of an operation, whose text and operands are parts. It is false without a fault.
func (w *walker) refuses(fault *rules.Fault, parts ...syntax.Expr) bool {
	if fault != nil {
		w.report(w.Diagnose(fault, parts...))
	}
	return fault != nil
}

// takes reports whether v, the value of x, can have a role.
func (w *walker) takes(role *rules.Role, v *shape, x syntax.Expr) bool {
	return !w.refuses(role.Take(v.Operand), x)
}

// report passes a fault on. In a trial the place must be reached for sure. A
// branch that the program left out when it ran is one that it may never need:
// a fault there is a warning.
func (w *walker) report(d *diag.Diagnostic) {
	switch {
	case w.trial && w.maybe > 0:
		return
	case !w.trial && (w.maybe > 0 && w.ran || w.dead > 0):
		d.Severity = diag.Warning
		d.Message += "; the program does not get here"
	}
	*w.sink = append(*w.sink, d)
}

// warn reports what is likely a mistake, once: not in a trial.
func (w *walker) warn(span diag.Span, kind diag.Kind, format string, args ...any) *diag.Diagnostic {
	d := diag.Warningf(span, kind, format, args...)
	if !w.trial {
		w.warnings = append(w.warnings, d)
		w.warned[d.Span] = true
	}
	return d
}

// undefined reports a name that nothing in sight ever binds. If a file could not
// be loaded that might have, it is a warning, and only if the name looks like
// another one misspelt.
func (w *walker) undefined(x *syntax.Ident, hidden bool) *shape {
	fault := rules.Undefined(x.Name, w.namesInSight())
	switch line := w.boundLater(x); {
	case hidden && fault.Hint == "":
		return unknown
	case hidden:
		w.warn(x.Span(), diag.Undefined, "%s, unless a file that could not be loaded binds it", fault.Message).Hint = fault.Hint
		return unknown
	case line > 0:
		fault.Hint = fmt.Sprintf("%s is bound further down, at line %d", x.Name, line)
	}
	w.refuses(fault, x)
	return unknown
}

// namesInSight are those that a name may be a misspelling of, none if many have been looked
// for already.
func (w *walker) namesInSight() (names []string) {
	const most = 200_000 // names to compare in a check
	for s := w.scope; s != nil && w.compared < most; s = s.parent {
		for _, v := range s.order {
			names = append(names, v.name)
		}
		w.compared += len(s.order)
	}
	return names
}

// boundLater is the line on which the function at hand binds a name after all,
// 0 if it does not.
func (w *walker) boundLater(x *syntax.Ident) int {
	if w.fun == nil {
		return 0
	}
	names, _ := syntax.Binds(w.fun.def.Body...)
	for _, name := range names {
		if name.Name == x.Name {
			return name.Span().Line()
		}
	}
	return 0
}
