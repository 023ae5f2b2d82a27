package prove

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// add makes a variable.
func (p *prover) add(v *variable) int {
	p.vars = append(p.vars, v)
	return len(p.vars) - 1
}

// ofVariable is a variable as an integer function.
func (p *prover) ofVariable(v int, f func(x int32) int64) *integers {
	s := p.space([]int{v})
	g := &integers{s, make([]int64, s.n)}
	for i := range g.of {
		g.of[i] = f(s.row(i)[0])
	}
	return g
}

// constant is an integer function that is one number.
func (p *prover) constant(x int64) *integers { return &integers{p.space(nil), []int64{x}} }

// determined is a sum as a function of the query, if it is one; nil if it is not.
func (p *prover) determined(x summand, of func(int64) int64) *integers {
	r := p.counts(x.f)
	if x.g != nil {
		r = p.sums(x)
	}
	if r == nil {
		return nil
	}
	bySet := make([]int64, len(r.sets))
	for i := range r.sets {
		sum, fine := int64(nowhere), true
		r.sums(int32(i), func(sums []int64) {
			if y := of(sums[0]); sum == nowhere || y == sum {
				sum = y
			} else {
				fine = false
			}
		})
		if !fine {
			return nil
		}
		bySet[i] = sum
	}
	labels, numbers, ids := make([]int32, r.q.n), []int64(nil), map[int64]int32{}
	for j, set := range r.of {
		if labels[j] = -1; bySet[set] == nowhere {
			continue
		}
		id, ok := ids[bySet[set]]
		if !ok {
			id = int32(len(numbers))
			ids[bySet[set]] = id
			numbers = append(numbers, bySet[set])
		}
		labels[j] = id
	}
	s, labels := p.drop(r.q, labels)
	g := &integers{s, make([]int64, s.n)}
	for i, l := range labels {
		g.of[i] = nowhere
		if l >= 0 {
			g.of[i] = numbers[l]
		}
	}
	return g
}

// widthOf is how many keys a selector selects.
func (p *prover) widthOf(f *selector) *integers {
	if g, ok := p.widths[f]; ok {
		return g
	}
	g := p.determined(summand{f: f}, func(x int64) int64 { return x })
	switch {
	case g != nil:
	case p.one(f):
		g = p.someOf(f)
	default:
		v := p.add(&variable{kind: width, of: f, size: p.n + 1})
		p.widthVars[f] = v
		p.order(f, v)
		p.rowsGrow(f, v)
		g = p.ofVariable(v, func(x int32) int64 { return int64(x) })
	}
	p.widths[f] = g
	return g
}

// someOf is 1 where a selector selects a key, else 0.
func (p *prover) someOf(f *selector) *integers {
	if g, ok := p.somes[f]; ok {
		return g
	}
	g := p.determined(summand{f: f}, func(x int64) int64 { return min(x, 1) })
	if g == nil {
		if q, yes := p.nonempty(f); !slices.Contains(yes, false) && q.n > 0 {
			g = p.constant(1)
		}
	}
	if g == nil {
		p.widthOrder(f)
		g = p.ofVariable(p.someVar(f), func(x int32) int64 { return int64(x) })
	}
	p.somes[f] = g
	return g
}

// widthOrder makes the width of a selector of which only whether there is any is asked,
// where that brings the lemma least.
func (p *prover) widthOrder(f *selector) {
	if _, ok := p.widths[f]; !ok && !p.causal && !p.one(f) {
		p.widthOf(f)
	}
}

func (p *prover) someVar(f *selector) int {
	v, ok := p.someVars[f]
	if !ok {
		v = p.add(&variable{kind: some, of: f, size: 2})
		p.someVars[f] = v
	}
	return v
}

