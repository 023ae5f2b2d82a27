package compiler

import (
	"strings"

	"rasp/lang/graph"
)

// longest is how much of an expression without a name stands for it.
const longest = 60

// describe names a node for a message.
func describe(n *graph.Node) string {
	if n.Name != "" {
		return n.Name
	}
	text := []rune(strings.Join(strings.Fields(n.Span.Text()), " "))
	switch {
	case len(text) == 0:
		return "this expression"
	case len(text) > longest:
		return string(text[:longest-3]) + "..."
	}
	return string(text)
}

// describeSelector names a selector, or that of an aggregate, for a message; nil is the
// selector of all.
func describeSelector(n *graph.Node) string {
	if n == nil {
		return "full_s"
	}
	if n.Op == graph.Aggregate || n.Op == graph.Width || n.Op == graph.Any {
		n = n.Args[0]
	}
	return describe(n)
}
