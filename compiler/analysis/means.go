package analysis

import (
	"cmp"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/compiler/sums"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// aggregate finds the values of an aggregate. If each row is known to select
// one key at most, or the values are strings or booleans (of which there is no
// mean), it brings one value or the default. Otherwise it is a mean, and its
// states are the pairs of sum and width that can occur.
func (a *Analysis) aggregate(n *graph.Node) (*facts.Table, error) {
	if r, err := a.deviation(n); r != nil || err != nil {
		return r, err
	}
	val := a.Table(n.Args[1])
	if val.Unbounded {
		a.selectorOf(n.Args[0])
		return a.unlisted(n), nil
	}
	if a.atMostOne(n.Args[0]) {
		return a.fetch(n, val), nil
	}
	numbers, bools, texts := kindsIn(val.Values)
	if !numbers {
		a.doubt(n, "a mean of values that are not numbers, where a row selects more than one")
		return a.fetch(n, val), nil
	}
	if texts {
		a.Mixed = n
		return nil, diag.Errorf(n.Span, diag.Limit, "%s averages values that are numbers on some inputs and strings on others", graph.Describe(n)).
			WithHint("give %s one type on all inputs", graph.Describe(n.Args[1]))
	}
	if bools {
		a.doubt(n, "a mean of booleans, where a row selects more than one")
	}
	r := a.mean(n)
	if len(n.Args) > 2 && !r.Unbounded {
		r = a.replayed(n, r)
	}
	return r, nil
}

// unlisted is the table of a mean that can take too many values to list. A single value
// that is selected keeps its type, and so does the default.
func (a *Analysis) unlisted(n *graph.Node) *facts.Table {
	r, val := &facts.Table{Unbounded: true}, a.Table(n.Args[1])
	add := func(v value.Value) {
		if v.Kind() != value.Int && v.Kind() != value.Float && !slices.Contains(r.Beside, v) {
			r.Beside = append(r.Beside, v)
		}
	}
	for _, v := range slices.Concat(val.Values, val.Beside) {
		add(v)
	}
	if !a.isNonempty(n.Args[0]) {
		add(n.Value)
	}
	return r
}

// fetch: one state for each value that can be brought, the default included
// unless each row surely selects.
func (a *Analysis) fetch(n *graph.Node, val *facts.Table) *facts.Table {
	values := slices.Clone(val.Values)
	if a.Domain.Form != nil {
		can := a.brought(n.Args[0], val)
		values = nil
		for id, v := range val.Values {
			if can[id] {
				values = append(values, v)
			}
		}
	}
	if !slices.Contains(values, n.Value) && !a.isNonempty(n.Args[0]) {
		values = append(values, n.Value)
	}
	slices.SortFunc(values, facts.CompareValues)
	v := a.newVariable(n, facts.Fetched, len(values))
	v.Alike = fetchedAlike(val, values)
	return facts.Identity(v, func(s int) value.Value { return values[s] })
}

// fetchedAlike finds, of values that are fetched, those that differ by rounding alone
// where they come from.
func fetchedAlike(val *facts.Table, values []value.Value) []int32 {
	alike, any, places := facts.Range32(len(values)), false, facts.Places(values)
	for id, twin := range val.Representatives() {
		if int(twin) != id {
			at, ok := places[val.Values[id]]
			first, both := places[val.Values[twin]]
			if ok && both {
				alike[at], any = int32(first), true
			}
		}
	}
	if !any {
		return nil
	}
	return alike
}

// kindsIn tells what there is: ints and floats have a mean, also where booleans
// are among them; strings and booleans alone have none.
func kindsIn(values []value.Value) (numbers, bools, texts bool) {
	for _, v := range values {
		switch v.Kind() {
		case value.String:
			texts = true
		case value.Bool:
			bools = true
		default:
			numbers = true
		}
	}
	return numbers, bools, texts
}

// mean lists the states of a mean, or gives up: each sum that rows of a width can
// have. If the width of a row follows from the position or the length, the states
// are kept apart by that, so that products such as length*mean stay functions of
// the sum.
func (a *Analysis) mean(n *graph.Node) *facts.Table {
	v := a.newVariable(n, facts.Mean, 0)
	v.Units, v.Per = sums.Units(a.Table(n.Args[1]).Values)
	s := sums.Of(a.Table(n.Args[1]), a.Domain.Length, v.Units)
	if s == nil {
		return a.unlisted(n)
	}
	kinds := a.kindsByState(n.Args[0], s)
	if kinds == nil && a.keysAreEqual(n) {
		kinds = rowsByWidth(s.Copies(a.mostSelected(n.Args[0])))
	}
	if kinds == nil {
		kinds = rowsByWidth(s.Subsets(a.mostSelected(n.Args[0])))
	}
	if kinds == nil || a.Enumerated[n] {
		if seen := a.enumerate(n, s); seen != nil {
			kinds = seen
		}
	}
	total, one := a.onlySum(n, v.Units)
	sure := a.Domain.Form != nil && a.isNonempty(n.Args[0])
	b := facts.NewBuilder([]*facts.Variable{v}, 0)
	var sums []float64
	d := facts.Determined{}
	states := 0
	for _, k := range kinds {
		states += len(k.sums)
	}
	v.Sums, v.Singles, v.Values = make([]facts.Sum, 0, states), make([]int32, 0, states), make([]value.Value, 0, states)
	sums, d.State, b.Cells = make([]float64, 0, states), make([]int32, 0, states), make([]int32, 0, states)
	for _, k := range kinds {
		for _, r := range k.sums.Floats() {
			if one && k.width > 0 && r.Total != total || k.width == 0 && sure {
				continue
			}
			v.Sums = append(v.Sums, facts.Sum{Total: r.Total, Width: k.width})
			v.Singles = append(v.Singles, r.Only)
			sums = append(sums, r.Sum.Float64())
			x := a.meanValue(n, r, k.width)
			v.Values = append(v.Values, x)
			b.Cells = append(b.Cells, b.Id(x))
			d.State = append(d.State, k.state)
		}
	}
	if len(v.Sums) > facts.MaxStates || len(v.Sums) == 0 {
		return a.unlisted(n)
	}
	apart := math.Inf(1) // sums of so many units are one, however they come out
	if v.Per == 0 {
		apart = additionError(s.Values, a.Domain.Length)
		rankSums(v, sums, apart)
	}
	if width := a.widthKnown(n.Args[0]); width != nil && kinds[0].state != facts.None {
		d.Variable = width.Vars[0]
		v.Determines = []facts.Determined{d}
	}
	v.Size = len(v.Sums)
	v.Alike = v.AlikeSums(apart)
	return b.Table()
}

// rankSums tells the states of a mean apart by the rank of their sums, as float64 rounds
// them, as far as a head may be able to: of one width those have one rank that are next to
// each other but for the last digits, or for what the addition of more than one value rounds.
// Where that matters, a replay tells them apart.
func rankSums(v *facts.Variable, sums []float64, apart float64) {
	order := facts.Range32(len(sums))
	slices.SortFunc(order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(v.Sums[i].Width, v.Sums[j].Width), cmp.Compare(sums[i], sums[j]))
	})
	rank, last := 0, order[0]
	for _, i := range order {
		width, near := v.Sums[i].Width, facts.RoundingOf*math.Abs(sums[i])
		if width > 1 {
			near = max(near, apart)
		}
		if width != v.Sums[last].Width || sums[i]-sums[last] > near {
			rank++
		}
		v.Sums[i].Total, last = int64(rank), i
	}
}

