package analysis

import (
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// atMostOne reports whether every row of the selector is known to select one
// key at most: it is positional and its rows are so, or the selector implies a
// condition on a key variable that differs between all positions, which leaves
// one of its states for each query; or it asks for the number of a key among those that are
// alike (latest.go); or any two keys differ in what a query asks of them (distinct.go).
func (a *Analysis) atMostOne(sel *graph.Node) bool {
	if r := a.Rows[sel]; r != nil {
		return r.Most <= 1 && a.claim(facts.AtMostOne, sel, "rows by position")
	}
	if a.atMostOneNumbered(sel) {
		return a.claim(facts.AtMostOne, sel, "a query asks for the number of a key among those that are alike")
	}
	s, err := a.selectorOf(sel)
	if err != nil {
		return false
	}
	for _, g := range s.Groups {
		if g.Key.Variable != nil && g.Key.Variable.Unique && a.atMostOneOf(g, s.Root) {
			return a.claim(facts.AtMostOne, sel, "a query leaves one state of "+g.Key.Variable.Describe()+", which no two positions share")
		}
	}
	if s.Root.Given(0, 0).Op == facts.False {
		return a.claim(facts.AtMostOne, sel, "nothing is selected")
	}
	if said(sel) {
		return a.claim(facts.AtMostOne, sel, "the program says so: only")
	}
	if a.atMostOneOfForm(s) {
		return a.claim(facts.AtMostOne, sel, "no input of the form has two of the tokens that a query selects")
	}
	return a.distinctKeys(s) && a.claim(facts.AtMostOne, sel, "two keys differ in what their rows select")
}

// said reports that the program itself says of a selector, or of one that it is part of, that
// a row selects one key at most: where one selects more, it fails.
func said(sel *graph.Node) bool {
	return sel.Op == graph.SelOnly || sel.Op == graph.SelAnd && slices.ContainsFunc(sel.Args, said)
}

// unproven doubts what the program says of a selector, unless it follows from the rest.
func (a *Analysis) unproven(only *graph.Node) {
	if !a.atMostOne(only.Args[0]) {
		a.doubt(only, "a row of only(..) that selects two positions")
		a.Unproven = append(a.Unproven, only)
	}
}

// atMostOneOf reports whether a query leaves one state of the group's key, a
// unique variable, if f is to hold.
func (a *Analysis) atMostOneOf(g *facts.Group, f *facts.Formula) bool {
	if g.Equal != nil {
		return true // no two keys have one number
	}
	residuals := g.Residuals(f)
	for _, row := range g.Holds {
		possible, last := 0, int32(facts.None)
		for k, h := range row {
			if h == facts.Never || residuals[h].Op == facts.False {
				continue
			}
			state := g.Key.Example[k]
			if g.Key.Size[k] == 1 && last != facts.None && a.equalStates(g.Key.Variable, last, state) {
				continue
			}
			possible, last = possible+g.Key.Size[k], state
		}
		if possible > 1 {
			return false
		}
	}
	return true
}

// equalStates reports whether two states of a variable are equal values, of
// different types.
func (a *Analysis) equalStates(v *facts.Variable, s, t int32) bool {
	if v.Source != facts.Computed {
		return s == t
	}
	values := v.Table.Values
	return value.Equal(values[s], values[t])
}
