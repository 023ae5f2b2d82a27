package interp

import (
	"testing"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// TestSteady: what inputs of one length have in common is kept between runs, and an evaluator
// that has run on others before gives what a new one does: after other lengths, after a run
// that failed, and with or without values that are fixed.
func TestSteady(t *testing.T) {
	b := &builder{}
	indices, tokens, one := b.indices(), b.tokens(graph.Str), b.int(1)
	soFar := b.sel(indices, indices, value.Le)
	width := b.combine(graph.Width, soFar)
	shifted := b.aggregate(b.sel(indices, b.binary(indices, value.Sub, one), value.Eq), tokens, value.OfString("?"))
	fails := b.binary(one, value.Div, b.combine(graph.Width, b.sel(tokens, b.constant(value.OfString("a")), value.Eq)))
	opposite := b.binary(b.binary(b.combine(graph.Width, b.sel(one, one, value.Eq)), value.Sub, one), value.Sub, indices)
	roots := []*graph.Node{fails, width, shifted, opposite, b.combine(graph.SelAnd, soFar, b.sel(tokens, tokens, value.Eq))}

	e := New(false, roots...)
	fixed := map[*graph.Node]map[int]value.Value{indices: {0: num(2)}}
	for i, input := range []string{"abca", "bcaa", "bb", "bbbb", "aaab", "abab", "aab", "a", "aaaa", "aabb", "abcc"} {
		fresh := New(false, roots...)
		e.Fixed = nil
		if i%3 == 2 {
			e.Fixed = fixed
		}
		fresh.Fixed = e.Fixed
		err, want := e.Run(sequence(input)), fresh.Run(sequence(input))
		if (err == nil) != (want == nil) {
			t.Fatalf("%s: %v, want %v", input, err, want)
		}
		if err != nil {
			continue
		}
		if e.bytes != fresh.bytes {
			t.Errorf("%s: %g bytes of matrices, want %g", input, e.bytes, fresh.bytes)
		}
		for _, n := range roots {
			if n.IsSelector() {
				for r, row := range fresh.Matrix(n) {
					for c := range row {
						if e.Matrix(n)[r][c] != row[c] {
							t.Errorf("%s: row %d, column %d", input, r, c)
						}
					}
				}
			} else if got, want := value.FormatSequence(e.Sequence(n)), value.FormatSequence(fresh.Sequence(n)); got != want {
				t.Errorf("%s: %s, want %s", input, got, want)
			}
		}
	}
}
