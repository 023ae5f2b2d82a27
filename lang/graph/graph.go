// Package graph is what a RASP program means once its functions, loops and
// lists have run: a directed acyclic graph of s-ops and selectors.
//
// It is the one hand-over from the language to the compiler. An s-op maps a
// sequence of n atoms to a sequence of n atoms, a selector maps it to n x n
// booleans (rows are query positions, columns are key positions). Nodes are
// immutable once added, operands come before their users, and two nodes are
// the same only if they were built once: identity is by construction, as the
// count of layers and heads of the reference wants it. Sharing equal nodes is
// the compiler's business.
package graph

import (
	"slices"

	"rasp/lang/diag"
	"rasp/lang/value"
)

// Op says what a node computes.
type Op uint8

const (
	// Base s-ops.
	Tokens  Op = iota // the input, read as Node.Base says
	Indices           // 0..n-1
	Const             // Node.Value at every position

	// Elementwise s-ops: position i of the result depends on position i of
	// the operands alone.
	Unary     // Node.Fn (Neg, Pos, Not, Round, Indicator) of Args[0]
	Binary    // Args[0] Node.Fn Args[1]; And and Or give bools
	Ternary   // Args[1] if Args[0] else Args[2], all three evaluated
	In        // Args[0] occurs in Node.List
	Lookup    // Node.List[Args[0]], ints from 0, negative from the end
	LookupKey // the element of Node.List whose key in Node.Keys equals Args[0]
	Row       // the row of Node.Trie to which Args lead, key by key: an int, -1 for none
	Cell      // the element of Node.List for the row Args[0]; Node.Value if the row is not in Node.Places

	// S-ops that move information between positions.
	Aggregate // Args[0] a selector, Args[1] an s-op, Node.Value the default
	Width     // how many columns row i of the selector Args[0] selects (int)
	Any       // whether row i of the selector Args[0] selects a column (bool)

	// Selectors.
	Select // M[i][j] = Args[0][j] Node.Fn Args[1][i]: key, comparison, query
	SelAnd // Args[0] and Args[1]
	SelOr
	SelNot
	SelOnly // Args[0], of which each row selects one column at most: the program fails where one selects more
)

// Base tells how Tokens reads the input.
type Base uint8

const (
	AsIs  Base = iota // tokens_asis
	Str               // tokens_str, the original tokens
	Int               // tokens_int
	Float             // tokens_float
	Bool              // tokens_bool
)

// Node is an s-op or a selector.
type Node struct {
	ID       int // index in Graph.Nodes; operands have smaller ones
	Op       Op
	Args     []*Node
	Fn       value.Fn      // Unary, Binary, Select
	Base     Base          // Tokens
	Value    value.Value   // Const; Aggregate, Cell: the default
	List     []value.Value // In, Lookup, LookupKey, Cell: elements; a string's characters for "abc"[s]
	Keys     []value.Value // LookupKey, as long as List
	Places   []int32       // Cell, as long as List: rows, ascending
	Trie     *Trie         // Row
	OfString bool          // Lookup: the elements are the characters of a string

	index *value.Index // In, LookupKey: places in List or Keys; nil for a few

	Name string    // the name the user gave it; "" if none
	Span diag.Span // the expression that made it
}

// IsSelector tells selectors from s-ops.
func (n *Node) IsSelector() bool { return n.Op >= Select }

// Elementwise reports whether position i of n depends on position i of its
// operands alone.
func (n *Node) Elementwise() bool { return n.Op >= Unary && n.Op <= Cell }

// Graph holds the nodes of a program, operands before users.
type Graph struct {
	Nodes []*Node
}

// Add appends n, gives it its ID and returns it. The operands must be nodes of
// the same graph; its lists must not change from then on.
func (g *Graph) Add(n *Node) *Node {
	n.ID = len(g.Nodes)
	n.index = nil
	if list := n.sought(); len(list) > few {
		n.index = value.NewIndex(list)
	}
	g.Nodes = append(g.Nodes, n)
	return n
}

// few elements are searched faster than looked up in an index.
const few = 8

// sought is the list in which an In or a LookupKey looks for its operand; nil
// for other nodes.
func (n *Node) sought() []value.Value {
	switch n.Op {
	case In:
		return n.List
	case LookupKey:
		return n.Keys
	}
	return nil
}

// Find is the place of the first element of an In, or key of a LookupKey, that
// equals v; -1 if there is none.
func (n *Node) Find(v value.Value) int {
	if n.index != nil {
		return n.index.Find(v)
	}
	return slices.IndexFunc(n.sought(), func(candidate value.Value) bool { return value.Equal(candidate, v) })
}

// Reachable lists the nodes that the roots depend on, the roots included,
// operands before users. It takes time linear in the size of the graph and no
// recursion, since chains of s-ops may be long.
func Reachable(roots ...*Node) []*Node {
	return ReachableBut(func(*Node) bool { return false }, roots...)
}

// ReachableBut is Reachable without the nodes that are known, and without what
// only they depend on.
func ReachableBut(known func(*Node) bool, roots ...*Node) []*Node {
	var list []*Node
	seen := map[*Node]bool{}
	type frame struct {
		n    *Node
		next int
	}
	var stack []frame
	push := func(n *Node) {
		if !seen[n] && !known(n) {
			seen[n] = true
			stack = append(stack, frame{n, 0})
		}
	}
	for _, r := range roots {
		push(r)
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next < len(top.n.Args) {
				top.next++
				push(top.n.Args[top.next-1])
				continue
			}
			list = append(list, top.n)
			stack = stack[:len(stack)-1]
		}
	}
	return list
}
