package elab

import (
	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// selectExpr is select(key, query, op).
func (f *frame) selectExpr(x *syntax.Select) (Value, error) {
	key, err := f.operand(x.Key)
	if err != nil {
		return nil, err
	}
	query, err := f.operand(x.Query)
	if err != nil {
		return nil, err
	}
	kindsK, kindsQ := f.elements[key.ID], f.elements[query.ID]
	if element.Binary(x.Fn, kindsK, kindsQ) == 0 {
		d := f.errorf(x.Span(), diag.Type, "cannot order %s and %s by %s", kindsK, kindsQ, x.Fn).WithClass(diag.Failed)
		return nil, f.stringHint(d, x.Key, x.Query)
	}
	return f.selector(&graph.Node{Op: graph.Select, Fn: x.Fn, Args: []*graph.Node{key, query}}, x.Span())
}

// aggregate is aggregate(selector, values, default).
func (f *frame) aggregate(x *syntax.Aggregate) (Value, error) {
	v, err := f.eval(x.Selector)
	if err != nil {
		return nil, err
	}
	values, err := f.eval(x.Values)
	if err != nil {
		return nil, err
	}
	def := Value(Atom{value.OfInt(0)})
	if x.Default != nil {
		if def, err = f.eval(x.Default); err != nil {
			return nil, err
		}
	}
	sel, ok := v.(Selector)
	if !ok {
		return nil, f.errorf(x.Selector.Span(), diag.Type, "aggregate needs a selector first, not %s", aKindOf(v)).
			WithHint("aggregate(selector, values, default)")
	}
	node, err := f.broadcast(values, x.Values)
	if err != nil {
		return nil, err
	}
	atom, ok := def.(Atom)
	if !ok {
		return nil, f.errorf(x.Default.Span(), diag.Type, "the default of an aggregate is an atom, not %s", aKindOf(def))
	}
	return f.gather(sel.Node, node, atom.Value, x.Span())
}

// gather makes the node of an aggregate.
func (f *frame) gather(sel, values *graph.Node, def value.Value, span diag.Span) (Value, error) {
	kinds := element.Aggregate(f.elements[values.ID], element.Of(def.Kind()))
	return f.sop(&graph.Node{Op: graph.Aggregate, Args: []*graph.Node{sel, values}, Value: def}, kinds, span)
}
