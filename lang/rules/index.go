package rules

import (
	"fmt"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/value"
)

// Index is v[i] for a list, string, dict or s-op.
func Index(v, i Operand) *Fault {
	switch {
	case !v.Can(SOp | List | Dict | Text):
		return refuse(1, diag.Type, "%s has no elements to index", v)
	case v.Surely(SOp) && !i.Can(Ints):
		f := refuse(2, diag.Value, "the index of an s-op is an int, not %s", i)
		if i.Surely(SOp) {
			f.hint("load_from_location(%s, %s)", 1, 2)
		}
		return f
	case v.Surely(SOp):
		return nil
	case !v.Surely(List) && !v.Surely(Text):
	case i.Surely(SOp) && i.Elems&element.Set(Ints) == 0:
		f := notInt(v.Kinds, i.Elems)
		f.Class = diag.Failed
		return f
	case !i.Can(SOp | Ints):
		return notInt(v.Kinds, i)
	}
	switch {
	case i.Can(Atoms | SOp):
		return nil
	case v.Surely(Dict):
		return Key.take(2, i)
	}
	return refuse(2, diag.Type, "an index is an atom or an s-op, not %s", i)
}

func notInt(of Kinds, i fmt.Stringer) *Fault {
	return refuse(2, diag.Type, "the index of a %s is an int, not %s", of.Name(), i)
}

// Empty is the fault of an s-op that indexes an empty list or string.
func Empty(of Kinds) *Fault {
	return refuse(2, diag.Index, "every index is out of range for an empty %s", of.Name())
}

// NoAtoms is the fault of an s-op that indexes a list or dict without atoms.
func NoAtoms(of Kinds) *Fault {
	fault := refuse(1, diag.Type, "a %s indexed by an s-op must hold atoms", of.Name())
	if of == Dict {
		fault.hint("a dict of dicts is a table: lookup(table, %s, 0)", 2)
	}
	return fault
}

// NoKey is the fault of a dict that lacks the key i.
func NoKey(i value.Value) *Fault {
	return refuse(2, diag.Value, "the dict has no key %s", value.Describe(i))
}

// In is v in set: an atom among the elements of a list, each element of an s-op
// among them, or an atom anywhere in an s-op.
func In(v, set Operand) *Fault {
	where := ""
	switch {
	case !v.Can(Atoms | SOp):
		return refuse(1, diag.Type, "an atom or an s-op can be looked for, not %s", v)
	case v.Surely(Atoms) && !set.Can(List|SOp):
		where = "an atom is looked for in a list or an s-op"
	case v.Surely(SOp) && !set.Can(List):
		where = "the elements of an s-op are looked for in a list of atoms"
	case !set.Can(List | SOp):
		where = "an atom or an s-op is looked for in a list or an s-op"
	default:
		return nil
	}
	f := refuse(2, diag.Type, "%s, not in %s", where, set)
	if set.Surely(Text) {
		f.hint(`write the characters as a list: ["a", "b"]`)
	}
	return f
}

// InElement is element i, counted from 0, of the list in which v is looked for.
func InElement(v Operand, i int, elem Operand) *Fault {
	switch {
	case v.Surely(SOp) && !elem.Can(Atoms):
		return refuse(2, diag.Type, "the elements of an s-op are looked for in a list of atoms; element %d is %s", i, elem)
	case v.Surely(Atoms) && elem.Surely(SOp|Selector):
		return refuse(2, diag.Type, "element %d of the list is %s, which has no value yet", i, elem)
	}
	return nil
}

// InputElement is element i, counted from 0, of an input.
func InputElement(i int, elem Operand) *Fault {
	if elem.Can(Atoms) {
		return nil
	}
	return refuse(0, diag.Type, "an input holds atoms; element %d is %s", i, elem)
}
