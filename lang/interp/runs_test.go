package interp

import (
	"strings"
	"testing"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// TestLongSelectorsAreRuns: none of these takes a matrix on a long input.
func TestLongSelectorsAreRuns(t *testing.T) {
	b := &builder{}
	tokens, indices, one, zero := b.tokens(graph.Str), b.indices(), b.int(1), b.int(0)
	soFar, same := b.sel(indices, indices, value.Le), b.sel(tokens, tokens, value.Eq)
	length := b.combine(graph.Width, b.sel(one, one, value.Eq))
	opposite := b.binary(b.binary(length, value.Sub, one), value.Sub, indices)
	earlier := b.combine(graph.SelOr, b.sel(tokens, tokens, value.Lt), b.combine(graph.SelAnd, same, b.sel(indices, indices, value.Lt)))
	first := b.sel(indices, zero, value.Eq)
	sameSoFar := b.combine(graph.SelAnd, same, soFar)
	ofMine := b.combine(graph.SelAnd, b.sel(tokens, b.constant(value.OfString("f")), value.Eq), soFar)
	latest := b.combine(graph.SelAnd, ofMine, b.sel(b.combine(graph.Width, sameSoFar), b.combine(graph.Width, ofMine), value.Eq))
	for name, n := range map[string]*graph.Node{
		"all":                length,
		"so far":             b.aggregate(soFar, indices, num(0)),
		"reverse":            b.aggregate(b.sel(indices, opposite, value.Eq), tokens, num(0)),
		"a constant":         b.combine(graph.Width, b.sel(tokens, b.constant(value.OfString("q")), value.Eq)),
		"how often so far":   b.combine(graph.Width, b.combine(graph.SelAnd, same, soFar)),
		"sort":               b.combine(graph.Width, earlier),
		"after":              b.combine(graph.Width, b.combine(graph.SelNot, soFar)),
		"width, as a mean":   b.aggregate(b.combine(graph.SelOr, earlier, first), b.ternary(b.binary(indices, value.Eq, zero), one, zero), num(0)),
		"the latest":         b.aggregate(latest, indices, num(0)),
		"the first, if less": b.combine(graph.Any, b.combine(graph.SelAnd, b.sel(tokens, tokens, value.Lt), first)),
	} {
		e := New(false, n)
		if err := e.Run(sequence(strings.Repeat("thequickbrownfox", 32))); err != nil || e.bytes != 0 {
			t.Errorf("%s: %g bytes of matrices, fault %v", name, e.bytes, err)
		}
	}
}
