package facts

import (
	"fmt"
)

// A selector is a boolean formula over atoms, comparisons of a key with a query.
// A head can add penalties for violated conditions, so it can do a conjunction;
// it can do any formula over one key variable and one query variable, because
// that is just a table of truth values. So atoms are grouped by their pair of
// variables, and the formula is split into disjoint parts, each a conjunction of
// one condition a group.

// Formula is a node of a boolean formula. The zero atom index has no meaning
// for and, or, not and constants.
type Formula struct {
	Op   formulaOp
	Atom int
	Args []*Formula
}

type formulaOp uint8

const (
	False formulaOp = iota
	True
	Atom
	And
	Or
	Not
)

// Given replaces the atoms of mask by their truth values and simplifies.
func (f *Formula) Given(mask, holds uint64) *Formula {
	switch f.Op {
	case Atom:
		switch {
		case mask>>f.Atom&1 == 0:
			return f
		case holds>>f.Atom&1 == 1:
			return &Formula{Op: True}
		}
		return &Formula{Op: False}
	case Not:
		switch x := f.Args[0].Given(mask, holds); x.Op {
		case True:
			return &Formula{Op: False}
		case False:
			return &Formula{Op: True}
		case Not:
			return x.Args[0]
		default:
			return &Formula{Op: Not, Args: []*Formula{x}}
		}
	case And, Or:
		absorbing, neutral := False, True
		if f.Op == Or {
			absorbing, neutral = True, False
		}
		x, y := f.Args[0].Given(mask, holds), f.Args[1].Given(mask, holds)
		switch {
		case x.Op == absorbing || y.Op == absorbing:
			return &Formula{Op: absorbing}
		case x.Op == neutral:
			return y
		case y.Op == neutral:
			return x
		}
		return &Formula{Op: f.Op, Args: []*Formula{x, y}}
	}
	return f
}

// Holds reports whether f is true where the atoms have the given truth values.
func (f *Formula) Holds(atoms uint64) bool {
	switch f.Op {
	case Atom:
		return atoms>>f.Atom&1 == 1
	case Not:
		return !f.Args[0].Holds(atoms)
	case And:
		return f.Args[0].Holds(atoms) && f.Args[1].Holds(atoms)
	case Or:
		return f.Args[0].Holds(atoms) || f.Args[1].Holds(atoms)
	}
	return f.Op == True
}

func (f *Formula) key() string {
	switch f.Op {
	case Atom:
		return fmt.Sprint(f.Atom)
	case Not:
		return "!" + f.Args[0].key()
	case And, Or:
		return "(" + f.Args[0].key() + string("&|"[f.Op-And]) + f.Args[1].key() + ")"
	}
	return string("FT"[f.Op])
}
