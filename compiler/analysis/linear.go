package analysis

import (
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// linearOf writes an elementwise s-op of numbers as a linear form of its operands,
// nil if it is none. Beside + - and scaling by constants, operations that do not
// change the number count: round of ints, indicator of booleans; "not" is one
// minus its operand.
func (a *Analysis) linearOf(n *graph.Node) *linear.Form[*graph.Node] {
	if n.Op == graph.Unary {
		arg := n.Args[0]
		switch {
		case n.Fn == value.Neg && a.Numeric(arg):
			return sumOf(0, n.Args, -1)
		case n.Fn == value.Pos && a.Numeric(arg), n.Fn == value.Round && a.All(arg, facts.IsInteger),
			n.Fn == value.Indicator && a.All(arg, facts.IsZeroOne):
			return sumOf(0, n.Args, 1)
		case n.Fn == value.Not && a.All(arg, facts.IsZeroOne):
			return sumOf(1, n.Args, -1)
		}
	}
	if n.Op != graph.Binary || !a.Numeric(n.Args[0]) || !a.Numeric(n.Args[1]) {
		return nil
	}
	x, y := n.Args[0], n.Args[1]
	switch n.Fn {
	case value.Add:
		return sumOf(0, n.Args, 1, 1)
	case value.Sub:
		return sumOf(0, n.Args, 1, -1)
	case value.Mul:
		if x.Op == graph.Const {
			x, y = y, x
		}
		if y.Op == graph.Const {
			return sumOf(0, []*graph.Node{x}, y.Value.Float64())
		}
	case value.Div:
		if mean := a.shareOf(n); mean != nil {
			return sumOf(0, []*graph.Node{mean}, 1)
		}
		if y.Op == graph.Const && y.Value.Float64() != 0 {
			return sumOf(0, []*graph.Node{x}, 1/y.Value.Float64())
		}
	}
	return nil
}

// shareOf is the mean that a sum of a row, over as many as the row has, is again: both are
// the same fraction, rounded once. nil if n is none.
func (a *Analysis) shareOf(n *graph.Node) *graph.Node {
	sum, width := n.Args[0], n.Args[1]
	mean, by := meanAndWidth(sum)
	if mean == nil || !a.KindIs(mean.Args[1], value.Int) || !a.isWidthOf(by, mean.Args[0]) || !a.isWidthOf(width, mean.Args[0]) || !a.IsMean(mean) {
		return nil
	}
	if float64(a.Domain.Length)*a.Size(mean.Args[1]) > maxTotal {
		return nil
	}
	return mean
}

func sumOf(constant float64, nodes []*graph.Node, factors ...float64) *linear.Form[*graph.Node] {
	f := linear.Sum(constant, nodes, factors...)
	return &f
}
