package elab

import (
	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// add puts a node into the graph, with the kinds of its elements (0 for a
// selector).
func (s *Session) add(n *graph.Node, kinds element.Set) *graph.Node {
	s.elements = append(s.elements, kinds)
	return s.graph.Add(n)
}

// node adds a node made by the expression at span.
func (f *frame) node(n *graph.Node, kinds element.Set, span diag.Span) (*graph.Node, error) {
	if len(f.graph.Nodes) >= maxNodes {
		f.work = f.budget
		return nil, f.errorf(span, diag.Limit, "the program makes more than %d s-ops and selectors", maxNodes)
	}
	if err := f.charge(1, span); err != nil {
		return nil, err
	}
	n.Span = f.At(span)
	return f.add(n, kinds), nil
}

func (f *frame) sop(n *graph.Node, kinds element.Set, span diag.Span) (Value, error) {
	n, err := f.node(n, kinds, span)
	if err != nil {
		return nil, err
	}
	return SOp{n}, nil
}

func (f *frame) selector(n *graph.Node, span diag.Span) (Value, error) {
	n, err := f.node(n, 0, span)
	if err != nil {
		return nil, err
	}
	return Selector{n}, nil
}

// constant is the s-op with the same atom at every position.
func (f *frame) constant(v value.Value, span diag.Span) (*graph.Node, error) {
	return f.node(&graph.Node{Op: graph.Const, Value: v}, element.Of(v.Kind()), span)
}

// broadcast is the node of v, the value of x: an s-op, or an atom at every
// position.
func (f *frame) broadcast(v Value, x syntax.Expr) (*graph.Node, error) {
	if err := f.take(rules.Everywhere, v, x); err != nil {
		return nil, err
	}
	if a, ok := v.(Atom); ok {
		return f.constant(a.Value, x.Span())
	}
	return v.(SOp).Node, nil
}

// operand evaluates x and broadcasts it.
func (f *frame) operand(x syntax.Expr) (*graph.Node, error) {
	v, err := f.eval(x)
	if err != nil {
		return nil, err
	}
	return f.broadcast(v, x)
}

// ternary evaluates both branches and picks at every position.
func (f *frame) ternary(x *syntax.Cond, c SOp) (Value, error) {
	then, err := f.operand(x.Then)
	if err != nil {
		return nil, err
	}
	other, err := f.operand(x.Else)
	if err != nil {
		return nil, err
	}
	kinds := f.elements[then.ID] | f.elements[other.ID]
	return f.sop(&graph.Node{Op: graph.Ternary, Args: []*graph.Node{c.Node, then, other}}, kinds, x.Span())
}

// Constant adds an s-op that is the same atom at every position, for an atom that
// the program gives where an s-op is wanted.
func (s *Session) Constant(v value.Value, span diag.Span) *graph.Node {
	return s.add(&graph.Node{Op: graph.Const, Value: v, Span: span}, element.Of(v.Kind()))
}
