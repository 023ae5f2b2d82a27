package compiler

import (
	"fmt"
)

// A selector is a boolean formula over atoms, comparisons of a key with a query.
// A head can add penalties for violated conditions, so it can do a conjunction;
// it can do any formula over one key variable and one query variable, because
// that is just a table of truth values. So atoms are grouped by their pair of
// variables, and the formula is split into disjoint parts, each a conjunction of
// one condition a group.

// formula is a node of a boolean formula. The zero atom index has no meaning
// for and, or, not and constants.
type formula struct {
	op   formulaOp
	atom int
	args []*formula
}

type formulaOp uint8

const (
	isFalse formulaOp = iota
	isTrue
	isAtom
	isAnd
	isOr
	isNot
)

// given replaces the atoms of mask by their truth values and simplifies.
func (f *formula) given(mask, holds uint64) *formula {
	switch f.op {
	case isAtom:
		switch {
		case mask>>f.atom&1 == 0:
			return f
		case holds>>f.atom&1 == 1:
			return &formula{op: isTrue}
		}
		return &formula{op: isFalse}
	case isNot:
		switch x := f.args[0].given(mask, holds); x.op {
		case isTrue:
			return &formula{op: isFalse}
		case isFalse:
			return &formula{op: isTrue}
		case isNot:
			return x.args[0]
		default:
			return &formula{op: isNot, args: []*formula{x}}
		}
	case isAnd, isOr:
		absorbing, neutral := isFalse, isTrue
		if f.op == isOr {
			absorbing, neutral = isTrue, isFalse
		}
		x, y := f.args[0].given(mask, holds), f.args[1].given(mask, holds)
		switch {
		case x.op == absorbing || y.op == absorbing:
			return &formula{op: absorbing}
		case x.op == neutral:
			return y
		case y.op == neutral:
			return x
		}
		return &formula{op: f.op, args: []*formula{x, y}}
	}
	return f
}

// holds reports whether f is true where the atoms have the given truth values.
func (f *formula) holds(atoms uint64) bool {
	switch f.op {
	case isAtom:
		return atoms>>f.atom&1 == 1
	case isNot:
		return !f.args[0].holds(atoms)
	case isAnd:
		return f.args[0].holds(atoms) && f.args[1].holds(atoms)
	case isOr:
		return f.args[0].holds(atoms) || f.args[1].holds(atoms)
	}
	return f.op == isTrue
}

func (f *formula) key() string {
	switch f.op {
	case isAtom:
		return fmt.Sprint(f.atom)
	case isNot:
		return "!" + f.args[0].key()
	case isAnd, isOr:
		return "(" + f.args[0].key() + string("&|"[f.op-isAnd]) + f.args[1].key() + ")"
	}
	return string("FT"[f.op])
}
