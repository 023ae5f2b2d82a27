package prove

import (
	"cmp"
	"math"
	"slices"
)

// column is a number of a model as a function of variables: by state an interval of
// float32, of one number where it is exact; NaN where no input gets.
type column struct {
	space  *space
	lo, hi []float64
	// gap is how far the float is from what it can be in exact arithmetic, whatever heads
	// attend to: an engine may leave out a neuron that is 0 at all those values.
	gap   float64
	local float64 // of it, what the last sum rounded
}

// term of a sum.
type term struct {
	c *column
	w float64
}

// fl rounds to float32.
func fl(x float64) float64 { return float64(float32(x)) }

// u is the rounding error of float32 by its number.
const u = 1.0 / (1 << 24)

// finest is the exponent of the smallest float32: products of smaller parts are rounded.
const finest = -149

// sum computes w*c, summed, and a bias in any order, fused or not.
//
// Exact if all are multiples of a power of two that float32 has, and neither the positive
// nor the negative ones exceed 2^24 of it. Of two numbers, of which no product was rounded, it is the sum
// rounded once. Otherwise off by 1.01 (k+1) 2^-24 of the sum of magnitudes.
func (p *prover) sum(terms []term, bias float64) *column {
	out, parts := &column{}, map[*space][]adder{}
	for _, t := range terms {
		if t.w == 0 {
			continue
		}
		out.gap += math.Abs(t.w) * t.c.gap
		part, ok := parts[t.c.space]
		if !ok {
			part = adders(t.c.space.n)
			parts[t.c.space] = part
		}
		for i := range part {
			r := multiply(t.c.lo[i], t.c.hi[i], t.w)
			part[i].add(&r)
		}
	}
	a := p.joined(parts)
	out.space = a.space
	out.lo, out.hi = make([]float64, a.space.n), make([]float64, a.space.n)
	rounded, first := 0.0, multiply(bias, bias, 1)
	for i := range a.of {
		x := &a.of[i]
		if x.away {
			out.lo[i], out.hi[i] = math.NaN(), math.NaN()
			continue
		}
		x.add(&first)
		out.lo[i], out.hi[i] = x.sum()
		if math.IsInf(out.hi[i], 0) || math.IsInf(out.lo[i], 0) {
			p.open("a number of the model can be infinite")
		}
		rounded = max(rounded, math.Abs(out.lo[i]-x.lo), math.Abs(out.hi[i]-x.hi))
	}
	out.gap, out.local = out.gap+rounded, rounded
	return p.dropColumn(out)
}

// partial are sums by state of a space.
type partial struct {
	space *space
	of    []adder
}

// joined adds up sums over several spaces: those over fewer variables in the smallest
// space that has them all, so that few are left where there are many states.
func (p *prover) joined(parts map[*space][]adder) partial {
	var list []partial
	var vars []int
	for s, of := range parts {
		list = append(list, partial{s, of})
		vars = union(vars, s.vars)
	}
	whole := p.space(vars)
	if _, ok := parts[whole]; !ok {
		list = append(list, partial{whole, adders(whole.n)})
	}
	slices.SortFunc(list, func(a, b partial) int {
		return cmp.Or(cmp.Compare(len(a.space.vars), len(b.space.vars)), cmp.Compare(a.space.n, b.space.n), slices.Compare(a.space.vars, b.space.vars))
	})
	for len(list) > 1 {
		a := list[0]
		list = list[1:]
		b := list[slices.IndexFunc(list, func(b partial) bool { return subset(a.space.vars, b.space.vars) })]
		for i, at := range b.space.to(a.space) {
			if at < 0 {
				b.of[i].away = true
			} else {
				b.of[i].merge(&a.of[at])
			}
		}
	}
	return list[0]
}

// product is a term of a sum: an interval, and what its rounding depends on.
type product struct {
	lo, hi   float64
	pos, neg float64 // magnitudes of its positive and its negative part
	grid     int     // exponent of a power of two of which its ends are multiples
	count    int     // 0 for 0
	spoilt   int     // 1 if float32 may round it
	open     bool    // it is not one number
}

func multiply(lo, hi, w float64) product {
	r := product{grid: math.MaxInt32}
	if w == 0 || lo == 0 && hi == 0 {
		return r
	}
	x, y := w*lo, w*hi // exact: 48 bits
	if x > y {
		x, y = y, x
	}
	r.lo, r.hi, r.count, r.open = x, y, 1, lo != hi
	if fl(x) != x || fl(y) != y || lo != hi && !powerOfTwo(w) {
		r.spoilt = 1
	}
	if x != 0 {
		r.grid = lowest(x)
	}
	if y != x && y != 0 {
		r.grid = min(r.grid, lowest(y))
	}
	if y > 0 {
		r.pos = max(math.Abs(x), y)
	}
	if x < 0 {
		r.neg = max(-x, math.Abs(y))
	}
	return r
}

// adder adds up intervals as float32 would.
type adder struct {
	n, spoilt int
	lo, hi    float64
	pos, neg  float64
	grid      int
	open      bool
	away      bool // no input gets there
}

