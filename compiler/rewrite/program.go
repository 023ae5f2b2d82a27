// Package rewrite turns graphs into graphs: equal nodes become one, the idiom that counts
// the columns of a selector becomes a node of its own, and what later passes ask for, to
// know better (Request), is done: types are split, additions replayed.
//
// A Program goes in, and another one comes out that means the same; the old one is left
// alone. Nothing here knows the domain.
package rewrite

import (
	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// Program is a graph on its way through the passes that rewrite it, and what was found
// out about its nodes on the way.
type Program struct {
	Origins    map[*graph.Node]int // in the text, of what means the same as a node there: its number
	Text       int                 // how many nodes that has
	Roots      []*graph.Node
	Replays    map[*graph.Node]*facts.Replay // means that have a third operand, which tells their variant
	States     map[*graph.Node]bool          // of automata that replay
	Enumerated map[*graph.Node]bool          // means whose rows are to be enumerated
	Predicts   bool                          // the roots are what the logits of a prediction are made of
}

// Of is a program as it is in the text, where nodes are numbered operands first.
func Of(roots []*graph.Node) *Program {
	p := &Program{Roots: roots, Origins: map[*graph.Node]int{}}
	for i, n := range graph.Reachable(roots...) {
		p.Origins[n], p.Text = i, i+1
	}
	return p
}

// rewritten copies the program node by node, operands first: change gives the copy of a
// node, nil for one that stays as it is.
func (p *Program) rewritten(change func(s *sharer, n *graph.Node) *graph.Node) *Program {
	s := newSharer()
	q := &Program{Origins: map[*graph.Node]int{}, Text: p.Text, Replays: map[*graph.Node]*facts.Replay{}, States: map[*graph.Node]bool{}, Enumerated: map[*graph.Node]bool{}}
	for _, n := range graph.Reachable(p.Roots...) {
		c := change(s, n)
		if c == nil {
			c = s.add(n)
		}
		s.copies[n] = c
		if at, ok := p.Origins[n]; ok {
			if first, known := q.Origins[c]; !known || at < first {
				q.Origins[c] = at
			}
		}
		if r := p.Replays[n]; r != nil {
			q.Replays[c] = r
		}
		if p.States[n] {
			q.States[c] = true
		}
		if p.Enumerated[n] {
			q.Enumerated[c] = true
		}
	}
	for n := range s.states {
		q.States[n] = true
	}
	q.Roots, q.Predicts = s.mapped(p.Roots), p.Predicts
	return q
}
