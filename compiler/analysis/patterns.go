package analysis

import (
	"cmp"
	"encoding/binary"
	"slices"

	"rasp/compiler/facts"
)

// Which atoms hold between a key and two queries is asked for all pairs of queries. Going
// through all keys for each pair would take the cube of the length; so each query has, for
// each set of atoms, the set of keys with which these hold, and two queries have in common
// what their sets of keys have.

// keysOf are the keys with which certain atoms of a group hold: bit k for key k, which is a
// position where the keys are told by it, else a class.
type keysOf struct {
	atoms uint64
	keys  []uint64
}

// meets reports that a key from..to is in both.
func (x keysOf) meets(y keysOf, from, to int) bool {
	for w := from >> 6; w<<6 < to; w++ {
		both := x.keys[w] & y.keys[w]
		if from > w<<6 {
			both &= ^uint64(0) << (from & 63)
		}
		if to < (w+1)<<6 {
			both &= 1<<(to&63) - 1
		}
		if both != 0 {
			return true
		}
	}
	return false
}

// keysByAtoms lists, by class of query, the keys by the atoms that hold with them.
func (p *distinctness) keysByAtoms(g *facts.Group) [][]keysOf {
	if known, ok := p.sets[g]; ok {
		return known
	}
	class := g.Key.Class
	if g.Key.Variable != p.Position {
		class = facts.Range32(len(g.Key.Size))
	}
	sets := make([][]keysOf, len(g.Holds))
	for q := range sets {
		for k, c := range class {
			if c == facts.None {
				continue
			}
			atoms := allowedAtoms(g, int32(q), c)
			at := slices.IndexFunc(sets[q], func(x keysOf) bool { return x.atoms == atoms })
			if at < 0 {
				at, sets[q] = len(sets[q]), append(sets[q], keysOf{atoms, make([]uint64, (len(class)+63)/64)})
			}
			sets[q][at].keys[k>>6] |= 1 << (k & 63)
		}
		p.work -= len(class)
	}
	p.sets[g] = sets
	return sets
}

// appendMet appends to a list which atoms hold between a key from..to and two queries.
func (p *distinctness) appendMet(list [][2]uint64, g *facts.Group, queries [2]int32, from, to int) [][2]uint64 {
	if from >= to {
		return list
	}
	sets := p.keysByAtoms(g)
	for _, x := range sets[queries[0]] {
		for _, y := range sets[queries[1]] {
			p.work -= 1 + (to-from)>>6
			if h := [2]uint64{x.atoms, y.atoms}; !slices.Contains(list, h) && x.meets(y, from, to) {
				list = append(list, h)
			}
		}
	}
	return list
}

// allowedAtoms are the atoms that hold between a key and a query, by their classes; none
// where they cannot meet: hidden, or the program fails.
func allowedAtoms(g *facts.Group, query, key int32) uint64 {
	if x := g.Holds[query][key]; x != facts.Never {
		return x
	}
	return 0
}

// appendPatterns appends to a key the patterns of a group of two positions, region by
// region: they tell how the group sees a pair of positions.
func (p *distinctness) appendPatterns(key []byte, g *facts.Group, spot [2]int) []byte {
	queries := [2]int32{g.Query.Class[spot[0]], g.Query.Class[spot[1]]}
	var list [][2]uint64
	for region := range regions {
		from, to := p.span(region, spot)
		list = list[:0]
		if queries[0] != facts.None && queries[1] != facts.None {
			list = p.appendMet(list, g, queries, from, to)
		}
		slices.SortFunc(list, func(x, y [2]uint64) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
		for _, h := range list {
			key = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(key, h[0]), h[1])
		}
		key = append(key, '|')
	}
	return key
}

// patterns lists which atoms of the group may hold between a key of a region and
// the first position, and the second. What it has listed before costs as much work again, so
// that what is shown within the bounds does not depend on what is remembered.
func (p *distinctness) patterns(g *facts.Group, region int, spot [2]int, first, second []int32) [][2]uint64 {
	from, to := p.keysIn(g.Key, region, spot, first, second)
	if from >= to {
		return nil
	}
	p.keysByAtoms(g)
	key := metKey{g, p.class(g.Query, spot[0], first), p.class(g.Query, spot[1], second), from, to}
	known, ok := p.met[key]
	if !ok {
		before := p.work
		for _, q := range classes(g.Query, key.first) {
			for _, r := range classes(g.Query, key.second) {
				known.list = p.appendMet(known.list, g, [2]int32{q, r}, from, to)
			}
		}
		known.work = before - p.work
		p.met[key], p.work = known, before
	}
	p.work -= known.work
	return known.list
}

// metKey is what patterns depend on: the group, the classes of both queries (none or any, see
// classes) and a range of keys.
type metKey struct {
	group         *facts.Group
	first, second int32
	from, to      int
}

// metPatterns are patterns, and what work it takes to list them.
type metPatterns struct {
	list [][2]uint64
	work int
}

// keysIn is the range of keys that may be in a region, as sets of keys count them.
func (p *distinctness) keysIn(s facts.Side, region int, spot [2]int, first, second []int32) (from, to int) {
	state := int32(facts.None)
	switch {
	case s.Variable != nil && s.Variable == p.Position:
		return p.span(region, spot)
	case s.Variable == nil:
		state = 0
	case region == isFirst:
		state = p.state(s.Variable, first)
	case region == isSecond:
		state = p.state(s.Variable, second)
	}
	if state == facts.None { // in an empty region, too: the spot stands for others of its kind
		return 0, len(s.Size)
	}
	c := int(s.Class[state])
	if c == facts.None {
		return 0, 0
	}
	return c, c + 1
}

// class is the class of a query at a position, none if it does not occur, anyClass if it is
// not known.
func (p *distinctness) class(s facts.Side, position int, states []int32) int32 {
	state := int32(position)
	switch {
	case s.Variable == nil:
		state = 0
	case s.Variable != p.Position:
		state = p.state(s.Variable, states)
	}
	if state == facts.None {
		return anyClass
	}
	return s.Class[state]
}

const anyClass = facts.None - 1

// classes lists the classes that a query of a class may be in.
func classes(s facts.Side, class int32) []int32 {
	switch class {
	case anyClass:
		return facts.Range32(len(s.Size))
	case facts.None:
		return nil
	}
	return []int32{class}
}
