package observe

import (
	"math"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

func (o *observer) addVariable(v *facts.Variable) int {
	i, ok := o.index[v]
	if !ok {
		i = len(o.variables)
		o.index[v] = i
		o.variables = append(o.variables, v)
		o.states = append(o.states, make([]int32, o.long.Length))
	}
	return i
}

// resize fits the states to the input, and sets those of token, position and length.
func (o *observer) resize() {
	n := len(o.input)
	for i, v := range o.variables {
		o.states[i] = o.states[i][:n]
		for p := range n {
			switch v.Source {
			case facts.Token:
				o.states[i][p] = int32(o.ids[p])
			case facts.Position:
				o.states[i][p] = int32(p)
			case facts.Length:
				o.states[i][p] = int32(n - 1)
			}
		}
	}
}

// state of a variable at a position; a constant has one.
func (o *observer) state(v *facts.Variable, p int) int32 {
	if v == nil {
		return 0
	}
	return o.states[o.index[v]][p]
}

// own finds the states of a variable that is the value of its node.
func (o *observer) own(s *sop) bool {
	v, n := s.own, s.node
	i := o.index[v]
	sequence := o.run.Sequence(n)
	for p, x := range sequence {
		state := facts.None
		switch v.Source {
		case facts.Fetched, facts.Whole, facts.Chosen:
			state = s.find(x)
		case facts.Any, facts.Compared:
			state = int(facts.Indicate(x.Truthy()))
		case facts.Width:
			w, _ := x.Int64()
			state = int(w)
		case facts.Row:
			r, _ := x.Int64()
			state = int(r) + 1
		case facts.Mean:
			state = o.meanState(s, p, x)
		}
		if state < 0 || state >= v.Size {
			return o.report(n, "at position %d it is %s, which is none of the values listed", p, x.JSON())
		}
		o.states[i][p] = int32(state)
		if width, known := o.RowWidth(v, int32(state)); known && v.Source != facts.Row && len(n.Args) > 0 && n.Args[0].IsSelector() {
			if have := o.widths(n.Args[0])[p]; have != width {
				return o.report(n, "at position %d it is %s, which is said to come of a row of %d keys, and comes of %d", p, x.JSON(), width, have)
			}
		}
	}
	return o.followed(v)
}

// followed reports a state from which another one follows than is there.
func (o *observer) followed(v *facts.Variable) bool {
	for _, d := range v.Determines {
		for p, state := range o.states[o.index[v]] {
			if have := o.state(d.Variable, p); d.State[state] != have {
				return o.report(v.Node, "at position %d its sum and width say that state %d of %s is there, and it is %d",
					p, d.State[state], d.Variable.Describe(), have)
			}
		}
	}
	return true
}

// meanState is the state of a mean that has the sum and the width of a row, the single
// value where there is one, and the value, unless that is told by a replay.
func (o *observer) meanState(s *sop, p int, x value.Value) int {
	v := s.own
	row := o.selectedBy(s.node.Args[0], p)
	operand := o.tables[s.node.Args[1]]
	total, only := int64(0), int32(facts.None)
	for _, j := range row {
		id := operand.ids[j]
		if v.Units != nil {
			total += v.Units[id]
		}
		if len(row) == 1 {
			only = id
		}
	}
	fits := func(state int32) bool {
		return (v.Per == 0 || len(row) == 0 || v.Sums[state].Total == total) &&
			(v.Singles[state] == facts.None) == (only == facts.None) && o.follows(v, state, p)
	}
	if len(row) >= len(s.byWidth) {
		return facts.None
	}
	if same := withValue(v, s.byValue[len(row)], x); len(same) > 0 {
		if at := slices.IndexFunc(same, fits); at >= 0 {
			return int(same[at])
		}
	}
	if len(s.node.Args) == 2 || len(row) == 0 {
		return facts.None
	}
	var near []int
	for _, state := range s.byWidth[len(row)] {
		if isNear(v.Values[state], x) && (only == facts.None || v.Values[state].Kind() == x.Kind()) && fits(state) {
			near = append(near, int(state))
		}
	}
	return o.replayed(s, near, p, x)
}

// statesByWidth lists the states of a mean of each width.
func statesByWidth(v *facts.Variable) [][]int32 {
	var counts []int
	for _, x := range v.Sums {
		for len(counts) <= x.Width {
			counts = append(counts, 0)
		}
		counts[x.Width]++
	}
	states, all := make([][]int32, len(counts)), make([]int32, len(v.Sums))
	for width, count := range counts {
		states[width], all = all[:0:count], all[count:]
	}
	for state, x := range v.Sums {
		states[x.Width] = append(states[x.Width], int32(state))
	}
	return states
}

// byValue puts states of a mean into the order of their values; states of one value stay as
// they are.
func byValue(v *facts.Variable, states []int32) []int32 {
	compare := func(s, t int32) int { return facts.CompareValues(v.Values[s], v.Values[t]) }
	if slices.IsSortedFunc(states, compare) {
		return states
	}
	states = slices.Clone(states)
	slices.SortStableFunc(states, compare)
	return states
}

// withValue are those of states in that order that have a value.
func withValue(v *facts.Variable, states []int32, x value.Value) []int32 {
	from, _ := slices.BinarySearchFunc(states, x, func(s int32, x value.Value) int { return facts.CompareValues(v.Values[s], x) })
	to := from
	for to < len(states) && v.Values[states[to]] == x {
		to++
	}
	return states[from:to]
}

// replayed is the state of a mean whose value is told by a replay, among those whose sums
// are near: the one that has the value in the table, if one has.
func (o *observer) replayed(s *sop, near []int, p int, x value.Value) int {
	if len(near) == 0 {
		return facts.None
	}
	states := o.states[o.index[s.own]]
	for _, state := range near {
		states[p] = int32(state)
		if id := o.cell(s, p); id != facts.None && s.table.Values[id] == x {
			return state
		}
	}
	return near[0]
}

// isNear reports that two numbers may be sums that only a replay tells apart.
func isNear(x, y value.Value) bool {
	return math.Abs(x.Float64()-y.Float64()) <= 4*rounding*max(1, math.Abs(x.Float64()))
}

// follows reports that what a state determines is there.
func (o *observer) follows(v *facts.Variable, state int32, p int) bool {
	for _, d := range v.Determines {
		if d.State[state] != o.state(d.Variable, p) {
			return false
		}
	}
	return true
}

// sameBut reports that two values are numbers of one type, and equal but for what a replay
// does not tell apart, because nothing that is decided depends on it.
func sameBut(x, y value.Value) bool {
	return x == y || x.Kind() == y.Kind() && x.IsNumber() && x.Kind() != value.Bool && isNear(x, y)
}

// rounding is what some dozens of additions of float64 may be off, by their size.
const rounding = 1e-13

// selectedBy lists the keys that a row of a selector selects, until it is asked again.
func (o *observer) selectedBy(sel *graph.Node, p int) []int {
	o.row = o.row[:0]
	for j, selected := range o.matrix(sel)[p] {
		if selected {
			o.row = append(o.row, j)
		}
	}
	return o.row
}
