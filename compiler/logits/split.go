package logits

import (
	"rasp/compiler/linear"
	"rasp/lang/diag"
	"rasp/lang/elementary"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// A prediction is compiled into logits whose softmax it is. Each logit is a sum,
// and its terms stay apart: what depends on the token alone is written in the
// embedding, the rows of a table are neurons (context.go), the rest is read as any
// other s-op; the residual stream and the unembedding add them up (next.go). So a
// sum over several tables never becomes the table of their product.

// Scores are the logits of a prediction before they are analysed.
type Scores struct {
	Name string
	Span diag.Span
	*graph.Distribution
	sums []linear.Form[*graph.Node] // by token of the distribution; nil for a Token
}

// Split writes the roots, the scores of a prediction, as sums. Logits are taken
// apart at + and - and at products with constants; weights have logarithms, of
// which a sum has none.
func Split(o graph.Output, roots []*graph.Node) *Scores {
	s := &Scores{Name: o.Name, Span: o.Span, Distribution: o.Next}
	if s.Token != nil {
		return s
	}
	for _, n := range roots {
		var sum linear.Form[*graph.Node]
		switch {
		case s.Logits:
			addScore(&sum, n, 1)
		case n.Op == graph.Const:
			sum.Constant = elementary.Log(n.Value.Float64())
		default:
			sum = linear.Of(n)
		}
		s.sums = append(s.sums, sum)
	}
	return s
}

// addScore adds a multiple of n to a sum.
func addScore(s *linear.Form[*graph.Node], n *graph.Node, factor float64) {
	constant := func(n *graph.Node) bool { return n.Op == graph.Const && n.Value.IsNumber() }
	switch {
	case constant(n):
		s.Constant += float64(factor * n.Value.Float64())
		return
	case n.Op == graph.Unary && n.Fn == value.Neg:
		addScore(s, n.Args[0], -factor)
		return
	case n.Op == graph.Unary && n.Fn == value.Pos:
		addScore(s, n.Args[0], factor)
		return
	case n.Op == graph.Binary && (n.Fn == value.Add || n.Fn == value.Sub):
		addScore(s, n.Args[0], factor)
		if n.Fn == value.Sub {
			factor = -factor
		}
		addScore(s, n.Args[1], factor)
		return
	case n.Op == graph.Binary && n.Fn == value.Mul && constant(n.Args[1]):
		addScore(s, n.Args[0], factor*n.Args[1].Value.Float64())
		return
	case n.Op == graph.Binary && n.Fn == value.Mul && constant(n.Args[0]):
		addScore(s, n.Args[1], factor*n.Args[0].Value.Float64())
		return
	case n.Op == graph.Binary && n.Fn == value.Div && constant(n.Args[1]) && n.Args[1].Value.Float64() != 0:
		addScore(s, n.Args[0], factor/n.Args[1].Value.Float64())
		return
	}
	s.Add(n, factor)
}

// SOps are the s-ops that have to be analysed: the terms, but of look-ups only
// what they look up.
func (s *Scores) SOps(token []*graph.Node) []*graph.Node {
	if s.Token != nil {
		return token
	}
	var roots []*graph.Node
	seen := map[*graph.Node]bool{}
	add := func(n *graph.Node) {
		if !seen[n] {
			seen[n] = true
			roots = append(roots, n)
		}
	}
	for _, sum := range s.sums {
		for _, t := range sum.Terms {
			if t.Of.Op != graph.Cell {
				add(t.Of)
				continue
			}
			for _, arg := range t.Of.Args[0].Args {
				add(arg)
			}
		}
	}
	return roots
}
