package lower

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/logits"
	"rasp/compiler/plan"
	"rasp/lang/diag"
	"rasp/lang/elementary"
	"rasp/runtime/model"
)

// The logits of a prediction, of which float32 has to be right to 1e-5:
//
//   - Weights of the model are rounded to multiples of a power of two, so small that
//     it does not matter and so large that float32 adds them up without an error.
//     Where no such number is to be found, each is the sum of two: a coarse one and
//     what is left of it, in columns of their own.
//   - A token that cannot come next has its logit lowered by a power of two, times a
//     column that is 0 where it can: there nothing is rounded by it.
//   - The mean of what the largest and the smallest logit can be is taken from all
//     of them, which changes no probability.

// fineness is how numbers are rounded: to multiples of the first grid; what is left
// to multiples of the second, and so on.
type fineness []float64

// parts writes x as a sum of multiples of the grids.
func (f fineness) parts(x float64) []float64 {
	parts := make([]float64, len(f))
	for i, grid := range f {
		parts[i] = float64(math.Round(x/grid) * grid)
		x -= parts[i]
	}
	return parts
}

// off is how far the sum may be off.
func (f fineness) off() float64 { return float64(f[len(f)-1] / 2) }

const (
	coarse, rest = 1.0 / (1 << 10), 1.0 / (1 << 24)
	finest       = 1.0 / (1 << 20)
)

// chooseFineness finds a grid for numbers of which those of one sign add up to size, and of
// which a logit has so many that are rounded.
func chooseFineness(size float64, rounded int) (fine fineness, grid float64) {
	grid = finest
	for size > grid/construct.Ulp {
		grid *= 2
	}
	if float64(rounded)*grid > 0.9*construct.ProbabilityError {
		return fineness{coarse, rest}, 0
	}
	return fineness{grid}, grid
}

// nextReader lowers the logits of a prediction.
type nextReader struct {
	*lowering
	logits []*logits.Logit
	fine   fineness
	grid   float64 // of a number spelled by columns; 0 if that is not rounded
	gap    float64 // by which a logit is lowered where its token cannot come next
	shift  float64 // added to all logits
	label  model.Label
	own    []ownColumn // of the logit at hand
	left   float64     // of its constant, where that is rounded, until a portion takes it over
	off    float64     // by which rounding may have it off
	bares  map[string]plan.Form
	group  map[*plan.Column]int // of columns of the logit at hand that spell one number
	groups int
	states map[*facts.Table][][]int32 // of tables over the token: by value, where it is
	shared map[*logits.Sum]sharedSum
}

// sharedSum is a sum that logits share.
type sharedSum struct {
	number, mask plan.Form
	group        map[*plan.Column]int
	off          float64 // by which rounding may have it off, beyond each number listed
}

// ownColumn is a column to which the embedding and the rows of tables add.
type ownColumn struct {
	*plan.Column
	part int // of the number; mask if negative
}

// readNext asks for the logits of a prediction, as readOut does for s-ops.
func (l *lowering) readNext(s *logits.Scores, list []*logits.Logit) {
	r := &nextReader{lowering: l, logits: list, bares: map[string]plan.Form{}, states: map[*facts.Table][][]int32{}}
	if len(list) == 0 {
		l.Fail(diag.Errorf(s.Span, diag.Value, "%s fails on every input of the domain", s.Name))
		return
	}
	r.shared = map[*logits.Sum]sharedSum{}
	r.measure()
	out := plan.Output{Name: s.Name, Next: true, Gap: r.gap}
	for _, x := range list {
		token := model.Token(x.Token.JSON())
		r.own, r.group, r.label = nil, map[*plan.Column]int{}, model.Label{What: "logit of " + string(token), Name: s.Name, Line: s.Span.Line(), Col: s.Span.Col()}
		read := r.logit
		if r.shares(x) {
			read = r.sharedLogit
		}
		number, mask, off := read(x)
		out.Classes = append(out.Classes, token)
		out.Logits = append(out.Logits, number.Plus(mask.Times(-r.gap)))
		out.Masks = append(out.Masks, mask)
		out.Off, out.Groups = append(out.Off, off), append(out.Groups, r.group)
	}
	l.Outputs = append(l.Outputs, out)
}

