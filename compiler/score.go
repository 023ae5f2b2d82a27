package compiler

import (
	"math"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// A prediction is compiled into logits whose softmax it is. Each logit is a sum,
// and its terms stay apart: what depends on the token alone is written in the
// embedding, the rows of a table are neurons (context.go), the rest is read as any
// other s-op; the residual stream and the unembedding add them up (next.go). So a
// sum over several tables never becomes the table of their product.

// scores are the logits of a prediction before they are analysed.
type scores struct {
	name string
	span diag.Span
	*graph.Distribution
	sums []sumOfTerms // by token of the distribution; nil for a Token
}

// sumOfTerms is a score written as a constant and multiples of s-ops.
type sumOfTerms struct {
	constant float64
	terms    []term
}

type term struct {
	node   *graph.Node
	factor float64
}

// splitScores writes the roots, the scores of a prediction, as sums. Logits are taken
// apart at + and - and at products with constants; weights have logarithms, of
// which a sum has none.
func splitScores(o graph.Output, roots []*graph.Node) *scores {
	s := &scores{name: o.Name, span: o.Span, Distribution: o.Next}
	if s.Token != nil {
		return s
	}
	for _, n := range roots {
		var sum sumOfTerms
		switch {
		case s.Logits:
			sum.add(n, 1)
		case n.Op == graph.Const:
			sum.constant = math.Log(n.Value.Float64())
		default:
			sum.terms = []term{{n, 1}}
		}
		s.sums = append(s.sums, sum)
	}
	return s
}

// add adds a multiple of n.
func (s *sumOfTerms) add(n *graph.Node, factor float64) {
	constant := func(n *graph.Node) bool { return n.Op == graph.Const && n.Value.IsNumber() }
	switch {
	case constant(n):
		s.constant += factor * n.Value.Float64()
		return
	case n.Op == graph.Unary && n.Fn == value.Neg:
		s.add(n.Args[0], -factor)
		return
	case n.Op == graph.Unary && n.Fn == value.Pos:
		s.add(n.Args[0], factor)
		return
	case n.Op == graph.Binary && (n.Fn == value.Add || n.Fn == value.Sub):
		s.add(n.Args[0], factor)
		if n.Fn == value.Sub {
			factor = -factor
		}
		s.add(n.Args[1], factor)
		return
	case n.Op == graph.Binary && n.Fn == value.Mul && constant(n.Args[1]):
		s.add(n.Args[0], factor*n.Args[1].Value.Float64())
		return
	case n.Op == graph.Binary && n.Fn == value.Mul && constant(n.Args[0]):
		s.add(n.Args[1], factor*n.Args[0].Value.Float64())
		return
	case n.Op == graph.Binary && n.Fn == value.Div && constant(n.Args[1]) && n.Args[1].Value.Float64() != 0:
		s.add(n.Args[0], factor/n.Args[1].Value.Float64())
		return
	}
	for i := range s.terms {
		if s.terms[i].node == n {
			s.terms[i].factor += factor
			return
		}
	}
	s.terms = append(s.terms, term{n, factor})
}

// roots are the s-ops that have to be analysed: the terms, but of look-ups only
// what they look up.
func (s *scores) roots(token []*graph.Node) []*graph.Node {
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
		for _, t := range sum.terms {
			if t.node.Op != graph.Cell {
				add(t.node)
				continue
			}
			for _, arg := range t.node.Args[0].Args {
				add(arg)
			}
		}
	}
	return roots
}
