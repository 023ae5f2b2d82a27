package compiler

import (
	"rasp/lang/graph"
)

// alwaysSelects reports that every row of a selector selects a key, so that an
// aggregate never falls back to its default.
func (a *analysis) alwaysSelects(sel *graph.Node) bool {
	if r := a.rows[sel]; r != nil {
		return r.least >= 1
	}
	s, err := a.selectorOf(sel)
	if err != nil {
		return false
	}
	parts := s.parts
	return len(parts) == 1 && len(parts[0].conditions) == 1 && a.alwaysMet(parts[0].conditions[0])
}
