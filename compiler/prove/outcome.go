package prove

import (
	"fmt"
	"math"
)

// outcome is what a head gives, by dim; and what it gives at BOS.
func (p *prover) outcome(hd *head) (z, bos []*column) {
	r, why := p.attends(hd)
	if r == nil {
		p.open("layer %d, head %d: %s", hd.layer+1, hd.head+1, why)
	}
	z, bos = make([]*column, len(hd.v)), make([]*column, len(hd.v))
	for d := range hd.v {
		if !hd.used[d] {
			continue
		}
		if r.hard {
			z[d] = p.hard(hd, r, hd.v[d], hd.bv[d])
		} else {
			z[d] = p.soft(hd, r, hd.v[d], hd.bv[d])
		}
		z[d] = p.dropColumn(z[d])
		bos[d] = p.atBOS(hd, d)
	}
	text := "adds up"
	switch {
	case r.hard:
		text = "chooses by"
	case r.lo == 1 && r.hi == 1:
		text = "counts beside BOS"
	}
	p.obligation(Obligation{Kind: "head", How: ByProof, Layer: hd.layer + 1, Head: hd.head + 1, Margin: r.margin, Pairs: r.pairs,
		Text: fmt.Sprintf("layer %d, head %d %s %s", hd.layer+1, hd.head+1, text, r.f.describe())}, r.f.node)
	return z, bos
}

// reading are the values of a dim at the keys of a selector.
type reading struct {
	lo, hi float64
	exact  bool
	unit   int     // exponent of a power of two of which all are multiples, if exact
	most   float64 // largest magnitude
	any    bool
}

func (p *prover) reading(f *selector, v *column) reading {
	k := p.space(f.k.vars, v.space.vars)
	used, in, down := f.used(), k.to(f.k), k.to(v.space)
	r := reading{lo: math.Inf(1), hi: math.Inf(-1), exact: true, unit: math.MaxInt32}
	for i := range k.n {
		if in[i] < 0 || !has(used, in[i]) || down[i] < 0 || math.IsNaN(v.lo[down[i]]) {
			continue
		}
		lo, hi := v.lo[down[i]], v.hi[down[i]]
		r.any, r.exact = true, r.exact && lo == hi
		r.lo, r.hi = min(r.lo, lo), max(r.hi, hi)
		if lo != 0 {
			r.unit = min(r.unit, lowest(lo))
		}
	}
	r.most = max(math.Abs(r.lo), math.Abs(r.hi))
	if r.unit == math.MaxInt32 {
		r.unit = 0
	}
	return r
}

// ofSome is a column that depends on whether there is a key.
func (p *prover) ofSome(f *selector, none, one [2]float64, gap float64) *column {
	g := p.someOf(f)
	c := &column{g.space, make([]float64, g.space.n), make([]float64, g.space.n), gap, 0}
	for i, x := range g.of {
		switch x {
		case 0:
			c.lo[i], c.hi[i] = none[0], none[1]
		case nowhere:
			c.lo[i], c.hi[i] = math.NaN(), math.NaN()
		default:
			c.lo[i], c.hi[i] = one[0], one[1]
		}
	}
	return c
}

// hard is what a head gives that attends to the keys of a selector evenly, or to BOS.
//
// One key has weight 1 and all else 0, so z is v exactly. Of several, sums of v that stay
// below 2^24 units are exact, and z is the sum divided by their number, rounded once.
func (p *prover) hard(hd *head, r *regime, v, bv *column) *column {
	f := r.f
	none, read := [2]float64{bv.lo[0], bv.hi[0]}, p.reading(f, v)
	gap := max(v.gap, bv.gap) // z is between the least and the largest value
	if !read.any {
		return &column{p.space(nil), []float64{none[0]}, []float64{none[1]}, gap, 0}
	}
	small := read.exact && read.most*float64(p.n) <= math.Ldexp(1<<24, read.unit)
	switch {
	case read.exact && read.lo == read.hi && (small && r.equal || p.one(f)):
		return p.ofSome(f, none, [2]float64{read.lo, read.lo}, gap)
	case p.one(f) && len(v.space.vars) == 0:
		return p.ofSome(f, none, [2]float64{read.lo, read.hi}, gap)
	case p.one(f):
		y := p.fetch(f, v.space.vars)
		c := &column{y, make([]float64, y.n), make([]float64, y.n), gap, 0}
		for i := range y.n {
			c.lo[i], c.hi[i] = none[0], none[1]
			if y.row(i)[0] > 0 {
				c.lo[i], c.hi[i] = math.NaN(), math.NaN()
				if x := p.inner(y, i, v.space); x >= 0 {
					c.lo[i], c.hi[i] = v.lo[x], v.hi[x]
				}
			}
		}
		return c
	case small && r.equal:
		return p.quotient(f, v, read, func(sum, w int64) [2]float64 {
			if w == 0 {
				return none
			}
			x := fl(math.Ldexp(float64(sum), read.unit) / float64(w))
			return [2]float64{x, x}
		}, gap)
	}
	// Whatever the weights, z is between the least and the largest.
	e := p.blurred(read.most)
	return p.ofSome(f, none, [2]float64{below(read.lo - e), above(read.hi + e)}, gap+e)
}

