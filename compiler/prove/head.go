package prove

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/prove/witness"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// gone is how far below the largest a score stands whose weight is exactly 0.
const gone = 104

// head is a head under proof: queries, keys and values, of positions and of BOS.
type head struct {
	layer, head int
	q, k, v     []*column // by d_head
	bq, bk, bv  []*column
	used        []bool // by dim of v: W_O is not 0
	kv, qv      vectors
	scores      [][2]float64 // [qv][kv] of positions
	bos         [][2]float64 // [qv]: the score of BOS
}

// vectors are the distinct tuples of some columns, and by state of a space which it is.
type vectors struct {
	space *space
	of    []int32 // -1 where no input gets
	list  [][][2]float64
}

func (p *prover) vectors(columns []*column) vectors {
	var vars []int
	for _, c := range columns {
		vars = union(vars, c.space.vars)
	}
	s := p.space(vars)
	v := vectors{space: s, of: make([]int32, s.n)}
	down := make([][]int32, len(columns))
	for i, c := range columns {
		down[i] = s.to(c.space)
	}
	ids := map[string]int32{}
	var key []byte
states:
	for i := range s.n {
		vector := make([][2]float64, len(columns))
		key, v.of[i] = key[:0], -1
		for c, column := range columns {
			d := down[c][i]
			if d < 0 || math.IsNaN(column.lo[d]) {
				continue states
			}
			vector[c] = [2]float64{column.lo[d] + 0, column.hi[d] + 0}
			key = fmt.Appendf(key, "%x,%x ", math.Float64bits(vector[c][0]), math.Float64bits(vector[c][1]))
		}
		id, ok := ids[string(key)]
		if !ok {
			id = int32(len(v.list))
			ids[string(key)] = id
			v.list = append(v.list, vector)
		}
		v.of[i] = id
	}
	return v
}

// score is the interval of a product of a query and a key in float32.
func score(q, k [][2]float64) [2]float64 {
	var a adder
	a.reset()
	for i := range q {
		w, x, y, z := q[i][0]*k[i][0], q[i][0]*k[i][1], q[i][1]*k[i][0], q[i][1]*k[i][1]
		t := multiply(min(w, x, y, z), max(w, x, y, z), 1)
		a.add(&t)
	}
	lo, hi := a.sum()
	return [2]float64{lo, hi}
}

// finite ends a proof if a score can be infinite.
func (p *prover) finite(hd *head, s [2]float64) [2]float64 {
	if math.IsInf(s[0], 0) || math.IsInf(s[1], 0) {
		p.open("layer %d, head %d: a score can be infinite", hd.layer+1, hd.head+1)
	}
	return s
}

// mostScore bounds the magnitudes of scores, partial sums too, of positions and of BOS.
func (hd *head) mostScore() (sum float64) {
	for d := range hd.q {
		sum += max(hd.q[d].most(), hd.bq[d].most()) * max(hd.k[d].most(), hd.bk[d].most())
	}
	return sum
}

// attention is a half layer of heads.
func (p *prover) attention(l int) {
	b := &p.m.Blocks[l]
	terms, bosTerms := make([][]term, p.m.DModel), make([][]term, p.m.DModel)
	for d := range terms {
		terms[d], bosTerms[d] = []term{{p.columns[d], 1}}, []term{{p.bos[d], 1}}
	}
	for h := range p.m.Heads {
		hd := p.head(l, h)
		if hd == nil {
			continue
		}
		z, bz := p.outcome(hd)
		for d := range z {
			if z[d] == nil {
				continue
			}
			for c, w := range b.WO.Row(h*p.m.DHead + d) {
				terms[c], bosTerms[c] = append(terms[c], term{z[d], float64(w)}), append(bosTerms[c], term{bz[d], float64(w)})
			}
		}
	}
	p.residual(terms, bosTerms, b.BO)
}

// residual is the stream after a half layer.
func (p *prover) residual(terms, bosTerms [][]term, bias []float32) {
	for d := range terms {
		if len(terms[d]) == 1 && bias[d] == 0 {
			continue
		}
		p.columns[d], p.bos[d] = p.renamed(p.sum(terms[d], float64(bias[d]))), p.sum(bosTerms[d], float64(bias[d]))
		p.check()
	}
}

