package prove

import (
	"fmt"
	"math/bits"
	"slices"
)

// one reports whether each row of a selector selects at most one key.
//
// Lemma one key: if all key states that a query selects and can meet have the same label
// of a fact of singles, then they are one position. For two selected positions have that
// label, and no two positions have.
func (p *prover) one(f *selector) bool {
	if p.sole[f] || f.one == 1 {
		return true
	}
	if f.one == 2+len(p.singles) {
		return false
	}
	for _, s := range p.singles {
		if p.oneBy(f, s) {
			f.one = 1
			p.lemma(f, "at most one key a row: "+s.why)
			return true
		}
	}
	f.one = 2 + len(p.singles)
	return false
}

func (p *prover) oneBy(f *selector, s labels) bool {
	k, q := p.space(f.k.vars, s.space.vars), f.q
	if !p.causal {
		q = p.space(q.vars, intersect([]int{varLength}, k.vars))
	}
	if p.tooLong("one key", f, k.n*q.n, 1) {
		return false
	}
	m, rows, down := p.meet(k, q, false), p.lift(f, k, q), k.to(s.space)
	row := newBits(1, k.n).row(0)
	for j := range q.n {
		copy(row, rows(j))
		and(row, m.any.row(j))
		label := int32(-2)
		for w, word := range row {
			for ; word != 0; word &= word - 1 {
				at := down[w*64+bits.TrailingZeros64(word)]
				if at < 0 {
					continue // no input gets there
				}
				l := s.of[at]
				if l < 0 || label != -2 && l != label {
					return false
				}
				label = l
			}
		}
	}
	return true
}

// nonempty tells by state of queries whether a row is sure to select a key.
//
// Lemma count: the least sum of ones is above 0 (see reached). Lemma there is one: some
// position is in a state of a class, and all states of the class that the query can meet
// are selected.
func (p *prover) nonempty(f *selector) (*space, []bool) {
	if n, ok := p.nonemptyMemo[f]; ok && n.facts == len(p.present) {
		return n.q, n.yes
	}
	q, r := f.q, p.counts(f)
	sure := func(set int32) bool { return r.sets[set].words[0]&1 == 0 }
	counted := r != nil && slices.ContainsFunc(r.of, sure)
	if counted {
		q = p.space(q.vars, r.q.vars)
	}
	yes := make([]bool, q.n)
	if counted {
		for j, at := range q.to(r.q) {
			yes[j] = at >= 0 && sure(r.of[at])
		}
	}
	for _, c := range p.present {
		k := p.space(f.k.vars, c.space.vars)
		if k.n*q.n > p.options.Pairs/8 {
			continue
		}
		m, rows, cared, down := p.meet(k, q, false), p.lift(f, k, q), p.cared(f, k, q), k.to(c.space)
		class := newBits(1, k.n).row(0)
		for i, s := range down {
			if s >= 0 && c.of[s] >= 0 {
				set(class, int32(i))
			}
		}
		row := newBits(1, k.n).row(0)
		for j := range q.n {
			copy(row, class)
			and(row, m.any.row(j))
			and(row, cared(j))
			andNot(row, rows(j))
			yes[j] = yes[j] || empty(row)
		}
	}
	p.nonemptyMemo[f] = filled{q, yes, len(p.present)}
	return q, yes
}

type filled struct {
	q     *space
	yes   []bool
	facts int
}

