package analysis

import (
	"math"
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/rewrite"
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
//
// Why the replayed mean computes what the program does: of a row, the other head tells sum
// and width, and where the position or the length comes with them, that; the automaton adds
// as the interpreter does and ends in the label of the value that it gets. Of all values
// with that sum, width, place and label one is taken. Any two of them can meet, so they
// were asked whether all that reads the mean is the same, and that is an equivalence.

// variantsOf lists what rounding makes of each sum of a mean, and which of it need not be
// told apart: variants have one label only if every two of them agree (see agree), since
// the mean will have one value for all of them.
func (a *Analysis) variantsOf(n *graph.Node, v *facts.Variable) *facts.Replay {
	r := &facts.Replay{Sums: v.Sums, Values: v.Values, Variants: map[facts.Sum][]float64{}, Label: map[facts.Sum][]int32{}}
	states := map[facts.Sum]map[float64][]int{} // by value
	for s, x := range v.Sums {
		if y := v.Values[s].Float64(); x.Width > 0 {
			if states[x] == nil {
				states[x] = map[float64][]int{}
			}
			if states[x][y] == nil {
				r.Variants[x] = append(r.Variants[x], y)
			}
			states[x][y] = append(states[x][y], s)
		}
	}
	exact := a.usedExactly(v)
	for x, list := range r.Variants {
		slices.Sort(list)
		labels, several := labelled(len(list), func(i, k int) bool {
			return !exact && a.agree(v, states[x][list[i]], states[x][list[k]])
		})
		if several {
			r.Label[x] = labels
		}
	}
	for _, n := range a.Roots {
		r.Spread = append(r.Spread, spreadOf(a.Table(n), v, r))
	}
	return r
}

// spreadOf is how far apart numbers of a table are in states of a mean that have one label,
// all else being equal.
func spreadOf(t *facts.Table, v *facts.Variable, r *facts.Replay) (spread float64) {
	at := -1
	if t != nil {
		at = slices.Index(t.Vars, v)
	}
	if at < 0 {
		return 0
	}
	inner := 1
	for _, w := range t.Vars[at+1:] {
		inner *= w.Size
	}
	type place struct {
		facts.Sum
		label int32
		rest  int // the cell but for the state of the mean
	}
	extent := map[place][2]float64{} // least, largest
	for i, id := range t.Cells {
		s := i / inner % v.Size
		if id == facts.None || v.Sums[s].Width == 0 {
			continue
		}
		label, _ := r.Of(s)
		x, k := t.Values[id].Float64(), place{v.Sums[s], label, i - s*inner}
		if math.IsInf(x, 0) || math.IsNaN(x) {
			continue
		}
		e, ok := extent[k]
		if !ok {
			e = [2]float64{x, x}
		}
		e = [2]float64{min(e[0], x), max(e[1], x)}
		extent[k], spread = e, max(spread, e[1]-e[0])
	}
	return spread
}

// mergedOf adds up, by root, how far apart values are that the replays of a program made
// one: each was asked for where those before had done so.
func mergedOf(p *rewrite.Program) map[*graph.Node]float64 {
	merged := map[*graph.Node]float64{}
	for i, n := range p.Roots {
		sum := 0.0
		for _, r := range p.Replays {
			sum += r.Spread[i]
		}
		merged[n] = max(merged[n], sum)
	}
	return merged
}

// labelled numbers things so that every two with one number are alike, which need not be
// transitive.
func labelled(count int, alike func(i, k int) bool) (labels []int32, several bool) {
	var members [][]int
	for i := range count {
		at := slices.IndexFunc(members, func(list []int) bool {
			return !slices.ContainsFunc(list, func(k int) bool { return !alike(i, k) })
		})
		if at < 0 {
			at = len(members)
			members = append(members, nil)
		}
		members[at] = append(members[at], i)
		labels = append(labels, int32(at))
	}
	return labels, len(members) > 1
}

// usedExactly reports that something else than a table over a mean reads it: a
// selector, what is a variable itself, or a table in which what is computed from it is
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
		if (n.Op == graph.Select || a.Own[n] != nil) && slices.ContainsFunc(n.Args, depends) {
			return true
		}
	}
	return false
}

