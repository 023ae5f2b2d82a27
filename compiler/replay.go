package compiler

import (
	"slices"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// Where a program asks how float64 rounds a mean (whether 0.1, 0.2 and 0.3 have a
// mean above 0.2 depends on their order), sum and width do not tell: the addition
// has to be replayed. A head for each position brings what the row selects there,
// and a finite automaton reads that from left to right, as elementwise s-ops. It
// need not know the sum, which another head brings, but only which of the values
// that this sum can have by rounding it has: its variant. Where there is just one,
// or all that is computed from the mean agrees on them, anything will do, and most
// states of the automaton become one.

// variantsOf lists what rounding makes of each sum of a mean.
func (a *analysis) variantsOf(n *graph.Node, v *variable) *replay {
	r := &replay{variants: map[sum][]float64{}, label: map[sum][]int32{}}
	values := a.table(n).values
	at := func(s int) float64 { return values[a.table(n).cells[s]].Float64() }
	states := map[sum][]int{}
	for s, x := range v.sums {
		if x.width > 0 {
			states[x] = append(states[x], s)
			if !slices.Contains(r.variants[x], at(s)) {
				r.variants[x] = append(r.variants[x], at(s))
			}
		}
	}
	exact := a.usedExactly(v)
	for x, list := range r.variants {
		slices.Sort(list)
		label := make([]int32, len(list))
		several := false
		for i := range list {
			label[i] = int32(i)
			for k := range i {
				if !exact && label[k] == int32(k) && a.agree(v, states[x], func(s int) bool { return at(s) == list[i] }, func(s int) bool { return at(s) == list[k] }) {
					label[i] = int32(k)
					break
				}
			}
			several = several || label[i] > 0
		}
		if several {
			r.label[x] = label
		}
	}
	return r
}

// usedExactly reports that something else than a table over a mean reads it: a
// selector, another aggregate, or a table in which what is computed from it is
// taken as given.
func (a *analysis) usedExactly(v *variable) bool {
	depends := func(n *graph.Node) bool {
		return a.table(n) != nil && slices.Contains(a.table(n).vars, v)
	}
	for n := range a.taken {
		if depends(n) {
			return true
		}
	}
	for n := range a.depth {
		if n.Op == graph.Select && (depends(n.Args[0]) || depends(n.Args[1])) || n.Op == graph.Aggregate && depends(n.Args[1]) {
			return true
		}
	}
	return false
}

// agree reports that all tables over a mean are the same in two variants of one
// sum, up to rounding.
func (a *analysis) agree(v *variable, states []int, one, other func(s int) bool) bool {
	for _, s := range states {
		for _, t := range states {
			if !one(s) || !other(t) || v.determines != nil && v.determines[0].state[s] != v.determines[0].state[t] {
				continue
			}
			for _, r := range a.tables {
				if i := slices.Index(r.vars, v); i >= 0 && !r.partial().Alike(i, s, t, r.twin) {
					return false
				}
			}
		}
	}
	return true
}

// replayOf is what replays the mean n; nil if that is not possible.
func (a *analysis) replayOf(n *graph.Node) (*automaton, *replay) {
	v := a.meanVariable(n)
	if v == nil || len(n.Args) > 2 || a.domain.Length > maxRows {
		return nil, nil
	}
	r := a.variantsOf(n, v)
	sums := map[scanned]sum{}
	for x, list := range r.variants {
		for _, y := range list {
			sums[scanned{y, x.width}] = x
		}
	}
	s := summingOf(a.table(n.Args[1]), a.domain.Length, v.units)
	m := newAutomaton(s, a.domain.Length, func(mean float64, width int) int32 {
		group := sums[scanned{mean, width}]
		if label := r.label[group]; label != nil {
			return label[slices.Index(r.variants[group], mean)]
		}
		return none
	})
	return m, r
}

// replayed is the relation of a mean whose variants are told by its third operand:
// a function of both. The states of the mean itself differ no more by rounding.
func (a *analysis) replayed(n *graph.Node, r *relation) *relation {
	v, known := r.vars[0], a.replays[n]
	type state struct {
		sum
		kept int32 // state of what the width follows from
		kind value.Kind
		only bool
	}
	place := map[state]int{}
	var sums []sum
	var singles, kept []int32
	v.values = nil
	for s, x := range v.sums {
		k := state{sum: x, only: v.singles[s] != none}
		if v.determines != nil {
			k.kept = v.determines[0].state[s]
		}
		if k.only {
			k.kind = r.values[r.cells[s]].Kind()
		}
		if _, ok := place[k]; !ok {
			place[k] = len(sums)
			sums, singles, kept = append(sums, x), append(singles, v.singles[s]), append(kept, k.kept)
			v.values = append(v.values, r.values[r.cells[s]])
		}
	}
	v.sums, v.singles, v.size = sums, singles, len(sums)
	if v.determines != nil {
		v.determines = []determined{{v.determines[0].variable, kept}}
	}
	variant := a.table(n.Args[2])
	if len(variant.vars) == 0 {
		return identity(v, func(s int) value.Value { return v.values[s] })
	}
	source, ids := a.source(n.Args[2]), a.idsBySource(n.Args[2])
	b := newBuilder([]*variable{source, v}, source.size*v.size)
	for t, id := range ids {
		if id == none {
			continue
		}
		label := int(variant.values[id].Float64())
		for s := range v.size {
			b.set(t*v.size+s, known.value(v, s, label))
		}
	}
	return b.relation()
}