// measure finds the shift, the gap and the fineness.
func (r *nextReader) measure() {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, l := range r.logits {
		x, y := l.Constant, l.Constant
		for i := range l.Portions {
			a, b, _ := l.Portions[i].Extent()
			x, y = x+a, y+b
		}
		lo, hi = min(lo, x), max(hi, y)
	}
	r.gap = math.Exp2(math.Ceil(elementary.Log2(hi - lo + construct.Border + 8)))
	r.shift = -(lo + hi) / 2
	size, rounded := 0.0, 1
	for _, l := range r.logits {
		x := l.Constant + r.shift
		pos, neg := max(0, x), max(0, -x)
		for i := range l.Portions {
			a, b, _ := l.Portions[i].Extent()
			pos, neg = pos+max(0, b), neg+max(0, -a)
		}
		size, rounded = max(size, pos, neg), max(rounded, r.roundings(l))
	}
	r.fine, r.grid = chooseFineness(size, rounded)
	if r.Policy.TwoColumns {
		r.fine = fineness{coarse, rest}
	}
}

// roundings is how many numbers of a logit are rounded: each that is listed, and beside rows,
// or in a column of its own, the constant. Else a number takes over what is left of that.
func (r *nextReader) roundings(l *logits.Logit) int {
	listed, rows := 0, 0
	for i := range l.Portions {
		switch d := &l.Portions[i]; {
		case d.Row != nil:
			rows++
		case !d.Number:
			listed++
		}
	}
	if rows > 0 || r.apart(l) {
		rows++
	}
	return listed + rows
}

// maxShared is how many numbers, tokens times logits, are looked at for what functions of the
// token have in common: functions that are 0 at the first token, so that the logit of a word
// that can follow it is another number after nearly all others. Beyond, each logit has a
// column of its own in the embedding: a bigram model of 3,000 words 55 thousand weights
// instead of 2.6 million.
const maxShared = 1 << 20

// apart reports that the logit has a column of its own, though no row writes to it.
func (r *nextReader) apart(l *logits.Logit) bool {
	return len(r.logits)*r.Token.Size > maxShared && slices.ContainsFunc(l.Portions, func(d logits.Portion) bool { return isOver(&d, r.Token) })
}

// isOver reports that a portion is a function of the variable by a table.
func isOver(d *logits.Portion, v *facts.Variable) bool {
	return d.Table != nil && len(d.Table.Vars) == 1 && d.Table.Vars[0] == v
}

// logit lowers a logit: its number, what is 1 or more where the token cannot come
// next and else 0, and how far the number may be off by rounding.
func (r *nextReader) logit(l *logits.Logit) (number, mask plan.Form, off float64) {
	r.lookUpRows(l.Sum)
	r.left, r.off = 0, float64(r.roundings(l))*r.fine.off()
	own := len(r.own) > 0 || r.apart(l)
	if own && len(r.fine) > 1 {
		// Two columns and nothing else: one rounding when they are read.
		r.embed(r.Position, r.everywhere(l.Constant+r.shift))
	} else {
		r.left = l.Constant + r.shift
		fine := r.fine
		if r.Policy.OneHotValues && r.grid > 0 {
			fine = fineness{r.grid}
		}
		for _, part := range fine.parts(r.left) {
			number.Constant, r.left = number.Constant+part, r.left-part
		}
	}
	number, mask = r.sum(number, l.Sum, own)
	return number, mask, r.off + math.Abs(r.left)
}

// shares reports that a logit is read off columns that others read, too: those that rows
// write. A table of classes has a column for each class then, not for each of their words.
func (r *nextReader) shares(l *logits.Logit) bool {
	return l.Logits > 1 && !r.Policy.TwoColumns && slices.ContainsFunc(l.Portions, func(d logits.Portion) bool { return d.Row != nil })
}

