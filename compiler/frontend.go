package compiler

import (
	"rasp/lang/graph"
)

// The passes up to the plan.

func (c *compilation) share() error {
	c.rewrite(share(c.rewritten))
	return nil
}

func (c *compilation) widths() error {
	c.rewrite(recogniseWidths(c.rewritten))
	if o := c.outputs[0]; o.Next != nil {
		c.scores = splitScores(o, c.roots)
		c.rewritten.roots = c.scores.roots(c.roots)
		c.roots = c.rewritten.roots
	}
	return nil
}

// findFacts asks to split an aggregate of numbers on some inputs and strings on others.
func (c *compilation) findFacts() (err error) {
	c.analysis, err = analyse(c.rewritten, c.domain)
	if n := c.analysis.mixed; n != nil && c.scores == nil {
		c.again = &request{Kind: splitTypes, Node: n}
	}
	return err
}

func (c *compilation) support() (err error) {
	if c.scores == nil {
		return nil
	}
	var doubts []doubt
	c.logits, doubts, err = support(c.analysis.facts, c.scores, c.roots)
	c.analysis.doubts = append(c.analysis.doubts, doubts...)
	return err
}

// attentionDepth is the longest chain of aggregates: select is one above what it
// compares, an aggregate as deep as its selector, and one above its values.
func attentionDepth(roots []*graph.Node) int {
	deepest := 0
	for _, d := range graph.Depths(graph.Reachable(roots...)) {
		deepest = max(deepest, d)
	}
	return deepest
}