// additionError is how far apart two sums of up to n of the values can be, added in
// different orders: 0 if they are ints, or multiples of a power of two of which float64
// adds up all exactly, else 2 n (n-1) roundings of the largest (Higham 2002, section 4.2).
func additionError(values []value.Value, n int) float64 {
	size, grid, ints := 0.0, math.Inf(1), true
	for _, v := range values {
		x := v.Float64()
		size, grid, ints = max(size, math.Abs(x)), min(grid, construct.PowerOfTwo(x)), ints && v.Kind() == value.Int
	}
	if ints || float64(n)*size*construct.Ulp64 <= grid {
		return 0
	}
	return 2 * float64(n) * float64(n-1) * size * construct.Ulp64
}

// meanValue is what the interpreter makes of a row.
func (a *Analysis) meanValue(n *graph.Node, r sums.Reached, width int) value.Value {
	switch {
	case width == 0:
		return n.Value
	case r.Only != facts.None:
		return a.Table(n.Args[1]).Values[r.Only]
	}
	return value.OfFloat(r.Sum.Float64() / float64(width))
}

// rowKind is rows of one width, in one state of what their width follows from.
type rowKind struct {
	state int32 // none if it is not known
	width int
	sums  sums.Set
}

func rowsByWidth(sums []sums.Set) (kinds []rowKind) {
	for w, set := range sums {
		kinds = append(kinds, rowKind{facts.None, w, set})
	}
	return kinds
}

