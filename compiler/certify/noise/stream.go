package noise

import (
	"maps"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/runtime/model"
)

// variable is what the ideal values of columns are functions of: the token, the position, or
// an s-op, by the codes of the plan.
type variable struct {
	of   plan.Subject
	node int
}

var theToken, thePosition = variable{plan.OfToken, plan.NoNode}, variable{plan.OfPosition, plan.NoNode}

// column is a dimension of the residual stream.
type column struct {
	*plan.Column
	lo, hi float64                // of the ideal value beyond the offset
	holds  map[variable][]float64 // the ideal value by state, NaN where it does not matter
	err    errs                   // but for what the embedding's own weights are off
	// beside is that where the column is 0 and all that would write it is closed.
	beside errs
	bosErr errs
	// What the weights of the embedding are off, by token and by position, and the sources.
	byToken, byPosition         []float64
	mostByToken, mostByPosition float64
	tokenSource, positionSource int
	most, mostAtBOS             float64 // how far the column may be off at most, and at BOS
	// Of a sum that a head brings err is base, and scale for each unit that the sum is from 0;
	// before is what the column was off until then.
	isSum               bool
	base, scale, before errs
	// A hinge is read as 0 or 1, which it is at least: what it is beyond that, and off there, is
	// on the right side. largest is what it can be, and slack how far that is off.
	largest, slack float64
}

// place is a state of a variable; the zero place is any state.
type place struct {
	of    variable
	state int
	known bool
	zero  bool // where all columns are 0
}

// holding lists the ideal values of a column as functions of variables.
func (a Analysis) holding(c *plan.Column) map[variable][]float64 {
	holds := map[variable][]float64{}
	switch {
	case c.Sum:
	case c.When == 0 && len(c.Positions) == 0 && len(c.Tokens) > 0:
		holds[theToken] = byState(c.Tokens, len(a.Model.Vocab))
	case c.When == 0 && len(c.Tokens) == 0 && len(c.Positions) > 0:
		holds[thePosition] = byState(c.Positions, a.Model.NCtx-1)
	case c.When > 0:
		for _, code := range c.Codes {
			v := variable{code.Of, code.Node}
			if v != theToken && v != thePosition { // of which there are as many states as the embedding has rows
				for _, x := range code.Holds.States {
					holds[v] = append(holds[v], x)
				}
			}
		}
	}
	return holds
}

// byState has a number for each of so many states, of which some are not 0.
func byState(held []plan.Entry, states int) []float64 {
	numbers := make([]float64, states)
	for _, e := range held {
		numbers[e.Row] = e.Weight
	}
	return numbers
}

// embedding starts the residual stream.
func (p *pass) embedding() {
	m := p.model
	tokens, positions := p.rms(m.WE), p.rms(m.WPos)
	byToken, byPosition := m.WE.Transpose().Floats(), m.WPos.Transpose().Floats()
	rows := len(m.Vocab) + 1
	for i, pc := range p.plan.Columns {
		b := p.certified.Bounds[i]
		c := &column{Column: pc, lo: b.Lo, hi: b.Hi, holds: p.ideals[i], tokenSource: p.source(), positionSource: p.source()}
		if pc.Sum || pc.When > 0 {
			c.lo, c.hi = min(c.lo, 0), max(c.hi, 0)
		}
		token, position := byToken[i*rows:(i+1)*rows], byPosition[i*m.NCtx:(i+1)*m.NCtx]
		for _, w := range token {
			c.byToken = append(c.byToken, p.own(p.power(float64(w)), 1, tokens)+p.storedOff(float64(w)))
		}
		for _, w := range position {
			c.byPosition = append(c.byPosition, p.own(p.power(float64(w)), 1, positions)+p.storedOff(float64(w)))
		}
		last := len(m.Vocab)
		bos, bosPosition := p.source(), p.source()
		p.sum.part(bos, c.byToken[last])
		p.sum.part(bosPosition, c.byPosition[0])
		p.sum.fixed += p.rounding(1, math.Abs(float64(token[last]))+math.Abs(float64(position[0])))
		c.bosErr = p.sum.take()
		c.byToken, c.byPosition = c.byToken[:last], c.byPosition[1:]
		c.mostByToken, c.mostByPosition = slices.Max(c.byToken), slices.Max(c.byPosition)
		c.err.fixed = p.rounding(1, c.size())
		if len(pc.Tokens) > 0 && len(pc.Positions) > 0 {
			c.err.fixed += p.written(c.size())
		}
		if p.unit {
			p.wrote(c, 0)
		}
		p.columns = append(p.columns, c)
	}
}

