package rewrite

import (
	"fmt"
	"strings"

	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Share copies what the roots need into a graph of its own, computes what is
// constant, and builds each expression once: two nodes with the same operation
// and the same operands become one, so that equal selectors become one head.
func Share(p *Program) *Program {
	return p.rewritten(func(*sharer, *graph.Node) *graph.Node { return nil })
}

// sharer copies nodes into a graph of its own.
type sharer struct {
	graph  *graph.Graph
	copies map[*graph.Node]*graph.Node // from the old graph to the new one
	known  map[string]*graph.Node      // by content
	states map[*graph.Node]bool        // of an automaton that was written
}

func newSharer() *sharer {
	return &sharer{graph: &graph.Graph{}, copies: map[*graph.Node]*graph.Node{}, known: map[string]*graph.Node{}, states: map[*graph.Node]bool{}}
}

// node puts a new node into the graph.
func (s *sharer) node(from *graph.Node, op graph.Op, fn value.Fn, args ...*graph.Node) *graph.Node {
	return s.intern(&graph.Node{Op: op, Fn: fn, Args: args, Span: from.Span})
}

// constant puts a constant into the graph.
func (s *sharer) constant(from *graph.Node, x value.Value) *graph.Node {
	return s.intern(&graph.Node{Op: graph.Const, Value: x, Span: from.Span})
}

// aggregate puts an aggregate with a default into the graph.
func (s *sharer) aggregate(from, selector, values *graph.Node, fallback value.Value) *graph.Node {
	return s.intern(&graph.Node{Op: graph.Aggregate, Args: []*graph.Node{selector, values}, Value: fallback, Span: from.Span})
}

func (s *sharer) mapped(nodes []*graph.Node) []*graph.Node {
	list := make([]*graph.Node, len(nodes))
	for i, n := range nodes {
		list[i] = s.copies[n]
	}
	return list
}

// add puts a copy of n, whose operands have copies already, into the graph.
func (s *sharer) add(n *graph.Node) *graph.Node {
	copied := *n
	copied.Args = s.mapped(n.Args)
	return s.intern(simplify(&copied))
}

func (s *sharer) intern(n *graph.Node) *graph.Node {
	if n.ID < len(s.graph.Nodes) && s.graph.Nodes[n.ID] == n {
		return n // simplified to an operand
	}
	k := content(n)
	if old := s.known[k]; old != nil {
		if old.Name == "" {
			old.Name = n.Name
		}
		return old
	}
	s.known[k] = s.graph.Add(n)
	return n
}

// simplify folds constants and removes operations that do nothing. A constant
// operation that fails is kept: the program fails there, and a later pass says
// so with an example.
func simplify(n *graph.Node) *graph.Node {
	switch {
	case n.Elementwise() && allConst(n.Args):
		atoms := make([]value.Value, len(n.Args))
		for i, a := range n.Args {
			atoms[i] = a.Value
		}
		if v, err := interp.Apply(n, atoms); err == nil {
			return &graph.Node{Op: graph.Const, Value: v, Name: n.Name, Span: n.Span}
		}
	case n.Op == graph.SelNot && n.Args[0].Op == graph.SelNot:
		return n.Args[0].Args[0]
	case n.Op == graph.SelOnly && n.Args[0].Op == graph.SelOnly:
		return n.Args[0]
	case (n.Op == graph.SelAnd || n.Op == graph.SelOr) && n.Args[0] == n.Args[1]:
		return n.Args[0]
	}
	return n
}

func allConst(nodes []*graph.Node) bool {
	for _, n := range nodes {
		if n.Op != graph.Const {
			return false
		}
	}
	return true
}

// content is equal for nodes that compute the same from the same operands.
func content(n *graph.Node) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %d %d %t", n.Op, n.Fn, n.Base, n.OfString)
	for _, a := range n.Args {
		fmt.Fprintf(&b, " n%d", a.ID)
	}
	if n.Op == graph.Row {
		fmt.Fprintf(&b, " %p", n.Trie)
	}
	for _, place := range n.Places {
		fmt.Fprintf(&b, " %d", place)
	}
	if n.Op == graph.Const || n.Op == graph.Aggregate || n.Op == graph.Cell {
		fmt.Fprintf(&b, " %v:%q", n.Value.Kind(), n.Value.String())
	}
	for _, list := range [][]value.Value{n.List, n.Keys} {
		b.WriteByte(';')
		for _, v := range list {
			fmt.Fprintf(&b, " %v:%q", v.Kind(), v.String())
		}
	}
	return b.String()
}
