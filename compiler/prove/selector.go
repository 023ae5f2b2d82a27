package prove

import (
	"encoding/binary"
	"fmt"
	"slices"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// selector is a truth table over the states of keys and of queries that can meet. Two
// that are equal there are one.
type selector struct {
	k, q  *space
	class []int32     // by state of q its row in rows
	rows  bitRows     // over states of k
	care  bitRows     // like rows: the key states that can meet the query; without words where that is not known
	node  *graph.Node // of the program, of which it is all or a part; nil for none
	text  string      // what it is called, if not as the node

	raw     *selector // before what cannot meet was cleared; nil: as it is
	one     int       // 0: not yet asked, 1: a row selects at most one key, 2: not known
	reached *reached
}

func (f *selector) row(j int) []uint64 { return f.rows.row(int(f.class[j])) }

// used are the key states that some row selects.
func (f *selector) used() []uint64 {
	keys := make([]uint64, f.rows.words)
	for c := range len(f.rows.rows) / max(f.rows.words, 1) {
		or(keys, f.rows.row(c))
	}
	return keys
}

// selectorOf is that of a node.
func (p *prover) selectorOf(n *graph.Node) *selector {
	if f, ok := p.selectors[n]; ok {
		return f
	}
	parts := formula(n)
	leaves := slices.DeleteFunc(slices.Clone(parts), func(m *graph.Node) bool { return m.Op != graph.Select })
	var kv, qv []int
	for _, l := range leaves {
		kv, qv = union(kv, p.table(l.Args[0]).space.vars), union(qv, p.table(l.Args[1]).space.vars)
	}
	k, q := p.space(kv), p.space(qv)
	f := &selector{k: k, q: q, class: make([]int32, q.n), node: n}
	words := (k.n + 63) / 64
	f.rows.words = words
	made := 0 // words of rows
	room := func(rows int) {
		if made += rows * words; made > p.options.Pairs/8 {
			p.open("%s has too large a table", describe(n))
		}
	}
	room(len(parts))
	byQuery := make([]map[int32][]uint64, len(leaves)) // by leaf and value of the query the keys
	queries := make([][]int32, len(leaves))
	byKey := make([]map[int32][]uint64, len(leaves))
	for i, l := range leaves {
		byQuery[i], byKey[i] = map[int32][]uint64{}, map[int32][]uint64{}
		t := p.table(l.Args[0])
		for s, at := range k.to(t.space) {
			if at < 0 || t.ids[at] < 0 {
				continue
			}
			row := byKey[i][t.ids[at]]
			if row == nil {
				room(1)
				row = make([]uint64, words)
				byKey[i][t.ids[at]] = row
			}
			set(row, int32(s))
		}
		t = p.table(l.Args[1])
		queries[i] = make([]int32, q.n)
		for s, at := range q.to(t.space) {
			queries[i][s] = -1
			if at >= 0 {
				queries[i][s] = t.ids[at]
			}
		}
	}
	leaf := func(i int, id int32) []uint64 {
		if row, ok := byQuery[i][id]; ok {
			return row
		}
		room(1)
		row := make([]uint64, words)
		if id >= 0 {
			for key, keys := range byKey[i] {
				if holds, err := value.Binary(leaves[i].Fn, p.values[key], p.values[id]); err == nil && holds.Truthy() {
					or(row, keys)
				}
			}
		}
		byQuery[i][id] = row
		return row
	}
	rows := map[*graph.Node][]uint64{}
	eval := func(j int) []uint64 {
		i := 0
		for _, m := range parts {
			if m.Op == graph.Select {
				rows[m] = leaf(i, queries[i][j])
				i++
				continue
			}
			row := slices.Clone(rows[m.Args[0]])
			switch m.Op {
			case graph.SelAnd:
				and(row, rows[m.Args[1]])
			case graph.SelOr:
				or(row, rows[m.Args[1]])
			case graph.SelOnly: // where it selects more the program has no value
			case graph.SelNot:
				all := p.full(k)
				andNot(all, row)
				row = all
			}
			rows[m] = row
		}
		p.check()
		return rows[n]
	}
	classes := map[string]int32{}
	var key []byte
	for j := range q.n {
		key = key[:0]
		for i := range leaves {
			key = binary.LittleEndian.AppendUint32(key, uint32(queries[i][j]))
		}
		c, ok := classes[string(key)]
		if !ok {
			c = int32(len(classes))
			classes[string(key)] = c
			room(1)
			f.rows.rows = append(f.rows.rows, eval(j)...)
		}
		f.class[j] = c
	}
	f = p.canonical(f)
	p.selectors[n] = f
	switch n.Op {
	case graph.SelOnly:
		p.only(n, f)
	case graph.SelAnd:
		if x := p.picks(n); x.of != nil && f.one != 1 {
			f.one = 1
			p.lemma(f, x.describe())
		}
		p.sole[f] = p.sole[f] || p.sole[p.selectorOf(n.Args[0])] || p.sole[p.selectorOf(n.Args[1])]
	}
	return f
}

// only notes that the program has no value where a row of a selector selects two keys: the
// theorem is about other inputs.
func (p *prover) only(n *graph.Node, f *selector) {
	switch {
	case p.one(f):
	case p.ofWitness(n):
		p.open("the witness says that a selector selects one key")
	default:
		p.failing = append(p.failing, fmt.Sprintf("%s: a row that selects two positions", graph.Describe(n)))
		p.sole[f] = true
	}
}

// formula lists the selectors of which one is made up, operands before users.
func formula(n *graph.Node) (parts []*graph.Node) {
	seen := map[*graph.Node]bool{}
	var visit func(m *graph.Node)
	visit = func(m *graph.Node) {
		if seen[m] {
			return
		}
		seen[m] = true
		if m.Op != graph.Select {
			for _, a := range m.Args {
				visit(a)
			}
		}
		parts = append(parts, m)
	}
	visit(n)
	return parts
}

// canonical leaves out of a selector what does not matter, and finds the one that is
// equal to it on all pairs that can meet.
func (p *prover) canonical(f *selector) *selector {
	if f.k.n*f.q.n <= 1<<24 {
		f = p.reduce(f)
	}
	key := fmt.Sprint(f.k.vars, f.q.vars)
	for _, g := range p.canon[key] {
		if alike(f, g) {
			return g
		}
	}
	p.canon[key] = append(p.canon[key], f)
	return f
}

// alike reports whether two selectors over the same variables are equal on all pairs that
// can meet.
func alike(f, g *selector) bool {
	if f.k != g.k || f.q != g.q {
		return false
	}
	for j := range f.q.n {
		a, b := f.row(j), g.row(j)
		for i := range a {
			x := a[i] ^ b[i]
			if f.care.words > 0 {
				x &= f.care.row(int(f.class[j]))[i]
			}
			if g.care.words > 0 {
				x &= g.care.row(int(g.class[j]))[i]
			}
			if x != 0 {
				return false
			}
		}
	}
	return true
}

// reduce clears what cannot meet and drops variables on which a selector does not depend
// on all pairs that can.
func (p *prover) reduce(f *selector) *selector {
	best := p.narrow(f, f.k.vars, f.q.vars)
	shrink := func(k, q []int) bool {
		if len(k)+len(q) == len(best.k.vars)+len(best.q.vars) {
			return false
		}
		g := p.narrow(f, k, q)
		if g != nil {
			best = g
		}
		return g != nil
	}
	shrink(without(best.k.vars, varPosition), without(best.q.vars, varPosition))
	for i := len(f.k.vars) - 1; i >= 0; i-- {
		shrink(without(best.k.vars, f.k.vars[i]), best.q.vars)
	}
	for i := len(f.q.vars) - 1; i >= 0; i-- {
		shrink(best.k.vars, without(best.q.vars, f.q.vars[i]))
	}
	return best
}

// narrow is a selector over fewer variables, nil if it depends on others.
func (p *prover) narrow(f *selector, kv, qv []int) *selector {
	k, q := p.space(kv), p.space(qv)
	km, qm := f.k.to(k), f.q.to(q)
	m := p.meet(f.k, f.q, true)
	ones, zeros := newBits(q.n, k.n), newBits(q.n, k.n)
	for j, s := range qm {
		if s < 0 {
			continue
		}
		row, meets, one, zero := f.row(j), m.any.row(j), ones.row(int(s)), zeros.row(int(s))
		if k == f.k {
			for w, word := range meets {
				one[w] |= word & row[w]
				zero[w] |= word &^ row[w]
			}
			continue
		}
		each(meets, func(i int32) {
			if km[i] < 0 {
				return
			}
			if has(row, i) {
				set(one, km[i])
			} else {
				set(zero, km[i])
			}
		})
	}
	g := &selector{k: k, q: q, class: make([]int32, q.n), node: f.node, text: f.text, rows: bitRows{words: ones.words}, care: bitRows{words: ones.words}, raw: f}
	classes := map[string]int32{}
	for j := range q.n {
		one, zero := ones.row(j), zeros.row(j)
		var key []byte
		for i, w := range one {
			if w&zero[i] != 0 {
				return nil
			}
			key = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(key, w), zero[i])
		}
		c, ok := classes[string(key)]
		if !ok {
			c = int32(len(classes))
			classes[string(key)] = c
			g.rows.rows = append(g.rows.rows, one...)
			or(zero, one)
			g.care.rows = append(g.care.rows, zero...)
		}
		g.class[j] = c
	}
	return g
}

