package check

import (
	"fmt"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/spell"
	"rasp/lang/syntax"
)

// fault is one that a walker has just found, to be given a hint.
type fault struct {
	*diag.Diagnostic
	w *walker
}

// fault reports what surely fails when the walker's place is reached.
func (w *walker) fault(span diag.Span, kind diag.Kind, format string, args ...any) fault {
	d := diag.Errorf(w.at(span), kind, format, args...)
	w.report(d)
	return fault{d, w}
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

// fail is fault for an expression, which then has an unknown value.
func (w *walker) fail(span diag.Span, kind diag.Kind, format string, args ...any) *shape {
	w.fault(span, kind, format, args...)
	return unknown
}

// warn reports what is likely a mistake, once: not in a trial.
func (w *walker) warn(span diag.Span, kind diag.Kind, format string, args ...any) fault {
	d := diag.Warningf(span, kind, format, args...)
	if !w.trial {
		w.warnings = append(w.warnings, d)
		w.warned[d.Span] = true
	}
	return fault{d, w}
}

// at is the span to report: the user's call, if this is the library.
func (w *walker) at(span diag.Span) diag.Span {
	if w.site.Source != nil {
		return w.site
	}
	return span
}

// hint adds a hint about the text of x, unless x is text of the library or too
// long to repeat.
func (f fault) hint(format string, x syntax.Expr) {
	if text := textOf(x); text != "" && f.w.site.Source == nil {
		f.WithHint(format, text)
	}
}

// strings tells how to get numbers out of tokens, if one of the operands is
// tokens.
func (f fault) strings(operands ...syntax.Expr) {
	for _, x := range operands {
		if name, ok := x.(*syntax.Ident); ok && name.Name == "tokens" && f.w.site.Source == nil {
			f.WithHint("tokens holds strings; tokens_int and tokens_float read them as numbers")
		}
	}
}

// precedence explains a fault of s in [..] or t, which means s in ([..] or t).
func (f fault) precedence(x *syntax.In) {
	first := x.Set
	for b, ok := first.(*syntax.Binary); ok; b, ok = first.(*syntax.Binary) {
		first = b.L
	}
	s, l := textOf(x.X), textOf(first)
	if _, ok := first.(*syntax.List); ok && first != x.Set && s != "" && l != "" && f.w.site.Source == nil {
		f.WithHint("in binds after and, or and ==: write (%s in %s)", s, l)
	}
}

// textOf is the text of a short expression on one line, without the parentheses
// around it; "" of others.
func textOf(x syntax.Expr) string {
	for p, ok := x.(*syntax.Paren); ok; p, ok = x.(*syntax.Paren) {
		x = p.X
	}
	const longest = 40
	text := x.Span().Text()
	if len(text) > longest || strings.Contains(text, "\n") {
		return ""
	}
	return text
}

// undefined reports a name that nothing in sight ever binds. If a file could not
// be loaded that might have, it is a warning, and only if the name looks like
// another one misspelt.
func (w *walker) undefined(x *syntax.Ident, hidden bool) *shape {
	near := w.nearest(x.Name)
	switch {
	case hidden && near == "":
	case hidden:
		w.warn(x.Span(), diag.Undefined, "undefined variable %s, unless a file that could not be loaded binds it", x.Name).
			WithHint("did you mean %s?", near)
	default:
		f := w.fault(x.Span(), diag.Undefined, "undefined variable %s", x.Name)
		if line := w.boundLater(x); line > 0 {
			f.WithHint("%s is bound further down, at line %d", x.Name, line)
		} else if fused[x.Name] {
			f.WithHint("no blank may stand before the parenthesis: %s(..)", x.Name)
		} else if near != "" {
			f.WithHint("did you mean %s?", near)
		}
	}
	return unknown
}

// fused are the names that are one token with their parenthesis.
var fused = map[string]bool{"select": true, "aggregate": true, "range": true, "zip": true, "len": true}

// nearest is the name in sight that name may be a misspelling of, "" if there is
// none or many have been looked for already.
func (w *walker) nearest(name string) string {
	const most = 200_000 // names to compare in a check
	var names []string
	for s := w.scope; s != nil && w.compared < most; s = s.parent {
		for _, v := range s.order {
			names = append(names, v.name)
		}
		w.compared += len(s.order)
	}
	return spell.Nearest(name, names)
}

// boundLater is the line on which the function at hand binds a name after all,
// 0 if it does not.
func (w *walker) boundLater(x *syntax.Ident) int {
	if w.fun == nil {
		return 0
	}
	for _, name := range boundIn(w.fun.def.Body) {
		if name.Name == x.Name {
			return name.Span().Line()
		}
	}
	return 0
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
