package compiler

import (
	"rasp/lang/graph"
)

// program is a graph on its way through the passes that rewrite it, and what was found
// out about its nodes on the way.
type program struct {
	roots   []*graph.Node
	replays map[*graph.Node]*replay // means that have a third operand, which tells their variant
	states  map[*graph.Node]bool    // of automata that replay
	watched map[*graph.Node]bool    // means whose rows are to be enumerated
}

// rewritten copies the program node by node, operands first: change gives the copy of a
// node, nil for one that stays as it is.
func (p *program) rewritten(change func(s *sharer, n *graph.Node) *graph.Node) *program {
	s := newSharer()
	q := &program{replays: map[*graph.Node]*replay{}, states: map[*graph.Node]bool{}, watched: map[*graph.Node]bool{}}
	for _, n := range graph.Reachable(p.roots...) {
		c := change(s, n)
		if c == nil {
			c = s.add(n)
		}
		s.copies[n] = c
		if r := p.replays[n]; r != nil {
			q.replays[c] = r
		}
		if p.states[n] {
			q.states[c] = true
		}
		if p.watched[n] {
			q.watched[c] = true
		}
	}
	for n := range s.states {
		q.states[n] = true
	}
	q.roots = s.mapped(p.roots)
	return q
}