// order looks for a strict order in a selector whose width is asked for.
//
// Lemma order (not causal). F(x, y) says that query y selects key x; let r(x) be how many
// states row x selects, met or not. If F(x, y) iff r(x) < r(y), and r(x) != r(y), for all
// states x, y that two different positions can have, and F(x, x) never holds, then width(F) takes each of 0..n-1 at one
// position. For r orders the n positions strictly, and the width is how many stand before.
// Any function r would do; so that it counts states, not positions, needs no proof.
func (p *prover) order(f *selector, v int) {
	if p.causal || len(f.k.vars) == 0 {
		return
	}
	both := p.space(f.k.vars, f.q.vars, []int{varPosition})
	if p.tooLong("order", f, both.n*both.n, 4) {
		return
	}
	m, rows := p.meet(both, both, false), p.lift(f, both, both)
	rank, ranked := make([]int, both.n), rows
	if f.raw != nil && subset(f.raw.k.vars, both.vars) && subset(f.raw.q.vars, both.vars) {
		ranked = p.lift(f.raw, both, both)
	}
	for j := range rank {
		for _, w := range ranked(j) {
			rank[j] += bits.OnesCount64(w)
		}
	}
	for j := range both.n {
		row, other, fine := rows(j), m.other.row(j), true
		if has(row, int32(j)) {
			return
		}
		each(other, func(i int32) {
			fine = fine && rank[i] != rank[j] && has(row, i) == (rank[i] < rank[j])
		})
		if !fine {
			return
		}
	}
	s := p.space([]int{v})
	p.single(labels{s, ascending(s.n), "the width of " + f.describe() + " is a place in a strict order"})
	p.covers = append(p.covers, v)
	if sv := p.someVar(f); sv >= 0 {
		// Lemma least: of a strict order one position is the least, so one row is empty.
		s, class := p.space([]int{sv}), []int32{-1, -1}
		if z := s.find(0); z >= 0 {
			class[z] = 0
			p.single(labels{s, class, "one position is the least of " + f.describe()})
			p.present = append(p.present, labels{s, class, ""})
		}
	}
	p.lemma(f, "a strict order of the positions: each width from 0 occurs once")
}

func ascending(n int) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = int32(i)
	}
	return list
}

// rows looks for widths that differ among positions that are alike.
//
// Lemma rows: let u be a state of the variables of F but the position. If for any two
// positions i < j in state u, row(i), as far as i sees, is part of row(j), and there is a
// position in row(j) that is not in row(i), then no two positions in state u have the
// same width of F. Proof: strict inclusion of finite sets. So it is with i and j
// exchanged. The position that is not in the other row is i or j.
func (p *prover) rowsGrow(f *selector, v int) {
	uv := without(union(f.k.vars, f.q.vars), varPosition)
	u := p.space(uv)
	all := p.space(uv, []int{varPosition})
	if p.tooLong("rows", f, all.n*all.n, 8) {
		return
	}
	m, rows, down := p.meet(all, all, false), p.lift(f, all, all), all.to(u)
	column := all.column(varPosition)
	label := ascending(u.n)
	at := make([][]int32, u.n)
	for i, s := range down {
		if s >= 0 {
			at[s] = append(at[s], int32(i))
		}
	}
	before := make([][]uint64, p.n+1)
	for x := range before {
		before[x] = newBits(1, all.n).row(0)
		for i := range all.n {
			if int(all.row(i)[column]) < x {
				set(before[x], int32(i))
			}
		}
	}
	place := func(i int32) int { return int(all.row(int(i))[column]) }
	visible := func(i int32) []uint64 {
		row := slices.Clone(m.any.row(int(i)))
		and(row, rows(int(i)))
		if p.causal {
			and(row, before[place(i)+1])
		}
		return row
	}
	part := func(i, j int32) bool { // row(i) is part of row(j)
		a := visible(i)
		andNot(a, rows(int(j)))
		and(a, m.any.row(int(j)))
		if p.causal && place(i) > place(j) {
			return false
		}
		fine := true
		each(a, func(x int32) {
			// At the places of i and j stand these very states.
			fine = fine && (place(x) == place(i) && x != i || place(x) == place(j) && x != j)
		})
		return fine
	}
	more := func(i, j int32) bool { // a position in row(j), not in row(i)
		a, b := rows(int(i)), rows(int(j))
		seen := func(x, from int32) bool { return !p.causal || place(x) <= place(from) }
		return has(b, j) && !(has(a, j) && seen(j, i)) || has(b, i) && seen(i, j) && !has(a, i)
	}
	found := false
	for s := range u.n {
		up, down := true, true
		for _, i := range at[s] {
			for _, j := range at[s] {
				if place(i) >= place(j) || !has(m.other.row(int(j)), i) && !has(m.other.row(int(i)), j) {
					continue
				}
				up = up && part(i, j) && more(i, j)
				down = down && !p.causal && part(j, i) && more(j, i)
			}
			if !up && !down {
				break
			}
		}
		if !up && !down {
			label[s] = -1
		} else {
			found = true
		}
	}
	if !found {
		return
	}
	s := p.space(uv, []int{v})
	of, us := ascending(s.n), s.to(u)
	for i, x := range us {
		if x < 0 || label[x] < 0 {
			of[i] = -1
		}
	}
	p.single(labels{s, of, "rows of " + f.describe() + " grow from each position to the next alike"})
	p.lemma(f, "positions alike in "+p.names(uv)+" differ in width")
}