// wrote makes a column a source of its own where budgets are asked for.
func (p *pass) wrote(c *column, now int) {
	if p.unit && c.When == now {
		unit := errs{parts: []part{{c.Dim, 1}}}
		c.err, c.beside, c.bosErr = p.plus(c.err, unit), p.plus(c.beside, unit), errs{}
	}
}

// isConstant reports that the column holds the same for every token, at every position.
func (c *column) isConstant() bool {
	return c.When == 0 && !c.Sum && len(c.Tokens) == 0 && len(c.Positions) == 0
}

func (c *column) size() float64 {
	return max(math.Abs(c.lo), math.Abs(c.hi)) + math.Abs(c.Offset)
}

// value is what the column holds in a state, the offset apart.
func (c *column) value(at place) (lo, hi float64) {
	if at.zero {
		return 0, 0
	}
	if values, ok := c.holds[at.of]; ok && at.known && !math.IsNaN(values[at.state]) {
		if x := values[at.state]; x == 0 || !c.Hinge {
			return x, x
		}
		return 1, 1
	}
	return c.lo, c.hi
}

// isZero reports that the column is 0 in a state, and all that would write it closed.
func (c *column) isZero(at place) bool {
	lo, hi := c.value(at)
	return c.Zeros && lo == 0 && hi == 0
}

// off is how far the column may be off in a state.
func (p *pass) off(s *sum, factor float64, c *column, at place) {
	if c.isZero(at) {
		s.add(factor, c.beside)
	} else {
		s.add(factor, c.err)
	}
	token, position := c.mostByToken, c.mostByPosition
	if at.known && at.of == theToken {
		token = c.byToken[at.state]
	}
	if at.known && at.of == thePosition {
		position = c.byPosition[at.state]
	}
	s.part(c.tokenSource, float64(math.Abs(factor)*token))
	s.part(c.positionSource, float64(math.Abs(factor)*position))
}

// settle notes how far each column may be off at most, before a half layer reads them.
func (p *pass) settle() {
	for _, c := range p.columns {
		p.off(&p.sum, 1, c, place{})
		c.most, c.mostAtBOS = p.total(p.sum.take()), p.total(c.bosErr)
	}
	if p.absolute > 0 || p.relative == 0 {
		p.reachedAtBOS = p.squaresAtBOS()
	}
	if p.relative == 0 {
		p.reached = p.allSquares()
		p.lengths = append(p.lengths, max(p.reached, p.reachedAtBOS))
	}
	if p.k > 0 {
		square := p.mode.squares[len(p.lengths)-1]
		p.eta, p.tilt, p.mean = square/float64(2*p.k*p.k), 4*construct.Ulp, construct.Ulp*(p.k+math.Sqrt(square))
	}
}

// entry is a weight, and the factor that the plan meant.
type entry struct {
	*column
	weight, factor float64
}

func (p *pass) entries(f plan.Form, weights []plan.Entry) []entry {
	var list []entry
	plan.Each(weights, plan.Entries(f), func(row int, weight, factor float64) {
		list = append(list, entry{p.columns[row], p.factor(weight), factor})
	})
	return list
}

// reading is a sum of products of weights and columns.
type reading struct {
	lo, hi   float64
	products float64 // sum of the products' powers
	size     float64 // sum of their absolute values
	reach    float64 // that with all that hinges can be
	off      float64 // by which weights differ from factors, times what they multiply
	err      errs    // what the columns bring
}