// blurred is how far a mean, whatever the weights, can be outside of what it averages:
// n + 1 products, sums and as many roundings as there are blocks, above and below the line.
func (p *prover) blurred(most float64) float64 {
	steps := float64(2*(p.n+4) + p.n/16)
	return steps * (1.01*u*most + math.Ldexp(1, finest))
}

// quotient is a column by the sum and the number of keys.
func (p *prover) quotient(f *selector, v *column, read reading, z func(sum, w int64) [2]float64, gap float64) *column {
	g := p.whole(v, func(x float64) float64 { return math.Ldexp(x, -read.unit) })
	sum, count := p.sumOf(f, g), p.widthOf(f)
	s := p.space(sum.space.vars, count.space.vars)
	sm, cm := s.to(sum.space), s.to(count.space)
	c := &column{s, make([]float64, s.n), make([]float64, s.n), gap, 0}
	for i := range s.n {
		c.lo[i], c.hi[i] = math.NaN(), math.NaN()
		if sm[i] >= 0 && cm[i] >= 0 && sum.of[sm[i]] != nowhere && count.of[cm[i]] != nowhere {
			x := z(sum.of[sm[i]], count.of[cm[i]])
			c.lo[i], c.hi[i] = x[0], x[1]
		}
	}
	return c
}

// whole makes an exact column an integer function. It is below 2^53 where keys are
// selected, which the caller has seen to.
func (p *prover) whole(v *column, f func(float64) float64) *integers {
	g := &integers{v.space, make([]int64, v.space.n)}
	for i, x := range v.lo {
		g.of[i] = nowhere
		if !math.IsNaN(x) {
			g.of[i] = 0 // of keys that are not selected
			if y := f(x); math.Abs(y) < 1<<53 {
				g.of[i] = int64(y)
			}
		}
	}
	return g
}

