package elab

import (
	"errors"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// unary evaluates not, -, +, round and indicator.
func (f *frame) unary(x *syntax.Unary) (Value, error) {
	v, err := f.eval(x.X)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case SOp:
		kinds := element.Unary(x.Fn, f.elements[v.Node.ID])
		if kinds == 0 {
			return nil, f.stringHint(f.errorf(x.Span(), diag.Type, "cannot compute %s of %s", x.Fn, f.elements[v.Node.ID]).WithClass(diag.Failed), x.X)
		}
		return f.sop(&graph.Node{Op: graph.Unary, Fn: x.Fn, Args: []*graph.Node{v.Node}}, kinds, x.Span())
	case Selector:
		if x.Fn == value.Not {
			return f.selector(&graph.Node{Op: graph.SelNot, Args: []*graph.Node{v.Node}}, x.Span())
		}
		d := f.errorf(x.X.Span(), diag.Type, "cannot compute %s of a selector", x.Fn)
		if x.Fn != value.Indicator {
			d.Class = diag.Failed
		}
		return nil, f.hint(d, "selector_width(%s)", x.X)
	case *Application:
	default:
		if x.Fn == value.Not {
			return Atom{value.OfBool(!truthy(v))}, nil
		}
	}
	a, ok := v.(Atom)
	if x.Fn == value.Indicator {
		return nil, f.errorf(x.X.Span(), diag.Type, "indicator needs an s-op, not %s", aKindOf(v))
	}
	if !ok {
		return nil, f.errorf(x.X.Span(), diag.Type, "cannot compute %s of %s", x.Fn, aKindOf(v)).WithClass(diag.Failed)
	}
	return f.atom(x.Span())(value.Unary(x.Fn, a.Value))
}

// binary evaluates both sides, also of and and or, then the operation.
func (f *frame) binary(x *syntax.Binary) (Value, error) {
	a, err := f.eval(x.L)
	if err != nil {
		return nil, err
	}
	b, err := f.eval(x.R)
	if err != nil {
		return nil, err
	}
	_, selA := a.(Selector)
	_, selB := b.(Selector)
	_, sopA := a.(SOp)
	_, sopB := b.(SOp)
	switch {
	case selA || selB:
		return f.onSelectors(x, a, b)
	case sopA || sopB:
		return f.onSOps(x, a, b)
	}
	return f.onValues(x, a, b)
}

// onSelectors combines two selectors; nothing else can stand beside one.
func (f *frame) onSelectors(x *syntax.Binary, a, b Value) (Value, error) {
	s, okA := a.(Selector)
	t, okB := b.(Selector)
	if x.Fn == value.And || x.Fn == value.Or {
		if okA && okB {
			op := graph.SelAnd
			if x.Fn == value.Or {
				op = graph.SelOr
			}
			return f.selector(&graph.Node{Op: op, Args: []*graph.Node{s.Node, t.Node}}, x.Span())
		}
		other, v := x.L, a
		if okA {
			other, v = x.R, b
		}
		return nil, f.errorf(other.Span(), diag.Type, "%s joins two selectors; this is %s", x.Fn, aKindOf(v))
	}
	culprit := x.L
	if !okA {
		culprit = x.R
	}
	return nil, f.hint(f.errorf(culprit.Span(), diag.Type, "cannot compute %s with a selector", x.Fn),
		"selector_width(%s)", culprit)
}

// onSOps makes the node of an operation with at least one s-op.
func (f *frame) onSOps(x *syntax.Binary, a, b Value) (Value, error) {
	if x.Fn == value.Eq {
		if s := besideNoAtom(a, b); s != nil {
			return f.never(s, x.Span())
		}
	}
	l, err := f.broadcast(a, x.L)
	if err != nil {
		return nil, besideSOp(x.Fn, err)
	}
	r, err := f.broadcast(b, x.R)
	if err != nil {
		return nil, besideSOp(x.Fn, err)
	}
	kindsL, kindsR := f.elements[l.ID], f.elements[r.ID]
	kinds := element.Binary(x.Fn, kindsL, kindsR)
	if kinds == 0 {
		d := f.errorf(x.Span(), diag.Type, "cannot compute %s %s %s", kindsL, x.Fn, kindsR).WithClass(diag.Failed)
		return nil, f.stringHint(d, x.L, x.R)
	}
	if zeroDivisor(x.Fn, b) {
		return nil, f.errorf(x.Span(), diag.Value, "division by zero").WithClass(diag.Failed)
	}
	return f.sop(&graph.Node{Op: graph.Binary, Fn: x.Fn, Args: []*graph.Node{l, r}}, kinds, x.Span())
}