// kindsByState lists the rows of a positional selector whose width is known; nil
// if it is not, or there are too many sums.
func (a *Analysis) kindsByState(sel *graph.Node, s *sums.Summing) (kinds []rowKind) {
	width := a.widthKnown(sel)
	if width == nil {
		return nil
	}
	var any []sums.Set
	sizes := 0
	for state, w := range width.Cells {
		if w == facts.None {
			continue
		}
		k := rowKind{state: int32(state), width: int(width.Values[w].Float64())}
		if len(s.Places) > 1 && a.Rows[sel].Selected != nil {
			k.sums = s.Rows(a.Rows[sel].Of(width.Vars[0] == a.Position, state))
		} else {
			if any == nil {
				if any = s.Subsets(a.mostSelected(sel)); any == nil {
					return nil
				}
			}
			k.sums = any[k.width]
		}
		if sizes += len(k.sums); k.sums == nil || sizes > facts.MaxStates {
			return nil
		}
		kinds = append(kinds, k)
	}
	return kinds
}

// widthKnown is the width of the rows of a positional selector, where it
// depends on the position alone or on the length alone.
func (a *Analysis) widthKnown(sel *graph.Node) *facts.Table {
	r := a.Rows[sel]
	if r == nil || len(r.Width.Vars) != 1 {
		return nil
	}
	return r.Width
}

// onlySum finds the sum of a mean whose values are 0 everywhere but at position
// 0, which every row selects: the way RASP measures the width of a row.
func (a *Analysis) onlySum(n *graph.Node, units []int64) (total int64, ok bool) {
	r := a.Table(n.Args[1])
	if units == nil || len(r.Vars) != 1 || r.Vars[0] != a.Position || r.Cells[0] == facts.None || !a.selectsFirst(n.Args[0]) {
		return 0, false
	}
	for p, id := range r.Cells {
		if p > 0 && id != facts.None && units[id] != 0 {
			return 0, false
		}
	}
	return units[r.Cells[0]], true
}

// selectsFirst reports that every row of a selector selects position 0.
func (a *Analysis) selectsFirst(sel *graph.Node) bool {
	s, err := a.selectorOf(sel)
	if err != nil || s.Pick != facts.Every {
		return false
	}
	if a.Domain.Causal && s.Root.Given(0, 0).Op == facts.True {
		return a.claim(facts.First, sel, "all that is seen is selected")
	}
	for _, g := range s.Groups {
		if g.Key.Variable != a.Position || g.Key.Class[0] == facts.None || g.Equal != nil {
			continue
		}
		residuals, first, always := g.Residuals(s.Root), g.Key.Class[0], true
		for _, row := range g.Holds {
			always = always && (row[first] == facts.Never || residuals[row[first]].Op == facts.True)
		}
		if always {
			return a.claim(facts.First, sel, "true of position 0 for every query")
		}
	}
	return false
}
