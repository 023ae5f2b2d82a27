package noise

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
)

// scored is what is known of the scores of a head.
type scored struct {
	selected errs // how far the score of a selected key may be off
	bos      errs // that of BOS
	// others is the most that a key which is not selected can score, beside a selected one,
	// errors included.
	others float64
	// alone is how far BOS, as a query, scores itself above all keys at least.
	alone float64
}

// side is a query or a key, dimension by dimension.
type side struct {
	dots     []dot
	anyhow   []number
	bos      []float64
	bosErr   []errs
	of       []variable // of which a dimension is a function
	isVaried []bool     // it is not the same in all states
	held     []bool     // it is a function of one variable
	byState  map[variable][][]number
}

func (p *pass) newSide(forms []plan.Form, weights [][]plan.Entry, bias []float32, s sizes, bos []float64) *side {
	a := &side{byState: map[variable][][]number{}}
	for d, f := range forms {
		x := p.newDot(f, weights[d], bias[d], s)
		inherited, own := p.atBOS(x, bos[d])
		n := p.number(x, place{})
		v, ok := mostHeld(x.list)
		_, others := split(x.list, func(e entry) bool { return e.holds[v] != nil || e.isConstant() })
		a.dots, a.anyhow = append(a.dots, x), append(a.anyhow, n)
		a.bos, a.bosErr = append(a.bos, bos[d]), append(a.bosErr, p.plus(inherited, own))
		a.of, a.isVaried, a.held = append(a.of, v), append(a.isVaried, ok), append(a.held, len(others) == 0)
	}
	return a
}

// varies reports that a dimension is a function of a variable, and no constant.
func (a *side) varies(d int) bool { return a.isVaried[d] }

// in lists the dimensions in each state of a variable; those of other variables are left out.
func (p *pass) in(a *side, v variable) [][]number {
	if known, ok := a.byState[v]; ok {
		return known
	}
	var list [][]number
	for d, x := range a.dots {
		if !a.varies(d) || a.of[d] != v {
			continue
		}
		in, _ := split(x.list, func(e entry) bool { return e.holds[v] != nil })
		for s := range p.states(in, v) {
			if len(list) <= s {
				list = append(list, make([]number, len(a.dots)))
			}
			list[s][d] = p.number(x, place{of: v, state: s, known: true})
		}
	}
	a.byState[v] = list
	return list
}

// defined reports that all columns which a dimension reads have a value in a state.
func defined(d dot, v variable, state int) bool {
	return !slices.ContainsFunc(d.list, func(e entry) bool { return e.holds[v] != nil && math.IsNaN(e.holds[v][state]) })
}

// circuit is the scores of a head, by pairs of a query and a key.
type circuit struct {
	*pass
	head       *plan.Head
	query, key *side
}

// group are the dimensions whose query is a function of one variable, and whose key is.
type group struct {
	query, key variable
	dims       []int
}

// pair bounds what dimensions add to a score.
func (c *circuit) pair(dims []int, q, k []number) (lo, hi float64, off errs) {
	s := &c.sum
	for _, d := range dims {
		x, y := q[d], k[d]
		a, b, e, f := float64(x.lo*y.lo), float64(x.lo*y.hi), float64(x.hi*y.lo), float64(x.hi*y.hi)
		lo, hi = lo+min(a, b, e, f), hi+max(a, b, e, f)
		times, timesKey := c.beside(y, x), c.beside(x, y)+c.most(x)
		s.add(times, x.err)
		s.add(times, x.own)
		s.add(timesKey, y.err)
		s.add(timesKey, y.own)
		s.fixed += c.rounding(len(dims), float64(x.size()*y.size()))
		s.fixed += float64(times*c.asFactor(x.lo, x.hi, c.most(x))) + float64(timesKey*c.asFactor(y.lo, y.hi, c.most(y)))
	}
	return lo, hi, s.take()
}

// beside is what a number multiplies that another one is off. A hinge may be as large as it can
// where the other is 0 by the plan; elsewhere more of it only takes the score farther down.
func (c *circuit) beside(x, other number) float64 {
	if other.lo > 0 || other.hi < 0 {
		return x.size()
	}
	return x.reach
}

// most is how far a number may be off at most, as what multiplies another one that is off.
func (p *pass) most(n number) float64 {
	if p.unit {
		return 0
	}
	return p.total(n.err) + p.total(n.own)
}

