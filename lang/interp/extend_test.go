package interp

import (
	"testing"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// TestExtend: nodes that come later have the values that Run gives them, and
// one that fails leaves no trace.
func TestExtend(t *testing.T) {
	g := &graph.Graph{}
	tokens := g.Add(&graph.Node{Op: graph.Tokens, Base: graph.AsIs})
	one := g.Add(&graph.Node{Op: graph.Const, Value: value.OfInt(1)})
	sum := g.Add(&graph.Node{Op: graph.Binary, Fn: value.Add, Args: []*graph.Node{tokens, one}})
	quotient := g.Add(&graph.Node{Op: graph.Binary, Fn: value.Div, Args: []*graph.Node{one, tokens}})
	same := g.Add(&graph.Node{Op: graph.Select, Fn: value.Eq, Args: []*graph.Node{quotient, sum}})
	equal := g.Add(&graph.Node{Op: graph.Select, Fn: value.Eq, Args: []*graph.Node{sum, tokens}})

	input := []value.Value{value.OfInt(0), value.OfInt(1)}
	e := New(false)
	if err := e.Run(input); err != nil {
		t.Fatal(err)
	}
	if err := e.Extend(input, sum); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := e.Extend(input, same); err == nil || e.Matrix(same) != nil || e.Sequence(quotient) != nil || e.bytes != 0 {
			t.Fatalf("1/0 leaves %v, %v, %g bytes, fault %v", e.Matrix(same), e.Sequence(quotient), e.bytes, err)
		}
	}
	if err := e.Extend(input, equal); err != nil {
		t.Fatal(err)
	}
	all := New(false, equal)
	if err := all.Run(input); err != nil {
		t.Fatal(err)
	}
	for i, v := range all.Sequence(sum) {
		if e.Sequence(sum)[i] != v {
			t.Errorf("sum[%d] = %v, want %v", i, e.Sequence(sum)[i], v)
		}
	}
	for i, row := range all.Matrix(equal) {
		for j, selected := range row {
			if e.Matrix(equal)[i][j] != selected {
				t.Errorf("equal[%d][%d] = %t", i, j, !selected)
			}
		}
	}
}
