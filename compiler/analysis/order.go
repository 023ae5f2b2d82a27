package analysis

import (
	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// AtMostOne reports whether every row of the selector is known to select one
// key at most: it is positional and its rows are so, or the selector implies a
// condition on a key variable that differs between all positions, which leaves
// one of its states for each query; or any two keys differ in what a query asks of
// them (see keysApart).
func (a *Analysis) AtMostOne(sel *graph.Node) bool {
	if r := a.Rows[sel]; r != nil {
		return r.Most <= 1
	}
	s, err := a.SelectorOf(sel)
	if err != nil {
		return false
	}
	for _, g := range s.Groups {
		if g.Key.Variable != nil && g.Key.Variable.Unique && a.atMostOneOf(g, s.Root) {
			return true
		}
	}
	return s.Root.Given(0, 0).Op == facts.False || a.KeysApart(s)
}

// atMostOneOf reports whether a query leaves one state of the group's key, a
// unique variable, if f is to hold.
func (a *Analysis) atMostOneOf(g *facts.Group, f *facts.Formula) bool {
	residuals := g.Residuals(f)
	for _, row := range g.Holds {
		possible, last := 0, int32(facts.None)
		for k, h := range row {
			if h == facts.Never || residuals[h].Op == facts.False {
				continue
			}
			state := g.Key.Example[k]
			if g.Key.Size[k] == 1 && last != facts.None && a.equalStates(g.Key.Variable, last, state) {
				continue
			}
			possible, last = possible+g.Key.Size[k], state
		}
		if possible > 1 {
			return false
		}
	}
	return true
}

// equalStates reports whether two states of a variable are equal values, of
// different types.
func (a *Analysis) equalStates(v *facts.Variable, s, t int32) bool {
	if v.Source != facts.Computed {
		return s == t
	}
	values := v.Table.Values
	return value.Equal(values[s], values[t])
}

// StrictOrder reports whether the selector, read as "key comes before query",
// is a strict total order of the positions of any input. Then the widths of its
// rows are the ranks 0..n-1, each once: what sort is made of.
func (a *Analysis) StrictOrder(sel *graph.Node) bool {
	s, err := a.SelectorOf(sel)
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