func (r *reading) plus(x reading) {
	r.lo, r.hi = r.lo+x.lo, r.hi+x.hi
	r.products, r.size, r.reach, r.off = r.products+x.products, r.size+x.size, r.reach+x.reach, r.off+x.off
}

// together reads columns in a state.
func (p *pass) together(list []entry, at place) reading {
	var r reading
	for _, e := range list {
		lo, hi := e.value(at)
		size := e.sizeIn(at) + e.most
		a, b := float64(e.factor*lo), float64(e.factor*hi)
		product := float64(e.weight * size)
		r.plus(reading{lo: min(a, b), hi: max(a, b), products: p.power(product), size: math.Abs(product), reach: float64(math.Abs(e.weight) * e.column.reach(at)), off: float64(math.Abs(e.weight-e.factor) * size)})
		p.off(&p.sum, e.weight, e.column, at)
		p.sum.fixed += float64(math.Abs(e.weight) * p.asFactor(lo+e.Offset, hi+e.Offset, e.offIn(at)))
	}
	r.err = p.sum.take()
	return r
}

// offIn is how far the column may be off in a state, at most.
func (c *column) offIn(at place) float64 {
	if c.isZero(at) {
		return 0
	}
	return c.most
}

// anywhere reads columns in any state: those of one variable together. Of a single one all states
// are no nearer than any.
func (p *pass) anywhere(list []entry, v variable) reading {
	if len(list) == 1 {
		return p.together(list, place{})
	}
	var all []reading
	var off []errs
	for s := range p.states(list, v) {
		x := p.together(list, place{of: v, state: s, known: true})
		all, off = append(all, x), append(off, x.err)
	}
	if all == nil {
		return p.together(list, place{})
	}
	r := all[0]
	for _, x := range all[1:] {
		r.lo, r.hi = min(r.lo, x.lo), max(r.hi, x.hi)
		r.products, r.size, r.reach, r.off = max(r.products, x.products), max(r.size, x.size), max(r.reach, x.reach), max(r.off, x.off)
	}
	r.err = p.either(off...)
	return r
}

// states is how many states the variable of some columns has.
func (p *pass) states(list []entry, v variable) int {
	if len(list) == 0 {
		return 0
	}
	return len(list[0].holds[v])
}

// read bounds a sum of products in a state.
func (p *pass) read(list []entry, at place) reading {
	if at.zero {
		return p.together(list, at)
	}
	if at.known {
		in, rest := split(list, func(e entry) bool { return e.holds[at.of] != nil })
		r, x := p.together(in, at), p.read(rest, place{})
		r.plus(x)
		r.err = p.plus(r.err, x.err)
		return r
	}
	var r reading
	var off []errs
	for len(list) > 0 {
		v, ok := mostHeld(list)
		in, rest := list, []entry(nil)
		if ok {
			in, rest = split(list, func(e entry) bool { return e.holds[v] != nil })
		}
		x := p.anywhere(in, v)
		r.plus(x)
		off = append(off, x.err)
		list = rest
	}
	r.err = p.plus(off...)
	return r
}

func split(list []entry, of func(entry) bool) (in, rest []entry) {
	for _, e := range list {
		if of(e) {
			in = append(in, e)
		} else {
			rest = append(rest, e)
		}
	}
	return in, rest
}

// mostHeld is the variable of which most columns are functions; ok is false if there is none.
func mostHeld(list []entry) (v variable, ok bool) {
	count, most := map[variable]int{}, 0
	for _, e := range list {
		for u := range e.holds {
			count[u]++
		}
	}
	for u, n := range count {
		if n > most || n == most && u.before(v) {
			v, most = u, n
		}
	}
	return v, most > 0
}

// number is what a sum of products comes to: off by what the columns bring, and by what is
// its own, of a source of its own.
type number struct {
	lo, hi   float64
	reach    float64 // its largest size, with all that hinges can be
	err, own errs
}

