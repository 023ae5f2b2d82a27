package analysis

import (
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// A linear form of ints, with whole factors, is a whole number from the least to the
// largest that the ranges of its operands allow: as many states as that, where a table over
// the operands has the product of theirs. Heads and steps need no more: the form brings the
// number, exactly, and any function of it is a staircase. What is forgotten is which of the
// numbers occur, and which operands go with them.

// Of a number of many values a table of so many cells, so many times the values, is not
// worth what it knows more.
const (
	manyValues = 1 << 7
	manyCells  = 1 << 14
	wholeCells = 8
)

// isBrought reports that heads bring all that a table is over. Of positions and lengths a
// table knows more than ranges: that a position lies inside the input.
func (a *Analysis) isBrought(s *facts.Space) bool {
	return !slices.ContainsFunc(s.All, func(v *facts.Variable) bool { return v.Node == nil })
}

// whole takes a linear form of ints as a variable; nil if it is none, or has fewer values
// than least or more than most.
func (a *Analysis) whole(n *graph.Node, least, most int) *facts.Table {
	lin := a.linearOf(n)
	if lin == nil || n.Fn == value.Div || n.Fn == value.Not {
		return nil // a quotient is a float, also where it is whole; and what is not so a boolean
	}
	for _, arg := range n.Args { // the constant that scales another is no term
		if !a.KindIs(arg, value.Int) {
			return nil
		}
	}
	lo, hi := a.RangeOf(a.overLeaves(lin))
	if !(hi-lo >= float64(least) && hi-lo < float64(min(most, facts.MaxStates)) && max(-lo, hi) <= maxCompared) {
		return nil
	}
	v := a.newVariable(n, facts.Whole, int(hi-lo)+1)
	v.Linear, v.Unique = lin, a.moved(n, lin)
	return facts.Identity(v, func(s int) value.Value { return value.OfInt(int64(lo) + int64(s)) })
}

// overLeaves writes a form with the forms of the whole numbers in it, so that what cancels
// is gone.
func (a *Analysis) overLeaves(lin *linear.Form[*graph.Node]) linear.Form[*graph.Node] {
	sum := linear.Constant[*graph.Node](lin.Constant)
	for _, t := range lin.Terms {
		of := linear.Of(t.Of)
		if v := a.Own[t.Of]; v != nil && v.Source == facts.Whole && v.Linear != nil {
			of = a.overLeaves(v.Linear)
		}
		sum = sum.Plus(of.Times(t.Factor))
	}
	return sum
}

// moved reports that a form is another number at each position: one operand is, and all
// others are the same everywhere.
func (a *Analysis) moved(n *graph.Node, lin *linear.Form[*graph.Node]) bool {
	moving := 0
	for _, t := range lin.Terms {
		switch {
		case a.isUniform(t.Of):
		case a.differs(t.Of):
			moving++
		default:
			return false
		}
	}
	return moving == 1 && a.claim(facts.Different, n, "one operand that differs, moved by what is the same everywhere")
}
