package analysis

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// selectorOf reads the formula under n, once.
func (a *Analysis) selectorOf(n *graph.Node) (*facts.Selector, error) {
	s := a.Selectors[n]
	if s == nil {
		var err error
		if s, err = a.splitSelector(n); err != nil {
			s = &facts.Selector{Err: err}
		}
		a.Selectors[n] = s
	}
	return s, s.Err
}

// splitSelector splits what a selector selects into conjunctions, or what it picks from.
func (a *Analysis) splitSelector(n *graph.Node) (*facts.Selector, error) {
	if match, pick := a.picked(n); pick != facts.Every {
		s, err := a.readSelector(n, match...)
		if err != nil {
			return nil, err
		}
		if s.Conjuncts = s.Best(); len(s.Conjuncts) <= 1 {
			s.Pick = pick
			for _, c := range s.Conjuncts {
				c.Pick = pick
			}
			return s, nil
		}
	}
	s, err := a.readSelector(n, n)
	if err != nil {
		return nil, err
	}
	s.Conjuncts = s.Best()
	return s, nil
}

// readSelector is the conjunction of selectors, for n.
func (a *Analysis) readSelector(n *graph.Node, all ...*graph.Node) (*facts.Selector, error) {
	b := &selectorBuilder{Analysis: a, index: map[*graph.Node]*facts.Formula{}}
	root := b.formula(all[0])
	for _, c := range all[1:] {
		root = &facts.Formula{Op: facts.And, Args: []*facts.Formula{root, b.formula(c)}}
	}
	if len(b.atoms) > 63 {
		return nil, diag.Errorf(n.Span, diag.Limit, "%s combines %d comparisons, the limit is 63", graph.Describe(n), len(b.atoms)).
			WithHint("build it in steps")
	}
	s := &facts.Selector{Root: root, Atoms: b.atoms}
	pairs := map[[2]*facts.Variable][]int{}
	var order [][2]*facts.Variable
	for i, at := range b.atoms {
		for _, arg := range at.Args {
			if a.Table(arg).Unbounded {
				return nil, a.undecidable(arg)
			}
		}
		pair := [2]*facts.Variable{a.Source(at.Args[0]), a.Source(at.Args[1])}
		if pairs[pair] == nil {
			order = append(order, pair)
		}
		pairs[pair] = append(pairs[pair], i)
	}
	for _, pair := range order {
		g, err := a.group(pair[0], pair[1], pairs[pair], b.atoms, root)
		if err != nil {
			return nil, err
		}
		s.Groups = append(s.Groups, g)
	}
	return s, nil
}

type selectorBuilder struct {
	*Analysis
	index map[*graph.Node]*facts.Formula
	atoms []*graph.Node
}

func (b *selectorBuilder) formula(n *graph.Node) *facts.Formula {
	if f := b.index[n]; f != nil {
		return f
	}
	if n.Op == graph.SelOnly {
		return b.formula(n.Args[0])
	}
	f := &facts.Formula{}
	switch n.Op {
	case graph.Select:
		if holds, settled := b.settled(n); settled {
			f.Op = facts.False
			if holds {
				f.Op = facts.True
			}
			break
		}
		f.Op, f.Atom = facts.Atom, len(b.atoms)
		b.atoms = append(b.atoms, n)
	case graph.SelNot:
		f.Op, f.Args = facts.Not, []*facts.Formula{b.formula(n.Args[0])}
	case graph.SelAnd, graph.SelOr:
		f.Op, f.Args = facts.And, []*facts.Formula{b.formula(n.Args[0]), b.formula(n.Args[1])}
		if n.Op == graph.SelOr {
			f.Op = facts.Or
		}
	}
	b.index[n] = f
	return f
}

// MaxTable is the largest truth table of a group.
const MaxTable = 1 << 24

