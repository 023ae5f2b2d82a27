package elab

import (
	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
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
	switch v := v.(type) {
	case SOp:
		return f.atPosition(x, v, i)
	case *List:
		return f.element(x, "list", v.Elems, i)
	case *Dict:
		return f.entry(x, v, i)
	case Atom:
		if v.Kind() == value.String {
			if err := f.charge(workOnAtom(v.Value), x.Span()); err != nil {
				return nil, err
			}
			return f.element(x, "string", atoms(characters(v.Text())), i)
		}
	}
	return nil, f.errorf(x.X.Span(), diag.Type, "%s has no elements to index", aKindOf(v))
}

// element of a list or string, now or at every position.
func (f *frame) element(x *syntax.Index, what string, elems []Value, index Value) (Value, error) {
	if s, ok := index.(SOp); ok {
		return f.lookup(x, what, elems, s)
	}
	a, ok := index.(Atom)
	if !ok || a.Kind() != value.Int && a.Kind() != value.Bool {
		return nil, f.errorf(x.Index.Span(), diag.Type, "the index of a %s is an int, not %s", what, aKindOf(index))
	}
	n := int64(len(elems))
	i, fits := a.Int64()
	if !fits || i >= n || i < -n {
		return nil, f.errorf(x.Index.Span(), diag.Index, "index %s out of range for %s of length %d", value.Describe(a.Value), what, n)
	}
	return elems[(i+n)%n], nil
}

// lookup makes the node of "list or string at an s-op".
func (f *frame) lookup(x *syntax.Index, what string, elems []Value, s SOp) (Value, error) {
	if f.elements[s.Node.ID]&(element.Ints|element.Bools) == 0 {
		return nil, f.errorf(x.Index.Span(), diag.Type, "the index of a %s is an int, not %s", what, f.elements[s.Node.ID]).WithClass(diag.Failed)
	}
	if len(elems) == 0 {
		return nil, f.errorf(x.Index.Span(), diag.Index, "every index is out of range for an empty %s", what)
	}
	n := &graph.Node{Op: graph.Lookup, Args: []*graph.Node{s.Node}, OfString: what == "string"}
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
	return f.lookupNode(x, what, n, kinds)
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
	switch index := index.(type) {
	case SOp:
		n, kinds := lookupKey(d, index)
		return f.lookupNode(x, "dict", n, kinds)
	case Atom:
		if v, ok := d.Get(index.Value); ok {
			return v, nil
		}
		return nil, f.errorf(x.Index.Span(), diag.Value, "the dict has no key %s", value.Describe(index.Value))
	}
	return nil, f.errorf(x.Index.Span(), diag.Type, "the key of a dict is an atom, not %s", aKindOf(index))
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

func (f *frame) lookupNode(x *syntax.Index, what string, n *graph.Node, kinds element.Set) (Value, error) {
	if len(n.List) == 0 {
		return nil, f.errorf(x.X.Span(), diag.Type, "a %s indexed by an s-op must hold atoms", what)
	}
	if err := f.charge(len(n.List), x.Span()); err != nil {
		return nil, err
	}
	return f.sop(n, kinds, x.Span())
}

// atPosition is s[i]: the element at position i, at every position; 0 if there
// is none. Negative indices count from the end.
func (f *frame) atPosition(x *syntax.Index, s SOp, index Value) (Value, error) {
	a, ok := index.(Atom)
	if _, ok := index.(SOp); ok {
		return nil, f.hintLoad(f.errorf(x.Index.Span(), diag.Value, "the index of an s-op is an int, not an s-op"), x)
	}
	if !ok || a.Kind() != value.Int && a.Kind() != value.Bool {
		return nil, f.errorf(x.Index.Span(), diag.Value, "the index of an s-op is an int, not %s", aKindOf(index))
	}
	position, err := f.position(x, a.Value)
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
