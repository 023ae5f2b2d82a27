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
