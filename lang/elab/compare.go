package elab

import (
	"rasp/lang/rules"
	"rasp/lang/value"
)

// equal is == of values without s-ops at the top. Functions, and s-ops and
// selectors inside lists, are equal to themselves alone.
func equal(a, b Value) bool {
	switch a := a.(type) {
	case Atom:
		b, ok := b.(Atom)
		return ok && value.Equal(a.Value, b.Value)
	case *List:
		b, ok := b.(*List)
		if !ok || len(a.Elems) != len(b.Elems) {
			return false
		}
		for i := range a.Elems {
			if !equal(a.Elems[i], b.Elems[i]) {
				return false
			}
		}
		return true
	case *Dict:
		b, ok := b.(*Dict)
		return ok && equalDicts(a, b)
	}
	return a == b
}

func equalDicts(a, b *Dict) bool {
	if len(a.Keys) != len(b.Keys) {
		return false
	}
	for i, key := range a.Keys {
		v, ok := b.Get(key)
		if !ok || !equal(a.Values[i], v) {
			return false
		}
	}
	return true
}

// ordered computes a fn b for < <= > >=: atoms as package value does, lists by
// their first elements that differ.
func ordered(fn value.Fn, a, b Value) (bool, *rules.Fault) {
	if a, ok := a.(Atom); ok {
		if b, ok := b.(Atom); ok {
			v, err := value.Binary(fn, a.Value, b.Value)
			return v.Truthy(), rules.Atomic(err)
		}
	}
	x, okX := a.(*List)
	y, okY := b.(*List)
	if !okX || !okY {
		return false, rules.Unordered(rules.Operand{Kinds: kindOf(a)}, rules.Operand{Kinds: kindOf(b)})
	}
	for i := range min(len(x.Elems), len(y.Elems)) {
		if !equal(x.Elems[i], y.Elems[i]) {
			return ordered(fn, x.Elems[i], y.Elems[i])
		}
	}
	length := func(l *List) value.Value { return value.OfInt(int64(len(l.Elems))) }
	v, err := value.Binary(fn, length(x), length(y))
	return v.Truthy(), rules.Atomic(err)
}