// soft is what a head gives in which each key has the weight e to 1 of BOS:
// (sum of e v + b) / (1 + e w).
//
// Lemma tally: let g be the distance of floats at b, and e v an integer times g for each
// key but for little: altogether, with the rounding of sums without b, below g/2. Then a
// sum that has b in it is that many g from b exactly, in any order, as long as it stays
// among floats of the same distance. If e n <= 2^-24 the denominator is 1: each sum that
// has the 1 of BOS in it is rounded to 1.
func (p *prover) soft(hd *head, r *regime, v, bv *column) *column {
	f, read := r.f, p.reading(r.f, v)
	b := bv.lo[0]
	if !read.any {
		return bv
	}
	if b != bv.hi[0] {
		p.open("layer %d, head %d adds to a number that is not known exactly", hd.layer+1, hd.head+1)
	}
	n, mid := float64(p.n), (r.lo+r.hi)/2
	if b != 0 && read.exact && n*r.hi*1.01 <= u && n*read.most*r.hi < math.Abs(b) {
		_, e := math.Frexp(math.Abs(b))
		g := math.Ldexp(1, e-24)
		most, worst, least, largest := 0.0, 0.0, 0.0, 0.0
		count := p.whole(v, func(x float64) float64 { return math.RoundToEven(x * mid / g) })
		k := p.space(f.k.vars, v.space.vars)
		used, in, down := f.used(), k.to(f.k), k.to(v.space)
		for i := range k.n {
			if in[i] < 0 || !has(used, in[i]) || down[i] < 0 || count.of[down[i]] == nowhere {
				continue
			}
			x, want := v.lo[down[i]], float64(count.of[down[i]])*g
			most = max(most, math.Abs(want))
			least, largest = min(least, want), max(largest, want)
			worst = max(worst, math.Abs(x*r.lo-want)+u*math.Abs(x*r.lo), math.Abs(x*r.hi-want)+u*math.Abs(x*r.hi))
		}
		astray := n*worst + 1.01*n*(n+2)*u*(most+worst)
		if astray < 0.49*g && math.Abs(b)-n*(most+worst) >= math.Ldexp(1, e-1) && math.Abs(b)+n*(most+worst) <= math.Ldexp(1, e) {
			sum := p.sumOf(f, count)
			c := &column{sum.space, make([]float64, sum.space.n), make([]float64, sum.space.n), bv.gap, 0}
			if largest > 0 && read.hi-v.gap < b+n*most || least < 0 && read.lo+v.gap > b-n*most {
				c.gap = max(v.gap, bv.gap) + n*most // z may not be between the least and the largest value
			}
			for i, x := range sum.of {
				c.lo[i] = math.NaN()
				if x != nowhere {
					c.lo[i] = b + float64(x)*g
				}
				c.hi[i] = c.lo[i]
			}
			return c
		}
	}
	if !read.exact || !r.equal || n*read.most > math.Ldexp(1<<52, read.unit) {
		p.open("layer %d, head %d adds up numbers that are not known exactly", hd.layer+1, hd.head+1)
	}
	if r.lo == 1 && r.hi == 1 && b == 0 && n*read.most <= math.Ldexp(1<<24, read.unit) {
		return p.beside(f, v, read, max(v.gap, bv.gap))
	}
	gap := max(v.gap, bv.gap) + 2*(n+4)*u*(n*r.hi*read.most+math.Abs(b))
	return p.quotient(f, v, read, func(sum, w int64) [2]float64 {
		s, most := math.Ldexp(float64(sum), read.unit), float64(w)*read.most
		e := 1.01*(float64(w)+3)*u*(most*r.hi+math.Abs(b)) + (r.hi-r.lo)*most
		lo, hi := min(s*r.lo, s*r.hi)+b-e, max(s*r.lo, s*r.hi)+b+e
		d, dd := (1+float64(w)*r.lo)*(1-1.01*(float64(w)+1)*u), (1+float64(w)*r.hi)*(1+1.01*(float64(w)+1)*u)
		return [2]float64{below(min(lo/d, lo/dd)), above(max(hi/d, hi/dd))}
	}, gap)
}

// beside is what a head gives in which each of w keys has the weight 1, as BOS has, that
// brings 0.
//
// Lemma shares: numerator and denominator are sums of multiples of one number below 2^24 of
// it, and of ones, so they are exact, and z is the sum divided by w + 1, rounded once.
func (p *prover) beside(f *selector, v *column, read reading, gap float64) *column {
	return p.quotient(f, v, read, func(sum, w int64) [2]float64 {
		x := fl(math.Ldexp(float64(sum), read.unit) / float64(w+1))
		return [2]float64{x, x}
	}, gap)
}

// atBOS is what a head gives at BOS: its own value in a causal model, or where it looks at
// itself alone; else anything between the values that there are.
func (p *prover) atBOS(hd *head, d int) *column {
	q := p.vectors(hd.bq).list[0]
	own, top := p.finite(hd, score(q, p.vectors(hd.bk).list[0])), math.Inf(-1)
	if p.causal {
		return hd.bv[d]
	}
	for _, k := range hd.kv.list {
		top = max(top, p.finite(hd, score(q, k))[1])
	}
	if top <= own[0]-gone {
		return hd.bv[d]
	}
	c := &column{p.space(nil), []float64{hd.bv[d].lo[0]}, []float64{hd.bv[d].hi[0]}, 0, 0}
	most := 0.0
	for i := range hd.v[d].lo {
		if !math.IsNaN(hd.v[d].lo[i]) {
			c.lo[0], c.hi[0] = min(c.lo[0], hd.v[d].lo[i]), max(c.hi[0], hd.v[d].hi[i])
		}
	}
	most = max(math.Abs(c.lo[0]), math.Abs(c.hi[0]))
	e := p.blurred(most)
	c.lo[0], c.hi[0], c.gap = below(c.lo[0]-e), above(c.hi[0]+e), max(hd.v[d].gap, hd.bv[d].gap)+e
	return c
}
