package prove

import (
	"math"
	"slices"
)

// integers is an integer function of the states of a space; nowhere at those that no
// input reaches.
type integers struct {
	space *space
	of    []int64
}

const nowhere = math.MinInt64

// summand is what a sum adds up: an integer function of the keys of a selector, 1 if nil;
// or whether there is any.
type summand struct {
	f    *selector
	g    *integers
	some bool
}

// reached has by query state all values that some sums over its keys can have together.
//
// Each visible position holds one key, so a sum is one of the sums of a term a position,
// each a term of a key state that can stand there and meet the query; the position of the
// query itself has a state that agrees with the query's in all common variables. Of several
// queries taken together it is a term that one of them allows.
type reached struct {
	q      *space
	of     []int32 // by query state its set in sets
	sets   []sumSet
	least  []int64 // by summand: the least term, 0 at most
	dims   []int   // 0 for whether there is any
	stride []int   // or the bit of it
	block  int     // words of a block of sets
}

// mostReached is the most states of keys or queries for which sums are found.
const mostReached = 1 << 18

// mostPairs is the most pairs of them, a quarter of that with the state of the query
// itself, and four times as many by place.
const mostPairs = 1 << 24

// mostWork bounds the terms that reach adds, pairs times sums.
const mostWork = 1 << 27

// detail is what sums are told apart by: by the query and what its own position holds as a
// key; by the query; or by where it stands alone, all queries there taken together.
type detail int

const (
	byOwnKey detail = iota
	byQuery
	byPlace
)

// sums finds the sums that occur in as much detail as can be had; nil if none can.
func (p *prover) sums(xs ...summand) *reached {
	for d := byOwnKey; d <= byPlace; d++ {
		if r := p.reach(xs, d); r != nil {
			return r
		}
	}
	return nil
}

// reach finds the sums that occur; nil if that is too much work.
func (p *prover) reach(xs []summand, by detail) *reached {
	var kv, qv []int
	for _, x := range xs {
		kv, qv = union(kv, x.f.k.vars), union(qv, x.f.q.vars)
		if x.g != nil {
			kv = union(kv, x.g.space.vars)
		}
	}
	seat := p.seat(kv)
	visible := varLength // is what the number of visible keys depends on
	if p.causal {
		visible = varPosition
	}
	if seat == varPosition {
		qv = union(qv, []int{varPosition})
	}
	switch by {
	case byOwnKey:
		qv = union(qv, kv, []int{visible})
	case byQuery:
		qv = union(qv, []int{visible})
	}
	k, q := p.try(mostReached, kv), p.try(mostReached, qv)
	if k == nil || q == nil || k.n*q.n > [...]int{mostPairs / 4, mostPairs, 4 * mostPairs}[by] {
		return nil
	}
	alike, told := q, q // queries that are taken together, and what sums are told by
	if by == byPlace {
		alike = p.space(intersect(qv, union([]int{varPosition, varLength}, seatOf(seat))))
		told = p.space(alike.vars, []int{visible})
	}
	r := &reached{q: told, of: make([]int32, told.n)}
	words := r.measure(xs, p.n)
	if words == 0 {
		return nil
	}
	s := summer{block: r.block, words: words, ids: map[string]int32{}, memo: map[string]int32{}, folds: map[fold][]uint64{}}
	g := p.gatherer(xs, k, q, seat, r)
	queries, results := members(q.to(alike), alike.n), members(told.to(alike), alike.n)
	for a := range alike.n {
		g.reset()
		for _, j := range queries[a] {
			g.query(int(j))
		}
		for _, t := range results[a] {
			row := told.row(int(t))
			count := int(row[told.column(visible)])
			if p.causal {
				count++
			}
			if s.work > mostWork {
				return nil
			}
			r.of[t] = s.add(seat >= 0, g.mine, count, g.at, g.self)
		}
	}
	r.sets = s.sets
	return r
}

// seat is the variable by which keys stand one at a place, -1 for none.
func (p *prover) seat(kv []int) int {
	seat := -1
	if slices.Contains(kv, varPosition) {
		return varPosition
	}
	for _, c := range p.covers { // none in a causal model
		if slices.Contains(kv, c) {
			seat = c
		}
	}
	return seat
}

func seatOf(seat int) []int {
	if seat < 0 {
		return nil
	}
	return []int{seat}
}

// members are by what a map gives the numbers that it maps to it.
func members(of []int32, n int) [][]int32 {
	list := make([][]int32, n)
	for i, a := range of {
		if a >= 0 {
			list[a] = append(list[a], int32(i))
		}
	}
	return list
}

// measure lays out sets of sums of up to n terms: how many words one has, 0 if they are
// too large.
func (r *reached) measure(xs []summand, n int) (words int) {
	size, somes := 1, 0
	for _, x := range xs {
		if x.some {
			r.least, r.dims, r.stride = append(r.least, 0), append(r.dims, 0), append(r.stride, somes)
			if somes++; somes > 6 {
				return 0
			}
			continue
		}
		least, most := int64(0), int64(1)
		if x.g != nil {
			most = 0
			for _, v := range x.g.of {
				if v != nowhere {
					least, most = min(least, v), max(most, v)
				}
			}
		}
		if most-least > 1<<22/int64(n) {
			return 0
		}
		dim := n*int(most-least) + 1
		r.least, r.dims, r.stride = append(r.least, least), append(r.dims, dim), append(r.stride, size)
		if size *= dim; size > 1<<22 {
			return 0
		}
	}
	r.block = (size + 63) / 64
	if words = r.block << somes; words > 1<<16 {
		return 0
	}
	return words
}

