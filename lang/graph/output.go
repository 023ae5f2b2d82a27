package graph

import (
	"rasp/lang/diag"
	"rasp/lang/value"
)

// Output is what a program is run or compiled for: an s-op or a selector, or what
// comes next. Exactly one of Node and Next is set.
type Output struct {
	Name string
	Span diag.Span // where the name was bound
	Node *Node
	Next *Distribution
}

// Distribution says how likely each token of a vocabulary comes next: by the
// scores of some tokens, or by the next token itself. What it means is in package
// rasp/lang/predict.
type Distribution struct {
	Tokens     []value.Value // that can come next, in the order of the vocabulary
	Scores     []*Node       // of each: weights (unnormalised probabilities), or logits if Logits; nil if Token is given
	Token      *Node         // the next token itself: it has probability Confidence, the other tokens of the vocabulary share the rest evenly
	Confidence float64       // 1 without #rasp:confidence
	Logits     bool
}

// Roots are the nodes that the output is made of.
func (o Output) Roots() []*Node {
	if o.Next != nil {
		return o.Next.Roots()
	}
	return []*Node{o.Node}
}

// Roots are the s-ops that the distribution is made of.
func (d *Distribution) Roots() []*Node {
	if d.Token != nil {
		return []*Node{d.Token}
	}
	return d.Scores
}

// Roots are the nodes that the outputs are made of, in their order.
func Roots(outputs []Output) []*Node {
	var roots []*Node
	for _, o := range outputs {
		roots = append(roots, o.Roots()...)
	}
	return roots
}
