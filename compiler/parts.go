package compiler

import (
	"slices"

	"rasp/compiler/construct"
)

// selector is a selector split up: a formula over groups of atoms, and what heads can do.
type selector struct {
	root   *formula
	groups []*group
	parts  []*part
	err    error // why it is not split up; then the rest is empty
}

// condition is a table of which keys a query allows, by classes.
type condition struct {
	key, query side
	allowed    [][]int8 // [query class][key class]: 1, 0, or none where they cannot meet
}

// part is a conjunction of conditions; the parts of a selector are disjoint. One
// head can select what a part selects.
type part struct {
	conditions []*condition
	text       string // for labels
}

// best splits the selector into disjoint conjunctions: as few as some order of
// its groups gives, then with as few dimensions. No part means that nothing is
// ever selected, a part without conditions that everything is.
func (s *selector) best() []*part {
	root := s.root.given(0, 0)
	if len(s.groups) < 2 || len(s.groups) > 5 {
		return split(root, s.groups)
	}
	var best []*part
	cost := 0
	permute(s.groups, func(groups []*group) {
		p := split(root, groups)
		if best != nil && len(p) > len(best) {
			return
		}
		if c := dimensions(p); best == nil || len(p) < len(best) || c < cost {
			best, cost = p, c
		}
	})
	return best
}

// dimensions is how many dimensions the heads of the parts need.
func dimensions(parts []*part) int {
	total := 0
	for _, p := range parts {
		for _, c := range p.conditions {
			total += construct.Dimensions(c.allowed)
		}
	}
	return total
}

func permute(groups []*group, f func([]*group)) {
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

func split(f *formula, groups []*group) []*part {
	switch f.op {
	case isFalse:
		return []*part{}
	case isTrue:
		return []*part{{}}
	}
	g := groups[0]
	residuals := g.residuals(f)
	var order []*formula
	for _, row := range g.holds {
		for _, h := range row {
			if r := residuals[h]; r != nil && r.op != isFalse && !slices.Contains(order, r) {
				order = append(order, r)
			}
		}
	}
	parts := []*part{}
	for _, r := range order {
		c := g.where(residuals, r)
		for _, rest := range split(r, groups[1:]) {
			if c.always() {
				parts = append(parts, rest)
			} else {
				parts = append(parts, &part{conditions: append([]*condition{c}, rest.conditions...)})
			}
		}
	}
	return parts
}

// residuals are the formulas that remain of f once the atoms of g are decided,
// by which atoms hold; equal formulas are the same pointer.
func (g *group) residuals(f *formula) map[uint64]*formula {
	byHolds, byKey := map[uint64]*formula{}, map[string]*formula{}
	for _, row := range g.holds {
		for _, h := range row {
			if h == never || byHolds[h] != nil {
				continue
			}
			r := f.given(g.atoms, h)
			if old := byKey[r.key()]; old != nil {
				r = old
			}
			byKey[r.key()] = r
			byHolds[h] = r
		}
	}
	return byHolds
}

// where is the condition that the formula r remains.
func (g *group) where(residuals map[uint64]*formula, r *formula) *condition {
	c := &condition{key: g.key, query: g.query, allowed: make([][]int8, len(g.holds))}
	for q, row := range g.holds {
		c.allowed[q] = make([]int8, len(row))
		for k, h := range row {
			switch {
			case h == never:
				c.allowed[q][k] = none
			case residuals[h] == r:
				c.allowed[q][k] = 1
			}
		}
	}
	return c
}

func (c *condition) always() bool {
	for _, row := range c.allowed {
		if slices.Contains(row, 0) {
			return false
		}
	}
	return true
}

// excludes reports that no key passes a filter that another condition allows.
func (filter *condition) excludes(c *condition) bool {
	if c.key.variable != filter.key.variable || c.key.variable == nil {
		return false
	}
	for state, f := range filter.key.class {
		k := c.key.class[state]
		if f == none || k == none || filter.allowed[0][f] != 1 {
			continue
		}
		if slices.ContainsFunc(c.allowed, func(row []int8) bool { return row[k] == 1 }) {
			return false
		}
	}
	return true
}