// groups takes the dimensions apart; ok is false if one of them is no function of one
// variable each. Constants stand with what they multiply.
func (c *circuit) groups() (list []group, constant []int, ok bool) {
	for d := range c.query.dots {
		if !c.query.held[d] || !c.key.held[d] || c.sloped(d) {
			return nil, nil, false
		}
	}
	both := func(d int) bool { return c.query.varies(d) && c.key.varies(d) }
	for d := range c.query.dots {
		if both(d) {
			list = c.join(list, d, func(g group) bool { return g.query == c.query.of[d] && g.key == c.key.of[d] })
		}
	}
	for d := range c.query.dots {
		switch {
		case both(d):
		case c.key.varies(d):
			list = c.join(list, d, func(g group) bool { return g.key == c.key.of[d] })
		case c.query.varies(d):
			list = c.join(list, d, func(g group) bool { return g.query == c.query.of[d] })
		default:
			constant = append(constant, d)
		}
	}
	return list, constant, true
}

// sloped reports that a dimension lets scores grow by position, see construct.Slope.
func (c *circuit) sloped(d int) bool {
	return d == c.head.SinkDims() && len(c.head.Dims) > 0 && len(c.head.Dims[0].Query.Terms) == 0 && c.head.Dims[0].Query.Constant == 1.0/construct.Gap
}

func (c *circuit) join(list []group, d int, fits func(group) bool) []group {
	for i, g := range list {
		if fits(g) {
			list[i].dims = append(list[i].dims, d)
			return list
		}
	}
	return append(list, group{c.query.of[d], c.key.of[d], []int{d}})
}

// rows are the states of one side in which all dimensions of a group have a value, with the
// numbers of all dimensions.
func (c *circuit) rows(a *side, v variable, dims []int) [][]number {
	var list [][]number
	for s, row := range c.in(a, v) {
		full, ok := slices.Clone(a.anyhow), true
		for _, d := range dims {
			if a.varies(d) {
				full[d] = row[d]
				ok = ok && defined(a.dots[d], v, s)
			}
		}
		if ok {
			list = append(list, full)
		}
	}
	if list == nil {
		list = [][]number{a.anyhow}
	}
	return list
}

// grouped is what the pairs of a group can add: its base is the most that they can, where
// other groups have theirs too, or the most that a query can have.
type grouped struct {
	base             float64
	selected         errs
	others           float64 // the most that pairs below the base add, less that, errors included
	any              float64 // the most that any pair adds, less the base, errors included
	lowest           float64 // row by row, the least base
	selectedOfAnyRow errs
	othersOfAnyRow   float64
}

// pairs goes through the pairs of a group.
func (c *circuit) pairs(g group) grouped {
	queries, keys := c.rows(c.query, g.query, g.dims), c.rows(c.key, g.key, g.dims)
	type pair struct {
		score float64
		off   errs
	}
	rows, base := make([][]pair, len(queries)), math.Inf(-1)
	for i, q := range queries {
		for _, k := range keys {
			lo, hi, off := c.pair(g.dims, q, k)
			off.fixed += float64((hi - lo) / 2)
			rows[i] = append(rows[i], pair{(lo + hi) / 2, off})
			base = max(base, (lo+hi)/2)
		}
	}
	r := grouped{base: base, lowest: math.Inf(1), others: math.Inf(-1), any: math.Inf(-1), othersOfAnyRow: math.Inf(-1)}
	var selected, selectedOfRow []errs
	for _, row := range rows {
		top := math.Inf(-1)
		for _, x := range row {
			top = max(top, x.score)
		}
		r.lowest = min(r.lowest, top)
		for _, x := range row {
			above := x.score + c.total(x.off)
			r.any = max(r.any, above-base)
			if x.score > base-near {
				selected = append(selected, x.off)
			} else {
				r.others = max(r.others, above-base)
			}
			if x.score > top-near {
				selectedOfRow = append(selectedOfRow, x.off)
			} else {
				r.othersOfAnyRow = max(r.othersOfAnyRow, above-top)
			}
		}
	}
	r.selected, r.selectedOfAnyRow = c.either(selected...), c.either(selectedOfRow...)
	return r
}

// mostProducts is of how many products the scores of pairs may be made that are looked at one by
// one: beyond it any pair is as far off as any other.
const mostProducts = 1 << 16

func (c *circuit) isLarge(g group) bool {
	return c.statesOf(c.query, g.query, g.dims)*c.statesOf(c.key, g.key, g.dims)*len(g.dims) > mostProducts
}

// statesOf is how many rows a side has of some dimensions.
func (c *circuit) statesOf(a *side, v variable, dims []int) int {
	most := 1
	for _, d := range dims {
		for _, e := range a.dots[d].list {
			most = max(most, len(e.holds[v]))
		}
	}
	return most
}

