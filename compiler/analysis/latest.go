package analysis

import (
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Let "alike" be an equivalence of the positions of an input: some s-ops have equal values
// there. The number of a position among those that are alike and not later than itself,
//
//	nth = selector_width(select(at, at, ==) and select(indices, indices, <=))
//
// is another one at each of them. So whatever at, x and n are,
//
//	select(at, x, ==) and select(nth, n, ==)
//
// selects at most one key: those with the value x are alike, and of them one has the number
// n. (atMostOneNumbered)
//
// Let a row of M select keys that are alike, all of them up to some position: M is
// select(at, x, ==) and select(indices, q, <=). Then its keys have the numbers 1..w in their
// order, w the width of the row. So M and select(nth, selector_width(M), ==) selects the
// latest key of M, and M and select(nth, 1, ==) the earliest; nothing where M selects
// nothing. (picked)
//
// The same holds with numbers from the end (>=, all keys from some position on), with numbers
// from 0 (<, >), with several s-ops or none that must be equal, with keys left out by what
// they are alone (select(kind, 1, ==)), and in causal mode, where "not later than itself" is
// all that a position sees.

// numbering is a width that numbers positions that are alike.
type numbering struct {
	alike   []*graph.Node // equalities of an s-op with itself, conditions on the key alone
	fromEnd bool          // counts those that are not earlier
	first   int64         // the least number: 0 or 1
}

// numberingOf reads an s-op as a numbering, nil if it is none.
func (a *Analysis) numberingOf(n *graph.Node) *numbering {
	if n.Op != graph.Width {
		return nil
	}
	conditions, ok := a.conditions(n.Args[0])
	if !ok {
		return nil
	}
	x := &numbering{first: 1}
	orders, ordered := 0, a.Domain.Causal
	for _, c := range conditions {
		switch {
		case c.Args[0].Op == graph.Indices && c.Args[1].Op == graph.Indices:
			switch c.Fn {
			case value.Lt, value.Gt:
				x.first = 0
			case value.Le, value.Ge:
			default:
				return nil
			}
			orders++
			x.fromEnd, ordered = c.Fn == value.Gt || c.Fn == value.Ge, !a.Domain.Causal || c.Fn == value.Lt
		case c.Fn == value.Eq && c.Args[0] == c.Args[1], c.Args[1].Op == graph.Const:
			x.alike = append(x.alike, c)
		default:
			return nil
		}
	}
	if !ordered || orders > 1 {
		return nil
	}
	return x
}

// conditions are the comparisons of which a selector is the conjunction, those that hold
// anyway left out; false if it is made in another way.
func (a *Analysis) conditions(sel *graph.Node) (list []*graph.Node, ok bool) {
	switch sel.Op {
	case graph.Select:
		if holds, settled := a.settled(sel); settled && holds {
			return nil, true
		}
		return []*graph.Node{sel}, true
	case graph.SelAnd:
		left, ok := a.conditions(sel.Args[0])
		right, ok2 := a.conditions(sel.Args[1])
		for _, c := range right {
			if !slices.Contains(left, c) {
				left = append(left, c)
			}
		}
		return left, ok && ok2
	}
	return nil, false
}

// numbered finds a condition of a conjunction that asks for the number of a key among those
// that are alike, where the others leave keys alone that are; rest is these.
func (a *Analysis) numbered(conditions []*graph.Node) (by *graph.Node, x *numbering, rest []*graph.Node) {
	for i, c := range conditions {
		if c.Fn != value.Eq {
			continue
		}
		rest = slices.Delete(slices.Clone(conditions), i, i+1)
		if x := a.numberingOf(c.Args[0]); x != nil && !slices.ContainsFunc(x.alike, func(e *graph.Node) bool { return asked(e, rest) == nil }) {
			return c, x, rest
		}
	}
	return nil, nil, nil
}

// asked is the condition by which keys of a row meet one of a numbering: of keys with equal
// values the one that asks for such a value, of a condition on the key alone that itself.
func asked(e *graph.Node, conditions []*graph.Node) *graph.Node {
	for _, c := range conditions {
		if c == e && e.Args[1].Op == graph.Const || e.Args[0] == e.Args[1] && c.Fn == value.Eq && c.Args[0] == e.Args[0] {
			return c
		}
	}
	return nil
}

// atMostOneNumbered reports that a selector asks for the number of a key among those that are
// alike.
func (a *Analysis) atMostOneNumbered(sel *graph.Node) bool {
	var list []*graph.Node
	var visit func(n *graph.Node)
	visit = func(n *graph.Node) { // whatever else must hold makes rows smaller
		switch n.Op {
		case graph.Select:
			list = append(list, n)
		case graph.SelAnd, graph.SelOnly:
			for _, arg := range n.Args {
				visit(arg)
			}
		}
	}
	visit(sel)
	by, _, _ := a.numbered(list)
	return by != nil
}

// picked reads a selector as the latest or the earliest key of the conjunction of others.
func (a *Analysis) picked(sel *graph.Node) (match []*graph.Node, pick facts.Pick) {
	if a.Rows[sel] != nil {
		return nil, facts.Every
	}
	conditions, ok := a.conditions(sel)
	if !ok {
		return nil, facts.Every
	}
	by, x, match := a.numbered(conditions)
	if by == nil || len(match) == 0 || slices.ContainsFunc(match, func(c *graph.Node) bool { return !x.keepsFirst(c) }) {
		return nil, facts.Every
	}
	atStart := !x.fromEnd
	switch q := by.Args[1]; {
	case q.Op == graph.Const && value.Equal(q.Value, value.OfInt(x.first)):
	case a.isLast(q, x.first, match):
		atStart = !atStart
	default:
		return nil, facts.Every
	}
	if atStart {
		return match, facts.Earliest
	}
	return match, facts.Latest
}

// keepsFirst reports that of keys that are alike a condition selects the first ones, as they
// are numbered: it says which are alike, or up to which position.
func (x *numbering) keepsFirst(c *graph.Node) bool {
	if c.Args[0].Op == graph.Indices {
		if x.fromEnd {
			return c.Fn == value.Ge || c.Fn == value.Gt
		}
		return c.Fn == value.Le || c.Fn == value.Lt
	}
	return slices.ContainsFunc(x.alike, func(e *graph.Node) bool { return asked(e, []*graph.Node{c}) != nil })
}

// isLast reports that an s-op is the number of the last key of a row: the width, or one less
// if numbers start from 0.
func (a *Analysis) isLast(n *graph.Node, first int64, match []*graph.Node) bool {
	if first == 0 {
		if n.Op != graph.Binary || n.Fn != value.Sub || n.Args[1].Op != graph.Const || !value.Equal(n.Args[1].Value, value.OfInt(1)) {
			return false
		}
		n = n.Args[0]
	}
	if n.Op != graph.Width {
		return false
	}
	conditions, ok := a.conditions(n.Args[0])
	return ok && len(conditions) == len(match) && !slices.ContainsFunc(match, func(c *graph.Node) bool { return !slices.Contains(conditions, c) })
}