// head reads the weights of a head; nil if it moves nothing.
func (p *prover) head(l, h int) *head {
	b, dm, dh := &p.m.Blocks[l], p.m.DModel, p.m.DHead
	hd := &head{layer: l, head: h, used: make([]bool, dh)}
	moves := false
	for d := range dh {
		hd.used[d] = !b.WO.Empty(h*dh + d)
	}
	circuit := func(w model.Matrix) model.Matrix { return w.Part(h*dm, (h+1)*dm).Transpose() }
	wv, wq, wk := circuit(b.WV), circuit(b.WQ), circuit(b.WK)
	project := func(w model.Matrix, bias []float32, d int) (x, bos *column) {
		terms, bosTerms := []term(nil), []term(nil)
		for c, w := range w.Row(d) {
			weight := float64(w)
			terms, bosTerms = append(terms, term{p.columns[c], weight}), append(bosTerms, term{p.bos[c], weight})
		}
		return p.sum(terms, float64(bias[h*dh+d])), p.sum(bosTerms, float64(bias[h*dh+d]))
	}
	for d := range dh {
		v, bv := project(wv, b.BV, d)
		if float64(p.n+2)*max(v.most(), bv.most()) > math.MaxFloat32 {
			p.open("layer %d, head %d: a sum of values can be infinite", l+1, h+1)
		}
		hd.used[d] = hd.used[d] && (!v.zero() || !bv.zero())
		moves = moves || hd.used[d]
		hd.v, hd.bv = append(hd.v, v), append(hd.bv, bv)
	}
	for d := range dh {
		q, bq := project(wq, b.BQ, d)
		k, bk := project(wk, b.BK, d)
		hd.q, hd.bq, hd.k, hd.bk = append(hd.q, q), append(hd.bq, bq), append(hd.k, k), append(hd.bk, bk)
	}
	if !moves {
		if hd.mostScore() > math.MaxFloat32 { // what is no number is so times 0
			p.open("layer %d, head %d: a score can be infinite", l+1, h+1)
		}
		return nil
	}
	hd.qv, hd.kv = p.vectors(hd.q), p.vectors(hd.k)
	bos := p.vectors(hd.bk).list[0]
	if len(hd.qv.list)*len(hd.kv.list) > p.options.Pairs/16 {
		p.open("too many different scores")
	}
	hd.scores = make([][2]float64, len(hd.qv.list)*len(hd.kv.list))
	hd.bos = make([][2]float64, len(hd.qv.list))
	qs, ks := hd.qv.whole(), hd.kv.whole()
	for i, q := range hd.qv.list {
		hd.bos[i] = p.finite(hd, score(q, bos))
		for j, k := range hd.kv.list {
			hd.scores[i*len(hd.kv.list)+j] = p.finite(hd, quick(qs, ks, i, j, q, k))
		}
		p.check()
	}
	return hd
}

// whole vectors are multiples of a power of two; nil if they are not known exactly.
type whole struct {
	list [][]float64
	used [][]int // by vector the places of what is not 0
	grid int
}

func (v *vectors) whole() *whole {
	w := &whole{grid: math.MaxInt32}
	for _, vector := range v.list {
		row, used := make([]float64, len(vector)), []int(nil)
		for i, x := range vector {
			if x[0] != x[1] {
				return nil
			}
			if row[i] = x[0]; x[0] != 0 {
				used = append(used, i)
				w.grid = min(w.grid, lowest(x[0]))
			}
		}
		w.list, w.used = append(w.list, row), append(w.used, used)
	}
	return w
}

// quick is score where all products are multiples of a power of two of which float32
// holds all partial sums.
func quick(qs, ks *whole, i, j int, q, k [][2]float64) [2]float64 {
	if qs == nil || ks == nil || qs.grid == math.MaxInt32 || ks.grid == math.MaxInt32 {
		return score(q, k)
	}
	sum, most := 0.0, 0.0
	a, b := qs.list[i], ks.list[j]
	for _, d := range qs.used[i] {
		y := a[d] * b[d]
		sum += y
		most += math.Abs(y)
	}
	if most > math.Ldexp(1<<24, qs.grid+ks.grid) || most > math.MaxFloat32 || qs.grid+ks.grid < finest {
		return score(q, k)
	}
	return [2]float64{sum, sum}
}

// regime is how a head shares its attention between BOS and the keys of a selector: BOS
// has nothing where a key is selected (hard), or the weight 1 to e of each key.
type regime struct {
	f      *selector
	hard   bool
	equal  bool    // keys that a query selects have the same weight
	lo, hi float64 // of e, if not hard
	margin float64
	pairs  int
}

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
	if r.hard {
		text = "chooses by"
	}
	p.obligation(Obligation{Kind: "head", How: ByProof, Layer: hd.layer + 1, Head: hd.head + 1, Margin: r.margin, Pairs: r.pairs,
		Text: fmt.Sprintf("layer %d, head %d %s %s", hd.layer+1, hd.head+1, text, r.f.describe())}, r.f.node)
	return z, bos
}

