package rewrite

import (
	"strings"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// An aggregate of values that are numbers on some inputs and strings on others has
// a mean on the first and brings one string on the second: two aggregates, of which
// a head each is made.

// SplitTypes rewrites the aggregate n, whose values are these, as
//
//	mean if string == none else string
//
// where string is what the row selects of the strings, none if that is nothing, and
// mean is that of the values with one of the numbers in place of strings.
func SplitTypes(p *Program, n *graph.Node, values []value.Value) *Program {
	var texts, numbers []value.Value
	var none strings.Builder // longer than any of them
	for _, v := range values {
		if v.Kind() == value.String {
			texts = append(texts, v)
			none.WriteString(v.Text() + "?")
		} else {
			numbers = append(numbers, v)
		}
	}
	nothing := value.OfString(none.String())
	return p.rewritten(func(s *sharer, old *graph.Node) *graph.Node {
		if old != n {
			return nil
		}
		selector, values := s.copies[n.Args[0]], s.copies[n.Args[1]]
		isText := s.intern(&graph.Node{Op: graph.In, Args: []*graph.Node{values}, List: texts, Span: n.Span})
		ofNumbers := s.node(n, graph.Ternary, 0, isText, s.constant(n, numbers[0]), values)
		words := s.node(n, graph.Ternary, 0, isText, values, s.constant(n, value.OfString("")))
		ofWords := s.node(n, graph.SelAnd, 0, selector, s.node(n, graph.Select, value.Eq, isText, s.constant(n, value.OfBool(true))))
		word := s.aggregate(n, ofWords, words, nothing)
		mean := s.aggregate(n, selector, ofNumbers, n.Value)
		either := s.node(n, graph.Ternary, 0, s.node(n, graph.Binary, value.Eq, word, s.constant(n, nothing)), mean, word)
		either.Name = n.Name
		return either
	})
}
