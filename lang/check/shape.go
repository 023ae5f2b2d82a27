package check

import (
	"rasp/lang/element"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// shape is what is known of a value before the program runs: at least all that
// it can be. Shapes are immutable.
type shape struct {
	rules.Operand
	fun    *funct   // the function, where it is known
	lookup bool     // the predefined function of that name
	list   []*shape // the elements of a list, where all are known; else nil
	key    *shape   // any key of a dict; nil: not known
	item   *shape   // any element of a list or dict; nil: not known
	depth  int      // of lists and dicts inside each other
}

// unknown is a value of which nothing is known. It is no application, since
// those cannot be bound to names.
var unknown = of(rules.Operand{Kinds: rules.Everything &^ rules.Application, Elems: element.Anything})

func of(o rules.Operand) *shape { return &shape{Operand: o} }

func ofKinds(k rules.Kinds) *shape { return of(rules.Operand{Kinds: k}) }

func ofAtom(v value.Value) *shape { return of(rules.OfAtom(v)) }

func ofText(s string) *shape { return ofAtom(value.OfString(s)) }

func ofElements(e element.Set) *shape { return of(rules.OfElements(e)) }

const (
	longest = 100 // list whose elements are followed one by one
	deepest = 5   // list in lists that is followed
)

// ofList is a list with these elements.
func ofList(elems []*shape) *shape {
	s := ofKinds(rules.List)
	s.list = elems
	for _, e := range elems {
		s.item = join(s.item, e)
		s.depth = max(s.depth, e.depth+1)
	}
	if len(elems) > longest {
		s.list = nil
	} else if elems == nil {
		s.list = []*shape{}
	}
	return s.shallow()
}

// listOf is a list of which each element is like item.
func listOf(item *shape) *shape {
	s := ofKinds(rules.List)
	s.item, s.depth = item, item.depth+1
	return s.shallow()
}

// dictOf is a dict of which each entry is like key and item; they are nil if it
// has none.
func dictOf(key, item *shape) *shape {
	s := ofKinds(rules.Dict)
	s.key, s.item = key, item
	if item != nil {
		s.depth = item.depth + 1
	}
	return s.shallow()
}

// shallow forgets what is inside of lists that are nested too deep.
func (s *shape) shallow() *shape {
	if s.depth > deepest {
		return of(rules.Operand{Kinds: s.Kinds, Elems: element.Anything})
	}
	return s
}

// written is the value where the program writes x for it.
func (s *shape) written(x syntax.Expr) rules.Operand {
	o := s.Operand
	name, ok := x.(*syntax.Ident)
	o.Tokens = ok && name.Name == "tokens"
	return o
}

// truth is whether the value counts as true, where that is known.
func (s *shape) truth() (truthy, known bool) {
	switch {
	case s.Known:
		return s.Atom.Truthy(), true
	case s.Surely(rules.List) && s.list != nil:
		return len(s.list) > 0, true
	}
	return false, false
}

// inside is an element of the list or dict, as a shape.
func (s *shape) inside() *shape {
	if s.item == nil {
		return unknown
	}
	return s.item
}

// join is a value that is like a or like b; one of them may be nil, for none.
func join(a, b *shape) *shape {
	switch {
	case a == nil || a == b:
		return b
	case b == nil:
		return a
	}
	s := of(rules.Either(a.Operand, b.Operand))
	if a.fun == b.fun && a.lookup == b.lookup {
		s.fun, s.lookup = a.fun, a.lookup
	}
	switch {
	case !b.Can(rules.List | rules.Dict):
		s.key, s.item = a.key, a.item
	case !a.Can(rules.List | rules.Dict):
		s.key, s.item = b.key, b.item
	default:
		s.key, s.item = joinKnown(a.key, b.key), joinKnown(a.item, b.item)
	}
	s.depth = max(a.depth, b.depth)
	return s.shallow()
}

// joinKnown is join where nil stands for what is not known.
func joinKnown(a, b *shape) *shape {
	if a == nil || b == nil {
		return nil
	}
	return join(a, b)
}
