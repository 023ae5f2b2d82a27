package picture

import (
	"fmt"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/flow"
	"rasp/lang/graph"
)

// names gives nodes their names and their text in the program.
type names struct {
	inside map[*graph.Node]bool // made on the way to another node of the same expression
	count  map[string]int       // how many nodes have a name
	number map[*graph.Node]int  // of a node, among those with its name
}

func newNames(f *flow.Flow) *names {
	s := &names{map[*graph.Node]bool{}, map[string]int{}, map[*graph.Node]int{}}
	nodes := graph.Reachable(f.Roots...)
	for i := len(nodes) - 1; i >= 0; i-- { // users before operands
		n := nodes[i]
		for _, a := range n.Args {
			if a.Span == n.Span && n.Span != (diag.Span{}) && (a.Name == "" || a.Name != n.Name || s.inside[n]) {
				s.inside[a] = true
			}
		}
	}
	for _, n := range nodes {
		s.count[n.Name]++
		s.number[n] = s.count[n.Name]
	}
	return s
}

const (
	longestName = 26 // characters
	longestExpr = 64
)

// of is the name of a node, and its text in the program unless that is the name.
func (s *names) of(n *graph.Node) (name, expr string) {
	text := strings.Join(strings.Fields(n.Span.Text()), " ")
	switch {
	case n.Op == graph.Const:
		return n.Value.Short(), ""
	case s.inside[n]:
		name, expr = operation(n), "in "+shorten(text, longestExpr)
	default:
		name, expr = shorten(text, longestName), shorten(text, longestExpr)
	}
	switch {
	case n.Name != "" && s.count[n.Name] > 1:
		name = fmt.Sprintf("%s (%d)", n.Name, s.number[n])
	case n.Name != "":
		name = n.Name
	case name == expr:
		expr = ""
	}
	return name, expr
}

// operation is what a node does, for one without a name.
func operation(n *graph.Node) string {
	switch n.Op {
	case graph.Aggregate:
		return "mean"
	case graph.Ternary:
		return "if"
	case graph.In:
		return "in"
	case graph.Lookup, graph.LookupKey, graph.Row, graph.Cell:
		return "look-up"
	case graph.Unary, graph.Binary:
		return n.Fn.String()
	}
	return "selector"
}

// shorten cuts text after some characters.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