// sumOf is the sum of an integer function of the keys that a selector selects.
//
// Lemma partition: the sum over F of a function with the values a and b is a times the
// width of F and (b - a) times the width of F and "it is b at the key".
func (p *prover) sumOf(f *selector, g *integers) *integers {
	selected := p.selectedIntegers(f, g)
	switch {
	case len(selected) == 0:
		return p.constant(0)
	case len(selected) == 1:
		return p.times(p.widthOf(f), selected[0])
	case len(selected) == 2:
		a, b := selected[0], selected[1]
		if b == 0 {
			a, b = b, a
		}
		part := p.restrict(f, g.space, func(s int32) bool { return g.of[s] == b })
		count := p.times(p.widthOf(part), b-a)
		if a == 0 {
			return count
		}
		return p.plus(p.times(p.widthOf(f), a), count)
	}
	// sum(F, g) = least * width(F) + unit * sum(F, (g - least) / unit)
	least, unit := selected[0], int64(0)
	falls := falls(g)
	if falls {
		least = selected[len(selected)-1]
	}
	if selected[0] <= 0 && selected[len(selected)-1] >= 0 {
		least = 0 // it has a zero of its own
	}
	for _, x := range selected {
		unit = gcd(unit, x-least)
	}
	if falls {
		unit = -unit
	}
	h := &integers{g.space, make([]int64, len(g.of))}
	for i, x := range g.of {
		h.of[i] = nowhere
		if x != nowhere {
			if _, ok := slices.BinarySearch(selected, x); ok {
				h.of[i] = (x - least) / unit
			} else {
				h.of[i] = 0
			}
		}
	}
	finish := func(t *integers) *integers {
		if least == 0 {
			return p.times(t, unit)
		}
		return p.plus(p.times(p.widthOf(f), least), p.times(t, unit))
	}
	sha := sha256.New()
	fmt.Fprint(sha, h.space.vars)
	for _, x := range h.of {
		sha.Write(binary.LittleEndian.AppendUint64(nil, uint64(x)))
	}
	key := totalKey{f, string(sha.Sum(nil))}
	if t, ok := p.totals[key]; ok {
		return finish(t)
	}
	t := p.determined(summand{f: f, g: h}, func(x int64) int64 { return x })
	if t == nil {
		r := p.sums(summand{f: f, g: h})
		if r == nil {
			p.open("too many sums over %s to list", f.describe())
		}
		v := &variable{kind: total, of: f, sum: h}
		for i := range r.sets {
			r.sums(int32(i), func(sums []int64) { v.sums = append(v.sums, sums[0]) })
		}
		slices.Sort(v.sums)
		v.sums = slices.Compact(v.sums)
		if v.size = len(v.sums); v.size > 1<<16 {
			p.open("too many sums over %s to list", f.describe())
		}
		t = p.ofVariable(p.add(v), func(x int32) int64 { return v.sums[x] })
	}
	p.totals[key] = t
	return finish(t)
}

// falls reports whether a function is larger at the first key state than at the last.
func falls(g *integers) bool {
	first, last := int64(nowhere), int64(nowhere)
	for _, x := range g.of {
		if x != nowhere {
			if first == nowhere {
				first = x
			}
			last = x
		}
	}
	return first > last
}

