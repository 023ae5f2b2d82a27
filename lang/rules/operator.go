package rules

import (
	"fmt"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/value"
)

// Unary is not, -, +, round or indicator of v.
func Unary(fn value.Fn, v Operand) (result Operand, fault *Fault) {
	if v.Known && fn != value.Indicator {
		return computed(value.Unary(fn, v.Atom))
	}
	switch fn {
	case value.Not:
		if v.Can(Plain) {
			result.Kinds = Bools
		}
		result.Kinds |= v.Kinds & Selector
	case value.Indicator:
	default:
		result.Kinds = Kinds(element.Unary(fn, v.Atoms()))
	}
	if v.Can(SOp) {
		if result.Elems = element.Unary(fn, v.Elems); result.Elems != 0 {
			result.Kinds |= SOp
		}
	}
	switch {
	case result.Kinds != 0:
		return result, nil
	case v.Surely(SOp):
		fault = cannotCompute(0, fn, v.Elems).readTokens(v)
	case v.Surely(Selector):
		fault = fail(1, diag.Type, "cannot compute %s of a selector", fn).hint(takeWidth, 1)
		if fn == value.Indicator {
			fault.Class = diag.Refused
		}
	case fn == value.Indicator:
		fault = refuse(1, diag.Type, "indicator needs an s-op, not %s", v)
	case v.Surely(Atoms):
		fault = cannotCompute(0, fn, v)
	default:
		fault = cannotCompute(1, fn, v)
	}
	return result, fault
}

// computed is a result of package value.
func computed(v value.Value, err error) (Operand, *Fault) { return OfAtom(v), Atomic(err) }

func cannotCompute(at int, fn value.Fn, of fmt.Stringer) *Fault {
	return fail(at, diag.Type, "cannot compute %s of %s", fn, of)
}

// readTokens tells how to get numbers out of tokens, if one of the operands is
// tokens.
func (f *Fault) readTokens(operands ...Operand) *Fault {
	for i, o := range operands {
		if o.Tokens {
			return f.hint("%s holds strings; tokens_int and tokens_float read them as numbers", i+1)
		}
	}
	return f
}

// Binary is an operation of two values.
func Binary(fn value.Fn, a, b Operand) (Operand, *Fault) {
	if a.Known && b.Known {
		return computed(value.Binary(fn, a.Atom, b.Atom))
	}
	result := onSOps(fn, a, b)
	if isLogic(fn) {
		result.Kinds |= onLogic(a, b)
	} else {
		result.Kinds |= onValues(fn, a, b)
	}
	switch {
	case result.Kinds == 0:
		return result, cannot(fn, a, b)
	case (fn == value.Div || fn == value.Mod) && b.isZero():
		return result, fail(0, diag.Value, "division by zero")
	}
	return result, nil
}

func isLogic(fn value.Fn) bool { return fn == value.And || fn == value.Or }

// onSOps is the result if at least one side is an s-op.
func onSOps(fn value.Fn, a, b Operand) Operand {
	var elems element.Set
	if a.Can(SOp) && b.Can(SOp|Atoms) {
		elems |= element.Binary(fn, a.Elems, b.Elements())
	}
	if b.Can(SOp) && a.Can(SOp|Atoms) {
		elems |= element.Binary(fn, a.Elements(), b.Elems)
	}
	const others = List | Dict | Function
	if fn == value.Eq && (a.Can(SOp) && b.Can(others) || a.Can(others) && b.Can(SOp)) {
		elems |= element.Bools // no element equals one of these
	}
	if elems == 0 {
		return Operand{}
	}
	return OfElements(elems)
}

// onLogic are the kinds of and and or otherwise: one of the sides, or a selector of
// two.
func onLogic(a, b Operand) Kinds {
	result := a.Kinds & b.Kinds & Selector
	if a.Can(Plain) && b.Can(Plain) {
		result |= (a.Kinds | b.Kinds) & Plain
	}
	return result
}

