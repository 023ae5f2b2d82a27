package observe

import (
	"math"
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// sop is an s-op with what is known of it.
type sop struct {
	node     *graph.Node
	table    *facts.Table
	vars     []int // places of the variables of the table
	own      *facts.Variable
	computed *facts.Variable
	linear   *linear.Form[*graph.Node]
	values   []value.Value             // in this run
	ids      []int32                   // of the values, by position, in this run; none if there is no table
	byWidth  [][]int32                 // of a mean: states, ascending
	byValue  [][]int32                 // and ascending by their values
	places   map[value.Value]int       // of a fetched variable: states
	isMinus  bool                      // a difference, which no root depends on
	shown    *linear.Form[*graph.Node] // of a number that takes too many values to list: see whole
}

// find is the state of a fetched value, none if it has none.
func (s *sop) find(x value.Value) int {
	if state, ok := s.places[x]; ok {
		return state
	}
	return facts.None
}

func (o *observer) addSOp(n *graph.Node) *sop {
	s := &sop{node: n, table: o.Tables[n], own: o.Own[n], computed: o.Computed[n], linear: o.Linears[n], ids: make([]int32, o.long.Length)}
	o.sops = append(o.sops, s)
	o.tables[n] = s
	o.rounded[n] = len(n.Args) > 2 && n.Op == graph.Aggregate || n.Elementwise() && slices.ContainsFunc(n.Args, func(x *graph.Node) bool { return o.rounded[x] })
	if s.linear != nil && s.table != nil && s.table.Unbounded {
		whole := linear.Constant[*graph.Node](s.linear.Constant)
		for _, t := range s.linear.Terms {
			whole = whole.Plus(o.whole(t.Of).Times(t.Factor))
		}
		s.shown = &whole
	}
	if v := s.own; v != nil {
		o.addVariable(v)
		switch v.Source {
		case facts.Mean:
			s.byWidth = statesByWidth(v)
			s.byValue = make([][]int32, len(s.byWidth))
			for width, states := range s.byWidth {
				s.byValue[width] = byValue(v, states)
			}
		case facts.Fetched, facts.Whole, facts.Chosen:
			s.places = map[value.Value]int{}
			for state, id := range s.table.Cells {
				s.places[s.table.Values[id]] = state
			}
		}
	}
	if s.computed != nil {
		o.addVariable(s.computed)
	}
	if s.table != nil {
		for _, v := range s.table.Vars {
			s.vars = append(s.vars, o.addVariable(v))
		}
	}
	return s
}

// addDifferences adds the differences of what comparisons compare.
func (o *observer) addDifferences() {
	var list []*graph.Node
	for _, d := range o.Differences {
		list = append(list, d)
	}
	slices.SortFunc(list, func(x, y *graph.Node) int { return x.ID - y.ID })
	for _, d := range list {
		o.addSOp(d).isMinus = true
	}
}

// observe holds what is known of an s-op against its values.
func (o *observer) observe(s *sop) bool {
	if s.isMinus {
		if !o.subtract(s) {
			return true // the interpreter has no difference
		}
	} else {
		s.values = o.run.Sequence(s.node)
	}
	s.ids = s.ids[:len(s.values)]
	for p := range s.ids {
		s.ids[p] = facts.None
	}
	if s.own != nil && s.table != nil && !s.table.Unbounded && !o.own(s) {
		return false
	}
	return o.observeTable(s) && o.observeLinear(s) && o.observeShown(s) && o.observeQuotient(s) && o.observeComparison(s) && o.observeUnique(s.own) && o.observeUnique(s.computed)
}

// subtract makes the values of a difference; false if there are none.
func (o *observer) subtract(s *sop) bool {
	s.values = slices.Grow(s.values[:0], len(o.input))[:len(o.input)]
	for p := range s.values {
		x, y := o.tables[s.node.Args[0]].values[p], o.tables[s.node.Args[1]].values[p]
		var err error
		if s.values[p], err = interp.Apply(s.node, []value.Value{x, y}); err != nil {
			return false
		}
	}
	return true
}

// observeTable looks up each value in the table.
func (o *observer) observeTable(s *sop) bool {
	r := s.table
	if r == nil || r.Unbounded {
		return true
	}
	for p, x := range s.values {
		id := o.cell(s, p)
		if id == facts.None {
			return o.report(s.node, "at position %d it is %s, in a state of (%s) of which the table says that it does not occur", p, x.JSON(), namesOf(r.Vars))
		}
		if have := r.Values[id]; have != x && !(o.rounded[s.node] && sameBut(have, x)) {
			return o.report(s.node, "at position %d it is %s (%v), and its table over (%s) has %s (%v)", p, x.JSON(), x.Kind(), namesOf(r.Vars), have.JSON(), have.Kind())
		}
		s.ids[p] = id
		if s.computed != nil {
			o.states[o.index[s.computed]][p] = id
		}
	}
	return true
}

// cell of a table at the states of a position: the value by number, or none.
func (o *observer) cell(s *sop, p int) int32 {
	cell := 0
	for k, i := range s.vars {
		cell = cell*s.table.Vars[k].Size + int(o.states[i][p])
	}
	return s.table.Cells[cell]
}

func namesOf(vars []*facts.Variable) (names string) {
	for i, v := range vars {
		if i > 0 {
			names += ", "
		}
		names += v.Describe()
	}
	return names
}

// shownError is how far a number that is only shown may be off by the rounding of the
// interpreter's own steps, relative or absolute: a model adds up all terms at once.
const shownError = 1e-6

// whole is a number that is only shown as the sum of all that it is made of, which is
// what a model adds up.
func (o *observer) whole(n *graph.Node) linear.Form[*graph.Node] {
	s := o.tables[n]
	if s == nil || s.shown == nil {
		return linear.Of(n)
	}
	return *s.shown
}

// observeShown holds a number that is only shown against the sum of all that it is made
// of: it is rounded at each step, and the model's once.
func (o *observer) observeShown(s *sop) bool {
	if s.shown == nil {
		return true
	}
	for p, want := range s.values {
		if y, sum := want.Float64(), o.evaluate(s.shown, p); math.Abs(sum-y) > shownError*max(1, math.Abs(y)) {
			return o.report(s.node, "at position %d it is %s by the rounding of its steps, and %g as the sum of all that it is made of", p, want.JSON(), sum)
		}
	}
	return true
}

func (o *observer) evaluate(f *linear.Form[*graph.Node], p int) float64 {
	sum := f.Constant
	for _, t := range f.Terms {
		sum += float64(t.Factor * o.tables[t.Of].values[p].Float64())
	}
	return sum
}

// observeLinear evaluates a linear form at the interpreter's values.
func (o *observer) observeLinear(s *sop) bool {
	if s.linear == nil {
		return true
	}
	for p, want := range s.values {
		have, size := s.linear.Constant, math.Abs(s.linear.Constant)
		for _, t := range s.linear.Terms {
			x := float64(t.Factor * o.tables[t.Of].values[p].Float64())
			have, size = have+x, size+math.Abs(x)
		}
		if y := want.Float64(); !(math.Abs(have-y) <= rounding*size) && !math.IsInf(size, 0) && !math.IsNaN(size) {
			return o.report(s.node, "at position %d it is %s, and as a linear form it would be %g", p, want.JSON(), have)
		}
	}
	return true
}

// observeComparison holds a comparison that is told by the sign of a difference against
// that.
func (o *observer) observeComparison(s *sop) bool {
	c := o.Comparisons[s.node]
	if c == nil {
		return true
	}
	x, y := o.tables[s.node.Args[0]].values, o.tables[s.node.Args[1]].values
	for p, v := range s.values {
		d := x[p].Float64() - y[p].Float64()
		if c.Difference == nil {
			d = c.Ranks[0][o.tables[s.node.Args[0]].ids[p]] - c.Ranks[1][o.tables[s.node.Args[1]].ids[p]]
		}
		at := slices.IndexFunc(c.At, func(a float64) bool { return a == 0 && d == 0 || a < 0 && d < 0 || a > 0 && d > 0 })
		if at < 0 || math.Abs(d) < math.Abs(c.At[at])-rounding {
			return o.report(s.node, "at position %d the operands differ by %g, which is nearer to 0 than what is listed", p, d)
		}
		if (c.Holds[at] == 1) != v.Truthy() {
			return o.report(s.node, "at position %d it is %v, and the sign of the difference %g says otherwise", p, v, d)
		}
	}
	return true
}

// observeUnique looks whether two positions are in one state of a variable, or in states
// of equal value, that has no state twice.
func (o *observer) observeUnique(v *facts.Variable) bool {
	if v == nil || !v.Unique {
		return true
	}
	first := make(map[value.Value]int, len(o.input))
	for p, state := range o.states[o.index[v]] {
		key := value.OfInt(int64(state))
		if v.Source == facts.Computed {
			key = value.Key(v.Table.Values[state])
		}
		if q, ok := first[key]; ok {
			return o.report(v.Node, "at the positions %d and %d it is the same, and is said to have %v", q, p, facts.Different)
		}
		first[key] = p
	}
	return true
}

// checkSums holds the sums of means, in their unit, against the values that they stand
// for; that takes no input.
func (o *observer) checkSums() {
	for _, s := range o.sops {
		v := s.own
		if v == nil || v.Source != facts.Mean || v.Per == 0 || s.table.Unbounded {
			continue
		}
		for state, x := range v.Sums {
			if y := v.Values[state]; x.Width > 0 && y.IsNumber() {
				if have := float64(x.Total) / v.Per / float64(x.Width); !(math.Abs(have-y.Float64()) <= 8*rounding*max(1, math.Abs(have))) {
					o.report(s.node, "a sum of %d in units of 1/%g over %d keys is %g, and stands for %v", x.Total, v.Per, x.Width, have, y)
				}
			}
		}
	}
}
