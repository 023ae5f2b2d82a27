package analysis

import (
	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// isNonempty reports that every row of a selector selects a key, so that an
// aggregate never falls back to its default.
func (a *Analysis) isNonempty(sel *graph.Node) bool {
	if r := a.Rows[sel]; r != nil {
		return r.Least >= 1 && a.claim(facts.Nonempty, sel, "rows by position")
	}
	s, err := a.selectorOf(sel)
	if err != nil {
		return false
	}
	if a.nonemptyOfForm(s) {
		return a.claim(facts.Nonempty, sel, "every input of the form has a token that a query selects")
	}
	parts := s.Conjuncts
	if len(parts) == 1 && len(parts[0].Conditions) == 0 {
		return a.claim(facts.Nonempty, sel, "all that is seen is selected")
	}
	return len(parts) == 1 && len(parts[0].Conditions) == 1 && a.AlwaysMet(parts[0].Conditions[0]) &&
		a.claim(facts.Nonempty, sel, "a position inside the input")
}
