package analysis

import (
	"slices"

	"rasp/compiler/facts"
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
type distinctness struct {
	*Analysis
	space   *facts.Space // of the variables of a key
	readers map[*facts.Variable]facts.Reader
	rows    map[*facts.Variable]*rowOrder
	sets    map[*facts.Group][][]keysOf
	met     map[metKey]metPatterns
	work    int // steps left
}

// Bounds of the search: states of a key, steps.
const (
	maxKeyStates = 1 << 12
	maxDistinct  = 1 << 25
)

// distinctKeys reports whether no query of the selector selects two keys, as far as
// the widths of the rows that brought something to the keys tell these apart.
func (a *Analysis) distinctKeys(s *facts.Selector) bool {
	root := s.Root.Given(0, 0)
	var groups []*facts.Group
	var rels []*facts.Table
	for _, g := range s.Groups {
		switch v := g.Key.Variable; {
		case v == nil || v == a.Position:
			continue
		case v.Source == facts.Computed:
			rels = append(rels, v.Table)
		default:
			rels = append(rels, &facts.Table{Vars: []*facts.Variable{v}})
		}
		groups = append(groups, g)
	}
	p := &distinctness{Analysis: a, space: facts.NewSpace(facts.Union(rels)), readers: map[*facts.Variable]facts.Reader{}, rows: map[*facts.Variable]*rowOrder{}, sets: map[*facts.Group][][]keysOf{}, met: map[metKey]metPatterns{}, work: maxDistinct}
	brought := func(v *facts.Variable) bool {
		return v.Source == facts.Width || v.Source == facts.Any || v.Source == facts.Mean || v.Source == facts.Fetched
	}
	if p.space.Size > maxKeyStates || !slices.ContainsFunc(p.space.All, brought) {
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
func (p *distinctness) keys(f *facts.Formula, groups []*facts.Group) []keyState {
	with := make([][][]bool, len(groups))
	for i, g := range groups {
		with[i] = p.pairs(g, f)
	}
	var keys []keyState
	p.space.Each(func(_ int, states []int32) {
		k := keyState{states: slices.Clone(states)}
		for i, g := range groups {
			s := p.state(g.Key.Variable, states)
			if s == facts.None || g.Key.Class[s] == facts.None || !with[i][g.Key.Class[s]][g.Key.Class[s]] {
				return
			}
			k.class, k.with = append(k.class, g.Key.Class[s]), append(k.with, with[i][g.Key.Class[s]])
		}
		keys = append(keys, k)
	})
	return keys
}

// pairs tells which classes of keys one query of the group may allow together.
func (p *distinctness) pairs(g *facts.Group, f *facts.Formula) [][]bool {
	residuals := g.Residuals(f)
	pairs := make([][]bool, len(g.Key.Size))
	for k := range pairs {
		pairs[k] = make([]bool, len(pairs))
	}
	for _, row := range g.Holds {
		var allowed []int
		for k, h := range row {
			if h != facts.Never && residuals[h].Op != facts.False {
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

// knows reports that the state of a variable follows from those of a key.
func (p *distinctness) knows(v *facts.Variable) bool {
	known := func(w *facts.Variable) bool { _, ok := p.space.Slots[w]; return ok }
	return known(v) || v.Source == facts.Computed && !slices.ContainsFunc(v.Table.Vars, func(w *facts.Variable) bool { return !known(w) })
}

// state is that of a variable of a key, none if it is not known.
func (p *distinctness) state(v *facts.Variable, states []int32) int32 {
	if slot, ok := p.space.Slots[v]; ok {
		return states[slot]
	}
	if !p.knows(v) {
		return facts.None
	}
	rd, ok := p.readers[v]
	if !ok {
		rd = p.space.Reader(v.Table)
		p.readers[v] = rd
	}
	return rd.At(states)
}

// differ reports that two keys in the given states, the first at an earlier
// position, are impossible in one input.
func (p *distinctness) differ(first, second []int32) bool {
	for i, v := range p.space.All {
		s, t := first[i], second[i]
		switch {
		case v == p.Position && s >= t, v.Unique && s == t, p.isUniformVariable(v) && s != t:
			return true
		}
		width, ok := p.RowWidth(v, s)
		if other, known := p.RowWidth(v, t); !ok || !known || width != other || !p.isTabulated(v) {
			continue
		}
		if c := p.order(v).compare(p, first, second); c.Differ || width == 0 && c.Some {
			return true
		}
	}
	return false
}

// isTabulated reports that the selector that brought a variable is known by tables.
func (p *distinctness) isTabulated(v *facts.Variable) bool {
	s, err := p.selectorOf(v.Node.Args[0])
	return err != nil || !slices.ContainsFunc(s.Groups, func(g *facts.Group) bool { return g.Equal != nil })
}

// order is the selector that brought a variable.
func (p *distinctness) order(v *facts.Variable) *rowOrder {
	o := p.rows[v]
	if o == nil {
		o = &rowOrder{root: facts.NewEvaluator(&facts.Formula{Op: facts.False})}
		if s, err := p.selectorOf(v.Node.Args[0]); err == nil && s.Pick == facts.Every {
			o.root, o.groups = facts.NewEvaluator(s.Root), s.Groups
		}
		o.spots = p.kindsOfSpots(o)
		o.Inclusion = p.inclusion(v.Node.Args[0], o.groups)
		p.Inclusions = append(p.Inclusions, o.Inclusion)
		p.rows[v] = o
	}
	return o
}
