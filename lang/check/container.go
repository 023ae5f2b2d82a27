package check

import (
	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// container is a list or dict written down, or a comprehension.
func (w *walker) container(x syntax.Expr) *shape {
	switch x := x.(type) {
	case *syntax.List:
		return ofList(w.evalAll(x.Elems))
	case *syntax.ListComp:
		var elem *shape
		w.comprehend(x.Names, x.In, func(w *walker) { elem = w.eval(x.Elem) })
		return listOf(elem)
	case *syntax.Dict:
		var key, item *shape
		for i := range x.Keys {
			k, v := w.entry(x.Keys[i], x.Values[i])
			key, item = join(key, k), join(item, v)
		}
		return dictOf(key, item)
	case *syntax.DictComp:
		var key, item *shape
		w.comprehend(x.Names, x.In, func(w *walker) { key, item = w.entry(x.Key, x.Value) })
		return dictOf(key, item)
	}
	return unknown
}

// comprehend runs body once for what an item can be, in a scope of its own.
func (w *walker) comprehend(names []*syntax.Ident, in syntax.Expr, body func(*walker)) {
	item := w.iterate(in)
	inner := *w
	if w.trial {
		inner.scope = newScope(w.scope)
	} else {
		inner.scope = w.ownScope(w.scope)
	}
	inner.maybe++
	inner.bindItem(names, iteratorOver(in), item, in)
	body(&inner)
}

// entry evaluates a key and a value of a dict.
func (w *walker) entry(key, x syntax.Expr) (k, v *shape) {
	k = w.eval(key)
	if !k.can(atoms) {
		k = w.fail(key.Span(), diag.Type, "the key of a dict is an atom, not %s", k)
	}
	return k.only(atoms), w.eval(x)
}

// builtin is range(..), zip(..) or len(..).
func (w *walker) builtin(x *syntax.Builtin) *shape {
	args := w.evalAll(x.Args)
	switch x.Name {
	case "range":
		return w.rangeOf(x, args)
	case "zip":
		return w.zip(x, args)
	}
	if len(args) != 1 {
		return w.fail(x.Span(), diag.Arity, "len needs 1 argument, found %d", len(args))
	}
	l := args[0]
	if !l.can(list) {
		f := w.fault(x.Args[0].Span(), diag.Type, "len counts the elements of a list, not of %s", l)
		switch {
		case l.surely(sop):
			f.WithHint("length is the length of the input")
		case l.surely(dict):
			f.WithHint("len([k for k in ..]) counts the keys of a dict")
		case l.surely(text):
			f.WithHint("a string has no length in RASP; write its characters as a list")
		}
	} else if l.surely(list) && l.list != nil {
		return ofAtom(value.OfInt(int64(len(l.list))))
	}
	return ofKinds(kinds(element.Ints))
}

// rangeOf is range(stop), range(start, stop) or range(start, stop, step).
func (w *walker) rangeOf(x *syntax.Builtin, args []*shape) *shape {
	result := listOf(ofKinds(kinds(element.Ints)))
	if len(args) > 3 {
		w.fault(x.Span(), diag.Arity, "range needs 1 to 3 arguments, found %d", len(args)).
			WithHint("range(stop), range(start, stop), range(start, stop, step)")
		return result
	}
	for i, arg := range args {
		if !arg.can(ints) {
			w.fault(x.Args[i].Span(), diag.Type, "range needs ints, not %s", arg)
		}
	}
	if len(args) == 3 && args[2].atom != nil && args[2].surely(ints) && !args[2].atom.Truthy() {
		w.fault(x.Args[2].Span(), diag.Value, "the step of a range cannot be 0")
	}
	return result
}

// zip turns lists of one length into the list of their rows.
func (w *walker) zip(x *syntax.Builtin, args []*shape) *shape {
	row := make([]*shape, len(args))
	for i, arg := range args {
		row[i] = arg.inside()
		switch first := args[0]; {
		case !arg.can(list):
			w.fault(x.Args[i].Span(), diag.Type, "zip needs lists, not %s", arg)
		case !arg.surely(list):
			row[i] = unknown
		case first.surely(list) && first.list != nil && arg.list != nil && len(first.list) != len(arg.list):
			w.fault(x.Args[i].Span(), diag.Value, "zip needs lists of one length: the first has %d, this one %d",
				len(first.list), len(arg.list))
		}
	}
	return listOf(ofList(row))
}
