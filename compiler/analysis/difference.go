package analysis

import (
	"rasp/compiler/facts"
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
func (a *Analysis) subtract(n *graph.Node) {
	if n.Op != graph.Binary || !n.Fn.IsComparison() || len(a.Table(n).Vars) < 2 || !a.Numeric(n.Args[0]) || !a.Numeric(n.Args[1]) {
		return
	}
	operands := facts.OperandsOf(n)
	rels := []*facts.Table{a.Table(operands[0]), a.Table(operands[1])}
	if a.Differences[operands] != nil || rels[0].Unbounded || rels[1].Unbounded || len(rels[0].Vars) == 0 || len(rels[1].Vars) == 0 {
		return
	}
	s := facts.NewSpace(facts.Union(rels))
	if s.TooLarge() {
		return
	}
	d := &graph.Node{ID: firstDifference + len(a.Differences), Op: graph.Binary, Fn: value.Sub, Args: operands[:], Span: n.Span}
	a.Differences[operands] = d
	a.record(d, Tabulate(d, s, rels, func(string) {}))
}
