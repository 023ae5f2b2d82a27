package compiler

import (
	"rasp/lang/graph"
	"rasp/lang/value"
)

// What compares two numbers needs no more than their difference, which may be there as
// a number, off the heads, before either is decoded. So the difference of what a
// comparison compares is an s-op of its own, that no line of the program names.

// firstDifference is the least ID of such s-ops, above those of any program.
const firstDifference = 1 << 20

// subtract makes the difference of the operands of a comparison of numbers that
// depends on several variables, if its table is of moderate size.
func (a *analysis) subtract(n *graph.Node) {
	if n.Op != graph.Binary || !n.Fn.IsComparison() || len(a.table(n).vars) < 2 || !a.numeric(n.Args[0]) || !a.numeric(n.Args[1]) {
		return
	}
	operands := operandsOf(n)
	rels := []*relation{a.table(operands[0]), a.table(operands[1])}
	if a.differences[operands] != nil || rels[0].unbounded || rels[1].unbounded || len(rels[0].vars) == 0 || len(rels[1].vars) == 0 {
		return
	}
	s := newSpace(union(rels))
	if s.size > maxCells {
		return
	}
	d := &graph.Node{ID: firstDifference + len(a.differences), Op: graph.Binary, Fn: value.Sub, Args: operands[:], Span: n.Span}
	a.differences[operands] = d
	a.record(d, tabulate(d, s, rels, func(string) {}))
}
