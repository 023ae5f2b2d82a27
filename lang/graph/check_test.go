package graph

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/value"
)

// small is aggregate(select(indices, tokens_int, ==), indices), node by node.
func small() []*Node {
	g := &Graph{}
	indices := g.Add(&Node{Op: Indices})
	tokens := g.Add(&Node{Op: Tokens, Base: Int})
	sel := g.Add(&Node{Op: Select, Fn: value.Eq, Args: []*Node{indices, tokens}})
	g.Add(&Node{Op: Aggregate, Args: []*Node{sel, indices}, Value: value.OfInt(0), Name: "x"})
	return g.Nodes
}

func TestPrint(t *testing.T) {
	var b strings.Builder
	require.NoError(t, Print(&b, small()[3]))
	assert.Equal(t, `%0 = indices
%1 = tokens_int
%2 = select == %0 %1
%3 = aggregate %2 %0 default 0  # x
`, b.String())
}

func TestDepths(t *testing.T) {
	nodes := small()
	depth := Depths(nodes)
	assert.Equal(t, 1, depth[nodes[3]])
	assert.Equal(t, 1, depth[nodes[2]])
	assert.Zero(t, depth[nodes[0]])
}

// TestCheck damages a graph in each way that there is.
func TestCheck(t *testing.T) {
	require.NoError(t, Check(small()[3]))
	for want, damage := range map[string]func(nodes []*Node){
		"1 operands":                     func(nodes []*Node) { nodes[3].Args = nodes[3].Args[:1] },
		"operand 0 is of the wrong kind": func(nodes []*Node) { nodes[3].Args[0] = nodes[1] },
		"operand 1 is of the wrong kind": func(nodes []*Node) { nodes[3].Args[1] = nodes[2] },
		"does not come before it":        func(nodes []*Node) { nodes[0].ID = 7 },
		"no operation":                   func(nodes []*Node) { nodes[1].Op = 200 },
		"a look-up without its table": func(nodes []*Node) {
			nodes[3].Op, nodes[3].Args = Cell, nodes[:1]
		},
	} {
		nodes := small()
		damage(nodes)
		require.ErrorContains(t, Check(nodes[3]), want)
	}
}
