package check

import (
	"errors"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// unary is not, -, +, round or indicator of a value.
func (w *walker) unary(x *syntax.Unary) *shape {
	v := w.eval(x.X)
	if x.Fn == value.Not && v.surely(selector) {
		w.selectors[x.Span()] = true
	}
	if v.atom != nil && x.Fn != value.Indicator {
		return w.constant(x, func() (value.Value, error) { return value.Unary(x.Fn, *v.atom) })
	}
	result := &shape{}
	switch x.Fn {
	case value.Not:
		if v.can(everything &^ (sop | selector | application)) {
			result.kinds |= kinds(element.Bools)
		}
		result.kinds |= v.kinds & selector
	case value.Indicator:
	default:
		result.kinds |= kinds(element.Unary(x.Fn, v.atoms()))
	}
	if v.can(sop) {
		if result.elems = element.Unary(x.Fn, v.elems); result.elems != 0 {
			result.kinds |= sop
		}
	}
	if result.kinds != 0 {
		return result
	}
	w.cannotUnary(x, v)
	return unknown
}

func (w *walker) cannotUnary(x *syntax.Unary, v *shape) {
	switch {
	case v.surely(sop):
		w.fault(x.Span(), diag.Type, "cannot compute %s of %s", x.Fn, v.elems)
	case v.surely(selector):
		w.fault(x.X.Span(), diag.Type, "cannot compute %s of a selector", x.Fn).hint("selector_width(%s)", x.X)
	case x.Fn == value.Indicator:
		w.fault(x.X.Span(), diag.Type, "indicator needs an s-op, not %s", v)
	case v.surely(atoms):
		w.fault(x.Span(), diag.Type, "cannot compute %s of %s", x.Fn, v)
	default:
		w.fault(x.X.Span(), diag.Type, "cannot compute %s of %s", x.Fn, v)
	}
}

// constant is the result of an operation on known atoms.
func (w *walker) constant(x syntax.Expr, compute func() (value.Value, error)) *shape {
	v, err := compute()
	var why *value.Fault
	if errors.As(err, &why) {
		return w.fail(x.Span(), why.Kind, "%s", why.Message)
	}
	return ofAtom(v)
}

// binary is an operation of two values; and and or evaluate both sides, too.
func (w *walker) binary(x *syntax.Binary) *shape {
	a, b := w.eval(x.L), w.eval(x.R)
	logic := x.Fn == value.And || x.Fn == value.Or
	if logic && a.surely(selector) && b.surely(selector) {
		w.selectors[x.Span()] = true
	}
	if a.atom != nil && b.atom != nil {
		return w.constant(x, func() (value.Value, error) { return value.Binary(x.Fn, *a.atom, *b.atom) })
	}
	result := onSOps(x.Fn, a, b)
	if logic {
		result = join(result, onLogic(x.Fn, a, b))
	} else {
		result = join(result, onValues(x.Fn, a, b))
	}
	switch {
	case result.kinds == 0:
		w.cannotBinary(x, a, b)
		return unknown
	case b.atom != nil && (x.Fn == value.Div || x.Fn == value.Mod) && b.atom.IsNumber() && !b.atom.Truthy():
		return w.fail(x.Span(), diag.Value, "division by zero")
	}
	return result
}

// onSOps is the result if at least one side is an s-op.
func onSOps(fn value.Fn, a, b *shape) *shape {
	var elems element.Set
	if a.can(sop) && b.can(sop|atoms) {
		elems |= element.Binary(fn, a.elems, b.elements())
	}
	if b.can(sop) && a.can(sop|atoms) {
		elems |= element.Binary(fn, a.elements(), b.elems)
	}
	const others = list | dict | function
	if fn == value.Eq && (a.can(sop) && b.can(others) || a.can(others) && b.can(sop)) {
		elems |= element.Bools // no element equals one of these
	}
	if elems == 0 {
		return &shape{}
	}
	return ofElements(elems)
}

// onLogic is the result of and and or otherwise: one of the sides, or a selector
// of two.
func onLogic(fn value.Fn, a, b *shape) *shape {
	const plain = atoms | list | dict | function
	result := &shape{}
	truthy, known := a.truth()
	switch {
	case !a.can(plain) || !b.can(plain):
	case known && truthy == (fn == value.And):
		result = b.only(plain)
	case known:
		result = a
	default:
		result = join(a.only(plain), b.only(plain))
	}
	if a.can(selector) && b.can(selector) {
		result = join(result, ofKinds(selector))
	}
	return result
}

// only is the shape of those values that are of these kinds.
func (s *shape) only(k kinds) *shape {
	if s.surely(k) {
		return s
	}
	part := *s
	part.kinds &= k
	if part.kinds&sop == 0 {
		part.elems = 0
	}
	return &part
}

// onValues is the result of other operations on atoms, lists, dicts and
// functions.
func onValues(fn value.Fn, a, b *shape) *shape {
	const plain = atoms | list | dict | function
	if fn == value.Eq && a.can(plain) && b.can(plain) {
		return ofKinds(kinds(element.Bools))
	}
	result := ofKinds(kinds(element.Binary(fn, a.atoms(), b.atoms())))
	switch {
	case fn.IsComparison() && a.can(list) && b.can(list):
		result = join(result, ofKinds(kinds(element.Bools)))
	case fn == value.Add && a.can(list) && b.can(list):
		sum := &shape{kinds: list, item: joinKnown(a.item, b.item), depth: max(a.depth, b.depth)}
		if a.surely(list) && b.surely(list) && a.list != nil && b.list != nil && len(a.list)+len(b.list) <= longest {
			sum.list = append(a.list[:len(a.list):len(a.list)], b.list...)
		}
		result = join(result, sum)
	case fn == value.Mul && a.can(list) && b.can(ints):
		result = join(result, &shape{kinds: list, item: a.item, depth: a.depth})
	case fn == value.Mul && b.can(list) && a.can(ints):
		result = join(result, &shape{kinds: list, item: b.item, depth: b.depth})
	}
	return result
}

// cannotBinary says why no kinds of a and b go together.
func (w *walker) cannotBinary(x *syntax.Binary, a, b *shape) {
	switch {
	case a.surely(selector) || b.surely(selector):
		w.besideSelector(x, a, b)
	case a.surely(application):
		w.fault(x.L.Span(), diag.Type, "%s", onlyPrinted)
	case b.surely(application):
		w.fault(x.R.Span(), diag.Type, "%s", onlyPrinted)
	case b.surely(sop) && !a.can(sop|atoms):
		w.misplaced(x.L, a)
	case a.surely(sop) && !b.can(sop|atoms):
		w.misplaced(x.R, b)
	case x.Fn == value.Mul && (a.surely(list) || b.surely(list)):
		times := a
		if a.surely(list) {
			times = b
		}
		w.fault(x.Span(), diag.Type, "a list is repeated an int number of times, not %s", times)
	case a.surely(atoms|sop) && b.surely(atoms|sop) && (a.can(sop) || b.can(sop)):
		w.fault(x.Span(), diag.Type, "cannot compute %s %s %s", a.operand(), x.Fn, b.operand()).strings(x.L, x.R)
	default:
		w.fault(x.Span(), diag.Type, "cannot compute %s %s %s", a, x.Fn, b)
	}
}

// besideSelector says what cannot stand beside a selector.
func (w *walker) besideSelector(x *syntax.Binary, a, b *shape) {
	culprit := x.L
	if !a.surely(selector) {
		culprit = x.R
	}
	if x.Fn != value.And && x.Fn != value.Or {
		w.fault(culprit.Span(), diag.Type, "cannot compute %s with a selector", x.Fn).hint("selector_width(%s)", culprit)
		return
	}
	other, v := x.L, a
	if a.surely(selector) {
		other, v = x.R, b
	}
	w.fault(other.Span(), diag.Type, "%s joins two selectors; this is %s", x.Fn, v)
}

const onlyPrinted = "the result of applying an s-op to an input can only be printed"

// misplaced says that v, the value of x, is no s-op and no atom.
func (w *walker) misplaced(x syntax.Expr, v *shape) {
	f := w.fault(x.Span(), diag.Type, "%s stands where an s-op or an atom is needed", v)
	if v.surely(selector) {
		f.hint("selector_width(%s)", x)
	}
}
