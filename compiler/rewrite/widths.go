package rewrite

import (
	"math"

	"rasp/compiler/linear"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Widths replaces the idiom by which RASP counts the columns of a
// selector s by the primitive Width(s). With at0 = select(indices, 0, ==) and
// light0 = 1 at position 0 and 0 elsewhere, the number of columns of row i is
//
//	1/aggregate(s or at0, light0) - 1 + aggregate(s and at0, light0)
//
// since the first average is 1 over the width of s or at0, and the second tells
// whether column 0 belongs to s itself (Weiss et al. 2021, section 3). The terms
// may stand in any order, rounded or not reduced further; light0 may be the
// constant 1 in the second aggregate, which sees column 0 alone.
func Widths(p *Program) *Program {
	return p.rewritten(func(s *sharer, n *graph.Node) *graph.Node {
		sel := countedSelector(n)
		if sel == nil {
			return nil
		}
		return s.intern(&graph.Node{Op: graph.Width, Args: []*graph.Node{s.copies[sel]}, Name: n.Name, Span: n.Span})
	})
}

// countedSelector is the selector whose columns n counts by the idiom, or nil.
func countedSelector(n *graph.Node) *graph.Node {
	if n.Op != graph.Unary || n.Fn != value.Round {
		return nil
	}
	var inverse, at0 *graph.Node
	minusOne, size := 0.0, 0.0
	for _, t := range flatten(n.Args[0], 1, nil) {
		switch {
		case t.Of.Op == graph.Const && t.Of.Value.IsNumber():
			minusOne += float64(t.Factor * t.Of.Value.Float64())
			size += math.Abs(t.Of.Value.Float64())
		case t.Factor == 1 && isInverse(t.Of) && inverse == nil:
			inverse = t.Of.Args[1]
		case t.Factor == 1 && t.Of.Op == graph.Aggregate && at0 == nil:
			at0 = t.Of
		default:
			return nil
		}
	}
	if inverse == nil || at0 == nil || minusOne != -1 || size > maxConstants {
		return nil
	}
	return sameSelector(inverse, at0)
}

// maxConstants is how large the constants of the idiom may be, so that what the
// interpreter rounds on the way is far below the half that round forgives.
const maxConstants = 1 << 20

// sameSelector checks the two aggregates of the idiom and returns the s that
// both are about.
func sameSelector(inverse, at0 *graph.Node) *graph.Node {
	or, and := inverse.Args[0], at0.Args[0]
	if or.Op != graph.SelOr || and.Op != graph.SelAnd || !isLight0(inverse.Args[1]) {
		return nil
	}
	if !isLight0(at0.Args[1]) && !isNumber(at0.Args[1], 1) {
		return nil
	}
	if at0.Value.IsNumber() && at0.Value.Float64() != 0 || !at0.Value.IsNumber() {
		return nil
	}
	s := other(or)
	if s == nil || s != other(and) {
		return nil
	}
	return s
}

// other is the operand of a composed selector beside at0, or nil.
func other(n *graph.Node) *graph.Node {
	switch {
	case isAt0(n.Args[1]):
		return n.Args[0]
	case isAt0(n.Args[0]):
		return n.Args[1]
	}
	return nil
}

// flatten lists the terms of a sum of sums and differences.
func flatten(n *graph.Node, sign float64, terms []linear.Term[*graph.Node]) []linear.Term[*graph.Node] {
	if n.Op == graph.Binary && (n.Fn == value.Add || n.Fn == value.Sub) {
		right := sign
		if n.Fn == value.Sub {
			right = -sign
		}
		return flatten(n.Args[1], right, flatten(n.Args[0], sign, terms))
	}
	return append(terms, linear.Term[*graph.Node]{Of: n, Factor: sign})
}

func isInverse(n *graph.Node) bool {
	return n.Op == graph.Binary && n.Fn == value.Div && isNumber(n.Args[0], 1) && n.Args[1].Op == graph.Aggregate
}

// isAt0 recognises select(indices, 0, ==).
func isAt0(n *graph.Node) bool {
	return n.Op == graph.Select && n.Fn == value.Eq && n.Args[0].Op == graph.Indices && isNumber(n.Args[1], 0)
}

// isLight0 recognises indicator(indices == 0).
func isLight0(n *graph.Node) bool {
	if n.Op != graph.Unary || n.Fn != value.Indicator {
		return false
	}
	eq := n.Args[0]
	return eq.Op == graph.Binary && eq.Fn == value.Eq &&
		(eq.Args[0].Op == graph.Indices && isNumber(eq.Args[1], 0) || eq.Args[1].Op == graph.Indices && isNumber(eq.Args[0], 0))
}

func isNumber(n *graph.Node, x float64) bool {
	return n.Op == graph.Const && n.Value.IsNumber() && n.Value.Float64() == x
}
