package analysis

import (
	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// strictOrder reports whether the selector, read as "key comes before query",
// is a strict total order of the positions of any input: no position is before itself,
// of two exactly one is before the other, and what is before the lower of two is before the
// higher. Then the widths of its rows are the ranks 0..n-1, each once: what sort is made of.
// Only where every query sees every key, which in causal mode it does not.
func (a *Analysis) strictOrder(sel *graph.Node) bool {
	s, err := a.selectorOf(sel)
	return err == nil && s.Pick == facts.Every && strictOrder(s.Root.Given(0, 0), s.Groups) &&
		a.claim(facts.Order, sel, "orders of one variable, each deciding the ties of the one before")
}

// strictOrder holds for f if some group ranks the states of one variable, and where it
// leaves a tie the rest of the formula is a strict order again: then f is lexicographic,
// and that is one.
func strictOrder(f *facts.Formula, groups []*facts.Group) bool {
	for i, g := range groups {
		if g.Key.Variable == nil || g.Key.Variable != g.Query.Variable || g.Equal != nil {
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

// weakOrder reports whether every two positions, in whatever states of the variable they
// are, are ranked by the relation "key before query" or tied: of states of different rank
// the lower one is before the higher one, and that is not before the lower one; where the
// ranks are equal the same formula is left in either direction. The tie is nil if nothing
// is left anywhere.
//
// Keys and queries are seen by different functions, so that a state is what it is as a
// key and what it is as a query, both (see Group.Seen). Two positions may be in the same
// state, and a position is compared with itself: a state is tied with itself, but for a
// variable that is in no state twice, of which a single state has only itself to be before.
func weakOrder(g *facts.Group, residuals map[uint64]*facts.Formula) (tie *facts.Formula, ok bool) {
	states := g.Seen()
	if float64(len(states))*float64(len(states)) > MaxTable {
		return nil, false
	}
	left := func(key, query facts.Seen) *facts.Formula { return residuals[g.Holds[query.Query][key.Key]] }
	rank := make([]int, len(states))
	for q, query := range states {
		for _, key := range states {
			if g.Holds[query.Query][key.Key] == facts.Never {
				return nil, false
			}
			if left(key, query).Op == facts.True {
				rank[q]++
			}
		}
	}
	for q, query := range states {
		for k, key := range states {
			r := left(key, query)
			switch {
			case rank[k] < rank[q] && r.Op != facts.True, rank[k] > rank[q] && r.Op != facts.False:
				return nil, false
			case rank[k] != rank[q]:
			case k == q && query.Size == 1 && g.Key.Variable.Unique && r.Op == facts.False:
			case r.Op == facts.True || r.Op == facts.False || tie != nil && tie != r:
				return nil, false
			default:
				tie = r
			}
		}
	}
	return tie, true
}
