package observe

import (
	"encoding/binary"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/graph"
)

// selector is a selector with what is known of it.
type selector struct {
	node   *graph.Node
	known  *facts.Selector // nil if it is not split up
	rows   *facts.Rows     // nil if it depends on tokens
	matrix [][]bool        // of this run, once it is read
	isRead bool
	widths []int // of its rows, nil before they are asked for
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
	if !s.isRead {
		s.matrix, s.isRead, s.widths = o.run.MatrixIn(s.matrix, n), true, nil
	}
	return s.matrix
}

// widths are how many keys each row of a selector selects in this run.
func (o *observer) widths(n *graph.Node) []int {
	m, s := o.matrix(n), o.bySelector[n]
	if s.widths == nil {
		s.widths = counts(m)
	}
	return s.widths
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

// classes of a side at all positions, until the next input.
func (o *observer) classes(side facts.Side) []int32 {
	from, n := len(o.room), len(o.input)
	o.room = slices.Grow(o.room, n)[:from+n]
	list := o.room[from : from+n : from+n]
	if side.Variable == nil { // a constant has one
		for p := range list {
			list[p] = side.Class[0]
		}
		return list
	}
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
		o.said.begin(len(o.input))
		for p, row := range o.matrix(n) {
			q := queries[p]
			r := o.said.row(q)
			r.extend(o.visible(p), func(list []bool, from int) (never int) { return selected(list, g, a, q, keys[from:]) })
			if !r.isSound(o, n, p, "they are said never to meet") {
				return false
			}
			for j, holds := range r.list[:o.visible(p)] {
				if holds != row[j] {
					return o.report(n, "from position %d to position %d it is %t, and %t for all of their classes", p, j, row[j], holds)
				}
			}
		}
	}
	return true
}

// selected finds which keys an atom of a group is said to select for a class of queries, and
// the first that these are said never to meet, or -1.
func selected(list []bool, g *facts.Group, atom int, q int32, keys []int32) (never int) {
	never = -1
	for j := range list {
		holds := uint64(facts.Never)
		if k := keys[j]; q != facts.None && k != facts.None {
			holds = g.At(q, k)
		}
		if holds == facts.Never && never < 0 {
			never = j
		}
		list[j] = holds>>atom&1 == 1
	}
	return never
}

// observeConjuncts looks whether exactly one conjunct allows each pair that is selected,
// and none another pair.
func (o *observer) observeConjuncts(s *selector) bool {
	conjuncts := make([][]conditionAt, len(s.known.Conjuncts))
	for i, c := range s.known.Conjuncts {
		for _, condition := range c.Conditions {
			conjuncts[i] = append(conjuncts[i], conditionAt{condition, o.classes(condition.Key), o.classes(condition.Query)})
		}
	}
	o.allowed.begin(len(o.input))
	for p, row := range o.matrix(s.node) {
		classes := ""
		if !o.allowed.isShort {
			classes = classesAt(p, conjuncts)
		}
		r := o.allowed.row(classes)
		r.extend(o.visible(p), func(list []int8, from int) (never int) { return o.allowing(list, conjuncts, p, from) })
		if !r.isSound(o, s.node, p, "a condition says that they never meet") {
			return false
		}
		times := r.list[:o.visible(p)]
		picked := pick(times, s.known.Pick)
		for j, t := range times {
			if picked >= 0 && picked != j {
				t = 0
			}
			if (t == 1) != row[j] || t > 1 {
				return o.report(s.node, "from position %d to position %d it is %t, and %d of its conjuncts allow that", p, j, row[j], t)
			}
		}
	}
	return true
}

// conditionAt is a condition with the classes of both sides at all positions.
type conditionAt struct {
	*facts.Condition
	keys, queries []int32
}

// classesAt are those of a position, for all conditions.
func classesAt(p int, conjuncts [][]conditionAt) string {
	var classes []byte
	for _, conditions := range conjuncts {
		for _, c := range conditions {
			classes = binary.LittleEndian.AppendUint32(classes, uint32(c.queries[p]))
		}
	}
	return string(classes)
}

// pick is which of the keys that conjuncts allow is picked; -1 if all are, or there is none.
func pick(times []int8, which facts.Pick) int {
	switch which {
	case facts.Every:
		return -1
	case facts.Latest:
		for i := len(times) - 1; i >= 0; i-- {
			if times[i] > 0 {
				return i
			}
		}
		return -1
	}
	return slices.IndexFunc(times, func(t int8) bool { return t > 0 })
}

// allowing counts the conjuncts that allow position p the keys from a position on; never is
// the first of them that a condition says never to meet, or -1.
func (o *observer) allowing(times []int8, conjuncts [][]conditionAt, p, from int) (never int) {
	never = -1
	o.once = slices.Grow(o.once[:0], len(times))
	allowed := o.once[:len(times)]
	for _, conditions := range conjuncts {
		for j := range allowed {
			allowed[j] = 1
		}
		for _, c := range conditions {
			if at := c.allow(p, from, allowed); at >= 0 && (never < 0 || at < never) {
				never = at
			}
		}
		for j, once := range allowed {
			times[j] += once
		}
	}
	return never
}

// allow makes 0 of the 1 of each key, from a position on, that a condition does not allow.
func (c *conditionAt) allow(p, from int, allowed []int8) (never int) {
	never = -1
	q := c.queries[p]
	for j, k := range c.keys[from:][:len(allowed)] {
		at := int8(facts.None)
		if q != facts.None && k != facts.None {
			at = c.At(q, k)
		}
		if at == facts.None && never < 0 {
			never = j
		}
		allowed[j] &= at
	}
	return never
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
