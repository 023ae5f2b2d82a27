package compiler

import (
	"rasp/compiler/construct"
	"rasp/compiler/linear"

	"fmt"
	"maps"
	"math"
	"slices"

	"rasp/lang/diag"
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
		parts[i] = math.Round(x/grid) * grid
		x -= parts[i]
	}
	return parts
}

// off is how far the sum may be off.
func (f fineness) off() float64 { return f[len(f)-1] / 2 }

const (
	coarse, rest = 1.0 / (1 << 10), 1.0 / (1 << 22)
	finest       = 1.0 / (1 << 20)
)

// chooseFineness finds a grid for numbers that add up to size, of which there are
// so many portions in a logit.
func chooseFineness(size float64, portions int) fineness {
	grid := finest
	for size > grid/ulp {
		grid *= 2
	}
	if float64(portions)*grid > 0.9*construct.ProbabilityError {
		return fineness{coarse, rest}
	}
	return fineness{grid}
}

// nextReader lowers the logits of a prediction.
type nextReader struct {
	*lowering
	logits []*logit
	fine   fineness
	gap    float64 // by which a logit is lowered where its token cannot come next
	shift  float64 // added to all logits
	label  model.Label
	own    []ownColumn // of the logit at hand
	bares  map[string]form
	group  map[*column]int // of columns of the logit at hand that spell one number
	groups int
}

// ownColumn is a column to which the embedding and the rows of tables add.
type ownColumn struct {
	*column
	part int // of the number; mask if negative
}

// readNext asks for the logits of a prediction, as readOut does for s-ops.
func (l *lowering) readNext(s *scores, logits []*logit) {
	r := &nextReader{lowering: l, logits: logits, bares: map[string]form{}}
	if len(logits) == 0 {
		l.fail(diag.Errorf(s.span, diag.Value, "%s fails on every input of the domain", s.name))
		return
	}
	r.measure()
	out := output{name: s.name, next: true, gap: r.gap}
	for _, x := range logits {
		token := model.Token(x.token.JSON())
		r.own, r.group, r.label = nil, map[*column]int{}, model.Label{What: "logit of " + string(token), Name: s.name, Line: s.span.Line(), Col: s.span.Col()}
		number, mask, off := r.logit(x)
		out.classes = append(out.classes, token)
		out.logits = append(out.logits, number.Plus(mask.Times(-r.gap)))
		out.masks = append(out.masks, mask)
		out.off, out.groups = append(out.off, off), append(out.groups, r.group)
	}
	l.outputs = append(l.outputs, out)
}

// measure finds the shift, the gap and the fineness.
func (r *nextReader) measure() {
	lo, hi, portions := math.Inf(1), math.Inf(-1), 0
	for _, l := range r.logits {
		x, y := l.constant, l.constant
		for i := range l.portions {
			a, b, _ := l.portions[i].extent()
			x, y = x+a, y+b
		}
		lo, hi, portions = min(lo, x), max(hi, y), max(portions, len(l.portions)+1)
	}
	r.gap = math.Exp2(math.Ceil(math.Log2(hi - lo + construct.Border + 8)))
	r.shift = -(lo + hi) / 2
	size := 0.0
	for _, l := range r.logits {
		x := math.Abs(l.constant + r.shift)
		for i := range l.portions {
			a, b, _ := l.portions[i].extent()
			x += max(math.Abs(a), math.Abs(b))
		}
		size = max(size, x)
	}
	r.fine = chooseFineness(size, portions)
	if r.policy.fine {
		r.fine = fineness{coarse, rest}
	}
}

// logit lowers a logit: its number, what is 1 or more where the token cannot come
// next and else 0, and how far the number may be off by rounding.
func (r *nextReader) logit(l *logit) (number, mask form, off float64) {
	for i := range l.portions {
		if d := &l.portions[i]; d.row != nil {
			r.lookUp(d)
			if math.IsInf(d.other, -1) {
				r.embed(r.position, slices.Repeat([]float64{d.other}, r.domain.Length))
			}
		}
	}
	off = r.fine.off()
	if len(r.own) > 0 && len(r.fine) > 1 {
		// Two columns and nothing else: one rounding when they are read.
		r.embed(r.position, slices.Repeat([]float64{l.constant + r.shift}, r.domain.Length))
	} else {
		for _, part := range r.fine.parts(l.constant + r.shift) {
			number.Constant += part
		}
	}
	var byToken, byPosition []float64
	for i := range l.portions {
		d := &l.portions[i]
		off += r.fine.off()
		switch {
		case d.row != nil:
		case d.number:
			number = number.Plus(r.scalar(d.node).get().Times(d.factor))
		case len(d.rel.vars) == 1 && d.rel.vars[0] == r.token:
			byToken = added(byToken, d.byState(d.rel.cells))
		case len(d.rel.vars) == 1 && d.rel.vars[0] == r.position:
			byPosition = added(byPosition, d.byState(d.rel.cells))
		case r.isMeanItself(d):
			number = number.Plus(r.scalar(d.node).get().Times(d.factor)).Plus(constantForm(-d.base))
		case len(d.rel.vars) == 1:
			n, m := r.function(d.rel.vars[0], d.byState(d.rel.cells))
			number, mask = number.Plus(n), mask.Plus(m)
		default:
			n, m := r.function(r.source(d.node), d.byState(r.idsBySource(d.node)))
			number, mask = number.Plus(n), mask.Plus(m)
		}
	}
	for _, embedded := range []struct {
		of *variable
		f  []float64
	}{{r.token, byToken}, {r.position, byPosition}} {
		switch {
		case embedded.f == nil:
		case len(r.own) > 0:
			r.embed(embedded.of, embedded.f)
		default:
			n, m := r.function(embedded.of, embedded.f)
			number, mask = number.Plus(n), mask.Plus(m)
		}
	}
	for _, c := range r.own {
		if one := linear.Of(c.column); c.part < 0 {
			mask = mask.Plus(one)
		} else {
			number = number.Plus(one)
		}
	}
	return number, mask, off
}

