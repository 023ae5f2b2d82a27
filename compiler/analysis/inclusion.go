package analysis

import (
	"encoding/binary"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// rowOrder is a selector of which rows are compared.
type rowOrder struct {
	*facts.Inclusion
	root   *facts.Evaluator
	groups []*facts.Group
	spots  [][2]int // pairs of positions, one of each kind
}

// inclusion is of a selector, and of the variables of its rows whose states are known of
// keys.
func (p *distinctness) inclusion(sel *graph.Node, groups []*facts.Group) *facts.Inclusion {
	c := &facts.Inclusion{Selector: sel, Known: map[string]facts.RowPair{}}
	for _, g := range groups {
		for _, v := range []*facts.Variable{g.Key.Variable, g.Query.Variable} {
			if v != nil && !slices.Contains(c.Vars, v) && p.knows(v) {
				c.Vars = append(c.Vars, v)
			}
		}
	}
	return c
}

// kindsOfSpots lists pairs of positions, a pair for each way in which the groups
// that compare positions see them; nil, and no work left, if that takes too long.
func (p *distinctness) kindsOfSpots(o *rowOrder) (spots [][2]int) {
	n := p.Domain.Length
	if n*n*n/2 > p.work {
		p.work = -1
		return nil
	}
	seen := map[string]bool{}
	var key []byte
	for j := range n {
		for i := range j {
			key = key[:0]
			for _, g := range o.groups {
				switch {
				case g.Key.Variable == p.Position && g.Query.Variable == p.Position:
					key = p.appendPatterns(key, g, [2]int{i, j})
				case g.Key.Variable == p.Position || g.Query.Variable == p.Position:
					key = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(key, uint32(i)), uint32(j))
				}
			}
			if p.work < 0 {
				return nil
			}
			if !seen[string(key)] {
				seen[string(key)] = true
				spots = append(spots, [2]int{i, j})
			}
		}
	}
	return spots
}

// compare compares the rows of two positions, for what is known of them.
func (o *rowOrder) compare(p *distinctness, first, second []int32) facts.RowPair {
	key := o.Key(func(v *facts.Variable, later bool) int32 {
		if later {
			return p.state(v, second)
		}
		return p.state(v, first)
	})
	c, ok := o.Known[key]
	if !ok {
		c = facts.RowPair{Differ: true, Some: true}
		for _, spot := range o.spots {
			at := o.at(p, spot, first, second)
			c = facts.RowPair{Differ: c.Differ && at.Differ, Some: c.Some && at.Some}
		}
		if p.work < 0 {
			return facts.RowPair{}
		}
		o.Known[key] = c
	}
	return c
}

// at compares the rows of two positions.
func (o *rowOrder) at(p *distinctness, spot [2]int, first, second []int32) (c facts.RowPair) {
	part, more := [2]bool{true, true}, [2]bool{} // [0]: of the first row in the second
	for r := range regions {
		keys, only, some := 0, [2]bool{true, true}, true
		o.combine(p, r, spot, first, second, func(in [2]bool) {
			keys++
			part = [2]bool{part[0] && (in[1] || !in[0]), part[1] && (in[0] || !in[1])}
			only = [2]bool{only[0] && in[1] && !in[0], only[1] && in[0] && !in[1]}
			some = some && (in[0] || in[1])
		})
		if keys > 0 && (r == isFirst || r == isSecond) {
			more = [2]bool{more[0] || only[0], more[1] || only[1]}
			c.Some = c.Some || some
		}
	}
	c.Differ = part[0] && more[0] || part[1] && more[1]
	return c
}

// Where a key may stand beside two positions.
const (
	before = iota
	isFirst
	between
	isSecond
	after
	regions
)

// combine calls f with each way in which a key of a region may be in the two rows.
func (o *rowOrder) combine(p *distinctness, region int, spot [2]int, first, second []int32, f func(in [2]bool)) {
	visible := [2]bool{!p.Domain.Causal || region <= isFirst, !p.Domain.Causal || region <= isSecond}
	var rec func(groups []*facts.Group, holds [2]uint64)
	rec = func(groups []*facts.Group, holds [2]uint64) {
		if p.work--; p.work < 0 {
			return
		}
		if len(groups) == 0 {
			f([2]bool{visible[0] && o.root.Holds(holds[0]), visible[1] && o.root.Holds(holds[1])})
			return
		}
		for _, h := range p.patterns(groups[0], region, spot, first, second) {
			rec(groups[1:], [2]uint64{holds[0] | h[0], holds[1] | h[1]})
		}
	}
	rec(o.groups, [2]uint64{})
}

// span is the positions of a region, the second one not included.
func (p *distinctness) span(region int, spot [2]int) (from, to int) {
	switch region {
	case before:
		return 0, spot[0]
	case isFirst:
		return spot[0], spot[0] + 1
	case between:
		return spot[0] + 1, spot[1]
	case isSecond:
		return spot[1], spot[1] + 1
	}
	return spot[1] + 1, p.Domain.Length
}

// appendPatterns appends to a key the patterns of a group of two positions, region by
// region: they tell how the group sees a pair of positions.
func (p *distinctness) appendPatterns(key []byte, g *facts.Group, spot [2]int) []byte {
	queries := [2]int32{g.Query.Class[spot[0]], g.Query.Class[spot[1]]}
	var list [][2]uint64
	for region := range regions {
		from, to := p.span(region, spot)
		p.work -= to - from
		list = list[:0]
		for position := from; position < to; position++ {
			k := g.Key.Class[position]
			if k == facts.None || queries[0] == facts.None || queries[1] == facts.None {
				continue
			}
			if h := allowedAtoms(g, queries, k); !slices.Contains(list, h) {
				list = append(list, h)
			}
		}
		for _, h := range list {
			key = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(key, h[0]), h[1])
		}
		key = append(key, '|')
	}
	return key
}

// allowedAtoms are the atoms that hold between a key and two queries, by their classes;
// none where they cannot meet: hidden, or the program fails.
func allowedAtoms(g *facts.Group, queries [2]int32, key int32) (h [2]uint64) {
	for i, q := range queries {
		if x := g.Holds[q][key]; x != facts.Never {
			h[i] = x
		}
	}
	return h
}

// patterns lists which atoms of the group may hold between a key of a region and
// the first position, and the second.
func (p *distinctness) patterns(g *facts.Group, region int, spot [2]int, first, second []int32) (list [][2]uint64) {
	from, to := p.span(region, spot)
	var states []int32
	switch region {
	case isFirst:
		states = first
	case isSecond:
		states = second
	}
	queries := p.classes(g.Query, spot[1], spot[1]+1, second)
	for _, k := range p.classes(g.Key, from, to, states) {
		for _, q := range p.classes(g.Query, spot[0], spot[0]+1, first) {
			p.work -= len(queries)
			for _, r := range queries {
				if h := allowedAtoms(g, [2]int32{q, r}, k); !slices.Contains(list, h) {
					list = append(list, h)
				}
			}
		}
	}
	return list
}

// classes lists the classes of a side that a position of a range may be in.
func (p *distinctness) classes(s facts.Side, from, to int, states []int32) (list []int32) {
	add := func(state int32) {
		if c := s.Class[state]; c != facts.None {
			list = append(list, c)
		}
	}
	switch {
	case s.Variable == nil:
		add(0)
	case s.Variable == p.Position:
		for state := from; state < to; state++ {
			add(int32(state))
		}
	case states != nil && p.state(s.Variable, states) != facts.None:
		add(p.state(s.Variable, states))
	default:
		for c := range s.Size {
			list = append(list, int32(c))
		}
	}
	return list
}