// attends finds the selector that a head realises: the one that the witness names, or the
// keys of it with the top score; the keys whose weight is not 0 beside that of BOS; or any
// of the program's.
func (p *prover) attends(hd *head) (*regime, string) {
	var r *regime
	why := ""
	tried := map[*selector]bool{}
	try := func(f *selector) bool {
		if f == nil || tried[f] {
			return false
		}
		tried[f] = true
		x, reason := p.regime(hd, f)
		if r = x; why == "" {
			why = reason
		}
		return x != nil
	}
	if f := p.named(hd); f != nil && (try(f) || try(p.part(hd, f))) || try(p.heard(hd)) {
		return r, ""
	}
	for _, n := range p.nodes {
		if n.Op == graph.Aggregate && try(p.selectorOf(n.Args[0])) {
			return r, ""
		}
	}
	return nil, why
}

// named is the selector that the witness names for a head; nil if it names none.
func (p *prover) named(hd *head) *selector {
	for _, h := range p.witness.Heads {
		if h.Layer != hd.layer || h.Head != hd.head {
			continue
		}
		f := p.everywhere()
		if h.Selects >= 0 {
			if h.Selects >= len(p.nodes) || !p.nodes[h.Selects].IsSelector() {
				return nil
			}
			f = p.selectorOf(p.nodes[h.Selects])
		}
		if h.Where != nil {
			return p.where(f, h.Where)
		}
		return f
	}
	return nil
}

// where restricts a selector to keys at which an s-op has one of some values.
func (p *prover) where(f *selector, w *witness.Where) *selector {
	if w.Node < 0 || w.Node >= len(p.nodes) || p.nodes[w.Node].IsSelector() {
		return nil
	}
	t := p.table(p.nodes[w.Node])
	var ids []int32
	for _, raw := range w.Is {
		if v, err := parseAtom(raw); err == nil {
			ids = append(ids, p.id(v))
		}
	}
	return p.restrict(f, t.space, func(s int32) bool { return slices.Contains(ids, t.ids[s]) })
}

// heard are the keys that BOS does not drown.
func (p *prover) heard(hd *head) *selector {
	f := &selector{k: hd.kv.space, q: hd.qv.space, class: make([]int32, hd.qv.space.n), rows: bitRows{words: (hd.kv.space.n + 63) / 64}}
	f.text = fmt.Sprintf("the selector of layer %d, head %d", hd.layer+1, hd.head+1)
	for i := range hd.qv.list {
		row := make([]uint64, f.rows.words)
		for s, v := range hd.kv.of {
			if v >= 0 && hd.scores[i*len(hd.kv.list)+int(v)][1] > hd.bos[i][0]-gone {
				set(row, int32(s))
			}
		}
		f.rows.rows = append(f.rows.rows, row...)
	}
	for j, v := range hd.qv.of {
		f.class[j] = max(v, 0)
	}
	return p.canonical(f)
}

// part is the keys of a selector that have the top score of their row.
func (p *prover) part(hd *head, f *selector) *selector {
	k, q := p.space(hd.kv.space.vars, f.k.vars), p.space(hd.qv.space.vars, f.q.vars)
	if p.tooLong("scores", f, k.n*q.n, 8) {
		return nil
	}
	rows, km, qm := p.lift(f, k, q), k.to(hd.kv.space), q.to(hd.qv.space)
	m := p.meet(k, q, true)
	g := &selector{k: k, q: q, class: make([]int32, q.n), node: f.node, text: shortened("the highest scores of a row of " + f.describe()), rows: bitRows{words: (k.n + 63) / 64}}
	classes := map[string]int32{}
	for j := range q.n {
		row := slices.Clone(rows(j))
		and(row, m.any.row(j))
		if qm[j] < 0 || hd.qv.of[qm[j]] < 0 {
			g.add(j, row, classes)
			continue
		}
		i := int(hd.qv.of[qm[j]])
		top := math.Inf(-1)
		each(row, func(s int32) {
			if km[s] >= 0 && hd.kv.of[km[s]] >= 0 {
				top = max(top, hd.scores[i*len(hd.kv.list)+int(hd.kv.of[km[s]])][0])
			}
		})
		each(slices.Clone(row), func(s int32) {
			if km[s] >= 0 && hd.kv.of[km[s]] >= 0 && hd.scores[i*len(hd.kv.list)+int(hd.kv.of[km[s]])][1] < top-1 {
				row[s/64] &^= 1 << (s % 64)
			}
		})
		g.add(j, row, classes)
	}
	return p.canonical(g)
}

