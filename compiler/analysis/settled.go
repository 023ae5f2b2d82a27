package analysis

import (
	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// In causal mode a query at i sees the keys at j <= i alone, so that select(indices,
// indices, <=) selects all there is. In general, of a comparison of numbers K(j) and Q(i)
// by position,
//
//	K(j) <= Q(i) for all j <= i   if   max over j <= i of K(j) <= Q(i), for each i
//
// and so on for the other comparisons: what n numbers tell takes no table of n n pairs.

// settled reports whether a comparison of positions, in causal mode, is the same for all
// pairs that can meet, and what.
func (a *Analysis) settled(n *graph.Node) (holds, ok bool) {
	keys, queries := a.byPosition(n.Args[0]), a.byPosition(n.Args[1])
	if !a.Domain.Causal || keys == nil || queries == nil {
		return false, false
	}
	always, never := true, true
	lo, hi := keys[0], keys[0]
	for i, q := range queries {
		if keys[i].Float64() < lo.Float64() {
			lo = keys[i]
		}
		if keys[i].Float64() > hi.Float64() {
			hi = keys[i]
		}
		atLo, err := facts.Compare(n.Fn, lo, q)
		atHi, err2 := facts.Compare(n.Fn, hi, q)
		if err != nil || err2 != nil {
			return false, false
		}
		// Between two numbers at which it is the same, an order is the same; equality is
		// only if they are one.
		between := n.Fn != value.Eq && n.Fn != value.Ne || value.Equal(lo, hi) || hi.Float64() < q.Float64() || lo.Float64() > q.Float64()
		always = always && atLo && atHi && between
		never = never && !atLo && !atHi && between
	}
	return always, always || never
}

// byPosition is a number at each position, nil if that tells something else, or nothing.
func (a *Analysis) byPosition(n *graph.Node) []value.Value {
	r := a.Table(n)
	if r == nil || r.Unbounded || len(r.Vars) != 1 || r.Vars[0] != a.Position {
		return nil
	}
	list := make([]value.Value, len(r.Cells))
	for p, id := range r.Cells {
		if id == facts.None || r.Values[id].Kind() != value.Int {
			return nil
		}
		list[p] = r.Values[id]
	}
	return list
}
