package compiler

import (
	"rasp/compiler/analysis"
	"rasp/compiler/rewrite"
)

// refine does what a pass asks for, to know better, before the facts are made again;
// false if that is not possible. A node is enumerated once, and replayed once: then it
// is a table, or has a third operand.
func (c *compilation) refine(r *rewrite.Request) bool {
	switch r.Kind {
	case rewrite.Split:
		c.rewrite(rewrite.SplitTypes(c.rewritten, r.Node, c.analysis.Table(r.Node.Args[1]).Values))
	case rewrite.Enumerate:
		if !c.rewritten.Enumerated[r.Node] && analysis.IsSmall(c.domain) {
			c.rewritten.Enumerated[r.Node] = true
		} else if !c.replayRounding(r) {
			return false
		}
	}
	c.policies = nil
	c.lowered, c.plan, c.best, c.refused, c.tried, c.work = nil, nil, candidate{}, nil, nil, 0
	return true
}

// replayRounding has an automaton find out how a mean is rounded.
func (c *compilation) replayRounding(r *rewrite.Request) bool {
	m, known := c.analysis.ReplayOf(r.Node)
	if m == nil {
		return false
	}
	c.rewrite(rewrite.ReplayMean(c.rewritten, r.Node, m, known))
	return true
}

func (c *compilation) rewrite(p *rewrite.Program) { c.rewritten, c.roots = p, p.Roots }
