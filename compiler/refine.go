package compiler

// refine does what a pass asks for, to know better, before the facts are made again;
// false if that is not possible. A node is enumerated once, and replayed once: then it
// is a table, or has a third operand.
func (c *compilation) refine(r *request) bool {
	switch r.Kind {
	case splitTypes:
		c.rewrite(separate(c.rewritten, r.Node, c.analysis.table(r.Node.Args[1]).values))
	case enumerateRows:
		if c.rewritten.watched[r.Node] || !isSmall(c.domain) {
			return c.replayRounding(r)
		}
		c.rewritten.watched[r.Node] = true
	}
	c.policies = nil
	c.lowered, c.plan, c.best, c.refused, c.tried, c.work = nil, nil, candidate{}, nil, nil, 0
	return true
}

// replayRounding has an automaton find out how a mean is rounded.
func (c *compilation) replayRounding(r *request) bool {
	m, known := c.analysis.replayOf(r.Node)
	if m == nil {
		return false
	}
	c.rewrite(replayMean(c.rewritten, r.Node, m, known))
	c.policies = nil
	c.lowered, c.plan, c.best, c.refused, c.tried, c.work = nil, nil, candidate{}, nil, nil, 0
	return true
}

func (c *compilation) rewrite(p *program) { c.rewritten, c.roots = p, p.roots }
