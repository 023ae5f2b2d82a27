package compiler

import (
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// selectorOf reads the formula under n, once.
func (a *analysis) selectorOf(n *graph.Node) (*selector, error) {
	s := a.selectors[n]
	if s == nil {
		var err error
		if s, err = a.readSelector(n); err != nil {
			s = &selector{err: err}
		} else {
			s.parts = s.best()
		}
		a.selectors[n] = s
	}
	return s, s.err
}

func (a *analysis) readSelector(n *graph.Node) (*selector, error) {
	b := &selectorBuilder{analysis: a, index: map[*graph.Node]*formula{}}
	root := b.formula(n)
	if len(b.atoms) > 63 {
		return nil, diag.Errorf(n.Span, diag.Limit, "%s combines %d comparisons, the limit is 63", graph.Describe(n), len(b.atoms)).
			WithHint("build it in steps")
	}
	s := &selector{root: root}
	pairs := map[[2]*variable][]int{}
	var order [][2]*variable
	for i, at := range b.atoms {
		for _, arg := range at.Args {
			if a.table(arg).unbounded {
				return nil, a.undecidable(arg)
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

// maxTable is the largest truth table of a group.
const maxTable = 1 << 23

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
			graph.Describe(n), len(g.key.size), len(g.query.size)).WithHint("use a shorter #rasp:length or a smaller #rasp:vocab")
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
	kv, qv := a.table(n.Args[0]).values, a.table(n.Args[1]).values
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