// gatherer collects what keys add for some queries: by seat, and where the query stands.
type gatherer struct {
	q          *space
	seat       int
	column     int     // of the seat among the variables of q, -1 for none
	seats      []int32 // by key state
	meet       meeting
	own        func(j int) []uint64
	care       []func(j int) []uint64
	terms      func(j int) func(i int32) int64
	other, any []uint64

	at   [][]int64 // by seat the codes of terms, more than once perhaps
	self []int64   // of the key where the query stands; nil if it is like all others
	mine int       // the seat of the queries, -1 if it is not known
}

func (p *prover) gatherer(xs []summand, k, q *space, seat int, r *reached) *gatherer {
	g := &gatherer{q: q, seat: seat, column: -1, seats: make([]int32, k.n), meet: p.meet(k, q, false), own: p.same(k, q),
		terms: p.terms(xs, k, q, r), other: newBits(1, k.n).row(0), any: newBits(1, k.n).row(0), at: make([][]int64, 1)}
	if seat >= 0 {
		g.at, g.column = make([][]int64, p.n), q.column(seat)
		c := k.column(seat)
		for i := range g.seats {
			g.seats[i] = k.row(i)[c]
		}
	}
	for _, x := range xs {
		g.care = append(g.care, p.cared(x.f, k, q))
	}
	return g
}

func (g *gatherer) reset() {
	for i := range g.at {
		g.at[i] = g.at[i][:0]
	}
	g.self, g.mine = nil, -1
}

// query adds what keys can add for one more query, which stands where the others do.
func (g *gatherer) query(j int) {
	if g.column >= 0 {
		g.mine = int(g.q.row(j)[g.column])
	}
	copy(g.other, g.meet.other.row(j))
	copy(g.any, g.meet.any.row(j))
	for _, c := range g.care {
		and(g.other, c(j))
		and(g.any, c(j))
	}
	row := g.other
	if g.seat >= 0 && g.mine < 0 {
		row = g.any
	}
	code := g.terms(j)
	each(row, func(i int32) {
		if g.seat < 0 || int(g.seats[i]) != g.mine {
			if s := int(g.seats[i]); s < len(g.at) { // it is, where a key stands
				g.at[s] = note(g.at[s], code(i))
			}
		}
	})
	if g.seat < 0 || g.mine >= 0 {
		each(g.own(j), func(i int32) {
			if has(g.any, i) {
				g.self = note(g.self, code(i))
			}
		})
	}
}

// note adds a term, which is often the one before.
func note(list []int64, code int64) []int64 {
	if n := len(list); n > 0 && list[n-1] == code {
		return list
	}
	return append(list, code)
}

// terms are by query and key state the codes of what the key adds.
func (p *prover) terms(xs []summand, k, q *space, r *reached) func(j int) func(i int32) int64 {
	rows := make([]func(int) []uint64, len(xs))
	g := make([][]int64, len(xs))
	for x, s := range xs {
		rows[x] = p.lift(s.f, k, q)
		g[x] = make([]int64, k.n)
		var down []int32
		if s.g != nil {
			down = k.to(s.g.space)
		}
		for i := range g[x] {
			g[x][i] = 1
			if s.g != nil {
				g[x][i] = 0 // where no input gets
				if down[i] >= 0 && s.g.of[down[i]] != nowhere {
					g[x][i] = s.g.of[down[i]]
				}
			}
		}
	}
	here := make([][]uint64, len(xs))
	return func(j int) func(i int32) int64 {
		for x := range xs {
			here[x] = rows[x](j)
		}
		return func(i int32) int64 {
			code := int64(0)
			for x := range xs {
				if xs[x].some {
					if has(here[x], i) {
						code |= 1 << (maskShift + r.stride[x])
					}
					continue
				}
				term := -r.least[x]
				if has(here[x], i) {
					term += g[x][i]
				}
				code += term * int64(r.stride[x])
			}
			return code
		}
	}
}

// sums of a set, one after the other.
func (r *reached) sums(set int32, do func(sums []int64)) {
	sums := make([]int64, len(r.dims))
	s := r.sets[set]
	each(s.words, func(code int32) {
		block := int(code) / 64 / r.block
		code -= int32(block * r.block * 64)
		for x, dim := range r.dims {
			if dim == 0 {
				sums[x] = int64(block >> r.stride[x] & 1)
				continue
			}
			sums[x] = int64(int(code)/r.stride[x]%dim) + int64(s.visible)*r.least[x]
		}
		do(sums)
	})
}

// counts are how many keys a selector can select, by query state; nil if unknown.
func (p *prover) counts(f *selector) *reached {
	if f.reached == nil {
		f.reached = p.sums(summand{f: f})
	}
	return f.reached
}
