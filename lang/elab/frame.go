package elab

import (
	"errors"

	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// frame is where the elaborator stands: a file, or a call of a function.
type frame struct {
	*Session
	scope    *Scope
	creator  string        // see Function.Creator
	function *Function     // nil in a file
	site     diag.Span     // inside the library: the call in the user's program
	example  []value.Value // at a console: what s-ops are tested on, nil for the current example
}

// at is the span to report and to note on nodes: the user's call, if this is
// the library.
func (f *frame) at(span diag.Span) diag.Span {
	if f.site.Source != nil {
		return f.site
	}
	return span
}

// inLibrary reports whether the user's program is some calls further out.
func (f *frame) inLibrary() bool { return f.site.Source != nil }

// errorf makes a fault at span.
func (f *frame) errorf(span diag.Span, kind diag.Kind, format string, args ...any) *diag.Diagnostic {
	return diag.Errorf(f.at(span), kind, format, args...)
}

// fault places an error of package value at span.
func (f *frame) fault(span diag.Span, err error) error {
	var why *value.Fault
	if errors.As(err, &why) {
		return f.errorf(span, why.Kind, "%s", why.Message).WithClass(why.Class)
	}
	return f.errorf(span, diag.Value, "%s", err)
}

// hint adds a hint to d about the text of x, unless x is text of the library or
// too long to repeat.
func (f *frame) hint(d *diag.Diagnostic, format string, x syntax.Expr) *diag.Diagnostic {
	if text := sourceOf(x); text != "" && !f.inLibrary() {
		return d.WithHint(format, text)
	}
	return d
}
