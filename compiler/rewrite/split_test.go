package rewrite

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
	"rasp/compiler/sums"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// TestSplitTypes: an aggregate of "s" and of positions becomes one of strings and a mean.
func TestSplitTypes(t *testing.T) {
	p := Share(programOf(t, small+`x = aggregate(select(tokens, tokens, ==), ("s" if tokens == "a" else indices));`))
	n := p.Roots[0]
	require.Equal(t, graph.Aggregate, n.Op)
	after := SplitTypes(p, n, []value.Value{value.OfInt(0), value.OfInt(1), value.OfString("s")})
	require.NoError(t, graph.Check(after.Roots...))
	assert.Equal(t, `
%0 = tokens_str  # tokens
%1 = select == %0 %0
%2 = "a"
%3 = == %0 %2
%4 = "s"
%5 = indices  # indices
%6 = if %3 %4 %5
%7 = in %6 "s"
%8 = true
%9 = select == %7 %8
%10 = and %1 %9
%11 = ""
%12 = if %7 %6 %11
%13 = aggregate %10 %12 default "s?"
%14 = "s?"
%15 = == %13 %14
%16 = 0
%17 = if %7 %16 %6
%18 = aggregate %1 %17 default 0
%19 = if %15 %18 %13  # x
`, "\n"+printed(after.Roots))
}

// TestReplayMean: a mean gets a third operand, the state of an automaton that has read,
// position by position, what the row selects there.
func TestReplayMean(t *testing.T) {
	p := Share(programOf(t, "#rasp:vocab [0.5, 2.0]\n#rasp:length 2\nx = aggregate(select(indices, indices, <=), tokens_float);"))
	m := &sums.Automaton{Symbols: []value.Value{value.OfFloat(0.5), value.OfFloat(2)}, Next: [][]int32{
		{0, 1, 0},          // after nothing, 0.5 and 2.0 at position 0
		{0, 0, 1, 1, 1, 1}, // from state 0, from state 1
	}}
	after := ReplayMean(p, p.Roots[0], m, &facts.Replay{})
	require.NoError(t, graph.Check(after.Roots...))
	assert.Equal(t, `
%0 = indices  # indices
%1 = select <= %0 %0
%2 = tokens_float  # tokens_float
%3 = 0
%4 = select == %0 %3
%5 = and %1 %4
%6 = aggregate %5 %2 default 3
%7 = row %3 %6 of 1
%8 = cell %7 0: 1 default 0
%9 = 1
%10 = select == %0 %9
%11 = and %1 %10
%12 = aggregate %11 %2 default 3
%13 = row %8 %12 of 2
%14 = cell %13 0: 0 1: 0 default 1
%15 = aggregate %1 %2 %14 default 0  # x
`, "\n"+printed(after.Roots))
	assert.NotNil(t, after.Replays[after.Roots[0]])
	assert.Len(t, after.States, 2)
}

// TestARewrittenProgramKeepsItsNotes: what was found out about a node is said of its copy.
func TestARewrittenProgramKeepsItsNotes(t *testing.T) {
	p := Share(programOf(t, small+"x = average(indicator(tokens == \"a\"));"))
	p.Enumerated[p.Roots[0]] = true
	after := Widths(p)
	assert.NotSame(t, p.Roots[0], after.Roots[0])
	assert.True(t, after.Enumerated[after.Roots[0]])
}
