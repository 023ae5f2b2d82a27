package compiler

import (
	"fmt"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
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
