package check

import (
	"rasp/lang/element"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// index is X[i] for a list, string, dict or s-op.
func (w *walker) index(x *syntax.Index) *shape {
	v, i := w.eval(x.X), w.eval(x.Index)
	if !w.trial && v.Can(rules.Dict) {
		w.comparisons[x.Span()] = true
	}
	switch {
	case w.refuses(rules.Index(v.Operand, i.Operand), x, x.X, x.Index):
		return unknown
	case v.Surely(rules.SOp):
		return ofElements(element.Aggregate(v.Elems, element.Ints))
	case v.Surely(rules.List), v.Surely(rules.Text):
		return w.element(x, v, i)
	}
	return found(v, i)
}

// found is what an index brings out of v.
func found(v, i *shape) *shape {
	result := &shape{}
	if v.Can(rules.List|rules.Dict) && i.Can(rules.Atoms) {
		result = v.inside()
	}
	if v.Can(rules.Text) && i.Can(rules.Ints) {
		result = join(result, ofKinds(rules.Text))
	}
	var elems element.Set
	if v.Can(rules.SOp) {
		elems |= element.Aggregate(v.Elems, element.Ints)
	}
	if v.Can(rules.List|rules.Dict) && i.Can(rules.SOp) {
		elems |= v.inside().Atoms()
	}
	if v.Can(rules.Text) && i.Can(rules.SOp) {
		elems |= element.Strings
	}
	if elems != 0 {
		result = join(result, ofElements(elems))
	}
	if result.Kinds == 0 {
		return unknown
	}
	return result
}

// element is one of a list or string, now or at every position.
func (w *walker) element(x *syntax.Index, v, i *shape) *shape {
	parts := knownParts(v)
	var fault *rules.Fault
	switch {
	case i.Surely(rules.SOp) && parts != nil && len(parts) == 0:
		fault = rules.Empty(v.Kinds)
	case i.Surely(rules.SOp) && v.Surely(rules.List) && v.item != nil && !v.item.Can(rules.Atoms):
		fault = rules.NoAtoms(v.Kinds)
	case i.Known && parts != nil:
		var at int
		if at, fault = rules.Element(v.Kinds, i.Atom, len(parts)); fault == nil {
			return parts[at]
		}
	}
	if w.refuses(fault, x, x.X, x.Index) {
		return unknown
	}
	return found(v, i)
}
