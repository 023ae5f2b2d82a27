package graph

import (
	"strings"
)

// longest is how much of an expression without a name stands for it.
const longest = 60

// Describe names a node for a message: by its name, or else by its text.
func Describe(n *Node) string {
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

// DescribeSelector names a selector, or that of an aggregate, for a message; nil is the
// selector of all.
func DescribeSelector(n *Node) string {
	if n == nil {
		return "full_s"
	}
	if n.Op == Aggregate || n.Op == Width || n.Op == Any {
		n = n.Args[0]
	}
	return Describe(n)
}
