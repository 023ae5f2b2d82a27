package check

import (
	"rasp/lang/element"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// eval is what is known of the value of an expression.
func (w *walker) eval(x syntax.Expr) *shape {
	if w.trial {
		if w.steps >= maxSteps {
			return unknown
		}
		w.steps++
	}
	switch x := x.(type) {
	case *syntax.Ident:
		return w.variable(x)
	case *syntax.Literal:
		return ofAtom(x.Value)
	case *syntax.Paren:
		return w.eval(x.X)
	case *syntax.Unary:
		return w.unary(x)
	case *syntax.Binary:
		return w.binary(x)
	case *syntax.In:
		return w.in(x)
	case *syntax.Cond:
		return w.cond(x)
	case *syntax.Index:
		return w.index(x)
	case *syntax.Call:
		return w.call(x)
	case *syntax.Builtin:
		return w.builtin(x)
	case *syntax.Select:
		return w.selectExpr(x)
	case *syntax.Aggregate:
		return w.aggregate(x)
	}
	return w.container(x)
}

func (w *walker) evalAll(xs []syntax.Expr) []*shape {
	values := make([]*shape, len(xs))
	for i, x := range xs {
		values[i] = w.eval(x)
	}
	return values
}

// variable reads a name.
func (w *walker) variable(x *syntax.Ident) *shape {
	if x.Name == "out" {
		w.scope.useOut = true
		return unknown
	}
	if w.trial {
		v, hidden := w.scope.find(x.Name, func(*variable) {})
		if v == nil {
			return w.undefined(x, hidden)
		}
		return v
	}
	var meant []*variable
	v, hidden := w.scope.find(x.Name, func(v *variable) {
		v.use()
		meant = append(meant, v)
	})
	w.note(x.Span(), false, v, meant...)
	if v == nil {
		return w.undefined(x, hidden)
	}
	return v
}

// cond is Then if If else Else. Without an s-op it evaluates one branch; the
// other, too, should be right.
func (w *walker) cond(x *syntax.Cond) *shape {
	c := w.eval(x.If)
	w.refuses(rules.Condition(c.Operand), x.If)
	if c.Surely(rules.SOp) {
		then, other := w.operand(x.Then), w.operand(x.Else)
		return ofElements(then.Elements() | other.Elements())
	}
	then, other := w.branch(x.Then, c, true), w.branch(x.Else, c, false)
	switch truthy, known := c.truth(); {
	case known && truthy:
		return then
	case known:
		return other
	case c.Can(rules.SOp):
		return join(join(then, other), ofElements(then.Elements()|other.Elements()))
	}
	return join(then, other)
}

// branch evaluates what a ternary gives if its condition c is as it says.
func (w *walker) branch(x syntax.Expr, c *shape, when bool) *shape {
	inner := *w
	inner.maybe++
	if truthy, known := c.truth(); known && truthy != when {
		inner.dead++
	}
	return inner.eval(x)
}

// operand evaluates x, which stands where an s-op or an atom is needed.
func (w *walker) operand(x syntax.Expr) *shape {
	v := w.eval(x)
	if !w.takes(rules.Everywhere, v, x) {
		return ofElements(element.Anything)
	}
	return v
}

// in is X in Set: an atom among the atoms of a list, each element of an s-op
// among them, or an atom anywhere in an s-op.
func (w *walker) in(x *syntax.In) *shape {
	v, set := w.eval(x.X), w.eval(x.Set)
	if fault := rules.In(v.Operand, set.Operand); fault != nil {
		d := w.Diagnose(fault, x, x.X, x.Set)
		if fault.At == 2 {
			w.InLast(d, x)
		}
		w.report(d)
		return unknown
	}
	if v.Surely(rules.SOp) {
		for i, elem := range set.list {
			if w.refuses(rules.InElement(v.Operand, i, elem.Operand), x, x.X, x.Set) {
				return unknown
			}
		}
	}
	if !w.trial {
		w.comparisons[x.Span()], w.sought[x.Span()] = true, set.Can(rules.SOp)
		if d := misread(x); d != nil && !w.InLibrary() {
			w.warnings = append(w.warnings, d)
		}
	}
	result := &shape{}
	if v.Can(rules.Atoms) && set.Can(rules.List) {
		result = ofKinds(rules.Bools)
	}
	if v.Can(rules.SOp) || set.Can(rules.SOp) {
		result = join(result, ofElements(element.Bools))
	}
	return result
}

// selectExpr is select(key, query, op).
func (w *walker) selectExpr(x *syntax.Select) *shape {
	key, query := w.operand(x.Key), w.operand(x.Query)
	w.refuses(rules.Select(x.Fn, key.written(x.Key), query.written(x.Query)), x, x.Key, x.Query)
	if !w.trial {
		w.selectors[x.Span()], w.comparisons[x.Span()] = true, true
	}
	return ofKinds(rules.Selector)
}

// aggregate is aggregate(selector, values, default).
func (w *walker) aggregate(x *syntax.Aggregate) *shape {
	sel := w.eval(x.Selector)
	values := w.eval(x.Values)
	def := ofAtom(value.OfInt(0))
	if x.Default != nil {
		def = w.eval(x.Default)
	}
	w.takes(rules.AggregateBy, sel, x.Selector)
	if !w.takes(rules.Everywhere, values, x.Values) || !w.takes(rules.AggregateDefault, def, x.Default) {
		return ofElements(element.Anything)
	}
	return ofElements(element.Aggregate(values.Elements(), def.Atoms()))
}
