package compiler

import (
	"strings"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// An aggregate of values that are numbers on some inputs and strings on others has
// a mean on the first and brings one string on the second: two aggregates, of which
// a head each is made.

// separate rewrites the aggregate n, in a copy of the program, as
//
//	mean if string == none else string
//
// where string is what the row selects of the strings, none if that is nothing, and
// mean is that of the values with one of the numbers in place of strings.
func (c *compilation) separate(n *graph.Node) {
	s := sharer{graph: &graph.Graph{}, copies: map[*graph.Node]*graph.Node{}, known: map[string]*graph.Node{}}
	for _, old := range graph.Reachable(c.roots...) {
		if old != n {
			s.copies[old] = s.add(old)
			continue
		}
		add := func(op graph.Op, fn value.Fn, x value.Value, args ...*graph.Node) *graph.Node {
			return s.intern(&graph.Node{Op: op, Fn: fn, Value: x, Args: args, Span: n.Span})
		}
		constant := func(x value.Value) *graph.Node { return add(graph.Const, 0, x) }
		selector, values := s.copies[n.Args[0]], s.copies[n.Args[1]]
		var texts, numbers []value.Value
		var none strings.Builder // longer than any of them
		for _, v := range c.analysis.table(n.Args[1]).values {
			if v.Kind() == value.String {
				texts = append(texts, v)
				none.WriteString(v.Text() + "?")
			} else {
				numbers = append(numbers, v)
			}
		}
		nothing := value.OfString(none.String())
		isText := s.intern(&graph.Node{Op: graph.In, Args: []*graph.Node{values}, List: texts, Span: n.Span})
		ofNumbers := add(graph.Ternary, 0, value.Value{}, isText, constant(numbers[0]), values)
		words := add(graph.Ternary, 0, value.Value{}, isText, values, constant(value.OfString("")))
		ofWords := add(graph.SelAnd, 0, value.Value{}, selector, add(graph.Select, value.Eq, value.Value{}, isText, constant(value.OfBool(true))))
		word := add(graph.Aggregate, 0, nothing, ofWords, words)
		mean := add(graph.Aggregate, 0, n.Value, selector, ofNumbers)
		either := add(graph.Ternary, 0, value.Value{}, add(graph.Binary, value.Eq, value.Value{}, word, constant(nothing)), mean, word)
		either.Name = n.Name
		s.copies[n] = either
	}
	c.roots = s.mapped(c.roots)
}
