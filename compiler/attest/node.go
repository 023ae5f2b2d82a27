package attest

import (
	"encoding/json"

	"rasp/compiler/plan"
	"rasp/compiler/prove/witness"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Nodes that mean the same as one of the text go by its number; others are written down.

func (w *writer) numberOf(node int) int {
	if node == plan.NoNode {
		return plan.NoNode
	}
	return w.number(w.nodes[node])
}

// number of a node in the witness; it and what it depends on are added, as far as they
// are not there.
func (w *writer) number(n *graph.Node) int {
	known := func(n *graph.Node) bool { _, ok := w.numbers[n]; return ok }
	for _, m := range graph.ReachableBut(known, n) {
		w.numbers[m] = w.witness.Text + len(w.witness.Nodes)
		w.witness.Nodes = append(w.witness.Nodes, w.node(m))
	}
	return w.numbers[n]
}

// words of the operations.
var words = [...]string{
	graph.Tokens: "tokens", graph.Indices: "indices", graph.Const: "const",
	graph.Unary: "unary", graph.Binary: "binary", graph.Ternary: "if", graph.In: "in",
	graph.Lookup: "lookup", graph.LookupKey: "lookup key", graph.Row: "row", graph.Cell: "cell",
	graph.Aggregate: "aggregate", graph.Width: "selector_width", graph.Any: "any",
	graph.Select: "select", graph.SelAnd: "and", graph.SelOr: "or", graph.SelNot: "not", graph.SelOnly: "only",
}

var bases = [...]string{graph.AsIs: "asis", graph.Str: "str", graph.Int: "int", graph.Float: "float", graph.Bool: "bool"}

func (w *writer) node(n *graph.Node) witness.Node {
	c := witness.Node{Op: words[n.Op], List: atoms(n.List), Keys: atoms(n.Keys), Places: n.Places, Chars: n.OfString}
	for _, a := range n.Args {
		c.Args = append(c.Args, w.numbers[a])
	}
	switch n.Op {
	case graph.Tokens:
		c.Base = bases[n.Base]
	case graph.Unary, graph.Binary, graph.Select:
		c.Fn = n.Fn.String()
	case graph.Const, graph.Aggregate, graph.Cell:
		c.Value = json.RawMessage(n.Value.JSON())
	case graph.Row:
		for _, level := range n.Trie.Keys {
			c.Levels = append(c.Levels, atoms(level))
		}
		c.Rows = n.Trie.Rows
	}
	return c
}

func atoms(values []value.Value) []json.RawMessage {
	var list []json.RawMessage
	for _, v := range values {
		list = append(list, json.RawMessage(v.JSON()))
	}
	return list
}