// add gives a query state its row.
func (f *selector) add(j int, row []uint64, classes map[string]int32) {
	var key []byte
	for _, w := range row {
		key = binary.LittleEndian.AppendUint64(key, w)
	}
	c, ok := classes[string(key)]
	if !ok {
		c = int32(len(classes))
		classes[string(key)] = c
		f.rows.rows = append(f.rows.rows, row...)
	}
	f.class[j] = c
}

// lift is a selector over more variables, row by row: by state of q the states of k.
func (p *prover) lift(f *selector, k, q *space) func(j int) []uint64 {
	return p.lifted(f, f.rows, k, q)
}

// cared is like lift for what can meet at all.
func (p *prover) cared(f *selector, k, q *space) func(j int) []uint64 {
	if f.care.words == 0 {
		all := p.full(k)
		return func(int) []uint64 { return all }
	}
	return p.lifted(f, f.care, k, q)
}

func (p *prover) lifted(f *selector, rows bitRows, k, q *space) func(j int) []uint64 {
	km, qm := k.to(f.k), q.to(f.q)
	lifted := map[int32][]uint64{}
	none := newBits(1, k.n).row(0)
	return func(j int) []uint64 {
		if qm[j] < 0 {
			return none
		}
		c := f.class[qm[j]]
		if row, ok := lifted[c]; ok {
			return row
		}
		row, from := newBits(1, k.n).row(0), rows.row(int(c))
		for i, s := range km {
			if s >= 0 && has(from, s) {
				set(row, int32(i))
			}
		}
		lifted[c] = row
		return row
	}
}

// restrict is a selector of the keys that are in some states of a space, too.
func (p *prover) restrict(f *selector, s *space, in func(int32) bool) *selector {
	k := p.space(f.k.vars, s.vars)
	keep := newBits(1, k.n).row(0)
	for i, x := range k.to(s) {
		if x >= 0 && in(x) {
			set(keep, int32(i))
		}
	}
	g := &selector{k: k, q: f.q, class: make([]int32, f.q.n), node: f.node, text: p.partText(f, s, in), rows: bitRows{words: (k.n + 63) / 64}}
	rows, classes := p.lift(f, k, f.q), map[string]int32{}
	for j := range f.q.n {
		row := slices.Clone(rows(j))
		and(row, keep)
		g.add(j, row, classes)
	}
	return p.canonical(g)
}

// everywhere is the selector of all keys.
func (p *prover) everywhere() *selector {
	s := p.space(nil)
	return p.canonical(&selector{k: s, q: s, class: []int32{0}, rows: bitRows{1, []uint64{1}}, text: "all positions"})
}
