package elab

import (
	"rasp/lang/diag"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// eval evaluates an expression and leaves its value in out.
func (f *frame) eval(x syntax.Expr) (Value, error) {
	if f.nest >= maxNest {
		return nil, f.errorf(x.Span(), diag.Limit, "expressions are nested more than %d deep", maxNest)
	}
	f.nest++
	v, err := f.expr(x)
	f.nest--
	if err == nil {
		err = f.test(v, x)
	}
	if err != nil {
		return nil, err
	}
	if _, ok := v.(*Application); !ok {
		f.scope.out = v
	}
	if f.Evaluated != nil {
		f.Evaluated(x, v)
	}
	return v, nil
}

func (f *frame) expr(x syntax.Expr) (Value, error) {
	switch x := x.(type) {
	case *syntax.Ident:
		return f.variable(x)
	case *syntax.Literal:
		return Atom{x.Value}, nil
	case *syntax.Paren:
		return f.eval(x.X)
	case *syntax.Unary:
		return f.unary(x)
	case *syntax.Binary:
		return f.binary(x)
	case *syntax.In:
		return f.in(x)
	case *syntax.Cond:
		return f.cond(x)
	case *syntax.Index:
		return f.index(x)
	case *syntax.Call:
		return f.call(x)
	case *syntax.Builtin:
		return f.builtin(x)
	case *syntax.Select:
		return f.selectExpr(x)
	case *syntax.Aggregate:
		return f.aggregate(x)
	}
	return f.container(x)
}

// container evaluates the displays and comprehensions of lists and dicts.
func (f *frame) container(x syntax.Expr) (Value, error) {
	switch x := x.(type) {
	case *syntax.List:
		values, err := f.evalAll(x.Elems)
		if err != nil {
			return nil, err
		}
		return f.list(values, x.Span())
	case *syntax.ListComp:
		var values []Value
		err := f.comprehend(x.Names, x.In, func(f *frame) error {
			v, err := f.eval(x.Elem)
			values = append(values, v)
			return err
		})
		if err != nil {
			return nil, err
		}
		return f.list(values, x.Span())
	case *syntax.Dict:
		d := newDict()
		for i := range x.Keys {
			if err := f.putEntry(d, x.Keys[i], x.Values[i]); err != nil {
				return nil, err
			}
		}
		return d.finish(x.Span())
	case *syntax.DictComp:
		d := newDict()
		err := f.comprehend(x.Names, x.In, func(f *frame) error { return f.putEntry(d, x.Key, x.Value) })
		if err != nil {
			return nil, err
		}
		return d.finish(x.Span())
	}
	return nil, f.errorf(x.Span(), diag.Syntax, "not an expression")
}

// variable reads a name.
func (f *frame) variable(x *syntax.Ident) (Value, error) {
	if x.Name == "out" {
		switch v := f.scope.lastOut(); v {
		case nil:
			return nil, f.errorf(x.Span(), diag.Undefined, "out is the last value evaluated, and there is none yet")
		case poison{}:
			return nil, errPoisoned
		default:
			return v, nil
		}
	}
	v, hidden := f.scope.lookup(x.Name)
	switch {
	case v == nil && hidden:
		return nil, errPoisoned
	case v == nil:
		return nil, f.undefined(x)
	case v.value == (poison{}):
		return nil, errPoisoned
	}
	return v.value, nil
}

// undefined reports a name that nothing binds, with the nearest one that
// something does.
func (f *frame) undefined(x *syntax.Ident) error {
	var names []string
	for s := f.scope; s != nil; s = s.parent {
		names = append(names, s.names()...)
	}
	return f.refuse(rules.Undefined(x.Name, names), x)
}

func (f *frame) evalAll(xs []syntax.Expr) ([]Value, error) {
	values := make([]Value, len(xs))
	for i, x := range xs {
		var err error
		if values[i], err = f.eval(x); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// list makes a list that the expression at span writes down.
func (f *frame) list(values []Value, span diag.Span) (Value, error) {
	for _, v := range values {
		if fault := rules.InList.Take(f.Known(v)); fault != nil {
			return nil, f.DiagnoseAt(fault, span)
		}
	}
	if err := f.charge(len(values), span); err != nil {
		return nil, err
	}
	l := &List{values, measure(values)}
	return l, l.fault(span)
}

// comprehend runs body for each item, in a scope of its own.
func (f *frame) comprehend(names []*syntax.Ident, in syntax.Expr, body func(*frame) error) error {
	items, err := f.iterate(in)
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := f.charge(1, in.Span()); err != nil {
			return err
		}
		inner := *f
		inner.scope = newScope(f.scope)
		if err := inner.bindItem(names, item, in); err != nil {
			return err
		}
		if err := body(&inner); err != nil {
			return err
		}
	}
	return nil
}

// putEntry evaluates an entry and puts it into d.
func (f *frame) putEntry(d *Dict, key, x syntax.Expr) error {
	k, err := f.eval(key)
	if err != nil {
		return err
	}
	if err := f.take(rules.Key, k, key); err != nil {
		return err
	}
	v, err := f.eval(x)
	if err != nil {
		return err
	}
	if err := f.take(rules.InDict, v, x); err != nil {
		return err
	}
	d.set(k.(Atom).Value, v)
	return f.charge(1, x.Span())
}

// finish measures a dict whose entries are all there.
func (d *Dict) finish(span diag.Span) (Value, error) {
	d.bulk = measure(d.Values)
	return d, d.fault(span)
}

// cond is Then if If else Else: a choice now, or at every position.
func (f *frame) cond(x *syntax.Cond) (Value, error) {
	c, err := f.eval(x.If)
	if err != nil {
		return nil, err
	}
	if err := f.refuse(rules.Condition(f.Known(c)), x.If); err != nil {
		return nil, err
	}
	if s, ok := c.(SOp); ok {
		return f.ternary(x, s)
	}
	if truthy(c) {
		return f.eval(x.Then)
	}
	return f.eval(x.Else)
}