func (n number) size() float64 { return max(math.Abs(n.lo), math.Abs(n.hi)) }

// sizes of a tensor's weights: the root of the mean of their squares.
type sizes struct{ weights, biases float64 }

func (p *pass) rms(w model.Matrix) float64 {
	sum := 0.0
	rows, cols := w.Size()
	for i := range rows {
		for _, x := range w.Row(i) {
			sum += float64(float64(x) * float64(x))
		}
	}
	return math.Sqrt(sum / max(1, float64(rows)*float64(cols)))
}

func (p *pass) rmsOf(bias []float32) float64 {
	sum := 0.0
	for _, x := range bias {
		sum += float64(float64(x) * float64(x))
	}
	return math.Sqrt(sum / max(1, float64(len(bias))))
}

// own is what noise of weights adds to a sum: products is the sum of the powers of all
// products, squares that of what all weights multiply, those too that are 0.
func (p *pass) own(products, squares, rms float64) float64 {
	return p.root(float64(p.power(p.relative)*products) + float64(p.power(float64(p.absolute*rms))*squares))
}

// rounding is what float32 rounds of a sum of so many products.
func (p *pass) rounding(terms int, size float64) float64 {
	if p.unit {
		return 0
	}
	return float64(float64(terms+2) * construct.Ulp * size)
}

// allSquares is the sum of the powers of all columns, in any state: it sums up as read does,
// sizes alone.
func (p *pass) allSquares() float64 {
	total, groups := 0.0, map[variable][]*column{}
	for _, c := range p.columns {
		if v, ok := c.first(); ok {
			groups[v] = append(groups[v], c)
		} else {
			total += p.power(c.reach(place{}))
		}
	}
	for _, v := range sortedKeys(groups) {
		sums := make([]float64, len(groups[v][0].holds[v]))
		for _, c := range groups[v] {
			for s, x := range c.holds[v] {
				sums[s] += p.power(c.reachWith(x))
			}
		}
		total += slices.Max(append(sums, 0))
	}
	return total
}

// sizeIn is how large the column is in a state, with the offset.
func (c *column) sizeIn(at place) float64 {
	lo, hi := c.value(at)
	return max(math.Abs(lo+c.Offset), math.Abs(hi+c.Offset))
}

// reach is how large the column may be in a state, with all that it is off.
func (c *column) reach(at place) float64 {
	if values, ok := c.holds[at.of]; ok && at.known {
		return c.reachWith(values[at.state])
	}
	if at.zero && !c.Hinge {
		return c.reachWith(0)
	}
	return c.reachWith(math.NaN())
}

// reachWith is that where the plan has a number in the column, NaN for any.
func (c *column) reachWith(x float64) float64 {
	known := !math.IsNaN(x)
	switch isHinge := c.Hinge && c.largest != 0; {
	case isHinge && known:
		return x + c.slack
	case isHinge:
		return c.largest + c.slack
	case !known:
		return c.most + max(math.Abs(c.lo+c.Offset), math.Abs(c.hi+c.Offset))
	case c.Hinge:
		x = min(x, 1)
	}
	return c.most + math.Abs(x+c.Offset)
}

// first is one of the variables of which the column is a function.
func (c *column) first() (v variable, ok bool) {
	for u := range c.holds {
		if !ok || u.before(v) {
			v, ok = u, true
		}
	}
	return v, ok
}

func (v variable) before(u variable) bool { return v.of < u.of || v.of == u.of && v.node < u.node }

func sortedKeys(groups map[variable][]*column) []variable {
	return slices.SortedFunc(maps.Keys(groups), func(u, v variable) int {
		switch {
		case u == v:
			return 0
		case u.before(v):
			return -1
		}
		return 1
	})
}

// dot is a sum of products, and a bias, as the model has it.
type dot struct {
	list           []entry
	constant, bias float64
	sizes
	source int
}

