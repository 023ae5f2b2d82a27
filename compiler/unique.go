package compiler

import (
	"rasp/lang/graph"
	"rasp/lang/value"
)

// atMostOne reports whether every row of the selector is known to select one
// key at most: it is positional and its rows are so, or the selector implies a
// condition on a key variable that differs between all positions, which leaves
// one of its states for each query; or any two keys differ in what a query asks of
// them (see keysApart).
func (a *analysis) atMostOne(sel *graph.Node) bool {
	if r := a.rows[sel]; r != nil {
		return r.most <= 1
	}
	s, err := a.selectorOf(sel)
	if err != nil {
		return false
	}
	for _, g := range s.groups {
		if g.key.variable != nil && g.key.variable.unique && a.atMostOneOf(g, s.root) {
			return true
		}
	}
	return s.root.given(0, 0).op == isFalse || a.keysApart(s)
}

// atMostOneOf reports whether a query leaves one state of the group's key, a
// unique variable, if f is to hold.
func (a *analysis) atMostOneOf(g *group, f *formula) bool {
	residuals := g.residuals(f)
	for _, row := range g.holds {
		possible, last := 0, int32(none)
		for k, h := range row {
			if h == never || residuals[h].op == isFalse {
				continue
			}
			state := g.key.example[k]
			if g.key.size[k] == 1 && last != none && a.equalStates(g.key.variable, last, state) {
				continue
			}
			possible, last = possible+g.key.size[k], state
		}
		if possible > 1 {
			return false
		}
	}
	return true
}

// equalStates reports whether two states of a variable are equal values, of
// different types.
func (a *analysis) equalStates(v *variable, s, t int32) bool {
	if v.kind != computedVariable {
		return s == t
	}
	values := v.table.values
	return value.Equal(values[s], values[t])
}

// strictOrder reports whether the selector, read as "key comes before query",
// is a strict total order of the positions of any input. Then the widths of its
// rows are the ranks 0..n-1, each once: what sort is made of.
func (a *analysis) strictOrder(sel *graph.Node) bool {
	s, err := a.selectorOf(sel)
	return err == nil && strictOrder(s.root.given(0, 0), s.groups)
}

// strictOrder holds for f if some group orders the states of one variable, and
// where it leaves a tie the rest of the formula decides by an order again.
func strictOrder(f *formula, groups []*group) bool {
	for i, g := range groups {
		if g.key.variable == nil || g.key.variable != g.query.variable || len(g.key.size) != len(g.query.size) {
			continue
		}
		tie, ok := weakOrder(g, g.residuals(f))
		if !ok {
			continue
		}
		if tie == nil {
			return true
		}
		rest := append(append([]*group(nil), groups[:i]...), groups[i+1:]...)
		if strictOrder(tie, rest) {
			return true
		}
	}
	return false
}

// weakOrder checks that the relation "key before query" orders the classes of
// the variable, up to ties that all leave the same formula. The tie is nil if
// there are none: then every class is one state of a unique variable.
func weakOrder(g *group, residuals map[uint64]*formula) (tie *formula, ok bool) {
	n := len(g.holds)
	rank := make([]int, n)
	keyOf := make([]int32, n) // the key class with the states of query class q
	for q := range n {
		keyOf[q] = g.key.class[g.query.example[q]]
		if keyOf[q] == none {
			return nil, false
		}
	}
	for q := range n {
		for k := range n {
			h := g.holds[q][k]
			if h == never {
				return nil, false
			}
			switch r := residuals[h]; {
			case r.op == isTrue:
				rank[q]++
			case r.op != isFalse && tie == nil:
				tie = r
			case r.op != isFalse && tie != r:
				return nil, false
			}
		}
	}
	for q := range n {
		for p := range n {
			r := residuals[g.holds[q][keyOf[p]]]
			before := rank[p] < rank[q]
			switch {
			case before != (r.op == isTrue), rank[p] > rank[q] && r.op != isFalse:
				return nil, false
			case rank[p] == rank[q] && tie != nil && r != tie:
				return nil, false
			case rank[p] == rank[q] && tie == nil && (p != q || g.query.size[q] != 1 || !g.key.variable.unique):
				return nil, false
			}
		}
	}
	return tie, true
}
