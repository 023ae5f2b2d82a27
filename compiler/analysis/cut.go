package analysis

import (
	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// Where a table over all that an s-op depends on would be too large, some of its
// operands have to be taken as given. Those that are known earlier than the s-op
// itself cost no layer: their own neurons stand in an earlier MLP. So the table is
// cut there, and spans what becomes known last.

// late is the table of n over what becomes known last; nil if that too has too
// many cells.
func (a *Analysis) cutLate(n *graph.Node) *facts.Table {
	c := cut{Analysis: a, done: map[*graph.Node]*facts.Table{}}
	for _, arg := range n.Args {
		c.depth = max(c.depth, a.depth[arg])
	}
	return c.seen(n)
}

// cut is a way to see the s-ops of some depth.
type cut struct {
	*Analysis
	depth int
	done  map[*graph.Node]*facts.Table
}

// seen is the table of n over what its operands are seen as, nil if it is too
// large.
func (c *cut) seen(n *graph.Node) *facts.Table {
	rels := make([]*facts.Table, len(n.Args))
	for i, arg := range n.Args {
		if rels[i] = c.table(arg); rels[i] == nil {
			return nil
		}
	}
	s := facts.NewSpace(facts.Union(rels))
	if s.TooLarge() {
		return nil
	}
	return c.tabulate(n, s, rels)
}

// table is how n is seen: as a variable, if it is known early and a function of
// several, or if it has few values for the states that its one variable has.
func (c *cut) table(n *graph.Node) *facts.Table {
	if r, ok := c.done[n]; ok {
		return r
	}
	r, early := c.Table(n), c.Analysis.depth[n] < c.depth
	if !early && n.Elementwise() && len(r.Vars) > 1 {
		r = c.seen(n)
	}
	switch {
	case r == nil:
	case early && len(r.Vars) > 1, len(r.Vars) == 1 && 4*len(r.Values) <= r.Vars[0].Size:
		r = c.given(n)
	}
	c.done[n] = r
	return r
}