// group tabulates which atoms of a formula hold for each pair of classes, or has the numbers
// that must be equal if there are many.
func (a *Analysis) group(key, query *facts.Variable, atoms []int, nodes []*graph.Node, root *facts.Formula) (*facts.Group, error) {
	keys, queries := make([][]int32, len(atoms)), make([][]int32, len(atoms))
	g := &facts.Group{}
	for i, at := range atoms {
		g.Atoms |= 1 << at
		keys[i], queries[i] = a.IdsBySource(nodes[at].Args[0]), a.IdsBySource(nodes[at].Args[1])
	}
	g.Key, g.Query = facts.Classify(key, keys), facts.Classify(query, queries)
	if len(atoms) == 1 && root.IsAnd() {
		g.Equal = a.equality(nodes[atoms[0]], g)
	}
	if g.Equal != nil {
		return g, nil
	}
	if g.Pairs() > MaxTable {
		n := nodes[atoms[0]]
		return nil, diag.Errorf(n.Span, diag.Limit, "%s compares %d values with %d values, more than the compiler can tabulate",
			graph.Describe(n), len(g.Key.Size), len(g.Query.Size)).WithHint("use a shorter #rasp:length or a smaller #rasp:vocab")
	}
	g.Holds = make([][]uint64, len(g.Query.Size))
	for q := range g.Holds {
		g.Holds[q] = make([]uint64, len(g.Key.Size))
		for k := range g.Holds[q] {
			if a.hidden(g, q, k) {
				g.Holds[q][k] = facts.Never
			}
		}
	}
	for i, at := range atoms {
		a.tabulateAtom(g, at, nodes[at], keys[i], queries[i])
	}
	return g, nil
}

// manyPairs is from how many pairs of classes on equality is known by numbers, and not by a
// table of them, which gives codes.
const manyPairs = 1 << 22

// equality of a number of the key's position, another one at each, with one of the query's,
// whose digits stand in the embedding; nil if it is something else, or a small table.
func (a *Analysis) equality(n *graph.Node, g *facts.Group) *facts.Equality {
	if n.Fn != value.Eq || g.Key.Variable != a.Position || g.Query.Variable != a.Position || g.Pairs() < manyPairs {
		return nil
	}
	key, query := a.wholes(n.Args[0], g.Key), a.wholes(n.Args[1], g.Query)
	if key == nil || query == nil || slices.Max(g.Key.Size) > 1 || !construct.AreDigits(key, query) {
		return nil
	}
	return &facts.Equality{Key: key, Query: query}
}

// wholes are the values of an s-op by class; nil if they are no whole numbers.
func (a *Analysis) wholes(n *graph.Node, s facts.Side) []float64 {
	list, ids, values := make([]float64, len(s.Example)), a.IdsBySource(n), a.Table(n).Values
	for c, state := range s.Example {
		v := values[ids[state]]
		x := v.Float64()
		if !v.IsNumber() || x != math.Trunc(x) || math.Abs(x) > 1<<53 {
			return nil
		}
		list[c] = x
	}
	return list
}

// hidden reports whether a causal query cannot see the key: it stands later.
func (a *Analysis) hidden(g *facts.Group, q, k int) bool {
	return a.Domain.Causal && g.Key.Variable == a.Position && g.Query.Variable == a.Position &&
		g.Key.Size[k] == 1 && g.Query.Size[q] == 1 && g.Key.Example[k] > g.Query.Example[q]
}

func (a *Analysis) tabulateAtom(g *facts.Group, at int, n *graph.Node, keys, queries []int32) {
	kv, qv := a.Table(n.Args[0]).Values, a.Table(n.Args[1]).Values
	for q, qs := range g.Query.Example {
		for k, ks := range g.Key.Example {
			if g.Holds[q][k] == facts.Never {
				continue
			}
			ok, err := facts.Compare(n.Fn, kv[keys[ks]], qv[queries[qs]])
			switch {
			case err != nil:
				a.doubt(n, err.Error())
				g.Holds[q][k] = facts.Never
			case ok:
				g.Holds[q][k] |= 1 << at
			}
		}
	}
}