// near tells scores apart that the plan means to be equal from others.
const near = 1e-3

// scores bounds the scores of a head, by pairs of states where it can.
func (c *circuit) scores(gap float64) scored {
	var r scored
	for d, x := range c.query.anyhow {
		c.sum.add(x.reach+c.most(x), c.key.bosErr[d])
		c.sum.add(math.Abs(c.key.bos[d]), x.err)
		c.sum.add(math.Abs(c.key.bos[d]), x.own)
	}
	r.bos = c.sum.take()
	r.bos.fixed += c.sinkOff(&r.bos)
	r.alone = gap - c.ownError()
	groups, constant, ok := c.groups()
	if ok && !slices.ContainsFunc(groups, c.isLarge) {
		if s, ok := c.byPairs(groups, constant); ok {
			s.bos, s.alone = r.bos, r.alone
			return s
		}
	}
	all := make([]int, len(c.query.anyhow))
	for d := range all {
		all[d] = d
	}
	_, _, r.selected = c.pair(all, c.query.anyhow, c.key.anyhow)
	r.others = -gap + c.total(r.selected)
	if c.head.Zeros {
		r.selected = c.zeros()
	}
	return r
}

// zeros bounds the score of a selected key in which each product has a factor that is 0.
func (c *circuit) zeros() errs {
	var all []errs
	for d := range c.query.dots {
		q, k := c.query.anyhow[d], c.key.anyhow[d]
		one := []int{d}
		_, _, off := c.pair(one, c.query.anyhow, c.key.anyhow)
		if zero, ok := c.atZero(c.query.dots[d]); ok {
			if zeroKey, ok := c.atZero(c.key.dots[d]); ok {
				off = c.either(c.times(k.reach+c.most(k), zero), c.times(q.reach+c.most(q), zeroKey))
			}
		}
		all = append(all, off)
	}
	return c.plus(all...)
}

// atZero is how far a side may be from 0 where all that it reads is 0; ok is false if it can be 0
// elsewhere.
func (p *pass) atZero(d dot) (off errs, ok bool) {
	sign := 0.0
	for _, e := range d.list {
		lo, hi := min(float64(e.factor*e.lo), float64(e.factor*e.hi)), max(float64(e.factor*e.lo), float64(e.factor*e.hi))
		if lo < 0 && hi > 0 || lo < 0 && sign > 0 || hi > 0 && sign < 0 {
			return off, false
		}
		if hi > 0 {
			sign = 1
		} else if lo < 0 {
			sign = -1
		}
	}
	n := p.number(d, place{zero: true})
	return p.plus(n.err, n.own), sign != 0 && d.constant == 0
}

// sinkOff is how far the score of BOS is off by how it is rounded, and its factors.
func (c *circuit) sinkOff(off *errs) float64 {
	size := math.Abs(c.head.Sink) + c.total(*off)
	return c.written(size) + float64(2*construct.Unit(c.precision.Factor)*size)
}

// ownError bounds how far BOS as a query may be from attending to itself alone.
func (c *circuit) ownError() float64 {
	for d, y := range c.key.anyhow {
		q := c.query.bosErr[d]
		c.sum.add(y.reach+c.most(y)+math.Abs(c.key.bos[d])+c.total(c.key.bosErr[d]), q)
		c.sum.add(math.Abs(c.query.bos[d]), y.err)
		c.sum.add(math.Abs(c.query.bos[d]), y.own)
		c.sum.add(math.Abs(c.query.bos[d]), c.key.bosErr[d])
	}
	return c.total(c.sum.take())
}

// byPairs puts groups together: a key is selected if each of them has its base, and they come
// to 0; where they do not, a single group has a base for each query.
func (c *circuit) byPairs(groups []group, constant []int) (scored, bool) {
	lo, hi, beside := c.pair(constant, c.query.anyhow, c.key.anyhow)
	base, off := (lo+hi)/2, []errs{beside}
	var list []grouped
	for _, g := range groups {
		x := c.pairs(g)
		list, base, off = append(list, x), base+x.base, append(off, x.selected)
	}
	if math.Abs(base) < near {
		s := scored{selected: c.plus(off...), others: math.Inf(-1)}
		for i, x := range list {
			others := x.others
			for j, y := range list {
				if i != j {
					others += y.any
				}
			}
			s.others = max(s.others, others+c.total(beside))
		}
		return s, true
	}
	if len(list) != 1 || float64((lo+hi)/2)+list[0].lowest < -near {
		return scored{}, false
	}
	return scored{selected: c.plus(beside, list[0].selectedOfAnyRow), others: list[0].othersOfAnyRow + c.total(beside)}, true
}