// besideNoAtom is the s-op of two operands whose other one is a list, dict or
// function, nil if it is not so.
func besideNoAtom(a, b Value) *graph.Node {
	s, other := nodeOf(a), b
	if s == nil {
		s, other = nodeOf(b), a
	}
	switch other.(type) {
	case *List, *Dict, *Function, Native:
		return s
	}
	return nil
}

// never is False at every position: == of an s-op and what no element of it can
// be. It depends on s, as that fails where s does.
func (f *frame) never(s *graph.Node, span diag.Span) (Value, error) {
	return f.sop(&graph.Node{Op: graph.In, Args: []*graph.Node{s}}, element.Bools, span)
}

// besideSOp classes the fault of an operand that cannot be broadcast: but for
// and, or and *, whose result is no sequence, the operation fails.
func besideSOp(fn value.Fn, err error) error {
	var d *diag.Diagnostic
	if errors.As(err, &d) && fn != value.And && fn != value.Or && fn != value.Mul {
		d.Class = diag.Failed
	}
	return err
}

// onValues computes with atoms, lists, dicts and functions.
func (f *frame) onValues(x *syntax.Binary, a, b Value) (Value, error) {
	if v, x := application(a, x.L, b, x.R); v != nil {
		return nil, f.errorf(x.Span(), diag.Type, "the result of applying an s-op to an input can only be printed")
	}
	if err := f.charge(workOn(a, b), x.Span()); err != nil {
		return nil, err
	}
	switch x.Fn {
	case value.And:
		if truthy(a) {
			return b, nil
		}
		return a, nil
	case value.Or:
		if truthy(a) {
			return a, nil
		}
		return b, nil
	case value.Eq:
		return Atom{value.OfBool(equal(a, b))}, nil
	case value.Ne:
		return Atom{value.OfBool(!equal(a, b))}, nil
	}
	s, okA := a.(Atom)
	t, okB := b.(Atom)
	if okA && okB {
		return f.atom(x.Span())(value.Binary(x.Fn, s.Value, t.Value))
	}
	if x.Fn.IsComparison() {
		result, err := ordered(x.Fn, a, b)
		if err != nil {
			return nil, f.errorf(x.Span(), diag.Type, "%s", err).WithClass(diag.Failed)
		}
		return Atom{value.OfBool(result)}, nil
	}
	return f.onLists(x, a, b)
}

// onLists joins lists, or repeats one.
func (f *frame) onLists(x *syntax.Binary, a, b Value) (Value, error) {
	l, okA := a.(*List)
	r, okB := b.(*List)
	switch {
	case x.Fn == value.Add && okA && okB:
		return f.list(append(l.Elems[:len(l.Elems):len(l.Elems)], r.Elems...), x.Span())
	case x.Fn == value.Mul && okA:
		return f.repeat(x, l, b)
	case x.Fn == value.Mul && okB:
		return f.repeat(x, r, a)
	}
	return nil, f.errorf(x.Span(), diag.Type, "cannot compute %s %s %s", aKindOf(a), x.Fn, aKindOf(b)).WithClass(diag.Failed)
}

func (f *frame) repeat(x *syntax.Binary, l *List, times Value) (Value, error) {
	a, ok := times.(Atom)
	if !ok || a.Kind() != value.Int && a.Kind() != value.Bool {
		return nil, f.errorf(x.Span(), diag.Type, "a list is repeated an int number of times, not %s", aKindOf(times)).WithClass(diag.Failed)
	}
	n, fits := a.Int64()
	switch {
	case len(l.Elems) == 0 || fits && n <= 0 || !fits && a.Big().Sign() < 0:
		return f.list(nil, x.Span())
	case !fits || n > int64(maxWork/len(l.Elems)):
		return nil, f.errorf(x.Span(), diag.Limit, "a list of more than %d items", maxWork)
	}
	values := make([]Value, 0, len(l.Elems)*int(n))
	for range n {
		values = append(values, l.Elems...)
	}
	return f.list(values, x.Span())
}

// atom wraps a result of package value that belongs at span.
func (f *frame) atom(span diag.Span) func(value.Value, error) (Value, error) {
	return func(v value.Value, err error) (Value, error) {
		if err != nil {
			return nil, f.fault(span, err)
		}
		return Atom{v}, f.charge(workOnAtom(v), span)
	}
}

// application is the operand that is an application, nil if neither is.
func application(a Value, x syntax.Expr, b Value, y syntax.Expr) (*Application, syntax.Expr) {
	if v, ok := a.(*Application); ok {
		return v, x
	}
	if v, ok := b.(*Application); ok {
		return v, y
	}
	return nil, nil
}

// zeroDivisor reports a division that no dividend survives.
func zeroDivisor(fn value.Fn, divisor Value) bool {
	a, ok := divisor.(Atom)
	return ok && (fn == value.Div || fn == value.Mod) && a.IsNumber() && !a.Truthy()
}