// onValues are the kinds of other operations on atoms, lists, dicts and functions.
func onValues(fn value.Fn, a, b Operand) Kinds {
	if fn == value.Eq && a.Can(Plain) && b.Can(Plain) {
		return Bools
	}
	result := Kinds(element.Binary(fn, a.Atoms(), b.Atoms()))
	switch {
	case a.Can(List) && b.Can(List) && fn.IsComparison():
		result |= Bools
	case a.Can(List) && b.Can(List) && fn == value.Add, Repeats(fn, a, b), Repeats(fn, b, a):
		result |= List
	}
	return result
}

// Repeats: the operation repeats the list l.
func Repeats(fn value.Fn, l, times Operand) bool {
	return fn == value.Mul && l.Can(List) && times.Can(Ints)
}

// cannot says why no kinds of a and b go together.
func cannot(fn value.Fn, a, b Operand) *Fault {
	switch {
	case a.Surely(Selector) || b.Surely(Selector):
		return besideSelector(fn, a, b)
	case b.Surely(SOp) && !a.Can(SOp|Atoms):
		return besideSOp(fn, 1, a)
	case a.Surely(SOp) && !b.Can(SOp|Atoms):
		return besideSOp(fn, 2, b)
	case a.Surely(Application):
		return refuse(1, diag.Type, onlyPrinted)
	case b.Surely(Application):
		return refuse(2, diag.Type, onlyPrinted)
	case fn == value.Mul && a.Surely(List):
		return cannotRepeat(b)
	case fn == value.Mul && b.Surely(List):
		return cannotRepeat(a)
	case a.Surely(Atoms|SOp) && b.Surely(Atoms|SOp) && (a.Can(SOp) || b.Can(SOp)):
		return cannotJoin(a.side(), fn, b.side()).readTokens(a, b)
	case fn.IsComparison() && !(a.Surely(Atoms) && b.Surely(Atoms)):
		return Unordered(a, b)
	}
	return cannotJoin(a.String(), fn, b.String())
}

func cannotJoin(left string, fn value.Fn, right string) *Fault {
	return fail(0, diag.Type, "cannot compute %s %s %s", left, fn, right)
}

// besideSelector says what cannot stand beside a selector.
func besideSelector(fn value.Fn, a, b Operand) *Fault {
	selector, other, v := 1, 2, b
	if !a.Surely(Selector) {
		selector, other, v = 2, 1, a
	}
	if isLogic(fn) {
		f := refuse(other, diag.Type, "%s joins two selectors; this is %s", fn, v)
		if v.Can(SOp) {
			f.hint("the keys of an s-op are selected by select(%s, value, ==)", other)
		}
		return f
	}
	return refuse(selector, diag.Type, "cannot compute %s with a selector", fn).hint(takeWidth, selector)
}

// besideSOp says what cannot stand beside an s-op. But for and, or and *, whose
// result is no sequence, the operation fails.
func besideSOp(fn value.Fn, at int, v Operand) *Fault {
	f := Everywhere.take(at, v)
	if !isLogic(fn) && fn != value.Mul {
		f.Class = diag.Failed
	}
	return f
}

func cannotRepeat(times Operand) *Fault {
	return fail(0, diag.Type, "a list is repeated an int number of times, not %s", times)
}

// Unordered is the fault of two values that have no order.
func Unordered(a, b Operand) *Fault {
	return fail(0, diag.Type, "cannot order %s and %s", a, b)
}

// Condition is what a ternary decides by.
func Condition(c Operand) *Fault {
	switch {
	case c.Surely(Selector):
		return refuse(0, diag.Type, "a selector is not a condition").hint("has_focus(%s)", 0)
	case c.Surely(Application):
		return refuse(0, diag.Type, "the result of applying an s-op to an input is not a condition")
	}
	return nil
}

// Select is select(key, query, op).
func Select(fn value.Fn, key, query Operand) *Fault {
	if element.Binary(fn, key.Elements(), query.Elements()) != 0 {
		return nil
	}
	return fail(0, diag.Type, "cannot order %s and %s by %s", key.side(), query.side(), fn).readTokens(key, query)
}
