package check

import (
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// unary is not, -, +, round or indicator of a value.
func (w *walker) unary(x *syntax.Unary) *shape {
	v := w.eval(x.X)
	if x.Fn == value.Not && v.Surely(rules.Selector) {
		w.selectors[x.Span()] = true
	}
	result, fault := rules.Unary(x.Fn, v.written(x.X))
	if w.refuses(fault, x, x.X) {
		return unknown
	}
	return of(result)
}

// binary is an operation of two values; and and or evaluate both sides, too.
func (w *walker) binary(x *syntax.Binary) *shape {
	a, b := w.eval(x.L), w.eval(x.R)
	logic := x.Fn == value.And || x.Fn == value.Or
	if logic && a.Surely(rules.Selector) && b.Surely(rules.Selector) {
		w.selectors[x.Span()] = true
	}
	if (logic || x.Fn.IsComparison()) && !w.trial {
		w.comparisons[x.Span()] = true
	}
	operand, fault := rules.Binary(x.Fn, a.written(x.L), b.written(x.R))
	result := of(operand)
	switch {
	case w.refuses(fault, x, x.L, x.R):
		return unknown
	case result.Known:
	case logic:
		result = join(result.only(rules.SOp|rules.Selector), sideOf(x.Fn, a, b))
	case x.Fn == value.Add && a.Can(rules.List) && b.Can(rules.List):
		result.item, result.depth = joinKnown(a.item, b.item), max(a.depth, b.depth)
	case rules.Repeats(x.Fn, a.Operand, b.Operand):
		result.item, result.depth = a.item, a.depth
	case rules.Repeats(x.Fn, b.Operand, a.Operand):
		result.item, result.depth = b.item, b.depth
	}
	return result.shallow()
}

// sideOf is the result of and and or if neither side is an s-op or a selector: one
// of the sides, nil if it cannot be.
func sideOf(fn value.Fn, a, b *shape) *shape {
	if !a.Can(rules.Plain) || !b.Can(rules.Plain) {
		return nil
	}
	switch truthy, known := a.truth(); {
	case known && truthy == (fn == value.And):
		return b.only(rules.Plain)
	case known:
		return a
	}
	return join(a.only(rules.Plain), b.only(rules.Plain))
}

// only is the shape of those values that are of these kinds.
func (s *shape) only(k rules.Kinds) *shape {
	if s.Surely(k) {
		return s
	}
	part := *s
	part.Kinds &= k
	if !part.Can(rules.SOp) {
		part.Elems = 0
	}
	return &part
}
