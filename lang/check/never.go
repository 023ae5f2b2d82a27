package check

import (
	"slices"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
)

// never warns of selectors of the program that select nothing on any input, such
// as s and not s. A selector is a formula of comparisons; it selects nothing if
// no outcome of these comparisons that can occur together makes it true. What
// can occur together is overestimated (relation.go, position.go), so a warning is
// always right. Of a place that makes several selectors all must be empty.
func (c *checker) never() {
	if len(c.program.Graph.Nodes) > maxNodes {
		return
	}
	s := &satisfier{ids: identify(c.program.Graph), elements: c.program.Elements, causal: c.program.File.Directives.Causal}
	empty := map[*graph.Node]bool{}
	made := map[diag.Span][]*graph.Node{}
	for _, n := range c.program.Graph.Nodes {
		if n.IsSelector() && c.selectors[n.Span] {
			made[n.Span] = append(made[n.Span], n)
			empty[n] = s.unsatisfiable(n)
		}
	}
	for span, nodes := range made {
		all := true
		for _, n := range nodes {
			all = all && empty[n] && !inherits(n, empty)
		}
		if all {
			c.warnings = append(c.warnings, c.neverSelects(span, nodes[0]))
		}
	}
}

// inherits reports whether a selector is empty because an operand is, of which
// there is a warning already, or because it was written to be: not full_s.
func inherits(n *graph.Node, empty map[*graph.Node]bool) bool {
	if n.Op == graph.SelNot {
		return n.Args[0].Op == graph.Select
	}
	return n.Op != graph.Select && slices.ContainsFunc(n.Args, func(arg *graph.Node) bool { return empty[arg] })
}

func (c *checker) neverSelects(span diag.Span, n *graph.Node) *diag.Diagnostic {
	d := diag.Warningf(span, diag.Value, "this selects nothing, whatever the input")
	if n.Op == graph.Select {
		key, query := c.program.Elements(n.Args[0]), c.program.Elements(n.Args[1])
		if (key == element.Strings) != (query == element.Strings) && (key|query)&element.Strings != 0 {
			d.WithHint("%s and %s are never equal", key, query)
		}
	}
	return d
}

const (
	maxComparisons = 20        // in a formula
	maxOutcomes    = 4_096     // of its comparisons together
	maxFormulas    = 1_000_000 // outcomes tried in a check
	maxNodes       = 200_000   // in the graph
)

// satisfier decides whether selectors can select.
type satisfier struct {
	ids      map[*graph.Node]int // equal for s-ops that are always equal
	elements func(*graph.Node) element.Set
	causal   bool
	tried    int
}

// outcomes are sets of comparisons, a bit for each, that can hold together.
type outcomes []uint32

// unsatisfiable reports whether the selector n is surely empty.
func (s *satisfier) unsatisfiable(n *graph.Node) bool {
	comparisons := comparisonsOf(n)
	if len(comparisons) == 0 || s.tried > maxFormulas {
		return false
	}
	bit := map[*graph.Node]int{}
	for i, c := range comparisons {
		bit[c] = i
	}
	together := outcomes{0}
	for _, group := range s.groups(comparisons) {
		possible := group.outcomes(s, bit)
		if len(together)*len(possible) > maxOutcomes {
			return false
		}
		var product outcomes
		for _, a := range together {
			for _, b := range possible {
				product = append(product, a|b)
			}
		}
		together = product
	}
	for _, holding := range together {
		s.tried += len(comparisons)
		if holds(n, bit, holding) {
			return false
		}
	}
	return true
}

// comparisonsOf lists the Select nodes beneath n; nil if there are too many.
func comparisonsOf(n *graph.Node) []*graph.Node {
	var list []*graph.Node
	stack := []*graph.Node{n}
	for steps := 0; len(stack) > 0; steps++ {
		if steps > 2*maxComparisons || len(list) > maxComparisons {
			return nil
		}
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if top.Op == graph.Select {
			list = append(list, top)
		} else {
			stack = append(stack, top.Args...)
		}
	}
	return list
}

// holds evaluates the formula n.
func holds(n *graph.Node, bit map[*graph.Node]int, holding uint32) bool {
	switch n.Op {
	case graph.Select:
		return holding>>bit[n]&1 != 0
	case graph.SelOnly:
		return holds(n.Args[0], bit, holding)
	case graph.SelAnd:
		return holds(n.Args[0], bit, holding) && holds(n.Args[1], bit, holding)
	case graph.SelOr:
		return holds(n.Args[0], bit, holding) || holds(n.Args[1], bit, holding)
	}
	return !holds(n.Args[0], bit, holding)
}