// isMeanItself reports that a portion is a multiple of a mean, which is there as a
// number before its values are told apart.
func (r *nextReader) isMeanItself(d *portion) bool {
	_, _, never := d.extent()
	return d.factor != 0 && !never && !r.policy.fine && r.isMean(d.node) && !r.all(d.node, isInteger)
}

// added is f + g, where f may be nil for nothing.
func added(f, g []float64) []float64 {
	for s := range f {
		g[s] += f[s]
	}
	return g
}

// function reads a function of a variable, -Inf where the token cannot come next.
func (r *nextReader) function(v *variable, f []float64) (number, mask form) {
	never := make([]float64, len(f))
	parts := make([][]float64, len(r.fine))
	for p := range parts {
		parts[p] = make([]float64, len(f))
	}
	for s, x := range f {
		if never[s] = indicate(math.IsInf(x, -1)); math.IsNaN(x) {
			never[s] = x
		}
		for p, part := range r.fine.parts(x) {
			if parts[p][s] = part; never[s] != 0 {
				parts[p][s] = math.NaN()
			}
		}
	}
	if values := valuesOf(f); r.policy.spelled && len(values) > 2 && len(values) <= maxSpelled && v.kind != tokenVariable && v.kind != positionVariable {
		number, parts = r.spelledNumber(v, f, values), nil
	}
	for _, part := range parts {
		g, scale, shift := normal(part)
		if scale != 0 {
			number = number.Plus(r.bare(v, g, false).Times(scale))
		}
		number = number.Plus(constantForm(shift))
	}
	if slices.Contains(never, 1) {
		mask = r.bare(v, never, true)
	}
	return number, mask
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
func (r *nextReader) spelledNumber(v *variable, f, values []float64) form {
	rest := values[0]
	for _, x := range values {
		if r.bare(v, functionThat(f, x), false).Constant != 0 {
			rest = x
			break
		}
	}
	number := constantForm(rest)
	r.groups++
	for _, x := range values {
		if x == rest {
			continue
		}
		where := r.bare(v, functionThat(f, x), true)
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
func (r *nextReader) bare(v *variable, g []float64, mask bool) form {
	key := fmt.Sprint(v.id, mask) + functionKey(g)
	if f, ok := r.bares[key]; ok {
		return f
	}
	f := r.read(v, g)
	offset := slices.ContainsFunc(f.Terms, func(t formTerm) bool { return t.Of.offset != 0 })
	switch {
	case len(f.Terms) == 0: // always the same, or it cannot be read
	case offset || mask && f.Constant != 0 && v.kind != tokenVariable && v.kind != positionVariable:
		f = r.copied(v, f, g)
	case mask && f.Constant != 0:
		f = r.embedded(v, g).make()
	}
	r.bares[key] = f
	return f
}

// copied has a neuron write a form whose values are g to a column of its own.
func (r *nextReader) copied(v *variable, f form, g []float64) form {
	least, t := math.Inf(1), nextMLP(lastOf(f).when)
	for _, x := range g {
		if !math.IsNaN(x) {
			least = min(least, x)
		}
	}
	c := r.newColumn(t, r.lowering.label(v, g))
	for _, x := range g {
		if !math.IsNaN(x) {
			c.holds(x - least)
		}
	}
	r.neuron(t/2, f.Plus(constantForm(-least)), false, c.label).write(c, 1)
	return linear.Of(c).Plus(constantForm(least))
}

// column is the one of the logit at hand that is written at a time.
func (r *nextReader) column(when, part int) *column {
	for _, c := range r.own {
		if c.when == when && c.part == part {
			return c.column
		}
	}
	label, about := r.label, "logits"
	if part < 0 {
		label.What, about = label.What+" is none", "tokens that cannot come next"
	}
	r.subjects[label.What] = about
	c := r.newColumn(when, label)
	c.sum = true
	r.own = append(r.own, ownColumn{c, part})
	return c
}

// mask is the part of a logit that says that it is none.
const mask = -1

// lookUp has the rows of a table write what they add.
func (r *nextReader) lookUp(d *portion) {
	c := r.context(d.row)
	r.readBits(c)
	write := func(place int32, part int, x float64) {
		if x != 0 {
			c.write(place, r.column(c.when, part), x)
		}
	}
	never := indicate(math.IsInf(d.other, -1))
	for k, place := range d.places {
		x := d.cells[k]
		if write(place, mask, indicate(math.IsInf(x, -1))-never); math.IsInf(x, -1) || math.IsNaN(x) {
			continue
		}
		for p, part := range r.fine.parts(x) {
			write(place, p, part)
		}
	}
}

// embed adds a function of the token, or of the position, to the columns of the
// logit.
func (r *nextReader) embed(v *variable, f []float64) {
	when := r.own[0].when
	at := func(part, s int, x float64) {
		if x == 0 {
			return
		}
		c := r.column(when, part)
		of := &c.tokens
		if v == r.position {
			of = &c.positions
		}
		if *of == nil {
			*of = make([]float64, len(f))
		}
		(*of)[s] += x
	}
	for s, x := range f {
		switch {
		case math.IsInf(x, -1):
			at(mask, s, 1)
		case !math.IsNaN(x):
			for p, part := range r.fine.parts(x) {
				at(p, s, part)
			}
		}
	}
}
