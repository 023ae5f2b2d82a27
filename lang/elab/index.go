package elab

import (
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// index is X[i] for a list, string, dict or s-op.
func (f *frame) index(x *syntax.Index) (Value, error) {
	v, err := f.eval(x.X)
	if err != nil {
		return nil, err
	}
	i, err := f.eval(x.Index)
	if err != nil {
		return nil, err
	}
	if err := f.refuse(rules.Index(f.Known(v), f.Known(i)), x, x.X, x.Index); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case SOp:
		return f.atPosition(x, v, i.(Atom).Value)
	case *List:
		return f.element(x, rules.List, v.Elems, i)
	case *Dict:
		return f.entry(x, v, i)
	}
	text := v.(Atom).Value
	if err := f.charge(workOnAtom(text), x.Span()); err != nil {
		return nil, err
	}
	return f.element(x, rules.Text, atoms(characters(text.Text())), i)
}

// element of a list or string, now or at every position.
func (f *frame) element(x *syntax.Index, of rules.Kinds, elems []Value, index Value) (Value, error) {
	if s, ok := index.(SOp); ok {
		return f.lookup(x, of, elems, s)
	}
	i, fault := rules.Element(of, index.(Atom).Value, len(elems))
	if fault != nil {
		return nil, f.refuse(fault, x, x.X, x.Index)
	}
	return elems[i], nil
}

// lookup makes the node of "list or string at an s-op".
func (f *frame) lookup(x *syntax.Index, of rules.Kinds, elems []Value, s SOp) (Value, error) {
	if len(elems) == 0 {
		return nil, f.refuse(rules.Empty(of), x, x.X, x.Index)
	}
	n := &graph.Node{Op: graph.Lookup, Args: []*graph.Node{s.Node}, OfString: of == rules.Text}
	var kinds element.Set
	for _, v := range elems {
		a, ok := v.(Atom)
		if !ok {
			n, kinds = lookupKey(byPlace(elems), s)
			break
		}
		n.List = append(n.List, a.Value)
		kinds |= element.Of(a.Kind())
	}
	return f.lookupNode(x, of, n, kinds)
}

// byPlace is the dict that gives the elements of a list by their indices, from
// the start and from the end. A list with elements that are no atoms, which must
// never be looked up, goes by key, and has no key for those.
func byPlace(elems []Value) *Dict {
	d := &Dict{}
	for i, v := range elems {
		for _, key := range []int{i, i - len(elems)} {
			d.Keys = append(d.Keys, value.OfInt(int64(key)))
			d.Values = append(d.Values, v)
		}
	}
	return d
}

// entry of a dict, now or at every position.
func (f *frame) entry(x *syntax.Index, d *Dict, index Value) (Value, error) {
	if s, ok := index.(SOp); ok {
		n, kinds := lookupKey(d, s)
		return f.lookupNode(x, rules.Dict, n, kinds)
	}
	key := index.(Atom).Value
	v, ok := d.Get(key)
	if !ok {
		return nil, f.refuse(rules.NoKey(key), x, x.X, x.Index)
	}
	return v, nil
}

// lookupKey is the node that looks an s-op up among the entries of a dict that
// are atoms, with the kinds of those.
func lookupKey(d *Dict, s SOp) (n *graph.Node, kinds element.Set) {
	n = &graph.Node{Op: graph.LookupKey, Args: []*graph.Node{s.Node}}
	for i, v := range d.Values {
		if a, ok := v.(Atom); ok {
			n.Keys = append(n.Keys, d.Keys[i])
			n.List = append(n.List, a.Value)
			kinds |= element.Of(a.Kind())
		}
	}
	return n, kinds
}

func (f *frame) lookupNode(x *syntax.Index, of rules.Kinds, n *graph.Node, kinds element.Set) (Value, error) {
	if len(n.List) == 0 {
		return nil, f.refuse(rules.NoAtoms(of), x, x.X, x.Index)
	}
	if err := f.charge(len(n.List), x.Span()); err != nil {
		return nil, err
	}
	return f.sop(n, kinds, x.Span())
}

// atPosition is s[i]: the element at position i, at every position; 0 if there
// is none. Negative indices count from the end.
func (f *frame) atPosition(x *syntax.Index, s SOp, i value.Value) (Value, error) {
	position, err := f.position(x, i)
	if err != nil {
		return nil, err
	}
	indices := f.base.vars["indices"].value.(SOp)
	sel, err := f.node(&graph.Node{Op: graph.Select, Fn: value.Eq, Args: []*graph.Node{indices.Node, position}}, 0, x.Span())
	if err != nil {
		return nil, err
	}
	return f.gather(sel, s.Node, value.OfInt(0), x.Span())
}

// position is the s-op that an index into an s-op means: itself, or if it is
// negative, the variable length plus it.
func (f *frame) position(x *syntax.Index, i value.Value) (*graph.Node, error) {
	if i.Big().Sign() >= 0 {
		return f.constant(i, x.Index.Span())
	}
	at := syntax.At{Where: x.Index.Span()}
	sum := &syntax.Binary{At: at, Fn: value.Add, Op: at.Where,
		L: &syntax.Ident{At: at, Name: "length"}, R: &syntax.Literal{At: at, Value: i}}
	v, err := f.expr(sum)
	if err != nil {
		return nil, err
	}
	return f.broadcast(v, x.Index)
}