// regime checks by the scores that a head attends to the keys of a selector and to
// nothing else.
//
// With s the scores of selected keys, t those of others that can meet the query, b that
// of BOS: t <= s - 104; and t <= b - 104, unless a key is sure to be selected and s >= b +
// 104. Weights of keys and BOS at 104 or more below the largest are exactly 0, in
// whatever blocks the keys come. Hard: s >= b + 104. Else b - s is the same everywhere.
func (p *prover) regime(hd *head, f *selector) (*regime, string) {
	sureSpace, sure := p.nonempty(f)
	k, q := p.space(hd.kv.space.vars, f.k.vars), p.space(hd.qv.space.vars, f.q.vars, sureSpace.vars)
	if p.tooLong("scores", f, k.n*q.n, 1) {
		return nil, fmt.Sprintf("too many pairs of positions to look at: %d", k.n*q.n)
	}
	m, rows, cared := p.meet(k, q, false), p.lift(f, k, q), p.cared(f, k, q)
	km, qm, sm := k.to(hd.kv.space), q.to(hd.qv.space), q.to(sureSpace)
	vector := make([]int32, k.n)
	for i := range vector {
		vector[i] = -1
		if km[i] >= 0 {
			vector[i] = hd.kv.of[km[i]]
		}
	}
	r := &regime{f: f, hard: true, equal: true, lo: math.Inf(1), hi: math.Inf(-1), margin: math.Inf(1), pairs: k.n * q.n}
	first := true
	for j := range q.n {
		if qm[j] < 0 || hd.qv.of[qm[j]] < 0 || sm[j] < 0 {
			continue
		}
		i := int(hd.qv.of[qm[j]])
		bos, scores := hd.bos[i], hd.scores[i*len(hd.kv.list):(i+1)*len(hd.kv.list)]
		slo, shi, top := math.Inf(1), math.Inf(-1), math.Inf(-1)
		row, meets, care := rows(j), m.any.row(j), cared(j)
		for w, word := range meets {
			each([]uint64{word & care[w]}, func(bit int32) {
				x := int32(w*64) + bit
				if vector[x] < 0 {
					return
				}
				s := scores[vector[x]]
				if has(row, x) {
					slo, shi = min(slo, s[0]), max(shi, s[1])
				} else {
					top = max(top, s[1])
				}
			})
		}
		some := slo <= shi
		if top > slo-gone {
			return nil, fmt.Sprintf("it does not choose by %s: a key that is not selected scores %g, one that is %g; keys by %s, queries by %s: %v", f.describe(), top, slo, p.names(k.vars), p.names(q.vars), q.row(j))
		}
		hard := some && slo >= bos[1]+gone
		if top > bos[0]-gone && !(hard && sure[sm[j]]) {
			return nil, fmt.Sprintf("a row of %s may select nothing, and another key has %g to the %g of BOS", f.describe(), top, bos[0])
		}
		r.margin = min(r.margin, (slo-top)/gone)
		if !some {
			continue
		}
		r.equal = r.equal && slo == shi
		if first {
			r.hard, first = hard, false
		}
		if r.hard != hard {
			return nil, "BOS has weight for some queries only"
		}
		if !hard {
			// fl(s - b), off by 2^-24, and its exp, off by 3 * 2^-24
			lo, hi := slo-bos[1], shi-bos[0]
			if hi > 0 {
				return nil, fmt.Sprintf("a selected key of %s has %g to the %g of BOS", f.describe(), shi, bos[0])
			}
			e := math.Abs(lo)*u + 4*u
			coarse := math.Ldexp(1, finest) // of the smallest floats
			r.lo, r.hi = min(r.lo, math.Exp(lo)*(1-e)-coarse), max(r.hi, math.Exp(hi)*(1+e)+coarse)
		}
	}
	if !r.hard && r.hi > r.lo*1.01 {
		return nil, "keys have different weights beside BOS"
	}
	if math.IsInf(r.margin, 0) {
		r.margin = 0
	}
	return r, ""
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
	used, in, down := make([]uint64, f.rows.words), k.to(f.k), k.to(v.space)
	for c := range len(f.rows.rows) / max(f.rows.words, 1) {
		or(used, f.rows.row(c))
	}
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
		in, down := k.to(f.k), k.to(v.space)
		used := make([]uint64, f.rows.words)
		for c := range len(f.rows.rows) / max(f.rows.words, 1) {
			or(used, f.rows.row(c))
		}
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
	gap := max(v.gap, bv.gap) + 2*(n+4)*u*(n*r.hi*read.most+math.Abs(b))
	return p.quotient(f, v, read, func(sum, w int64) [2]float64 {
		s, most := math.Ldexp(float64(sum), read.unit), float64(w)*read.most
		e := 1.01*(float64(w)+3)*u*(most*r.hi+math.Abs(b)) + (r.hi-r.lo)*most
		lo, hi := min(s*r.lo, s*r.hi)+b-e, max(s*r.lo, s*r.hi)+b+e
		d, dd := (1+float64(w)*r.lo)*(1-1.01*(float64(w)+1)*u), (1+float64(w)*r.hi)*(1+1.01*(float64(w)+1)*u)
		return [2]float64{below(min(lo/d, lo/dd)), above(max(hi/d, hi/dd))}
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