// sharedLogit lowers a logit as a sum that it shares, and a constant of its own. The constant
// is a multiple of the grid, as the numbers of the sum are, so that float32 adds them up
// exactly; where these have two parts each, it is what float32 makes of it.
func (r *nextReader) sharedLogit(l *logits.Logit) (number, mask plan.Form, off float64) {
	s, known := r.shared[l.Sum]
	if !known {
		r.label.What += fmt.Sprintf(" and %d more", l.Logits-1)
		r.left, r.off = 0, 0
		r.lookUpRows(l.Sum)
		s.number, s.mask = r.sum(plan.Form{}, l.Sum, true)
		s.group, s.off = r.group, r.off
		r.shared[l.Sum] = s
	}
	r.group = s.group
	constant, left := l.Constant+r.shift, 0.0
	if len(r.fine) == 1 {
		left = constant
		constant = r.fine.parts(constant)[0]
		left -= constant
	}
	return s.number.Plus(plan.Constant(constant)), s.mask, s.off + float64(float64(r.roundings(l))*r.fine.off()) + math.Abs(left)
}

// lookUpRows has the rows of tables write what they add.
func (r *nextReader) lookUpRows(s *logits.Sum) {
	for i := range s.Portions {
		if d := &s.Portions[i]; d.Row != nil {
			r.lookUp(d)
		}
	}
	for i := range s.Portions {
		if d := &s.Portions[i]; d.Row != nil && math.IsInf(d.Other, -1) {
			r.embed(r.Position, r.everywhere(d.Other))
		}
	}
}

// sum adds to a number what is no row, lowered, and reads it off with the columns that rows write; own says
// that functions of the token and of the position go to columns of the logit, too.
func (r *nextReader) sum(number plan.Form, s *logits.Sum, own bool) (_, mask plan.Form) {
	var byToken, byPosition []*logits.Portion
	for i := range s.Portions {
		d := &s.Portions[i]
		switch {
		case d.Row != nil:
		case d.Number:
			number = number.Plus(r.Scalar(d.Node).Get().Times(d.Factor))
		case isOver(d, r.Token):
			byToken = append(byToken, d)
		case isOver(d, r.Position):
			byPosition = append(byPosition, d)
		case r.isMeanItself(d):
			number = number.Plus(r.Scalar(d.Node).Get().Times(d.Factor)).Plus(plan.Constant(-d.Base))
		case len(d.Table.Vars) == 1:
			n, m := r.function(d.Table.Vars[0], d.ByState(d.Table.Cells))
			number, mask = number.Plus(n), mask.Plus(m)
		default:
			n, m := r.function(r.Source(d.Node), d.ByState(r.IdsBySource(d.Node)))
			number, mask = number.Plus(n), mask.Plus(m)
		}
	}
	for _, embedded := range []struct {
		of       *facts.Variable
		portions []*logits.Portion
	}{{r.Token, byToken}, {r.Position, byPosition}} {
		switch {
		case embedded.portions == nil:
		case own:
			r.embed(embedded.of, r.entries(embedded.portions))
		default:
			n, m := r.function(embedded.of, added(embedded.portions))
			number, mask = number.Plus(n), mask.Plus(m)
		}
	}
	for _, c := range r.own {
		if one := linear.Of(c.Column); c.part < 0 {
			mask = mask.Plus(one)
		} else {
			number = number.Plus(one)
		}
	}
	return number, mask
}

// isMeanItself reports that a portion is a multiple of a mean, which is there as a
// number before its values are told apart.
func (r *nextReader) isMeanItself(d *logits.Portion) bool {
	_, _, never := d.Extent()
	return d.Factor != 0 && !never && !r.Policy.TwoColumns && r.IsMean(d.Node) && !r.All(d.Node, facts.IsInteger)
}

// plus is f + x.
func plus(f []float64, x float64) []float64 {
	g := slices.Clone(f)
	for s := range g {
		g[s] += x
	}
	return g
}

// added is the sum of portions over one variable, by state.
func added(portions []*logits.Portion) []float64 {
	f := portions[0].ByState(portions[0].Table.Cells)
	for _, d := range portions[1:] {
		for s, x := range d.ByState(d.Table.Cells) {
			f[s] += x
		}
	}
	return f
}

