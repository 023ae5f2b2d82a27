package analysis

import (
	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// strictOrder reports whether the selector, read as "key comes before query",
// is a strict total order of the positions of any input. Then the widths of its
// rows are the ranks 0..n-1, each once: what sort is made of.
func (a *Analysis) strictOrder(sel *graph.Node) bool {
	s, err := a.selectorOf(sel)
	return err == nil && strictOrder(s.Root.Given(0, 0), s.Groups)
}

// strictOrder holds for f if some group orders the states of one variable, and
// where it leaves a tie the rest of the formula decides by an order again.
func strictOrder(f *facts.Formula, groups []*facts.Group) bool {
	for i, g := range groups {
		if g.Key.Variable == nil || g.Key.Variable != g.Query.Variable || len(g.Key.Size) != len(g.Query.Size) {
			continue
		}
		tie, ok := weakOrder(g, g.Residuals(f))
		if !ok {
			continue
		}
		if tie == nil {
			return true
		}
		rest := append(append([]*facts.Group(nil), groups[:i]...), groups[i+1:]...)
		if strictOrder(tie, rest) {
			return true
		}
	}
	return false
}

// weakOrder checks that the relation "key before query" orders the classes of
// the variable, up to ties that all leave the same formula. The tie is nil if
// there are none: then every class is one state of a unique variable.
func weakOrder(g *facts.Group, residuals map[uint64]*facts.Formula) (tie *facts.Formula, ok bool) {
	n := len(g.Holds)
	rank := make([]int, n)
	keyOf := make([]int32, n) // the key class with the states of query class q
	for q := range n {
		keyOf[q] = g.Key.Class[g.Query.Example[q]]
		if keyOf[q] == facts.None {
			return nil, false
		}
	}
	for q := range n {
		for k := range n {
			h := g.Holds[q][k]
			if h == facts.Never {
				return nil, false
			}
			switch r := residuals[h]; {
			case r.Op == facts.True:
				rank[q]++
			case r.Op != facts.False && tie == nil:
				tie = r
			case r.Op != facts.False && tie != r:
				return nil, false
			}
		}
	}
	for q := range n {
		for p := range n {
			r := residuals[g.Holds[q][keyOf[p]]]
			before := rank[p] < rank[q]
			switch {
			case before != (r.Op == facts.True), rank[p] > rank[q] && r.Op != facts.False:
				return nil, false
			case rank[p] == rank[q] && tie != nil && r != tie:
				return nil, false
			case rank[p] == rank[q] && tie == nil && (p != q || g.Query.Size[q] != 1 || !g.Key.Variable.Unique):
				return nil, false
			}
		}
	}
	return tie, true
}
