package compiler

import (
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// selector is a selector split up.
type selector struct {
	root   *formula
	groups []*group
	parts  []*part // see split
	err    error   // why it is not; then the rest is empty
}

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
		return nil, diag.Errorf(n.Span, diag.Limit, "%s combines %d comparisons, the limit is 63", describe(n), len(b.atoms)).
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
