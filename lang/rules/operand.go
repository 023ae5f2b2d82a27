package rules

import (
	"strings"

	"rasp/lang/element"
	"rasp/lang/value"
)

// Kinds is a set of kinds of values: those of atoms as package element has them,
// then the others.
type Kinds uint16

const (
	Bools = Kinds(element.Bools)
	Text  = Kinds(element.Strings)              // what has characters
	Ints  = Kinds(element.Ints | element.Bools) // what counts, indexes and repeats
	Atoms = Kinds(element.Anything)
)

const (
	List Kinds = (Atoms + 1) << iota
	Dict
	Function
	SOp
	Selector
	Application

	Everything = Application<<1 - 1
	Plain      = Atoms | List | Dict | Function // what is computed at once
)

var names = []string{"an int", "a float", "a string", "a bool", "a list", "a dict", "a function", "an s-op", "a selector", "an application"}

// String names the kinds with their articles: an int, a float or an s-op.
func (k Kinds) String() string {
	var list []string
	for i, name := range names {
		if k&(1<<i) != 0 {
			list = append(list, name)
		}
	}
	last := len(list) - 1
	if last < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

// Name is a single kind without its article: int, list, s-op.
func (k Kinds) Name() string {
	_, name, _ := strings.Cut(k.String(), " ")
	return name
}

// Operand is what is known of a value that an operation takes: at least all that
// it can be.
type Operand struct {
	Kinds
	Elems  element.Set // of the s-op, if it can be one
	Tokens bool        // it is written as the name of the s-op tokens
	Known  bool        // it is Atom
	Atom   value.Value
}

// OfAtom is the operand that is surely v.
func OfAtom(v value.Value) Operand {
	return Operand{Kinds: Kinds(element.Of(v.Kind())), Known: true, Atom: v}
}

// OfElements is an s-op with these elements.
func OfElements(elems element.Set) Operand { return Operand{Kinds: SOp, Elems: elems} }

// Either is a value that is like a or like b.
func Either(a, b Operand) Operand {
	o := Operand{Kinds: a.Kinds | b.Kinds, Elems: a.Elems | b.Elems}
	if a.Known && b.Known && a.Atom == b.Atom {
		o.Known, o.Atom = true, a.Atom
	}
	return o
}

// Surely reports whether the value is of one of the kinds.
func (o Operand) Surely(k Kinds) bool { return o.Kinds&^k == 0 }

// Can reports whether the value can be of one of the kinds.
func (o Operand) Can(k Kinds) bool { return o.Kinds&k != 0 }

// Atoms are the kinds of atom that the value can be.
func (o Operand) Atoms() element.Set { return element.Set(o.Kinds & Atoms) }

// Elements are the kinds of its elements if it stands where an s-op is wanted:
// an atom is the same at every position.
func (o Operand) Elements() element.Set {
	if o.Can(SOp) {
		return o.Atoms() | o.Elems
	}
	return o.Atoms()
}

// isZero reports whether it is surely the number 0.
func (o Operand) isZero() bool { return o.Known && o.Atom.IsNumber() && !o.Atom.Truthy() }

// side names the value as one side of an operation at every position: by the
// kinds of its elements, if it is an s-op or an atom.
func (o Operand) side() string {
	if o.Surely(SOp | Atoms) {
		return o.Elements().String()
	}
	return o.String()
}
