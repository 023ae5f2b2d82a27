package analysis

import (
	"rasp/compiler/facts"
	"rasp/compiler/rewrite"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// analysis makes the facts.
type Analysis struct {
	*facts.Facts
	depth  map[*graph.Node]int
	global map[*graph.Node]bool // see isGlobal
	taken  map[*graph.Node]bool // taken as given by some table
	*rewrite.Program
	Mixed    *graph.Node                      // an aggregate of numbers and strings, see separate
	refusals map[*graph.Node]*diag.Diagnostic // see shownOnly
}

func (a *Analysis) doubt(n *graph.Node, message string) {
	if len(a.Doubts) < 100 {
		a.Doubts = append(a.Doubts, facts.Doubt{Node: n, Message: message})
	}
}
