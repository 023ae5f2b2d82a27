package compiler

import (
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// analysis makes the facts.
type analysis struct {
	*facts
	depth  map[*graph.Node]int
	global map[*graph.Node]bool // see isGlobal
	taken  map[*graph.Node]bool // taken as given by some table
	*program
	mixed    *graph.Node                      // an aggregate of numbers and strings, see separate
	refusals map[*graph.Node]*diag.Diagnostic // see shownOnly
}

func (a *analysis) doubt(n *graph.Node, message string) {
	if len(a.doubts) < 100 {
		a.doubts = append(a.doubts, doubt{n, message})
	}
}
