package check

import (
	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// text is the kind of strings, which have characters.
const text = kinds(element.Strings)

func ofText(s string) *shape { return ofAtom(value.OfString(s)) }

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
	read := (*variable).use
	if w.trial {
		read = func(*variable) {}
	}
	v, hidden := w.scope.find(x.Name, read)
	if v == nil {
		return w.undefined(x, hidden)
	}
	return v
}

// cond is Then if If else Else. Without an s-op it evaluates one branch; the
// other, too, should be right.
func (w *walker) cond(x *syntax.Cond) *shape {
	c := w.eval(x.If)
	switch {
	case c.surely(selector):
		w.fault(x.If.Span(), diag.Type, "a selector is not a condition").hint("has_focus(%s)", x.If)
	case c.surely(application):
		w.fault(x.If.Span(), diag.Type, "the result of applying an s-op to an input is not a condition")
	case c.surely(sop):
		then, other := w.operand(x.Then), w.operand(x.Else)
		return ofElements(then | other)
	}
	then, other := w.branch(x.Then, c, true), w.branch(x.Else, c, false)
	switch truthy, known := c.truth(); {
	case known && truthy:
		return then
	case known:
		return other
	case c.can(sop):
		return join(join(then, other), ofElements(then.elements()|other.elements()))
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

// operand evaluates x, which stands where an s-op or an atom is needed, and
// returns the kinds that its elements can have.
func (w *walker) operand(x syntax.Expr) element.Set {
	v := w.eval(x)
	if !v.can(sop | atoms) {
		w.misplaced(x, v)
		return element.Anything
	}
	return v.elements()
}

// in is X in Set: an atom among the atoms of a list, each element of an s-op
// among them, or an atom anywhere in an s-op.
func (w *walker) in(x *syntax.In) *shape {
	v, set := w.eval(x.X), w.eval(x.Set)
	where := ""
	switch {
	case !v.can(atoms | sop):
		return w.fail(x.X.Span(), diag.Type, "an atom or an s-op can be looked for, not %s", v)
	case v.surely(atoms) && !set.can(list|sop):
		where = "an atom is looked for in a list or an s-op"
	case v.surely(sop) && !set.can(list):
		where = "the elements of an s-op are looked for in a list of atoms"
	case !set.can(list | sop):
		where = "an atom or an s-op is looked for in a list or an s-op"
	}
	if where != "" {
		w.fault(x.Set.Span(), diag.Type, "%s, not in %s", where, set).precedence(x)
		return unknown
	}
	if v.surely(sop) {
		for i, elem := range set.list {
			if !elem.can(atoms) {
				return w.fail(x.Set.Span(), diag.Type, "the elements of an s-op are looked for in a list of atoms; element %d is %s", i, elem)
			}
		}
	}
	result := &shape{}
	if v.can(atoms) && set.can(list) {
		result = ofKinds(kinds(element.Bools))
	}
	if v.can(sop) || set.can(sop) {
		result = join(result, ofElements(element.Bools))
	}
	return result
}

// selectExpr is select(key, query, op).
func (w *walker) selectExpr(x *syntax.Select) *shape {
	key, query := w.operand(x.Key), w.operand(x.Query)
	if element.Binary(x.Fn, key, query) == 0 {
		w.fault(x.Span(), diag.Type, "cannot order %s and %s by %s", key, query, x.Fn).strings(x.Key, x.Query)
	}
	if !w.trial {
		w.selectors[x.Span()] = true
	}
	return ofKinds(selector)
}

// aggregate is aggregate(selector, values, default).
func (w *walker) aggregate(x *syntax.Aggregate) *shape {
	sel := w.eval(x.Selector)
	values := w.eval(x.Values)
	def := ofAtom(value.OfInt(0))
	if x.Default != nil {
		def = w.eval(x.Default)
	}
	if !sel.can(selector) {
		w.fault(x.Selector.Span(), diag.Type, "aggregate needs a selector first, not %s", sel).
			WithHint("aggregate(selector, values, default)")
	}
	if !values.can(sop | atoms) {
		w.misplaced(x.Values, values)
		return ofElements(element.Anything)
	}
	if !def.can(atoms) {
		w.fault(x.Default.Span(), diag.Type, "the default of an aggregate is an atom, not %s", def)
		return ofElements(element.Anything)
	}
	return ofElements(element.Aggregate(values.elements(), def.atoms()))
}
