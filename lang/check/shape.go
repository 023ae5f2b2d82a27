package check

import (
	"strings"

	"rasp/lang/element"
	"rasp/lang/value"
)

// kinds is a set of kinds of values: atoms as package element has them, then
// the others.
type kinds uint16

const (
	atoms kinds = kinds(element.Anything)
	ints  kinds = kinds(element.Ints | element.Bools) // what counts, indexes and repeats
)

const (
	list kinds = (atoms + 1) << iota
	dict
	function
	sop
	selector
	application
	everything = application<<1 - 1
)

// shape is what is known of a value before the program runs: at least all that
// it can be. Shapes are immutable.
type shape struct {
	kinds  kinds
	elems  element.Set  // of the s-op, if it can be one
	atom   *value.Value // the atom, where it is known
	fun    *funct       // the function, where it is known
	lookup bool         // the predefined function of that name
	list   []*shape     // the elements of a list, where all are known; else nil
	key    *shape       // any key of a dict; nil: not known
	item   *shape       // any element of a list or dict; nil: not known
	depth  int          // of lists and dicts inside each other
}

// unknown is a value of which nothing is known. It is no application, since
// those cannot be bound to names.
var unknown = &shape{kinds: everything &^ application, elems: element.Anything}

func ofKinds(k kinds) *shape { return &shape{kinds: k} }

func ofAtom(v value.Value) *shape {
	return &shape{kinds: kinds(element.Of(v.Kind())), atom: &v}
}

func ofElements(e element.Set) *shape { return &shape{kinds: sop, elems: e} }

const (
	longest = 100 // list whose elements are followed one by one
	deepest = 5   // list in lists that is followed
)

// ofList is a list with these elements.
func ofList(elems []*shape) *shape {
	s := &shape{kinds: list, list: elems}
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
	return (&shape{kinds: list, item: item, depth: item.depth + 1}).shallow()
}

// dictOf is a dict of which each entry is like key and item; they are nil if it
// has none.
func dictOf(key, item *shape) *shape {
	s := &shape{kinds: dict, key: key, item: item}
	if item != nil {
		s.depth = item.depth + 1
	}
	return s.shallow()
}

// shallow forgets what is inside of lists that are nested too deep.
func (s *shape) shallow() *shape {
	if s.depth > deepest {
		return &shape{kinds: s.kinds, elems: element.Anything}
	}
	return s
}

// surely reports whether the value is of one of these kinds.
func (s *shape) surely(k kinds) bool { return s.kinds&^k == 0 }

// can reports whether the value can be of one of these kinds.
func (s *shape) can(k kinds) bool { return s.kinds&k != 0 }

// atoms are the kinds of atom that the value can be.
func (s *shape) atoms() element.Set { return element.Set(s.kinds & atoms) }

// elements are the kinds of its elements if it stands where an s-op is wanted:
// an atom is the same at every position.
func (s *shape) elements() element.Set {
	if s.can(sop) {
		return s.atoms() | s.elems
	}
	return s.atoms()
}

// truth is whether the value counts as true, where that is known.
func (s *shape) truth() (truthy, known bool) {
	switch {
	case s.atom != nil:
		return s.atom.Truthy(), true
	case s.surely(list) && s.list != nil:
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
	s := &shape{kinds: a.kinds | b.kinds, elems: a.elems | b.elems}
	if a.atom != nil && b.atom != nil && *a.atom == *b.atom {
		s.atom = a.atom
	}
	if a.fun == b.fun && a.lookup == b.lookup {
		s.fun, s.lookup = a.fun, a.lookup
	}
	switch {
	case !b.can(list | dict):
		s.key, s.item = a.key, a.item
	case !a.can(list | dict):
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

var kindNames = []string{"an int", "a float", "a string", "a bool", "a list", "a dict", "a function", "an s-op", "a selector", "an application"}

// String names the kinds with their articles: an int, a float or an s-op.
func (s *shape) String() string {
	var names []string
	for i, name := range kindNames {
		if s.kinds&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// operand names the value as one side of an operation at every position: by the
// kinds of its elements, if it is an s-op or an atom.
func (s *shape) operand() string {
	if s.surely(sop | atoms) {
		return s.elements().String()
	}
	return s.String()
}
