package analysis

import (
	"fmt"
	"strings"

	"rasp/compiler/facts"
	"rasp/compiler/sums"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Messages for value sets that exceed their budget: what is too large, of which
// sets, how large they are, and what would make them smaller.

// tooManyCombinations refuses a table over the joint states of a space.
func tooManyCombinations(n *graph.Node, s *facts.Space) *diag.Diagnostic {
	var factors []string
	change := "a shorter #rasp:length"
	for _, v := range s.Free {
		factors = append(factors, fmt.Sprintf("%d of %s", v.Size, v.Describe()))
		if v.Source == facts.Token || v.Node != nil {
			change = "a shorter #rasp:length or a smaller #rasp:vocab"
		}
	}
	return diag.Errorf(n.Span, diag.Limit, "%s depends on too many combinations of values: %s; the limit is %d",
		graph.Describe(n), strings.Join(factors, " x "), facts.MaxCells).
		WithHint("use %s, or compute it in smaller steps", change)
}

// undecidable refuses to do more with a mean than to add, scale and show it.
func (a *Analysis) undecidable(n *graph.Node) *diag.Diagnostic {
	m := a.unboundedMean(n)
	if refusal := a.refusals[m]; refusal != nil {
		return refusal
	}
	if mean, width := factors(n); mean == m && !a.deferred[n] && a.isWidthOf(width, mean.Args[0]) {
		return diag.Errorf(n.Span, diag.Limit, "%s is a sum as float64 rounds it, of as many as %d of %d numbers: too many values to decide it exactly",
			graph.Describe(n), a.Domain.Length, len(a.Table(m.Args[1]).Values)).
			WithHint("write round(%s), which is the sum itself if the numbers are ints", graph.Describe(n))
	}
	if a.tiesAreRounded(n) {
		return diag.Errorf(n.Span, diag.Limit, "%s depends on how float64 rounds, where what it compares is the same fraction, and that can take too many values to list",
			graph.Describe(n)).WithHint("compare sums, as round(average(x) * length), or one mean of the difference with 0")
	}
	for _, v := range a.Table(m.Args[1]).Values {
		if !sums.Adds(v) {
			return diag.Errorf(n.Span, diag.Limit, "%s depends on a mean that cannot be decided exactly: %s in line %d averages %s, and sums are known exactly of numbers up to 2^53",
				graph.Describe(n), graph.Describe(m), m.Span.Line(), value.Describe(v)).
				WithHint("average smaller numbers; a mean of any size can be added, scaled and shown")
		}
	}
	return diag.Errorf(n.Span, diag.Limit, "%s depends on a mean that can take too many values to decide it exactly: %s in line %d adds up as many as %d of %d numbers, and the limit is %d sums",
		graph.Describe(n), graph.Describe(m), m.Span.Line(), a.Domain.Length, len(a.Table(m.Args[1]).Values), facts.MaxStates).
		WithHint("use a shorter #rasp:length or average fewer different numbers; a mean of any size can be added, scaled and shown")
}

// unboundedMean is the first mean below n, or linear form, with too many values,
// itself of numbers that can be listed.
func (a *Analysis) unboundedMean(n *graph.Node) *graph.Node {
	for _, arg := range n.Args {
		if r := a.Table(arg); r != nil && r.Unbounded {
			return a.unboundedMean(arg)
		}
	}
	return n
}
