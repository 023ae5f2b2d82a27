package compiler

import (
	"fmt"
	"slices"
	"strings"

	"rasp/compiler/construct"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// A selector is a boolean formula over atoms, comparisons of a key with a query.
// A head can add penalties for violated conditions, so it can do a conjunction;
// it can do any formula over one key variable and one query variable, because
// that is just a table of truth values. So atoms are grouped by their pair of
// variables, and the formula is split into disjoint parts, each a conjunction of
// one condition a group.

// formula is a node of a boolean formula. The zero atom index has no meaning
// for and, or, not and constants.
type formula struct {
	op   formulaOp
	atom int
	args []*formula
}

type formulaOp uint8

const (
	isFalse formulaOp = iota
	isTrue
	isAtom
	isAnd
	isOr
	isNot
)

// group is the atoms that compare the same key variable with the same query
// variable, and which of them hold for each pair of states. States that no atom
// can tell apart are one class.
type group struct {
	key, query side
	holds      [][]uint64 // [query class][key class]: bit a for atom a of the selector; never where impossible
	atoms      uint64     // the atoms of the group
}

// never marks a pair of classes that cannot meet.
const never = ^uint64(0)

// side is the key or the query side of a group.
type side struct {
	variable *variable
	class    []int32 // by state; none for states that do not occur
	size     []int   // states a class
	example  []int32 // a state of each class
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
}

// selector is a selector split up.
type selector struct {
	root   *formula
	groups []*group
}

// maxTable is the largest truth table of a group.
const maxTable = 1 << 23

// selector reads the formula under n.
func (a *analysis) selector(n *graph.Node) (*selector, error) {
	b := &selectorBuilder{analysis: a, index: map[*graph.Node]*formula{}}
	root := b.formula(n)
	if len(b.atoms) > 63 {
		return nil, diag.Errorf(n.Span, diag.Limit, "%s combines %d comparisons, the limit is 63", describe(n), len(b.atoms)).
			WithHint("build it in steps")
	}
	s := &selector{root: root}
	pairs := map[[2]*variable][]int{}
	var order [][2]*variable
	for i, at := range b.atoms {
		for _, arg := range at.Args {
			if a.relations[arg].unbounded {
				return nil, diag.Errorf(at.Span, diag.Limit, "%s is compared in a selector, but it can take too many values", describe(arg))
			}
		}
		pair := [2]*variable{a.source(at.Args[0]), a.source(at.Args[1])}
		if pairs[pair] == nil {
			order = append(order, pair)
		}
		pairs[pair] = append(pairs[pair], i)
	}
	for _, pair := range order {
		g, err := a.group(pair[0], pair[1], pairs[pair], b.atoms)
		if err != nil {
			return nil, err
		}
		s.groups = append(s.groups, g)
	}
	return s, nil
}

type selectorBuilder struct {
	*analysis
	index map[*graph.Node]*formula
	atoms []*graph.Node
}

func (b *selectorBuilder) formula(n *graph.Node) *formula {
	if f := b.index[n]; f != nil {
		return f
	}
	f := &formula{}
	switch n.Op {
	case graph.Select:
		f.op, f.atom = isAtom, len(b.atoms)
		b.atoms = append(b.atoms, n)
	case graph.SelNot:
		f.op, f.args = isNot, []*formula{b.formula(n.Args[0])}
	case graph.SelAnd, graph.SelOr:
		f.op, f.args = isAnd, []*formula{b.formula(n.Args[0]), b.formula(n.Args[1])}
		if n.Op == graph.SelOr {
			f.op = isOr
		}
	}
	b.index[n] = f
	return f
}

// source is the variable of which n is a function, n itself if it is a function
// of several, nil if it is constant.
func (a *analysis) source(n *graph.Node) *variable {
	switch r := a.relations[n]; len(r.vars) {
	case 0:
		return nil
	case 1:
		return r.vars[0]
	}
	return a.computedVariable(n)
}

// idsBySource are the values of n as a function of its source: ids into the
// values of its relation.
func (a *analysis) idsBySource(n *graph.Node) []int32 {
	r := a.relations[n]
	if len(r.vars) < 2 {
		return r.cells
	}
	ids := make([]int32, len(r.values))
	for i := range ids {
		ids[i] = int32(i)
	}
	return ids
}

// group tabulates which atoms hold for each pair of classes.
func (a *analysis) group(key, query *variable, atoms []int, nodes []*graph.Node) (*group, error) {
	keys, queries := make([][]int32, len(atoms)), make([][]int32, len(atoms))
	g := &group{}
	for i, at := range atoms {
		g.atoms |= 1 << at
		keys[i], queries[i] = a.idsBySource(nodes[at].Args[0]), a.idsBySource(nodes[at].Args[1])
	}
	g.key, g.query = classify(key, keys), classify(query, queries)
	if len(g.key.size)*len(g.query.size) > maxTable {
		n := nodes[atoms[0]]
		return nil, diag.Errorf(n.Span, diag.Limit, "%s compares %d values with %d values, more than the compiler can tabulate",
			describe(n), len(g.key.size), len(g.query.size)).WithHint("use a shorter #rasp:length or a smaller #rasp:vocab")
	}
	g.holds = make([][]uint64, len(g.query.size))
	for q := range g.holds {
		g.holds[q] = make([]uint64, len(g.key.size))
		for k := range g.holds[q] {
			if a.hidden(g, q, k) {
				g.holds[q][k] = never
			}
		}
	}
	for i, at := range atoms {
		a.tabulateAtom(g, at, nodes[at], keys[i], queries[i])
	}
	return g, nil
}

// hidden reports whether a causal query cannot see the key: it stands later.
func (a *analysis) hidden(g *group, q, k int) bool {
	return a.domain.Causal && g.key.variable == a.position && g.query.variable == a.position &&
		g.key.size[k] == 1 && g.query.size[q] == 1 && g.key.example[k] > g.query.example[q]
}

func (a *analysis) tabulateAtom(g *group, at int, n *graph.Node, keys, queries []int32) {
	kv, qv := a.relations[n.Args[0]].values, a.relations[n.Args[1]].values
	for q, qs := range g.query.example {
		for k, ks := range g.key.example {
			if g.holds[q][k] == never {
				continue
			}
			ok, err := compare(n.Fn, kv[keys[ks]], qv[queries[qs]])
			switch {
			case err != nil:
				a.doubt(n, err.Error())
				g.holds[q][k] = never
			case ok:
				g.holds[q][k] |= 1 << at
			}
		}
	}
}

func compare(fn value.Fn, key, query value.Value) (bool, error) {
	switch fn {
	case value.Eq:
		return value.Equal(key, query), nil
	case value.Ne:
		return !value.Equal(key, query), nil
	}
	v, err := value.Binary(fn, key, query)
	return err == nil && v.Truthy(), err
}

// classify puts the states with equal values in all tables into one class.
func classify(v *variable, tables [][]int32) side {
	s := side{variable: v, class: make([]int32, len(tables[0]))}
	known := map[string]int32{}
	var b strings.Builder
	for state := range s.class {
		b.Reset()
		for _, t := range tables {
			if t[state] == none {
				b.Reset()
				break
			}
			fmt.Fprintf(&b, "%d ", t[state])
		}
		if b.Len() == 0 {
			s.class[state] = none
			continue
		}
		c, ok := known[b.String()]
		if !ok {
			c = int32(len(s.size))
			known[b.String()] = c
			s.size, s.example = append(s.size, 0), append(s.example, int32(state))
		}
		s.class[state] = c
		s.size[c]++
	}
	return s
}

// given replaces the atoms of mask by their truth values and simplifies.
func (f *formula) given(mask, holds uint64) *formula {
	switch f.op {
	case isAtom:
		switch {
		case mask>>f.atom&1 == 0:
			return f
		case holds>>f.atom&1 == 1:
			return &formula{op: isTrue}
		}
		return &formula{op: isFalse}
	case isNot:
		switch x := f.args[0].given(mask, holds); x.op {
		case isTrue:
			return &formula{op: isFalse}
		case isFalse:
			return &formula{op: isTrue}
		case isNot:
			return x.args[0]
		default:
			return &formula{op: isNot, args: []*formula{x}}
		}
	case isAnd, isOr:
		absorbing, neutral := isFalse, isTrue
		if f.op == isOr {
			absorbing, neutral = isTrue, isFalse
		}
		x, y := f.args[0].given(mask, holds), f.args[1].given(mask, holds)
		switch {
		case x.op == absorbing || y.op == absorbing:
			return &formula{op: absorbing}
		case x.op == neutral:
			return y
		case y.op == neutral:
			return x
		}
		return &formula{op: f.op, args: []*formula{x, y}}
	}
	return f
}

func (f *formula) key() string {
	switch f.op {
	case isAtom:
		return fmt.Sprint(f.atom)
	case isNot:
		return "!" + f.args[0].key()
	case isAnd, isOr:
		return "(" + f.args[0].key() + string("&|"[f.op-isAnd]) + f.args[1].key() + ")"
	}
	return string("FT"[f.op])
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

// parts splits the selector into disjoint conjunctions: as few as some order of
// its groups gives, then with as few dimensions. No part means that nothing is
// ever selected, a part without conditions that everything is.
func (s *selector) parts() []*part {
	root := s.root.given(0, 0)
	if len(s.groups) > 5 {
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
				parts = append(parts, &part{append([]*condition{c}, rest.conditions...)})
			}
		}
	}
	return parts
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
