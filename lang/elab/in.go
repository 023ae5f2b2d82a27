package elab

import (
	"errors"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// in is X in Set: an atom among the atoms of a list, each element of an s-op
// among them, or an atom anywhere in an s-op.
func (f *frame) in(x *syntax.In) (Value, error) {
	v, err := f.eval(x.X)
	if err != nil {
		return nil, err
	}
	set, err := f.eval(x.Set)
	if err != nil {
		var d *diag.Diagnostic
		if errors.As(err, &d) {
			f.InLast(d, x)
		}
		return nil, err
	}
	if err := f.refuse(rules.In(f.Known(v), f.Known(set)), x, x.X, x.Set); err != nil {
		return nil, err
	}
	if s, ok := v.(SOp); ok {
		return f.eachIn(x, s, set.(*List))
	}
	if s, ok := set.(SOp); ok {
		return f.anywhere(x, v.(Atom), s)
	}
	return f.atomIn(x, v.(Atom), set.(*List))
}

func (f *frame) atomIn(x *syntax.In, v Atom, list *List) (Value, error) {
	for i, elem := range list.Elems {
		if nodeOf(elem) != nil {
			return nil, f.refuse(rules.InElement(f.Known(v), i, f.Known(elem)), x, x.X, x.Set)
		}
		if equal(v, elem) {
			return Atom{value.OfBool(true)}, f.charge(i, x.Span())
		}
	}
	return Atom{value.OfBool(false)}, f.charge(len(list.Elems), x.Span())
}

func (f *frame) eachIn(x *syntax.In, s SOp, list *List) (Value, error) {
	n := &graph.Node{Op: graph.In, Args: []*graph.Node{s.Node}}
	for i, elem := range list.Elems {
		a, ok := elem.(Atom)
		if !ok {
			return nil, f.refuse(rules.InElement(f.Known(s), i, f.Known(elem)), x, x.X, x.Set)
		}
		n.List = append(n.List, a.Value)
	}
	if err := f.charge(len(n.List), x.Span()); err != nil {
		return nil, err
	}
	return f.sop(n, element.Bools, x.Span())
}

// anywhere is "atom in s": the mean of "is it here?" over all positions, above
// 0. All of them share one selector.
func (f *frame) anywhere(x *syntax.In, a Atom, s SOp) (Value, error) {
	span := x.Span()
	sel, err := f.everywhere(span)
	if err != nil {
		return nil, err
	}
	atom, err := f.constant(a.Value, x.X.Span())
	if err != nil {
		return nil, err
	}
	here, err := f.node(&graph.Node{Op: graph.Binary, Fn: value.Eq, Args: []*graph.Node{s.Node, atom}}, element.Bools, span)
	if err != nil {
		return nil, err
	}
	light, err := f.node(&graph.Node{Op: graph.Unary, Fn: value.Indicator, Args: []*graph.Node{here}}, element.Ints, span)
	if err != nil {
		return nil, err
	}
	mean, err := f.gather(sel, light, value.OfInt(0), span)
	if err != nil {
		return nil, err
	}
	zero, err := f.constant(value.OfInt(0), span)
	if err != nil {
		return nil, err
	}
	return f.sop(&graph.Node{Op: graph.Binary, Fn: value.Gt, Args: []*graph.Node{mean.(SOp).Node, zero}}, element.Bools, span)
}

// everywhere is the full selector that every "atom in s" shares.
func (f *frame) everywhere(span diag.Span) (*graph.Node, error) {
	if f.full != nil {
		return f.full, nil
	}
	one, err := f.constant(value.OfInt(1), span)
	if err != nil {
		return nil, err
	}
	f.full, err = f.node(&graph.Node{Op: graph.Select, Fn: value.Eq, Args: []*graph.Node{one, one}}, 0, span)
	return f.full, err
}
