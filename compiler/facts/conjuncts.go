package facts

import (
	"slices"

	"rasp/compiler/construct"
	"rasp/lang/graph"
)

// Selector is a selector split up: a formula over groups of atoms, and what heads can do.
type Selector struct {
	Root      *Formula
	Atoms     []*graph.Node // the comparisons, by number
	Groups    []*Group
	Conjuncts []*Conjunct
	Pick      Pick  // Every: what the formula says; else one of these keys, and one conjunct at most
	Err       error // why it is not split up; then the rest is empty
}

// Condition is a table of which keys a query allows, by classes.
type Condition struct {
	Key, Query Side
	Allowed    [][]int8  // [query class][key class]: 1, 0, or none where they cannot meet
	Equal      *Equality // in the place of Allowed, where that would be too large
}

// At is whether a query allows a key, by class, none where they cannot meet.
func (c *Condition) At(q, k int32) int8 {
	switch {
	case c.Equal == nil:
		return c.Allowed[q][k]
	case c.Equal.Query[q] == c.Equal.Key[k]:
		return 1
	}
	return 0
}

// Conjunct is a conjunction of conditions; those of a selector are disjoint. One
// head can select what a part selects.
type Conjunct struct {
	Conditions []*Condition
	Pick       Pick
	Text       string // for labels
}

// Pick says which of the keys that meet all conditions are selected.
type Pick int8

const (
	Every    Pick = iota
	Latest        // the one at the largest position
	Earliest      // the one at the least position
)

func (p Pick) String() string { return [...]string{"every", "the latest", "the earliest"}[p] }

// Best splits the selector into disjoint conjunctions: as few as some order of
// its groups gives, then with as few dimensions. No part means that nothing is
// ever selected, a part without conditions that everything is.
func (s *Selector) Best() []*Conjunct {
	root := s.Root.Given(0, 0)
	if len(s.Groups) < 2 || len(s.Groups) > 5 {
		return split(root, s.Groups)
	}
	var best []*Conjunct
	cost, measured := 0, sizes{}
	permute(s.Groups, func(groups []*Group) {
		p := split(root, groups)
		if best != nil && len(p) > len(best) {
			return
		}
		if c := measured.dimensions(p); best == nil || len(p) < len(best) || c < cost {
			best, cost = p, c
		}
	})
	return best
}

// sizes are the dimensions that tables need. Other orders of the groups often have the same
// tables.
type sizes []struct {
	table construct.Table
	size  int
}

// of a table, which is measured once.
func (s *sizes) of(t construct.Table) int {
	for _, x := range *s {
		if slices.EqualFunc(x.table, t, slices.Equal) {
			return x.size
		}
	}
	size := construct.Dimensions(t)
	*s = append(*s, struct {
		table construct.Table
		size  int
	}{t, size})
	return size
}

// dimensions is how many dimensions the heads of the parts need.
func (s *sizes) dimensions(parts []*Conjunct) int {
	total := 0
	for _, p := range parts {
		for _, c := range p.Conditions {
			if c.Equal != nil {
				total += construct.DigitDims
				continue
			}
			total += s.of(c.Allowed)
		}
	}
	return total
}

func permute(groups []*Group, f func([]*Group)) {
	var rec func(k int)
	rec = func(k int) {
		if k == len(groups) {
			f(groups)
			return
		}
		for i := k; i < len(groups); i++ {
			groups[k], groups[i] = groups[i], groups[k]
			rec(k + 1)
			groups[k], groups[i] = groups[i], groups[k]
		}
	}
	groups = slices.Clone(groups)
	rec(0)
}

func split(f *Formula, groups []*Group) []*Conjunct {
	switch f.Op {
	case False:
		return []*Conjunct{}
	case True:
		return []*Conjunct{{}}
	}
	g := groups[0]
	residuals := g.Residuals(f)
	if g.Equal != nil {
		c := &Condition{Key: g.Key, Query: g.Query, Equal: g.Equal}
		parts := []*Conjunct{}
		for _, rest := range split(residuals[g.Atoms], groups[1:]) {
			parts = append(parts, &Conjunct{Conditions: append([]*Condition{c}, rest.Conditions...)})
		}
		return parts
	}
	var order []*Formula
	for h := range g.distinct {
		if r := residuals[h]; r != nil && r.Op != False && !slices.Contains(order, r) {
			order = append(order, r)
		}
	}
	parts := []*Conjunct{}
	for _, r := range order {
		c := g.where(residuals, r)
		for _, rest := range split(r, groups[1:]) {
			if c.always() {
				parts = append(parts, rest)
			} else {
				parts = append(parts, &Conjunct{Conditions: append([]*Condition{c}, rest.Conditions...)})
			}
		}
	}
	return parts
}

// Residuals are the formulas that remain of f once the atoms of g are decided,
// by which atoms hold; equal formulas are the same pointer.
func (g *Group) Residuals(f *Formula) map[uint64]*Formula {
	byHolds, all := map[uint64]*Formula{}, Formulas{}
	if g.Equal != nil {
		for _, h := range []uint64{0, g.Atoms} {
			byHolds[h] = all.given(f, g.Atoms, h, map[*Formula]*Formula{})
		}
	}
	for h := range g.distinct {
		if h != Never && byHolds[h] == nil {
			byHolds[h] = all.given(f, g.Atoms, h, map[*Formula]*Formula{})
		}
	}
	return byHolds
}

// distinct are the sets of atoms that hold for some classes, in the order in which they first
// come; one that is also that of a neighbour does not come again for that.
func (g *Group) distinct(yield func(h uint64) bool) {
	for q, row := range g.Holds {
		for k, h := range row {
			if k > 0 && h == row[k-1] || q > 0 && h == g.Holds[q-1][k] {
				continue // neighbours that hold the same are most of them
			}
			if !yield(h) {
				return
			}
		}
	}
}

// where is the condition that the formula r remains.
func (g *Group) where(residuals map[uint64]*Formula, r *Formula) *Condition {
	c := &Condition{Key: g.Key, Query: g.Query, Allowed: make([][]int8, len(g.Holds))}
	for q, row := range g.Holds {
		c.Allowed[q] = make([]int8, len(row))
		for k, h := range row {
			switch {
			case k > 0 && h == row[k-1]:
				c.Allowed[q][k] = c.Allowed[q][k-1]
			case h == Never:
				c.Allowed[q][k] = None
			case residuals[h] == r:
				c.Allowed[q][k] = 1
			}
		}
	}
	return c
}

func (c *Condition) always() bool {
	for _, row := range c.Allowed {
		if slices.Contains(row, 0) {
			return false
		}
	}
	return true
}

// Excludes reports that no key passes a filter that another condition allows.
func (filter *Condition) Excludes(c *Condition) bool {
	if c.Key.Variable != filter.Key.Variable || c.Key.Variable == nil || c.Equal != nil {
		return false
	}
	for state, f := range filter.Key.Class {
		k := c.Key.Class[state]
		if f == None || k == None || filter.Allowed[0][f] != 1 {
			continue
		}
		if slices.ContainsFunc(c.Allowed, func(row []int8) bool { return row[k] == 1 }) {
			return false
		}
	}
	return true
}