type totalKey struct {
	f *selector
	g string
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

// selectedIntegers are the values of a function at the keys of a selector.
func (p *prover) selectedIntegers(f *selector, g *integers) []int64 {
	k := p.space(f.k.vars, g.space.vars)
	used, in, down := f.used(), k.to(f.k), k.to(g.space)
	var list []int64
	for i := range k.n {
		if in[i] >= 0 && has(used, in[i]) && down[i] >= 0 && g.of[down[i]] != nowhere {
			list = append(list, g.of[down[i]])
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (p *prover) times(g *integers, c int64) *integers {
	if c == 1 {
		return g
	}
	h := &integers{g.space, slices.Clone(g.of)}
	for i, x := range h.of {
		if x != nowhere {
			h.of[i] = c * x
		}
	}
	return h
}

func (p *prover) plus(a, b *integers) *integers {
	s := p.space(a.space.vars, b.space.vars)
	h := &integers{s, make([]int64, s.n)}
	am, bm := s.to(a.space), s.to(b.space)
	for i := range h.of {
		h.of[i] = nowhere
		if am[i] >= 0 && bm[i] >= 0 && a.of[am[i]] != nowhere && b.of[bm[i]] != nowhere {
			h.of[i] = a.of[am[i]] + b.of[bm[i]]
		}
	}
	return h
}

// fetch makes variables what stands at the one key of a selector; without variables, that
// there is one.
func (p *prover) fetch(f *selector, vars []int) *space {
	var ys []int
	for _, u := range vars {
		key := fetchKey{f, u}
		y, ok := p.fetches[key]
		if !ok {
			if _, known := p.fetchSure[f]; !known {
				q, yes := p.nonempty(f)
				p.fetchSure[f] = filled{q: q, yes: yes}
			}
			y = p.add(&variable{kind: fetched, of: f, from: u, size: p.vars[u].size + 1})
			p.fetches[key] = y
		}
		ys = append(ys, y)
	}
	slices.Sort(ys)
	key := fmt.Sprint(ys)
	if !p.imaged[key] {
		p.imaged[key] = true
		p.image(f, ys)
	}
	return p.space(ys)
}

type fetchKey struct {
	f *selector
	u int
}

// fetchRelation is what stands at the key of a selector, together with the query, with
// whether there is a key, and with how many.
//
// Lemma same key: what is fetched by one selector is the state of one key, which the query
// selects and can meet, or none of it is there. There is a key where nonempty says so, by
// what was known when the variables were made: later facts are about later variables, and a
// relation may only rest on earlier ones.
func (p *prover) fetchRelation(f *selector, ys, vars []int) *relation {
	var from []int
	for _, y := range ys {
		from = append(from, p.vars[y].from)
	}
	k := p.space(f.k.vars, from)
	q, sure := p.fetchSure[f].q, p.fetchSure[f].yes
	if k.n*q.n > p.options.Pairs/8 {
		q, sure = f.q, make([]bool, f.q.n)
	}
	if k.n*q.n > p.options.Pairs/8 {
		return nil
	}
	list := union(ys, intersect(vars, q.vars))
	for _, known := range []map[*selector]int{p.someVars, p.widthVars} {
		if v, ok := known[f]; ok && slices.Contains(vars, v) {
			list = union(list, []int{v})
		}
	}
	r := p.relation(list)
	if r == nil {
		return nil
	}
	known := p.space(intersect(r.vars, q.vars))
	down := q.to(known)
	m, rows := p.meet(k, q, false), p.lift(f, k, q)
	at := func(v int) int { i, _ := slices.BinarySearch(r.vars, v); return i }
	inner := make([]uint64, k.n) // code of what is fetched
	present := uint64(0)         // code of there being a key
	for _, v := range r.vars {
		if x := p.vars[v]; x.of == f && (x.kind == some || x.kind == width) {
			present += r.stride[at(v)]
		}
	}
	for i := range inner {
		for c, y := range ys {
			inner[i] += uint64(k.row(i)[k.column(from[c])]+1) * r.stride[at(y)]
		}
		inner[i] += present
	}
	row := newBits(1, k.n).row(0)
	seen := map[string]bool{}
	for j := range q.n {
		if down[j] < 0 {
			continue
		}
		copy(row, rows(j))
		and(row, m.any.row(j))
		key := fmt.Appendf(nil, "%d %v ", down[j], sure[j])
		for _, w := range row {
			key = binary.LittleEndian.AppendUint64(key, w)
		}
		if seen[string(key)] {
			continue
		}
		seen[string(key)] = true
		base := uint64(0)
		for c, v := range known.vars {
			base += uint64(known.row(int(down[j]))[c]) * r.stride[at(v)]
		}
		if !sure[j] {
			r.set(base)
		}
		each(row, func(i int32) { r.set(base + inner[i]) })
	}
	return r
}
