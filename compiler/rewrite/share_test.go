package rewrite

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// TestShare prints the graph before and after.
func TestShare(t *testing.T) {
	for _, test := range []struct{ name, program, before, after string }{
		{"equal nodes are built once", `
			s = select(tokens, tokens, ==);
			x = aggregate(s, indices) + aggregate(select(tokens, tokens, ==), indices);`, `
%0 = tokens_str  # tokens
%1 = select == %0 %0  # s
%2 = indices  # indices
%3 = aggregate %1 %2 default 0
%4 = select == %0 %0
%5 = aggregate %4 %2 default 0
%6 = + %3 %5  # x
`, `
%0 = tokens_str  # tokens
%1 = select == %0 %0  # s
%2 = indices  # indices
%3 = aggregate %1 %2 default 0
%4 = + %3 %3  # x
`},
		{"a default makes a difference, and so does its type", `
			s = select(tokens, tokens, ==);
			x = aggregate(s, indices, 1) + aggregate(s, indices, 1.0) + aggregate(s, indices, 1);`, `
%0 = tokens_str  # tokens
%1 = select == %0 %0  # s
%2 = indices  # indices
%3 = aggregate %1 %2 default 1
%4 = aggregate %1 %2 default 1.0
%5 = + %3 %4
%6 = aggregate %1 %2 default 1
%7 = + %5 %6  # x
`, `
%0 = tokens_str  # tokens
%1 = select == %0 %0  # s
%2 = indices  # indices
%3 = aggregate %1 %2 default 1
%4 = aggregate %1 %2 default 1.0
%5 = + %3 %4
%6 = + %5 %3  # x
`},
		{"a selector twice negated, and one beside itself", `
			s = select(indices, indices, <);
			x = aggregate((not (not s)) and select(indices, indices, <), indices);`, `
%0 = indices  # indices
%1 = select < %0 %0  # s
%2 = not %1
%3 = not %2
%4 = select < %0 %0
%5 = and %3 %4
%6 = aggregate %5 %0 default 0  # x
`, `
%0 = indices  # indices
%1 = select < %0 %0  # s
%2 = aggregate %1 %0 default 0  # x
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := programOf(t, small+test.program)
			assert.Equal(t, test.before, "\n"+printed(p.Roots))
			assert.Equal(t, test.after, "\n"+printed(Share(p).Roots))
		})
	}
}

// TestShareFolds builds a graph by hand, because the language computes what is
// constant by itself.
func TestShareFolds(t *testing.T) {
	var g graph.Graph
	constant := func(i int64) *graph.Node { return g.Add(&graph.Node{Op: graph.Const, Value: value.OfInt(i)}) }
	binary := func(fn value.Fn, x, y *graph.Node) *graph.Node {
		return g.Add(&graph.Node{Op: graph.Binary, Fn: fn, Args: []*graph.Node{x, y}})
	}
	sum := binary(value.Add, constant(2), constant(3))
	fails := binary(value.Div, sum, constant(0))
	root := binary(value.Add, binary(value.Mul, g.Add(&graph.Node{Op: graph.Indices}), sum), fails)
	assert.Equal(t, `
%0 = indices
%1 = 2
%2 = 3
%3 = + %1 %2
%4 = * %0 %3
%5 = 0
%6 = / %3 %5
%7 = + %4 %6
`, "\n"+printed([]*graph.Node{root}))
	after := Share(&Program{Roots: []*graph.Node{root}}).Roots
	assert.Equal(t, `
%0 = indices
%1 = 5
%2 = * %0 %1
%3 = 0
%4 = / %1 %3
%5 = + %2 %4
`, "\n"+printed(after), "what fails is kept, so that the program still fails there")
	assert.Len(t, g.Nodes, 8, "the program's graph is left alone")
}
