package observe

import (
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// selector is a selector with what is known of it.
type selector struct {
	node   *graph.Node
	known  *facts.Selector // nil if it is not split up
	rows   *facts.Rows     // nil if it depends on tokens
	matrix [][]bool        // of this run, nil before it is asked for
	always []*facts.Condition
}

func (o *observer) addSelector(n *graph.Node) {
	s := &selector{node: n, rows: o.Rows[n]}
	o.selectors = append(o.selectors, s)
	o.bySelector[n] = s
	known := o.Selectors[n]
	if known == nil || known.Err != nil {
		return
	}
	s.known = known
	for _, p := range known.Conjuncts {
		for _, c := range p.Conditions {
			if o.AlwaysMet(c) {
				s.always = append(s.always, c)
			}
		}
	}
}

// matrix of a selector in this run.
func (o *observer) matrix(n *graph.Node) [][]bool {
	s := o.bySelector[n]
	if s.matrix == nil {
		s.matrix = o.run.Matrix(n)
	}
	return s.matrix
}

// visible is how many keys the row of a position may select.
func (o *observer) visible(p int) int {
	if o.Domain.Causal {
		return p + 1
	}
	return len(o.input)
}

// observeSelector holds what is known of a selector against the pairs that it selects.
func (o *observer) observeSelector(s *selector) bool {
	if !o.observeRows(s) || s.known == nil {
		return o.foundFault == nil
	}
	for _, g := range s.known.Groups {
		if !o.observeGroup(s, g) {
			return false
		}
	}
	return o.observeConjuncts(s) && o.observeAlways(s)
}

// classes of a side at all positions.
func (o *observer) classes(side facts.Side) []int32 {
	if side.Variable == nil { // a constant has one
		return slices.Repeat(side.Class[:1], len(o.input))
	}
	list := make([]int32, len(o.input))
	for p, state := range o.states[o.index[side.Variable]] {
		list[p] = side.Class[state]
	}
	return list
}

// observeGroup holds which atoms are said to hold for each pair of classes against what
// the atoms select.
func (o *observer) observeGroup(s *selector, g *facts.Group) bool {
	keys, queries := o.classes(g.Key), o.classes(g.Query)
	for a, n := range s.known.Atoms {
		if g.Atoms>>a&1 == 0 {
			continue
		}
		m := o.matrix(n)
		for p, q := range queries {
			for j, k := range keys[:o.visible(p)] {
				if q == facts.None || k == facts.None || g.At(q, k) == facts.Never {
					return o.report(n, "position %d sees position %d, and they are said never to meet", p, j)
				}
				if holds := g.At(q, k)>>a&1 == 1; holds != m[p][j] {
					return o.report(n, "from position %d to position %d it is %t, and %t for all of their classes", p, j, m[p][j], holds)
				}
			}
		}
	}
	return true
}

// observeConjuncts looks whether exactly one conjunct allows each pair that is selected,
// and none another pair.
func (o *observer) observeConjuncts(s *selector) bool {
	n := len(o.input)
	times := make([]int8, n*n)
	for _, c := range s.known.Conjuncts {
		allowed := make([]bool, n*n)
		for i := range allowed {
			allowed[i] = true
		}
		for _, condition := range c.Conditions {
			if !o.allow(s, condition, allowed) {
				return false
			}
		}
		for i, ok := range allowed {
			if ok {
				times[i]++
			}
		}
	}
	m := o.matrix(s.node)
	for p := range n {
		pick(times[p*n:p*n+o.visible(p)], s.known.Pick)
		for j := range o.visible(p) {
			if t := times[p*n+j]; (t == 1) != m[p][j] || t > 1 {
				return o.report(s.node, "from position %d to position %d it is %t, and %d of its conjuncts allow that", p, j, m[p][j], t)
			}
		}
	}
	return true
}

// pick leaves of the keys of a row that conjuncts allow the one that is picked.
func pick(times []int8, which facts.Pick) {
	found := false
	for i := range times {
		j := i
		if which == facts.Latest {
			j = len(times) - 1 - i
		}
		if found && which != facts.Every {
			times[j] = 0
		}
		found = found || times[j] > 0
	}
}

// allow clears the pairs that a condition does not allow.
func (o *observer) allow(s *selector, c *facts.Condition, allowed []bool) bool {
	keys, queries := o.classes(c.Key), o.classes(c.Query)
	for p, q := range queries {
		for j, k := range keys[:o.visible(p)] {
			if q == facts.None || k == facts.None || c.At(q, k) == facts.None {
				return o.report(s.node, "position %d sees position %d, and a condition says that they never meet", p, j)
			}
			allowed[p*len(o.input)+j] = allowed[p*len(o.input)+j] && c.At(q, k) == 1
		}
	}
	return true
}

// observeAlways looks for a key for each query, of conditions that always find one.
func (o *observer) observeAlways(s *selector) bool {
	for _, c := range s.always {
		keys, queries := o.classes(c.Key), o.classes(c.Query)
		for p, q := range queries {
			met := false
			for _, k := range keys[:o.visible(p)] {
				met = met || c.At(q, k) == 1
			}
			if !met {
				return o.report(s.node, "no key meets a condition at position %d, which is said to be met always", p)
			}
		}
	}
	return true
}

// observeRows looks up the rows of a selector that depends on no token.
func (o *observer) observeRows(s *selector) bool {
	r := s.rows
	if r == nil {
		return true
	}
	n := len(o.input)
	for p, row := range o.matrix(s.node) {
		width, set := 0, uint64(0)
		for j, selected := range row {
			if selected {
				width++
				set |= 1 << (j & 63)
			}
		}
		cell := 0
		for _, v := range r.Width.Vars {
			cell = cell*v.Size + int(o.state(v, p))
		}
		if id := r.Width.Cells[cell]; id == facts.None || r.Width.Values[id].Float64() != float64(width) || width < r.Least || width > r.Most {
			return o.report(s.node, "the row of position %d of %d selects %d keys, and another number is known from its place", p, n, width)
		}
		if !o.isListed(r, p, set) {
			return o.report(s.node, "the row of position %d of %d is none of those listed", p, n)
		}
	}
	return true
}

// isListed reports that a row is there, among those of its length, if rows are kept.
func (o *observer) isListed(r *facts.Rows, p int, set uint64) bool {
	for _, rows := range r.Selected {
		if len(rows) == len(o.input) || o.Domain.Causal && len(rows) > p {
			return rows[p] == set
		}
	}
	return r.Selected == nil
}