func (p *pass) newDot(f plan.Form, weights []plan.Entry, bias float32, s sizes) dot {
	return dot{p.entries(f, weights), f.Constant, construct.ToBits(float64(bias), p.precision.Stored), s, p.source()}
}

// number bounds the sum in a state.
func (p *pass) number(d dot, at place) number {
	r := p.read(d.list, at)
	offset := 0.0
	for _, e := range d.list {
		offset += float64(e.weight * e.Offset)
	}
	n := number{lo: d.constant + r.lo, hi: d.constant + r.hi, reach: math.Abs(d.constant) + r.reach, err: r.err}
	weights := p.own(r.products, p.reached, d.weights)
	bias := p.own(p.power(d.bias), 1, d.biases)
	p.sum.part(d.source, p.root(p.power(weights)+p.power(bias)))
	p.sum.fixed += r.off + math.Abs(offset+d.bias-d.constant) + p.rounding(len(d.list), r.size+math.Abs(d.bias))
	n.own = p.sum.take()
	if p.unit {
		n.own = errs{}
	}
	p.store(&n)
	if p.eta > 0 { // all columns are scaled by one factor, the bias is not
		n.err.fixed += float64(p.eta*max(math.Abs(d.constant+r.lo-d.bias), math.Abs(d.constant+r.hi-d.bias))) + float64(p.tilt*r.size) + p.shift(d)
	}
	return n
}

// shift is what a mean that is not quite 0 adds: it is taken from all columns.
func (p *pass) shift(d dot) float64 {
	sum := 0.0
	for _, e := range d.list {
		sum += e.weight
	}
	return float64(p.mean * math.Abs(sum))
}

// atBOS bounds the sum at BOS, where the plan wants it to be mean.
func (p *pass) atBOS(d dot, mean float64) (inherited, own errs) {
	x, products, size := d.bias, 0.0, math.Abs(d.bias)
	for _, e := range d.list {
		at := e.atBOS(p.now)
		x += float64(e.weight * at)
		product := float64(math.Abs(e.weight) * (math.Abs(at) + e.mostAtBOS))
		products, size = products+p.power(product), size+product
		p.sum.add(e.weight, e.bosErr)
	}
	inherited = p.sum.take()
	weights, bias := p.own(products, p.reachedAtBOS, d.weights), p.own(p.power(d.bias), 1, d.biases)
	p.sum.part(d.source, p.root(p.power(weights)+p.power(bias)))
	p.sum.fixed += math.Abs(x-mean) + p.rounding(len(d.list), size)
	own = p.sum.take()
	own.fixed += p.written(math.Abs(mean) + p.total(inherited) + p.total(own))
	if p.unit {
		own = errs{}
	}
	if p.eta > 0 {
		inherited.fixed += float64(p.eta*math.Abs(x-d.bias)) + float64(p.tilt*size) + p.shift(d)
	}
	return inherited, own
}

// squaresAtBOS is the sum of the powers of all columns there.
func (p *pass) squaresAtBOS() float64 {
	squares := 0.0
	for _, c := range p.columns {
		squares += p.power(math.Abs(c.atBOS(p.now)) + c.mostAtBOS)
	}
	return squares
}

func (c *column) atBOS(now int) float64 {
	if c.When < now {
		return c.Offset + c.Bos
	}
	return c.Offset
}

// disturb adds to what a column is off: beside, where nothing is open that the plan lets write it.
func (p *pass) disturb(c *column, err, beside, bosErr errs) {
	size := c.size()
	if c.isSum {
		c.base = p.plus(c.base, err)
		c.base.fixed += p.rounding(0, size+c.most)
	}
	c.err = p.plus(c.err, err)
	c.err.fixed += p.rounding(0, size+p.total(c.err))
	c.beside = p.plus(c.beside, beside)
	c.bosErr = p.plus(c.bosErr, bosErr)
	c.bosErr.fixed += p.rounding(0, math.Abs(c.Offset)+math.Abs(c.Bos)+p.total(c.bosErr))
}
