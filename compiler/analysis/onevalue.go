package analysis

import (
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// Keys that one query selects are alike in what the selector compares: of
//
//	aggregate(select(tokens, tokens, ==), f(tokens))
//
// all that a row selects are one token, and the mean of w times the same number is that
// number. So it has the values of f alone, with a state for each of these and each width (a
// single int is an int, the mean of several a float), and not for each sum.

// keysAreEqual reports that all keys that a row of a mean selects have the same value: some
// part of the selector leaves each query states of one variable of the key alone where the
// value is one.
func (a *Analysis) keysAreEqual(n *graph.Node) bool {
	s, err := a.selectorOf(n.Args[0])
	if err != nil || s.Pick != facts.Every {
		return false
	}
	return slices.ContainsFunc(s.Groups, func(g *facts.Group) bool {
		return g.Equal == nil && g.Key.Variable != nil && a.isOneOf(g, s.Root, a.idsBy(g.Key.Variable, a.Table(n.Args[1])))
	}) && a.claim(facts.OneValue, n, "of what a query selects, one variable has states of one value alone")
}

// isOneOf reports that the keys that a query may select, if f is to hold, have one of the ids
// by state of the group's key.
func (a *Analysis) isOneOf(g *facts.Group, f *facts.Formula, ids []int32) bool {
	if ids == nil {
		return false
	}
	byClass := make([]int32, len(g.Key.Size))
	for c, state := range g.Key.Example {
		byClass[c] = ids[state]
	}
	for state, c := range g.Key.Class {
		if c != facts.None && ids[state] != facts.None && byClass[c] != ids[state] {
			return false // keys that are one to the selector
		}
	}
	residuals := g.Residuals(f)
	for _, row := range g.Holds {
		one := int32(facts.None)
		for k, h := range row {
			if h == facts.Never || residuals[h].Op == facts.False || byClass[k] == facts.None {
				continue
			}
			if one != facts.None && one != byClass[k] {
				return false
			}
			one = byClass[k]
		}
	}
	return true
}

// idsBy is which value of a table is there in each state of a variable, none in those that do
// not occur; nil if it depends on more.
func (a *Analysis) idsBy(v *facts.Variable, r *facts.Table) []int32 {
	of := &facts.Table{Vars: []*facts.Variable{v}, Cells: facts.Range32(v.Size)}
	if v.Source == facts.Computed && v.Table != r && !slices.Contains(r.Vars, v) {
		of = v.Table
	}
	space := facts.NewSpace(facts.Union([]*facts.Table{of, r}))
	if space.TooLarge() {
		return nil
	}
	ids, same := slices.Repeat([]int32{facts.None}, v.Size), true
	from, to := space.Reader(of), space.Reader(r)
	space.Each(func(_ int, states []int32) {
		state, id := from.At(states), to.At(states)
		if state == facts.None || id == facts.None {
			return
		}
		same = same && (ids[state] == facts.None || ids[state] == id)
		ids[state] = id
	})
	if !same {
		return nil
	}
	return ids
}
