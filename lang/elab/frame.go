package elab

import (
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// frame is where the elaborator stands: a file, or a call of a function.
type frame struct {
	*Session
	rules.Place
	scope    *Scope
	creator  string        // see Function.Creator
	function *Function     // nil in a file
	example  []value.Value // at a console: what s-ops are tested on, nil for the current example
}

// errorf makes a fault at span.
func (f *frame) errorf(span diag.Span, kind diag.Kind, format string, args ...any) *diag.Diagnostic {
	return diag.Errorf(f.At(span), kind, format, args...)
}

// refuse reports the fault of an operation, whose text and operands are parts; nil
// without a fault.
func (f *frame) refuse(fault *rules.Fault, parts ...syntax.Expr) error {
	if fault == nil {
		return nil
	}
	return f.Diagnose(fault, parts...)
}

// Known is what the rules are told of v, of which everything is known.
func (s *Session) Known(v Value) rules.Operand {
	switch v := v.(type) {
	case Atom:
		return rules.OfAtom(v.Value)
	case SOp:
		return rules.OfElements(s.elements[v.Node.ID])
	}
	return rules.Operand{Kinds: kindOf(v)}
}

// written is Known of v, for which the program writes x.
func (s *Session) written(v Value, x syntax.Expr) rules.Operand {
	o := s.Known(v)
	if _, ok := x.(*syntax.Ident); ok {
		n := nodeOf(v)
		o.Tokens = n != nil && n.Op == graph.Tokens && n.Base == graph.Str
	}
	return o
}

// take is the fault of v, the value of x, in a role that it cannot have.
func (f *frame) take(role *rules.Role, v Value, x syntax.Expr) error {
	return f.refuse(role.Take(f.Known(v)), x)
}