// agree reports that all tables over a mean are the same in two variants of one sum, up
// to rounding, wherever both can be: at one position, or in inputs of one length, if the
// width of the row follows from that.
func (a *Analysis) agree(v *facts.Variable, one, other []int) bool {
	for _, s := range one {
		for _, t := range other {
			if v.Determines != nil && v.Determines[0].State[s] != v.Determines[0].State[t] {
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
	s := sums.Of(a.Table(n.Args[1]), a.Domain.Length, v.Units)
	total := func(x facts.Sum) int64 {
		if s.Units == nil {
			return 0 // the total is a rank, which no automaton knows
		}
		return x.Total
	}
	type row struct {
		mean  float64
		total int64
		width int
	}
	states, r := map[row]int{}, a.variantsOf(n, v)
	for state, x := range v.Sums {
		k := row{v.Values[state].Float64(), total(x), x.Width}
		if old, ok := states[k]; ok && v.Sums[old] != x {
			return nil, nil // the same mean of sums that are told apart
		}
		states[k] = state
	}
	m := sums.NewAutomaton(s, a.Domain.Length, func(x sums.Scanned) int32 {
		if x.Width == 0 {
			return facts.None
		}
		state, ok := states[row{x.Mean(), x.Total, x.Width}]
		if !ok {
			return facts.None // no row of the selector
		}
		if label, several := r.Of(state); several {
			return label
		}
		return facts.None
	})
	return m, r
}

// replayed is the table of a mean whose variants are told by its third operand: a function
// of both. States of the mean that differ in the variant alone are one from here on, and it
// has there the value of one of those with the label; a cell without such states is
// reached by no input. A mean that has other states than the one that was replayed is left
// as it is.
func (a *Analysis) replayed(n *graph.Node, r *facts.Table) *facts.Table {
	v, known := r.Vars[0], a.Replays[n]
	if !slices.Equal(v.Sums, known.Sums) || !slices.Equal(v.Values, known.Values) {
		return r
	}
	merged, members := a.withoutVariants(v)
	at := func(state int, label int32) (x value.Value, ok bool) {
		for _, s := range members[state] {
			if of, several := known.Of(s); !several || of == label {
				return known.Values[s], true
			}
		}
		return x, false
	}
	*v = merged
	variant := a.Table(n.Args[2])
	if len(variant.Vars) == 0 { // one label for all that has one
		label := labelOf(variant.Values[0])
		b := facts.NewBuilder([]*facts.Variable{v}, v.Size)
		for s := range v.Size {
			if x, ok := at(s, label); ok {
				b.Set(s, x)
			}
		}
		return b.Table()
	}
	source, ids := a.Source(n.Args[2]), a.IdsBySource(n.Args[2])
	b := facts.NewBuilder([]*facts.Variable{source, v}, source.Size*v.Size)
	for t, id := range ids {
		if id == facts.None {
			continue
		}
		for s := range v.Size {
			if x, ok := at(s, labelOf(variant.Values[id])); ok {
				b.Set(t*v.Size+s, x)
			}
		}
	}
	return b.Table()
}

func labelOf(v value.Value) int32 { return int32(v.Float64()) }

// withoutVariants is the variable of a mean with one state for those that differ in
// nothing but the variant, and which states these are.
func (a *Analysis) withoutVariants(v *facts.Variable) (merged facts.Variable, members [][]int) {
	type state struct {
		facts.Sum
		kept int32 // state of what the width follows from
		kind value.Kind
		only bool
		zero bool // -0.0, which adds up to what 0.0 does
	}
	place := map[state]int{}
	merged = *v
	merged.Sums, merged.Singles, merged.Values = nil, nil, nil
	var kept []int32
	for s, x := range v.Sums {
		k := state{Sum: x, only: v.Singles[s] != facts.None, zero: v.Values[s] == value.OfFloat(math.Copysign(0, -1))}
		if v.Determines != nil {
			k.kept = v.Determines[0].State[s]
		}
		if k.only {
			k.kind = v.Values[s].Kind()
		}
		at, ok := place[k]
		if !ok {
			at = len(members)
			place[k] = at
			members = append(members, nil)
			merged.Sums, merged.Singles, kept = append(merged.Sums, x), append(merged.Singles, v.Singles[s]), append(kept, k.kept)
			merged.Values = append(merged.Values, v.Values[s])
		}
		members[at] = append(members[at], s)
	}
	merged.Size = len(members)
	merged.Alike = alikeMembers(v, members)
	if v.Determines != nil {
		merged.Determines = []facts.Determined{{Variable: v.Determines[0].Variable, State: kept}}
	}
	return merged, members
}

// alikeMembers finds the states of a merged mean of which all members are alike.
func alikeMembers(v *facts.Variable, members [][]int) []int32 {
	if v.Alike == nil {
		return nil
	}
	first, alike := map[int32]int32{}, facts.Range32(len(members))
	for at, list := range members {
		one := v.Alike[list[0]]
		if slices.ContainsFunc(list, func(s int) bool { return v.Alike[s] != one }) {
			continue
		}
		if old, ok := first[one]; ok {
			alike[at] = old
		} else {
			first[one] = int32(at)
		}
	}
	return alike
}
