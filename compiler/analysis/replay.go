package analysis

import (
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/sums"
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
func (a *Analysis) variantsOf(n *graph.Node, v *facts.Variable) *facts.Replay {
	r := &facts.Replay{Variants: map[facts.Sum][]float64{}, Label: map[facts.Sum][]int32{}}
	values := a.Table(n).Values
	at := func(s int) float64 { return values[a.Table(n).Cells[s]].Float64() }
	states := map[facts.Sum][]int{}
	for s, x := range v.Sums {
		if x.Width > 0 {
			states[x] = append(states[x], s)
			if !slices.Contains(r.Variants[x], at(s)) {
				r.Variants[x] = append(r.Variants[x], at(s))
			}
		}
	}
	exact := a.usedExactly(v)
	for x, list := range r.Variants {
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
			r.Label[x] = label
		}
	}
	return r
}

// usedExactly reports that something else than a table over a mean reads it: a
// selector, another aggregate, or a table in which what is computed from it is
// taken as given.
func (a *Analysis) usedExactly(v *facts.Variable) bool {
	depends := func(n *graph.Node) bool {
		return a.Table(n) != nil && slices.Contains(a.Table(n).Vars, v)
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
func (a *Analysis) agree(v *facts.Variable, states []int, one, other func(s int) bool) bool {
	for _, s := range states {
		for _, t := range states {
			if !one(s) || !other(t) || v.Determines != nil && v.Determines[0].State[s] != v.Determines[0].State[t] {
				continue
			}
			for _, r := range a.Tables {
				if i := slices.Index(r.Vars, v); i >= 0 && !r.Partial().Alike(i, s, t, r.Twin) {
					return false
				}
			}
		}
	}
	return true
}

// ReplayOf is what replays the mean n; nil if that is not possible.
func (a *Analysis) ReplayOf(n *graph.Node) (*sums.Automaton, *facts.Replay) {
	v := a.MeanVariable(n)
	if v == nil || len(n.Args) > 2 || a.Domain.Length > maxRows {
		return nil, nil
	}
	r := a.variantsOf(n, v)
	rows := map[sums.Scanned]facts.Sum{}
	for x, list := range r.Variants {
		for _, y := range list {
			rows[sums.Scanned{Sum: y, Width: x.Width}] = x
		}
	}
	s := sums.Of(a.Table(n.Args[1]), a.Domain.Length, v.Units)
	m := sums.NewAutomaton(s, a.Domain.Length, func(mean float64, width int) int32 {
		row := rows[sums.Scanned{Sum: mean, Width: width}]
		if label := r.Label[row]; label != nil {
			return label[slices.Index(r.Variants[row], mean)]
		}
		return facts.None
	})
	return m, r
}

// replayed is the table of a mean whose variants are told by its third operand:
// a function of both. The states of the mean itself differ no more by rounding.
func (a *Analysis) replayed(n *graph.Node, r *facts.Table) *facts.Table {
	v, known := r.Vars[0], a.Replays[n]
	type state struct {
		facts.Sum
		kept int32 // state of what the width follows from
		kind value.Kind
		only bool
	}
	place := map[state]int{}
	var kinds []facts.Sum
	var singles, kept []int32
	v.Values = nil
	for s, x := range v.Sums {
		k := state{Sum: x, only: v.Singles[s] != facts.None}
		if v.Determines != nil {
			k.kept = v.Determines[0].State[s]
		}
		if k.only {
			k.kind = r.Values[r.Cells[s]].Kind()
		}
		if _, ok := place[k]; !ok {
			place[k] = len(kinds)
			kinds, singles, kept = append(kinds, x), append(singles, v.Singles[s]), append(kept, k.kept)
			v.Values = append(v.Values, r.Values[r.Cells[s]])
		}
	}
	v.Sums, v.Singles, v.Size = kinds, singles, len(kinds)
	if v.Determines != nil {
		v.Determines = []facts.Determined{{Variable: v.Determines[0].Variable, State: kept}}
	}
	variant := a.Table(n.Args[2])
	if len(variant.Vars) == 0 {
		return facts.Identity(v, func(s int) value.Value { return v.Values[s] })
	}
	source, ids := a.Source(n.Args[2]), a.IdsBySource(n.Args[2])
	b := facts.NewBuilder([]*facts.Variable{source, v}, source.Size*v.Size)
	for t, id := range ids {
		if id == facts.None {
			continue
		}
		label := int(variant.Values[id].Float64())
		for s := range v.Size {
			b.Set(t*v.Size+s, known.Value(v, s, label))
		}
	}
	return b.Table()
}
