package analysis

import (
	"maps"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Conditions that are asked one after the other,
//
//	a if p else (b if q else (c if r else d))       p or q or r       p and q and r
//
// are a decision list (Rivest 1987): of each link only the condition and its branch matter.
// A table over all of them has as many cells as the product of all that they depend on. So
// where that is large the value is a variable of its own, which keeps the list
// (facts.Chain), and one MLP decides it (neurons/chain.go). What is forgotten is which
// conditions exclude each other.

// Of so many cells, over so many variables, a chain needs no table; and it has so many
// links, or a table over what its operands are will do.
const (
	chainCells     = 1 << 12
	chainVariables = 8
	shortChain     = 3
)

// isCrowded reports that n, if it is a chain, should not be a table over a space, even cut
// in two: it is wide, that is of many variables, or a chain that n goes on with was none.
func (a *Analysis) isCrowded(n *graph.Node, s *facts.Space) bool {
	return a.isWide(n) || s.Size > chainCells && len(s.Free) >= chainVariables ||
		slices.ContainsFunc(n.Args, func(arg *graph.Node) bool { v := a.Own[arg]; return v != nil && v.Source == facts.Chosen })
}

// wideBranch is of how many values a branch costs more neurons than a number that is let
// through.
const wideBranch = 1 << 8

// isWide reports that n chooses between many values by a condition that depends on nothing
// that these do.
func (a *Analysis) isWide(n *graph.Node) bool {
	if n.Op != graph.Ternary {
		return false
	}
	most, vars := 0, a.Table(n.Args[0]).Vars
	for _, branch := range n.Args[1:] {
		r := a.Table(branch)
		if len(r.Vars) > 1 || slices.ContainsFunc(r.Vars, func(v *facts.Variable) bool { return slices.Contains(vars, v) }) {
			return false
		}
		most = max(most, len(r.Values))
	}
	return len(vars) > 0 && most >= wideBranch
}

// chain takes the value of a chain of conditions as a variable; nil if n is none.
func (a *Analysis) chain(n *graph.Node) *facts.Table {
	c := a.chainOf(n)
	if c.Length < shortChain && !a.isWide(n) {
		return nil
	}
	seen := map[value.Value]bool{}
	for link := c; link != nil; link = link.Else {
		if link.If != nil && a.Table(link.If).Unbounded || link.Then.Node != nil && a.Table(link.Then.Node).Unbounded {
			return nil
		}
		if a.Never(link) {
			continue
		}
		for _, v := range a.ValuesOf(link.Then) {
			seen[v] = true
		}
		if a.Always(link) {
			break
		}
	}
	if len(seen) < 2 || len(seen) > facts.MaxStates {
		return nil
	}
	v := a.newVariable(n, facts.Chosen, len(seen))
	v.Chain = c
	values := slices.SortedFunc(maps.Keys(seen), facts.CompareValues)
	return facts.Identity(v, func(s int) value.Value { return values[s] })
}

// chainOf is n as a chain of conditions, of no links if it is none.
func (a *Analysis) chainOf(n *graph.Node) *facts.Chain {
	c := a.chains[n]
	if c == nil {
		c = a.findChain(n)
		a.chains[n] = c
	}
	return c
}

func (a *Analysis) findChain(n *graph.Node) *facts.Chain {
	switch {
	case n.Op == graph.Ternary:
		yes, no := a.chainOf(n.Args[1]), a.chainOf(n.Args[2])
		if yes.Length > no.Length { // the longer one goes on
			return link(n.Args[0], true, branchOf(n.Args[2]), yes)
		}
		return link(n.Args[0], false, branchOf(n.Args[1]), no)
	case n.Op == graph.Binary && (n.Fn == value.Or || n.Fn == value.And):
		return a.junction(n.Args[0], n.Args[1], n.Fn == value.Or)
	case n.Op == graph.Unary && n.Fn == value.Not:
		if c := a.chainOf(n.Args[0]); c.Length > 0 && ofConstants(c) {
			return negated(c)
		}
	}
	return &facts.Chain{Then: branchOf(n)}
}

func link(condition *graph.Node, not bool, then facts.Branch, rest *facts.Chain) *facts.Chain {
	return &facts.Chain{If: condition, Not: not, Then: then, Else: rest, Length: rest.Length + 1}
}

func branchOf(n *graph.Node) facts.Branch {
	if n.Op == graph.Const {
		return facts.Branch{Value: n.Value}
	}
	return facts.Branch{Node: n}
}

// junction is the chain of "x or y", or of "x and y": one that has the deciding value in all
// branches, and the other one at its end, stands before the other.
func (a *Analysis) junction(x, y *graph.Node, decides bool) *facts.Chain {
	one, other := a.truthOf(x, decides), a.truthOf(y, decides)
	if one.Length > other.Length {
		x, y, one, other = y, x, other, one
	}
	switch {
	case decidesOnly(one, decides):
		return ahead(one, other)
	case decidesOnly(other, decides):
		return ahead(other, one)
	}
	return link(x, !decides, facts.Branch{Value: value.OfBool(decides)}, other)
}

// truthOf is the chain of whether n is true.
func (a *Analysis) truthOf(n *graph.Node, decides bool) *facts.Chain {
	c := a.chainOf(n)
	switch {
	case n.Op == graph.Const:
		return &facts.Chain{Then: facts.Branch{Value: value.OfBool(n.Value.Truthy())}}
	case c.Length > 0 && a.KindIs(n, value.Bool):
		return c
	}
	return link(n, !decides, facts.Branch{Value: value.OfBool(decides)}, &facts.Chain{Then: facts.Branch{Value: value.OfBool(!decides)}})
}

// decidesOnly reports that a chain has one value in all branches, and the other at its end.
func decidesOnly(c *facts.Chain, decides bool) bool {
	for ; c.If != nil; c = c.Else {
		if c.Then.Node != nil || c.Then.Value.Truthy() != decides {
			return false
		}
	}
	return c.Then.Node == nil && c.Then.Value.Truthy() != decides
}

// ahead is a chain with another one in place of its end.
func ahead(c, rest *facts.Chain) *facts.Chain {
	if c.If == nil {
		return rest
	}
	return link(c.If, c.Not, c.Then, ahead(c.Else, rest))
}

// ofConstants reports that all branches are constants.
func ofConstants(c *facts.Chain) bool {
	for ; c != nil; c = c.Else {
		if c.Then.Node != nil {
			return false
		}
	}
	return true
}

// negated is whether the value of a chain of constants is false.
func negated(c *facts.Chain) *facts.Chain {
	then := facts.Branch{Value: value.OfBool(!c.Then.Value.Truthy())}
	if c.If == nil {
		return &facts.Chain{Then: then}
	}
	return link(c.If, c.Not, then, negated(c.Else))
}
