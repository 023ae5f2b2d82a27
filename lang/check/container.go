package check

import (
	"rasp/lang/element"
	"rasp/lang/rules"
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
		w.comprehend(x, x.Names, x.In, func(w *walker) { elem = w.eval(x.Elem) })
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
		w.comprehend(x, x.Names, x.In, func(w *walker) { key, item = w.entry(x.Key, x.Value) })
		return dictOf(key, item)
	}
	return unknown
}

// comprehend runs the body of the comprehension x once for what an item can be, in a scope of its own.
func (w *walker) comprehend(x syntax.Expr, names []*syntax.Ident, in syntax.Expr, body func(*walker)) {
	item := w.iterate(in)
	inner := *w
	if w.trial {
		inner.scope = newScope(w.scope)
	} else {
		inner.scope = w.ownScope(w.scope, x.Span())
	}
	inner.maybe++
	inner.bindItem(names, iteratorOver(in), item, in)
	body(&inner)
}

// entry evaluates a key and a value of a dict.
func (w *walker) entry(key, x syntax.Expr) (k, v *shape) {
	k = w.eval(key)
	if !w.takes(rules.Key, k, key) {
		k = unknown
	}
	return k.only(rules.Atoms), w.eval(x)
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
	result := ofKinds(rules.Kinds(element.Ints))
	switch l := args[0]; {
	case w.refuses(rules.LenArguments(len(args)), x):
		return unknown
	case l.Surely(rules.Text):
		fault := rules.LenList.Take(l.Operand)
		fault.Hint = "a string has no length in RASP; write its characters as a list"
		w.refuses(fault, x.Args[0])
	case w.takes(rules.LenList, l, x.Args[0]) && l.Surely(rules.List) && l.list != nil:
		return ofAtom(value.OfInt(int64(len(l.list))))
	}
	return result
}

// rangeOf is range(stop), range(start, stop) or range(start, stop, step).
func (w *walker) rangeOf(x *syntax.Builtin, args []*shape) *shape {
	result := listOf(ofKinds(rules.Kinds(element.Ints)))
	if w.refuses(rules.RangeArguments(len(args)), x) {
		return result
	}
	for i, arg := range args {
		w.takes(rules.RangeBound, arg, x.Args[i])
	}
	if len(args) == 3 {
		w.refuses(rules.RangeStep(args[2].Operand), x.Args[2])
	}
	return result
}

// zip turns lists of one length into the list of their rows.
func (w *walker) zip(x *syntax.Builtin, args []*shape) *shape {
	row := make([]*shape, len(args))
	for i, arg := range args {
		row[i] = arg.inside()
		switch first := args[0]; {
		case !w.takes(rules.ZipList, arg, x.Args[i]):
		case !arg.Surely(rules.List):
			row[i] = unknown
		case first.Surely(rules.List) && first.list != nil && arg.list != nil:
			w.refuses(rules.ZipLength(len(first.list), len(arg.list)), x.Args[i])
		}
	}
	return listOf(ofList(row))
}
