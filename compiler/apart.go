package compiler

import (
	"slices"
)

// Two keys that one query selects must agree in some variables, and may be unable
// to: of two equal tokens the one on the right has more equal tokens on its left.
// In general, if position i is earlier than j, row(i) and row(j) are those of a
// selector p at i and j, and
//
//	row(i) is part of row(j), and i or j is in row(j) alone
//
// or the other way round, then the widths of p differ at i and j; and if i or j is
// in one of the rows, p selects something at i or at j. That is shown for what is
// known of i and j (their tokens are equal) and for any other key, whatever its
// variables are: it stands before i, is i, stands between, is j, or stands after j.

// apart is the search for two keys that one query selects.
type apart struct {
	*analysis
	space   *space // of the variables of a key
	readers map[*variable]reader
	rows    map[*variable]*rowOrder
	work    int // steps left
}

// Bounds of the search: states of a key, steps.
const (
	maxKeyStates = 1 << 12
	maxApart     = 1 << 25
)

// keysApart reports whether no query of the selector selects two keys, as far as
// the widths of the rows that brought something to the keys tell these apart.
func (a *analysis) keysApart(s *selector) bool {
	root := s.root.given(0, 0)
	var groups []*group
	var rels []*relation
	for _, g := range s.groups {
		switch v := g.key.variable; {
		case v == nil || v == a.position:
			continue
		case v.kind == computedVariable:
			rels = append(rels, v.table)
		default:
			rels = append(rels, &relation{vars: []*variable{v}})
		}
		groups = append(groups, g)
	}
	p := &apart{analysis: a, space: newSpace(union(rels)), readers: map[*variable]reader{}, rows: map[*variable]*rowOrder{}, work: maxApart}
	brought := func(v *variable) bool {
		return v.kind == widthVariable || v.kind == anyVariable || v.kind == meanVariable || v.kind == fetchVariable
	}
	if p.space.size > maxKeyStates || !slices.ContainsFunc(p.space.all, brought) {
		return false
	}
	keys := p.keys(root, groups)
	if p.work < 0 {
		return false // some keys were not looked at, or all of them
	}
	for i := range keys {
		for j := range keys {
			if p.work--; p.work < 0 || together(&keys[i], &keys[j]) && !p.differ(keys[i].states, keys[j].states) {
				return false
			}
		}
	}
	return true
}

// keyState is a joint state of the variables of a key, and, for each group, the
// classes of keys that some query selects together with it.
type keyState struct {
	states []int32
	class  []int32
	with   [][]bool
}

// together reports whether, as far as each group by itself goes, one query may
// select both.
func together(x, y *keyState) bool {
	for i, with := range x.with {
		if !with[y.class[i]] {
			return false
		}
	}
	return true
}

// keys lists the keys that may be selected.
func (p *apart) keys(f *formula, groups []*group) []keyState {
	with := make([][][]bool, len(groups))
	for i, g := range groups {
		with[i] = p.pairs(g, f)
	}
	var keys []keyState
	p.space.each(func(_ int, states []int32) {
		k := keyState{states: slices.Clone(states)}
		for i, g := range groups {
			s := p.state(g.key.variable, states)
			if s == none || g.key.class[s] == none || !with[i][g.key.class[s]][g.key.class[s]] {
				return
			}
			k.class, k.with = append(k.class, g.key.class[s]), append(k.with, with[i][g.key.class[s]])
		}
		keys = append(keys, k)
	})
	return keys
}

// pairs tells which classes of keys one query of the group may allow together.
func (p *apart) pairs(g *group, f *formula) [][]bool {
	residuals := g.residuals(f)
	pairs := make([][]bool, len(g.key.size))
	for k := range pairs {
		pairs[k] = make([]bool, len(pairs))
	}
	for _, row := range g.holds {
		var allowed []int
		for k, h := range row {
			if h != never && residuals[h].op != isFalse {
				allowed = append(allowed, k)
			}
		}
		if p.work -= len(row) + len(allowed)*len(allowed); p.work < 0 {
			return pairs
		}
		for _, k := range allowed {
			for _, m := range allowed {
				pairs[k][m] = true
			}
		}
	}
	return pairs
}

// state is that of a variable of a key, none if it is not known.
func (p *apart) state(v *variable, states []int32) int32 {
	if slot, ok := p.space.slots[v]; ok {
		return states[slot]
	}
	if v.kind != computedVariable {
		return none
	}
	rd, ok := p.readers[v]
	if !ok {
		r := v.table
		if slices.ContainsFunc(r.vars, func(w *variable) bool { _, known := p.space.slots[w]; return !known }) {
			return none
		}
		rd = p.space.reader(r)
		p.readers[v] = rd
	}
	return rd.at(states)
}

// differ reports that two keys in the given states, the first at an earlier
// position, are impossible in one input.
func (p *apart) differ(first, second []int32) bool {
	for i, v := range p.space.all {
		s, t := first[i], second[i]
		switch {
		case v == p.position && s >= t, v.unique && s == t, p.isGlobalVariable(v) && s != t:
			return true
		}
		width, ok := p.rowWidth(v, s)
		if other, known := p.rowWidth(v, t); !ok || !known || width != other {
			continue
		}
		if c := p.order(v).compare(p, first, second); c.differ || width == 0 && c.some {
			return true
		}
	}
	return false
}

// rowWidth is how many keys the row selects that brought a variable into a state,
// if that follows from the state.
func (a *analysis) rowWidth(v *variable, state int32) (width int, ok bool) {
	switch v.kind {
	case widthVariable:
		return int(state), true
	case anyVariable:
		return 0, state == 0
	case meanVariable:
		return v.sums[state].width, true
	case fetchVariable:
		if slices.Contains(a.table(v.node.Args[1]).values, v.node.Value) {
			return 0, false
		}
		if v.table.values[state] == v.node.Value {
			return 0, true
		}
		return 1, true
	}
	return 0, false
}

// order is the selector that brought a variable.
func (p *apart) order(v *variable) *rowOrder {
	o := p.rows[v]
	if o == nil {
		o = &rowOrder{root: &formula{op: isFalse}, known: map[string]comparison{}}
		if s, err := p.selectorOf(v.node.Args[0]); err == nil {
			o.root, o.groups = s.root, s.groups
		}
		o.spots = p.kindsOfSpots(o)
		p.rows[v] = o
	}
	return o
}
