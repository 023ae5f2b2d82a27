package compiler

import (
	"rasp/compiler/analysis"
	"rasp/compiler/facts"
	"rasp/compiler/logits"
	"rasp/compiler/observe"
	"rasp/compiler/rewrite"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// The passes up to the plan.

func (c *compilation) share() error {
	c.rewrite(rewrite.Share(c.rewritten))
	return nil
}

func (c *compilation) widths() error {
	c.rewrite(rewrite.Widths(c.rewritten))
	if o := c.outputs[0]; o.Next != nil {
		c.scores = logits.Split(o, c.roots)
		c.rewritten.Roots, c.rewritten.Predicts = c.scores.SOps(c.roots), true
		c.roots = c.rewritten.Roots
	}
	return nil
}

// findFacts asks to split an aggregate of numbers on some inputs and strings on others.
func (c *compilation) findFacts() (err error) {
	if n := len(graph.Reachable(c.roots...)); n > maxNodes {
		return diag.Errorf(c.where(), diag.Limit, "%s consists of %d s-ops and selectors, and a model is made of %d at most", c.outputs[0].Name, n, maxNodes).
			WithHint("the interpreter runs it; a model for part of it can be compiled with --output")
	}
	c.analysis, err = analysis.Of(c.rewritten, c.domain)
	if n := c.analysis.Mixed; n != nil && c.scores == nil {
		c.again = &rewrite.Request{Kind: rewrite.Split, Node: n}
	}
	return err
}

func (c *compilation) support() (err error) {
	if c.scores == nil {
		return nil
	}
	var doubts []facts.Doubt
	c.logits, doubts, err = logits.Support(c.analysis.Facts, c.scores, c.roots)
	c.analysis.Doubts = append(c.analysis.Doubts, doubts...)
	return err
}

// observe holds the facts against the interpreter, on inputs that they are most likely
// wrong on. A fact that does not hold is a fault of the compiler, and there is no model.
func (c *compilation) observe() (err error) {
	c.observed, err = observe.Facts(c.analysis.Facts, c.roots)
	if err != nil {
		return c.internal("a fact that the compiler found does not hold, so there is no model; this is a fault of the compiler, not of the program (%v)", err)
	}
	return nil
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
