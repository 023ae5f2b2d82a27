package elab

import (
	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// unary evaluates not, -, +, round and indicator.
func (f *frame) unary(x *syntax.Unary) (Value, error) {
	v, err := f.eval(x.X)
	if err != nil {
		return nil, err
	}
	result, fault := rules.Unary(x.Fn, f.written(v, x.X))
	if fault != nil {
		return nil, f.refuse(fault, x, x.X)
	}
	switch v := v.(type) {
	case Atom:
		return f.atom(result.Atom, x.Span())
	case SOp:
		return f.sop(&graph.Node{Op: graph.Unary, Fn: x.Fn, Args: []*graph.Node{v.Node}}, result.Elems, x.Span())
	case Selector:
		return f.selector(&graph.Node{Op: graph.SelNot, Args: []*graph.Node{v.Node}}, x.Span())
	}
	return Atom{value.OfBool(!truthy(v))}, nil
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
	if err := f.charge(workOn(a, b), x.Span()); err != nil {
		return nil, err
	}
	result, fault := rules.Binary(x.Fn, f.written(a, x.L), f.written(b, x.R))
	switch {
	case fault != nil:
		return nil, f.refuse(fault, x, x.L, x.R)
	case result.Known:
		return f.atom(result.Atom, x.Span())
	case result.Surely(rules.Selector):
		op := graph.SelAnd
		if x.Fn == value.Or {
			op = graph.SelOr
		}
		return f.selector(&graph.Node{Op: op, Args: []*graph.Node{nodeOf(a), nodeOf(b)}}, x.Span())
	case result.Surely(rules.SOp):
		return f.onSOps(x, a, b, result.Elems)
	}
	return f.onValues(x, a, b)
}

// onSOps makes the node of an operation with at least one s-op.
func (f *frame) onSOps(x *syntax.Binary, a, b Value, kinds element.Set) (Value, error) {
	if x.Fn == value.Eq {
		if s := besideNoAtom(a, b); s != nil {
			return f.never(s, x.Span())
		}
	}
	l, err := f.broadcast(a, x.L)
	if err != nil {
		return nil, err
	}
	r, err := f.broadcast(b, x.R)
	if err != nil {
		return nil, err
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

// onValues computes with lists, dicts and functions, and atoms beside them.
func (f *frame) onValues(x *syntax.Binary, a, b Value) (Value, error) {
	switch x.Fn {
	case value.And, value.Or:
		if truthy(a) == (x.Fn == value.And) {
			return b, nil
		}
		return a, nil
	case value.Eq:
		return Atom{value.OfBool(equal(a, b))}, nil
	case value.Add:
		l, r := a.(*List), b.(*List)
		return f.list(append(l.Elems[:len(l.Elems):len(l.Elems)], r.Elems...), x.Span())
	case value.Mul:
		if l, ok := a.(*List); ok {
			return f.repeat(x, l, b.(Atom).Value)
		}
		return f.repeat(x, b.(*List), a.(Atom).Value)
	}
	result, fault := ordered(x.Fn, a, b)
	return Atom{value.OfBool(result)}, f.refuse(fault, x)
}

func (f *frame) repeat(x *syntax.Binary, l *List, times value.Value) (Value, error) {
	n, fits := times.Int64()
	switch {
	case len(l.Elems) == 0 || fits && n <= 0 || !fits && times.Big().Sign() < 0:
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

// atom is an atom that the expression at span computed.
func (f *frame) atom(v value.Value, span diag.Span) (Value, error) {
	return Atom{v}, f.charge(workOnAtom(v), span)
}
