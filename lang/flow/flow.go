// Package flow places the graph of s-ops in the layers and heads of a
// transformer, as the paper's interpreter draws it.
//
// In come s-ops; out go their layers, each with its heads and the elementwise
// s-ops after them. The depth of a node decides, counted as the language's
// authors do:
//
//   - base s-ops and constants have depth 0, an elementwise s-op has that of its
//     deepest operand: it is free;
//   - a selector has 1 more than the deepest s-op among its keys and queries;
//     and, or and not add nothing;
//   - an aggregate has that of its selector, but at least 1 more than what it
//     aggregates.
//
// A layer has as many heads as there are different selectors among its
// aggregates, and two selectors are the same only if they were built once. This
// counts what was written; a compiler may need fewer of both.
package flow

import (
	"fmt"
	"slices"
	"strings"

	"rasp/lang/graph"
)

// Flow is the way to s-ops.
type Flow struct {
	Roots  []*graph.Node
	Base   []*graph.Node // the base s-ops: tokens and indices
	Layers []Layer       // the first one has no heads, but what needs no attention
}

// Layer is what has one depth.
type Layer struct {
	Heads       []*Head
	Elementwise []*graph.Node // operands before users; constants are left out
}

// Head is a selector with what is aggregated over it in one layer.
type Head struct {
	Selector   *graph.Node
	Keys       []*graph.Node // the s-ops that it compares, each once; no constants
	Queries    []*graph.Node
	Aggregates []*graph.Node
}

// Of is the flow to the s-ops roots.
func Of(roots ...*graph.Node) *Flow {
	f := &Flow{Roots: roots}
	depth := map[*graph.Node]int{}
	for _, n := range byID(graph.Reachable(roots...)) {
		d := depthOf(n, depth)
		depth[n] = d
		for len(f.Layers) <= d && !n.IsSelector() {
			f.Layers = append(f.Layers, Layer{})
		}
		switch {
		case n.IsSelector(), n.Op == graph.Const:
		case n.Op == graph.Tokens, n.Op == graph.Indices:
			f.Base = append(f.Base, n)
		case n.Elementwise():
			f.Layers[d].Elementwise = append(f.Layers[d].Elementwise, n)
		default:
			f.Layers[d].add(n)
		}
	}
	return f
}

// byID sorts nodes in the order in which they were built, which is that of the
// program, with operands before users.
func byID(nodes []*graph.Node) []*graph.Node {
	slices.SortFunc(nodes, func(a, b *graph.Node) int { return a.ID - b.ID })
	return nodes
}

// depthOf n, once those of its operands are known.
func depthOf(n *graph.Node, depth map[*graph.Node]int) int {
	deepest := 0
	for _, a := range n.Args {
		deepest = max(deepest, depth[a])
	}
	switch n.Op {
	case graph.Select:
		return deepest + 1
	case graph.Aggregate:
		return max(depth[n.Args[0]], depth[n.Args[1]]+1)
	}
	return deepest
}

// add puts an aggregate to the head of its selector.
func (l *Layer) add(n *graph.Node) {
	selector := n.Args[0]
	for _, h := range l.Heads {
		if h.Selector == selector {
			h.Aggregates = append(h.Aggregates, n)
			return
		}
	}
	keys, queries := compared(selector)
	l.Heads = append(l.Heads, &Head{selector, keys, queries, []*graph.Node{n}})
}

// compared are the s-ops that a selector compares.
func compared(selector *graph.Node) (keys, queries []*graph.Node) {
	add := func(list []*graph.Node, n *graph.Node) []*graph.Node {
		if n.Op == graph.Const || slices.Contains(list, n) {
			return list
		}
		return append(list, n)
	}
	seen := map[*graph.Node]bool{}
	stack := []*graph.Node{selector}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch {
		case seen[n]:
		case n.Op == graph.Select:
			keys, queries = add(keys, n.Args[0]), add(queries, n.Args[1])
		default:
			for _, a := range slices.Backward(n.Args) {
				stack = append(stack, a)
			}
		}
		seen[n] = true
	}
	return keys, queries
}

// Depth is the number of layers with attention.
func (f *Flow) Depth() int { return max(len(f.Layers)-1, 0) }

// Heads are the numbers of heads of the layers, from the first one.
func (f *Flow) Heads() []int {
	heads := make([]int, f.Depth())
	for i := range heads {
		heads[i] = len(f.Layers[i+1].Heads)
	}
	return heads
}

// String says how many layers and heads there are, such as "layers 2, heads 2 1".
func (f *Flow) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "layers %d", f.Depth())
	for i, n := range f.Heads() {
		if i == 0 {
			b.WriteString(", heads")
		}
		fmt.Fprintf(&b, " %d", n)
	}
	return b.String()
}