// entries is the sum of portions over one variable where it is not 0, by state. A single one
// that is 0 but for few values, as what a token adds to the logit of another is, takes no
// more work than it has.
func (r *nextReader) entries(portions []*logits.Portion) []plan.Entry {
	values, numbers, few := portions[0].Few()
	if !few || len(portions) > 1 {
		return plan.NonZero(added(portions))
	}
	var list []plan.Entry
	states := r.statesOf(portions[0].Table)
	for k, id := range values {
		if x := numbers[k]; x != 0 && !math.IsNaN(x) {
			for _, s := range states[id] {
				list = append(list, plan.Entry{Row: int(s), Weight: x})
			}
		}
	}
	slices.SortFunc(list, func(a, b plan.Entry) int { return a.Row - b.Row })
	return list
}

// statesOf lists where a table over one variable has each value.
func (r *nextReader) statesOf(t *facts.Table) [][]int32 {
	states := r.states[t]
	if states == nil {
		states = make([][]int32, len(t.Values))
		for s, id := range t.Cells {
			if id != facts.None {
				states[id] = append(states[id], int32(s))
			}
		}
		r.states[t] = states
	}
	return states
}

// everywhere is a number at all positions.
func (r *nextReader) everywhere(x float64) []plan.Entry {
	return plan.NonZero(slices.Repeat([]float64{x}, r.Domain.Length))
}

// function reads a function of a variable, -Inf where the token cannot come next, and adds
// what is left of the constant.
func (r *nextReader) function(v *facts.Variable, f []float64) (number, mask plan.Form) {
	f, r.left = plus(f, r.left), 0
	never := make([]float64, len(f))
	parts := make([][]float64, len(r.fine))
	for p := range parts {
		parts[p] = make([]float64, len(f))
	}
	for s, x := range f {
		if never[s] = facts.Indicate(math.IsInf(x, -1)); math.IsNaN(x) {
			never[s] = x
		}
		for p, part := range r.fine.parts(x) {
			if parts[p][s] = part; never[s] != 0 {
				parts[p][s] = math.NaN()
			}
		}
	}
	if values := valuesOf(f); r.Policy.OneHotValues && len(values) > 2 && len(values) <= demand.MaxOneHot && v.Source != facts.Token && v.Source != facts.Position {
		f, r.off = r.onGrid(f), r.off+float64(r.grid/2)
		number, parts = r.spelledNumber(v, f, valuesOf(f)), nil
	}
	for _, part := range parts {
		g, scale, shift := facts.Normal(part)
		if scale != 0 {
			number = number.Plus(r.bare(v, g, false).Times(scale))
		}
		number = number.Plus(plan.Constant(shift))
	}
	if slices.Contains(never, 1) {
		mask = r.bare(v, never, true)
	}
	return number, mask
}

// onGrid rounds the numbers that columns spell, if that is fine enough for one sum that
// float32 adds up exactly.
func (r *nextReader) onGrid(f []float64) []float64 {
	if r.grid == 0 {
		return f
	}
	g := slices.Clone(f)
	for s, x := range f {
		if !math.IsInf(x, -1) {
			g[s] = math.Round(x/r.grid) * r.grid
		}
	}
	return g
}

// valuesOf lists what a function can be, but for -Inf.
func valuesOf(f []float64) []float64 {
	values := map[float64]bool{}
	for _, x := range f {
		if !math.IsNaN(x) && !math.IsInf(x, -1) {
			values[x] = true
		}
	}
	return slices.Sorted(maps.Keys(values))
}

// spelledNumber reads a function by a column for each of its values but one, see
// spell.go. One of them is 1 at most. The one that has none is one for which it
// would be 1 less a column.
func (r *nextReader) spelledNumber(v *facts.Variable, f, values []float64) plan.Form {
	rest := values[0]
	for _, x := range values {
		if r.bare(v, facts.FunctionThat(f, x), false).Constant != 0 {
			rest = x
			break
		}
	}
	number := plan.Constant(rest)
	r.groups++
	for _, x := range values {
		if x == rest {
			continue
		}
		where := r.bare(v, facts.FunctionThat(f, x), true)
		number = number.Plus(where.Times(x - rest))
		for _, t := range where.Terms {
			r.group[t.Of] = r.groups
		}
	}
	return number
}

