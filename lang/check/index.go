package check

import (
	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// index is X[i] for a list, string, dict or s-op.
func (w *walker) index(x *syntax.Index) *shape {
	v, i := w.eval(x.X), w.eval(x.Index)
	switch {
	case !v.can(sop | list | dict | text):
		return w.fail(x.X.Span(), diag.Type, "%s has no elements to index", v)
	case v.surely(sop):
		return w.position(x, v, i)
	case v.surely(list):
		return w.element(x, "list", v, i)
	case v.surely(text):
		return w.element(x, "string", v, i)
	case v.surely(dict) && !i.can(atoms|sop):
		return w.fail(x.Index.Span(), diag.Type, "the key of a dict is an atom, not %s", i)
	case !i.can(atoms | sop):
		return w.fail(x.Index.Span(), diag.Type, "an index is an atom or an s-op, not %s", i)
	}
	return found(v, i)
}

// found is what an index brings out of v.
func found(v, i *shape) *shape {
	result := &shape{}
	if v.can(list|dict) && i.can(atoms) {
		result = v.inside()
	}
	if v.can(text) && i.can(ints) {
		result = join(result, ofKinds(text))
	}
	var elems element.Set
	if v.can(sop) {
		elems |= element.Aggregate(v.elems, element.Ints)
	}
	if v.can(list|dict) && i.can(sop) {
		elems |= v.inside().atoms()
	}
	if v.can(text) && i.can(sop) {
		elems |= element.Strings
	}
	if elems != 0 {
		result = join(result, ofElements(elems))
	}
	if result.kinds == 0 {
		return unknown
	}
	return result
}

// element is one of a list or string, now or at every position.
func (w *walker) element(x *syntax.Index, what string, v, i *shape) *shape {
	parts := knownParts(v)
	switch {
	case i.surely(sop) && i.elems&(element.Ints|element.Bools) == 0:
		return w.fail(x.Index.Span(), diag.Type, "the index of a %s is an int, not %s", what, i.elems)
	case !i.can(sop | ints):
		return w.fail(x.Index.Span(), diag.Type, "the index of a %s is an int, not %s", what, i)
	case i.surely(sop) && parts != nil && len(parts) == 0:
		return w.fail(x.Index.Span(), diag.Index, "every index is out of range for an empty %s", what)
	case i.surely(sop) && what == "list" && v.item != nil && !v.item.can(atoms):
		return w.fail(x.X.Span(), diag.Type, "a list indexed by an s-op must hold atoms")
	case i.atom != nil && parts != nil:
		at, n := resolve(*i.atom, len(parts))
		if at < 0 {
			return w.fail(x.Index.Span(), diag.Index, "index %s out of range for %s of length %d", value.Describe(*i.atom), what, n)
		}
		return parts[at]
	}
	return found(v, i)
}

// resolve counts a negative index from the end of n elements; -1 if there is no
// such element.
func resolve(i value.Value, n int) (at, length int) {
	at64, fits := i.Int64()
	if at64 < 0 {
		at64 += int64(n)
	}
	if !fits || at64 < 0 || at64 >= int64(n) {
		return -1, n
	}
	return int(at64), n
}

// position is s[i]: the element at position i, at every position.
func (w *walker) position(x *syntax.Index, s, i *shape) *shape {
	if !i.can(ints) {
		f := w.fault(x.Index.Span(), diag.Value, "the index of an s-op is an int, not %s", i)
		if of, at := textOf(x.X), textOf(x.Index); i.surely(sop) && of != "" && at != "" && w.site.Source == nil {
			f.WithHint("load_from_location(%s, %s)", of, at)
		}
		return unknown
	}
	return ofElements(element.Aggregate(s.elems, element.Ints))
}