// image looks for keys that no two queries fetch.
//
// Lemma image: if all queries that can select a key in state x have one label of a fact
// of singles, for each x of a fact of singles of keys, then no two positions fetch keys in
// the same state: two queries that do select the same key, so they are one position.
func (p *prover) image(f *selector, ys []int) {
	var from []int
	by := map[int]int{}
	for _, y := range ys {
		from = append(from, p.vars[y].from)
		by[p.vars[y].from] = y
	}
	for _, s := range p.singles {
		if !subset(s.space.vars, union(from)) {
			continue
		}
		for _, t := range p.singles {
			if p.imageBy(f, s, t, by) {
				return
			}
		}
	}
}

func (p *prover) imageBy(f *selector, s, t labels, by map[int]int) bool {
	k, q := p.space(f.k.vars, s.space.vars), p.space(f.q.vars, t.space.vars)
	if p.tooLong("image", f, k.n*q.n, 8) {
		return false
	}
	m, rows := p.meet(k, q, false), p.lift(f, k, q)
	km, qm := k.to(s.space), q.to(t.space)
	label := make([]int32, k.n) // of the queries that select it
	for i := range label {
		label[i] = -2
	}
	row := newBits(1, k.n).row(0)
	for j := range q.n {
		copy(row, rows(j))
		and(row, m.any.row(j))
		l := int32(-1)
		if qm[j] >= 0 {
			l = t.of[qm[j]]
		}
		each(row, func(i int32) {
			if label[i] == -2 {
				label[i] = l
			} else if label[i] != l {
				label[i] = -1
			}
		})
	}
	fine := make([]bool, s.space.n) // no two queries fetch a key in this state
	for i := range fine {
		fine[i] = s.of[i] >= 0
	}
	for i, l := range label {
		if km[i] >= 0 && l == -1 {
			fine[km[i]] = false
		}
	}
	if !slices.Contains(fine, true) {
		return false
	}
	var ys []int
	for _, v := range s.space.vars {
		ys = append(ys, by[v])
	}
	y := p.space(ys)
	of := ascending(y.n)
	for i := range of {
		if x := p.inner(y, i, s.space); x < 0 || !fine[x] {
			of[i] = -1
		}
	}
	p.single(labels{y, of, fmt.Sprintf("no two positions fetch the same key by %s", f.describe())})
	p.lemma(f, "no two positions fetch the same key")
	return true
}

// inner is the state of fetched variables at the key; -1 if there is none.
func (p *prover) inner(y *space, i int, s *space) int32 {
	code := uint64(0)
	for c, x := range y.row(i) {
		if x == 0 {
			return -1
		}
		code += uint64(x-1) * s.stride[s.column(p.vars[y.vars[c]].from)]
	}
	return s.find(code)
}

// single notes a fact of singles.
func (p *prover) single(l labels) { p.singles = append(p.singles, l) }