func (a *adder) reset() { *a = adder{grid: math.MaxInt32} }

func adders(n int) []adder {
	list := make([]adder, n)
	for i := range list {
		list[i].reset()
	}
	return list
}

// merge adds what another one has added up.
func (a *adder) merge(b *adder) {
	a.n += b.n
	a.spoilt += b.spoilt
	a.lo, a.hi, a.pos, a.neg = a.lo+b.lo, a.hi+b.hi, a.pos+b.pos, a.neg+b.neg
	a.grid, a.open, a.away = min(a.grid, b.grid), a.open || b.open, a.away || b.away
}

func (a *adder) add(p *product) {
	if p.count == 0 {
		return
	}
	a.away = a.away || math.IsNaN(p.lo)
	a.n++
	a.spoilt += p.spoilt
	a.lo, a.hi, a.pos, a.neg = a.lo+p.lo, a.hi+p.hi, a.pos+p.pos, a.neg+p.neg
	a.grid, a.open = min(a.grid, p.grid), a.open || p.open
}

func powerOfTwo(w float64) bool { m, _ := math.Frexp(math.Abs(w)); return m == 0.5 }

// sum is the interval of what float32 makes of it.
func (a *adder) sum() (lo, hi float64) {
	if a.n == 0 {
		return 0, 0
	}
	if a.pos > math.MaxFloat32 || a.neg > math.MaxFloat32 { // or a partial sum is
		return math.Inf(-1), math.Inf(1)
	}
	limit := math.Ldexp(1<<24, a.grid)
	switch {
	case !a.open && a.grid >= finest && a.pos <= limit && a.neg <= limit:
		return a.lo, a.hi
	case a.n == 1 || a.n == 2 && a.spoilt == 0:
		return fl(a.lo), fl(a.hi)
	}
	e := float64(a.n+1) * (1.01*u*(a.pos+a.neg) + math.Ldexp(1, finest))
	return below(a.lo - e), above(a.hi + e)
}

// below and above are the next float32 on either side.
func below(x float64) float64 {
	if y := float32(x); float64(y) <= x {
		return float64(y)
	} else {
		return float64(math.Nextafter32(y, float32(math.Inf(-1))))
	}
}

func above(x float64) float64 { return -below(-x) }

// dropColumn leaves out variables on which a column does not depend.
func (p *prover) dropColumn(c *column) *column { return p.shrink(c, p.drop) }

// renamed is a column as a function of values of s-ops, as far as it is one.
func (p *prover) renamed(c *column) *column {
	if c.space.n <= p.fine || len(p.derived) == 0 {
		return c
	}
	return p.shrink(c, p.rename)
}

// shrink makes a column a function of fewer variables, by its different numbers.
func (p *prover) shrink(c *column, by func(*space, []int32) (*space, []int32)) *column {
	ids, labels := map[[2]float64]int32{}, make([]int32, len(c.lo))
	var values [][2]float64
	last, lastID := [2]float64{}, int32(-1)
	for i := range c.lo {
		if labels[i] = -1; math.IsNaN(c.lo[i]) {
			continue
		}
		key := [2]float64{c.lo[i] + 0, c.hi[i] + 0}
		if lastID >= 0 && key == last {
			labels[i] = lastID
			continue
		}
		id, ok := ids[key]
		if !ok {
			id = int32(len(values))
			ids[key] = id
			values = append(values, key)
		}
		labels[i], last, lastID = id, key, id
	}
	s, labels := by(c.space, labels)
	if s == c.space {
		return c
	}
	out := &column{s, make([]float64, s.n), make([]float64, s.n), c.gap, c.local}
	for i, l := range labels {
		if l < 0 {
			out.lo[i], out.hi[i] = math.NaN(), math.NaN()
			continue
		}
		out.lo[i], out.hi[i] = values[l][0], values[l][1]
	}
	return out
}

// fixed is a column of one number.
func (p *prover) fixed(x float64) *column {
	return &column{p.space(nil), []float64{x}, []float64{x}, 0, 0}
}

// most is the largest magnitude.
func (c *column) most() (most float64) {
	for i := range c.lo {
		if !math.IsNaN(c.lo[i]) {
			most = max(most, math.Abs(c.lo[i]), math.Abs(c.hi[i]))
		}
	}
	return most
}

func (c *column) zero() bool {
	for i := range c.lo {
		if !(c.lo[i] == 0 && c.hi[i] == 0) && !math.IsNaN(c.lo[i]) {
			return false
		}
	}
	return true
}

// relu is max(0, .) of a column. Where exact arithmetic may give 0, so may the engine.
func relu(c *column) *column {
	out := &column{c.space, slices.Clone(c.lo), slices.Clone(c.hi), c.gap, c.local}
	for i := range c.lo {
		if c.lo[i] <= c.gap {
			out.lo[i] = 0
		}
		if c.hi[i] < 0 {
			out.hi[i] = 0
		}
	}
	return out
}