// bare reads a function of a variable off columns without an offset and, if it is
// a mask, without a constant: next to large numbers that cancel the small ones in
// a logit would be rounded.
func (r *nextReader) bare(v *facts.Variable, g []float64, mask bool) plan.Form {
	key := fmt.Sprint(v.Id, mask) + facts.FunctionKey(g)
	if f, ok := r.bares[key]; ok {
		return f
	}
	f := r.Read(v, g)
	offset := slices.ContainsFunc(f.Terms, func(t plan.Term) bool { return t.Of.Offset != 0 })
	switch {
	case len(f.Terms) == 0: // always the same, or it cannot be read
	case offset || mask && f.Constant != 0 && v.Source != facts.Token && v.Source != facts.Position:
		f = r.copied(v, f, g)
	case mask && f.Constant != 0:
		f = r.Embedded(v, g).Make()
		r.NoteForm(v, g, f)
	}
	r.bares[key] = f
	return f
}

// copied has a neuron write a form whose values are g to a column of its own.
func (r *nextReader) copied(v *facts.Variable, f plan.Form, g []float64) plan.Form {
	least, t := math.Inf(1), plan.NextMLP(plan.LastOf(f).When)
	for _, x := range g {
		if !math.IsNaN(x) {
			least = min(least, x)
		}
	}
	c := r.NewColumn(t, r.lowering.Label(v, g))
	c.Zeros = r.Robust
	for _, x := range g {
		if !math.IsNaN(x) {
			c.Holds(x - least)
			c.Zeros = c.Zeros && x-least <= 1 // or it is no condition
		}
	}
	in := f.Plus(plan.Constant(-least))
	if c.Zeros {
		in = r.Inside(in.Plus(plan.Constant(-1)))
	}
	n := r.Neuron(t/2, in, c.Zeros, c.Label)
	n.Inside = c.Zeros
	n.Write(c, 1)
	own := linear.Of(c).Plus(plan.Constant(least))
	r.NoteForm(v, g, own)
	return own
}

// column is the one of the logit at hand that is written at a time.
func (r *nextReader) column(when, part int) *plan.Column {
	for _, c := range r.own {
		if c.When == when && c.part == part {
			return c.Column
		}
	}
	label, about := r.label, "logits"
	if part < 0 {
		label.What, about = label.What+" is none", "tokens that cannot come next"
	}
	r.Subjects[label.What] = about
	c := r.NewColumn(when, label)
	c.Sum = true
	r.own = append(r.own, ownColumn{c, part})
	return c
}

// mask is the part of a logit that says that it is none.
const mask = -1

// lookUp has the rows of a table write what they add.
func (r *nextReader) lookUp(d *logits.Portion) {
	c := r.neuronsOf(d.Row)
	r.readBits(c)
	write := func(place int32, part int, x float64) {
		if x != 0 {
			c.write(place, r.column(c.when, part), x)
		}
	}
	never := facts.Indicate(math.IsInf(d.Other, -1))
	for k, place := range d.Places {
		x := d.Cells[k]
		if write(place, mask, facts.Indicate(math.IsInf(x, -1))-never); math.IsInf(x, -1) || math.IsNaN(x) {
			continue
		}
		for p, part := range r.fine.parts(x) {
			write(place, p, part)
		}
	}
}

// embed adds a function of the token, or of the position, by state, to the columns of the
// logit: to those that rows write, and where there is none to one that nothing else writes.
func (r *nextReader) embed(v *facts.Variable, f []plan.Entry) {
	at := func(part, s int, x float64) {
		if x == 0 {
			return
		}
		when := 0
		if i := slices.IndexFunc(r.own, func(c ownColumn) bool { return c.part == part }); i >= 0 {
			when = r.own[i].When
		}
		c := r.column(when, part)
		of := &c.Tokens
		if v == r.Position {
			of = &c.Positions
		}
		*of = plan.AddTo(*of, s, x)
	}
	for _, e := range f {
		if math.IsInf(e.Weight, -1) {
			at(mask, e.Row, 1)
			continue
		}
		for p, part := range r.fine.parts(e.Weight) {
			at(p, e.Row, part)
		}
	}
}
