package elab

import (
	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/rules"
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
	if err := f.refuse(rules.Select(x.Fn, f.written(SOp{key}, x.Key), f.written(SOp{query}, x.Query)), x, x.Key, x.Query); err != nil {
		return nil, err
	}
	return f.selector(&graph.Node{Op: graph.Select, Fn: x.Fn, Args: []*graph.Node{key, query}}, x.Span())
}

// only is only(selector).
func (f *frame) only(x *syntax.Call, v Value) (Value, error) {
	if err := f.take(rules.OnlyOf, v, x.Args[0]); err != nil {
		return nil, err
	}
	return f.selector(&graph.Node{Op: graph.SelOnly, Args: []*graph.Node{v.(Selector).Node}}, x.Span())
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
	if err := f.take(rules.AggregateBy, v, x.Selector); err != nil {
		return nil, err
	}
	node, err := f.broadcast(values, x.Values)
	if err != nil {
		return nil, err
	}
	if err := f.take(rules.AggregateDefault, def, x.Default); err != nil {
		return nil, err
	}
	return f.gather(v.(Selector).Node, node, def.(Atom).Value, x.Span())
}

// gather makes the node of an aggregate.
func (f *frame) gather(sel, values *graph.Node, def value.Value, span diag.Span) (Value, error) {
	kinds := element.Aggregate(f.elements[values.ID], element.Of(def.Kind()))
	return f.sop(&graph.Node{Op: graph.Aggregate, Args: []*graph.Node{sel, values}, Value: def}, kinds, span)
}
