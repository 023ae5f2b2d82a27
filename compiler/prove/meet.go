package prove

import "math/bits"

// bitRows are rows of a set of states.
type bitRows struct {
	words int
	rows  []uint64
}

func newBits(rows, columns int) bitRows {
	words := (columns + 63) / 64
	return bitRows{words, make([]uint64, rows*words)}
}

func (b bitRows) row(i int) []uint64 { return b.rows[i*b.words : (i+1)*b.words] }

func has(row []uint64, i int32) bool { return row[i/64]>>(i%64)&1 != 0 }
func set(row []uint64, i int32)      { row[i/64] |= 1 << (i % 64) }

// each goes through the states of a row.
func each(row []uint64, do func(int32)) {
	for w, word := range row {
		for ; word != 0; word &= word - 1 {
			do(int32(w*64 + bits.TrailingZeros64(word)))
		}
	}
}

// labels of the states of a space. As a fact of singles: two positions of an input in
// states with the same label, not -1, are the same position. As a fact of globals: all
// positions of an input are in states with the same label.
type labels struct {
	space *space
	of    []int32
	why   string
}

// meeting says which states two positions of one input can have, the query's row by row:
// as a key at any position that the query sees, and as one at another position.
//
// It rests on this alone: the length is the same at both; a key stands before the end and,
// in a causal model, not behind the query; what is global is equal; at one position the
// two agree in all variables; positions in states that only one position can have are one.
type meeting struct {
	any, other bitRows
}

// meet looks at all pairs of states of keys and of queries; with basic only by position
// and length.
func (p *prover) meet(k, q *space, basic bool) meeting {
	facts := len(p.singles) + len(p.globals)
	if basic {
		facts = -1
	}
	key := meetKey{k, q, facts}
	if m, ok := p.meetings[key]; ok {
		return m
	}
	if k.n*q.n > p.options.Pairs {
		p.open("too many pairs of positions to look at: %d", k.n*q.n)
	}
	m := meeting{newBits(q.n, k.n), newBits(q.n, k.n)}
	singles, globals := p.singles, p.globals
	if basic {
		singles, globals = singles[:1], globals[:1]
	}
	same := p.same(k, q)
	all := p.full(k)
	filter := func(f labels) func(int) []uint64 {
		if !subset(f.space.vars, k.vars) || !subset(f.space.vars, q.vars) {
			return nil
		}
		km, qm := k.to(f.space), q.to(f.space)
		by := map[int32][]uint64{}
		for i, s := range km {
			if s < 0 || f.of[s] < 0 {
				continue
			}
			row, ok := by[f.of[s]]
			if !ok {
				row = newBits(1, k.n).row(0)
				by[f.of[s]] = row
			}
			set(row, int32(i))
		}
		none := newBits(1, k.n).row(0)
		return func(j int) []uint64 {
			if s := qm[j]; s >= 0 && f.of[s] >= 0 {
				if row, ok := by[f.of[s]]; ok {
					return row
				}
			}
			return none
		}
	}
	var single, global []func(int) []uint64
	for _, f := range singles {
		if g := filter(f); g != nil {
			single = append(single, g)
		}
	}
	for _, f := range globals {
		if g := filter(f); g != nil {
			global = append(global, g)
		}
	}
	seen := p.seen(k, q)
	for j := range q.n {
		other, any := m.other.row(j), m.any.row(j)
		copy(other, all)
		if seen != nil {
			and(other, seen(j))
		}
		copy(any, same(j))
		for _, g := range global {
			row := g(j)
			and(other, row)
			and(any, row)
		}
		for _, g := range single {
			andNot(other, g(j))
		}
		or(any, other)
	}
	if k.n*q.n <= 1<<24 {
		p.meetings[key] = m
	}
	return m
}

type meetKey struct {
	k, q  *space
	facts int
}

func and(a, b []uint64) {
	for i, w := range b {
		a[i] &= w
	}
}

func andNot(a, b []uint64) {
	for i, w := range b {
		a[i] &^= w
	}
}

func or(a, b []uint64) {
	for i, w := range b {
		a[i] |= w
	}
}

func empty(a []uint64) bool {
	for _, w := range a {
		if w != 0 {
			return false
		}
	}
	return true
}

// same lists by query state the key states that agree in all common variables.
func (p *prover) same(k, q *space) func(int) []uint64 {
	common := intersect(k.vars, q.vars)
	c := p.space(common)
	km, qm := k.to(c), q.to(c)
	rows := make([][]uint64, c.n)
	for i, s := range km {
		if s < 0 {
			continue
		}
		if rows[s] == nil {
			rows[s] = newBits(1, k.n).row(0)
		}
		set(rows[s], int32(i))
	}
	none := newBits(1, k.n).row(0)
	return func(j int) []uint64 {
		if s := qm[j]; s >= 0 && rows[s] != nil {
			return rows[s]
		}
		return none
	}
}

// seen lists by query state the keys that stand where it sees another position; nil if
// the spaces do not say.
func (p *prover) seen(k, q *space) func(int) []uint64 {
	kp, qp, kl, ql := k.column(varPosition), q.column(varPosition), k.column(varLength), q.column(varLength)
	var key int
	switch {
	case p.causal && kp >= 0 && qp >= 0:
		key = qp
	case !p.causal && kp >= 0 && ql >= 0:
		key = ql
	case !p.causal && kl >= 0 && qp >= 0:
		rows := make([][]uint64, p.n+1)
		return func(j int) []uint64 {
			x := q.row(j)[qp]
			if rows[x] == nil {
				rows[x] = newBits(1, k.n).row(0)
				for i := range k.n {
					if k.row(i)[kl] > x {
						set(rows[x], int32(i))
					}
				}
			}
			return rows[x]
		}
	case p.causal && qp >= 0:
		none, all := newBits(1, k.n).row(0), p.full(k)
		return func(j int) []uint64 {
			if q.row(j)[qp] == 0 { // nothing stands before the first
				return none
			}
			return all
		}
	default:
		return nil
	}
	rows := make([][]uint64, p.n+1)
	return func(j int) []uint64 {
		x := q.row(j)[key]
		if rows[x] == nil {
			rows[x] = newBits(1, k.n).row(0)
			for i := range k.n {
				if k.row(i)[kp] < x {
					set(rows[x], int32(i))
				}
			}
		}
		return rows[x]
	}
}

func (p *prover) full(k *space) []uint64 {
	row := newBits(1, k.n).row(0)
	for i := range int32(k.n) {
		set(row, i)
	}
	return row
}
