package interp

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// alike runs a graph on inputs, one after the other, by codes and node by node, and reports
// on how many the first had results: they must be the same, and there must be none where
// the program fails.
func alike(t *testing.T, nodes []*graph.Node, causal bool, inputs [][]value.Value) (results int) {
	t.Helper()
	c, e := NewCoded(causal, nodes...), New(causal, nodes...)
	for k, input := range inputs {
		ok, err := c.Run(input), e.Run(input)
		if !ok {
			continue
		}
		if results++; err != nil {
			t.Fatalf("input %d, %v: there is a result, want %v", k, input, err)
		}
		for _, n := range nodes {
			if !slices.Equal(c.Sequence(n), e.Sequence(n)) {
				t.Fatalf("input %d, %v: node %d: %v, want %v", k, input, n.ID, c.Sequence(n), e.Sequence(n))
			}
		}
	}
	return results
}

// TestCodedAgrees: random graphs give on many inputs what they give by themselves: inputs
// that have a beginning in common with the one before, shorter and longer ones, some that
// fail in between.
func TestCodedAgrees(t *testing.T) {
	const graphs = 1500
	inputs, results := 0, 0
	for seed := range uint64(graphs) {
		r := rand.New(rand.NewPCG(seed, 11))
		causal := r.IntN(2) == 0
		b, _, _ := grow(r, newNaive(randomInput(r, 1+r.IntN(6)), causal))
		vocab := randomInput(r, 3)
		input := []value.Value{vocab[0]}
		var list [][]value.Value
		for range 60 {
			switch keep := r.IntN(len(input) + 1); {
			case r.IntN(10) == 0:
				input = randomInput(r, 1+r.IntN(70))
			default:
				input = slices.Clone(input[:keep])
				for range 1 + r.IntN(3) {
					input = append(input, vocab[r.IntN(3)])
				}
			}
			list = append(list, input)
		}
		inputs, results = inputs+len(list), results+alike(t, b.Nodes, causal, list)
	}
	if results < inputs/4 {
		t.Errorf("of %d inputs %d had results", inputs, results)
	}
}

// TestCodedMeans: whether there is a mean depends on all values, those of later positions
// too, and a sum that would have to be rounded as ints are is left to the evaluator.
func TestCodedMeans(t *testing.T) {
	b := &builder{}
	tokens, indices := b.tokens(graph.AsIs), b.indices()
	mean := b.aggregate(b.sel(indices, indices, value.Le), tokens, num(0))
	yes, one, large := value.OfBool(true), num(1), value.OfInt(math.MaxInt64/2)
	inputs := [][]value.Value{{yes, yes, one}, {yes, yes, yes}, {yes, yes, one, one}, {one, large}, {one, one}, {yes}, {value.OfString("a")}, {value.OfString("a"), value.OfString("b")}}
	for _, causal := range []bool{false, true} {
		if got := alike(t, []*graph.Node{mean}, causal, inputs); got != 5 {
			t.Errorf("causal %v: %d have results", causal, got)
		}
	}
}

// TestCodedForgets: more atoms than are remembered are all right, and where each input has
// new ones, or most have none, codes are given up.
func TestCodedForgets(t *testing.T) {
	b := &builder{}
	tokens := b.tokens(graph.AsIs)
	nodes := []*graph.Node{b.binary(tokens, value.Mul, tokens), b.binary(b.constant(num(6)), value.Div, tokens)}
	input := func(k int) []value.Value {
		list := make([]value.Value, 8)
		for i := range list {
			list[i] = num(int64(1 + k*8 + i))
		}
		return list
	}
	var many, faulty [][]value.Value
	for k := range 3000 {
		many, faulty = append(many, input(k)), append(faulty, []value.Value{num(int64(k % 3 / 2))})
	}
	if got := alike(t, nodes, false, many); got < 600 || got == len(many) {
		t.Errorf("%d of %d have results", got, len(many))
	}
	if got := alike(t, nodes, false, faulty); got != 85 {
		t.Errorf("%d of %d have results", got, len(faulty))
	}
}
