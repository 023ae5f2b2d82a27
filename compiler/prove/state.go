package prove

import (
	"fmt"
	"slices"

	"rasp/lang/graph"
)

// kind of a variable: a function of an input and a position that the interpreter
// defines.
type kind uint8

const (
	token    kind = iota // the token at the position
	position             // from 0
	length               // of the input
	width                // how many keys a selector selects
	some                 // whether it selects any: 0 or 1
	total                // the sum of an integer function of the keys that it selects
	fetched              // a variable at the one key that it selects; value 0 is none, v+1 is v
	derived              // the value of an s-op, by class
)

// variable is one of finitely many values, 0..size-1, at each position.
type variable struct {
	kind kind
	of   *selector // of width, some, total and fetched
	sum  *integers // of total
	sums []int64   // of total: the sums by value, ascending
	from int       // of fetched: the variable at the key
	size int

	node   *graph.Node // of derived
	table  *table      // of derived: the class by state of what is below
	values []int32     // of derived: the value by class
}

// The variables that every proof has, by number.
const (
	varToken = iota
	varPosition
	varLength
)

// space is a set of states of some variables: all that occur, and perhaps more.
type space struct {
	vars   []int // ascending
	n      int
	rows   []int32 // [n][len(vars)]
	stride []uint64
	dense  []int32          // by code the state, -1 for none; nil if there are too many codes
	sparse map[uint64]int32 // otherwise
	onto   map[*space][]int32
}

func (s *space) row(i int) []int32 { return s.rows[i*len(s.vars) : (i+1)*len(s.vars)] }

// code tells a state from all others.
func (s *space) code(i int) uint64 {
	code := uint64(0)
	for j, x := range s.row(i) {
		code += uint64(x) * s.stride[j]
	}
	return code
}

// find is the state of a code, -1 for none.
func (s *space) find(code uint64) int32 {
	if s.dense != nil {
		return s.dense[code]
	}
	if i, ok := s.sparse[code]; ok {
		return i
	}
	return -1
}

// column is the place of a variable among those of the space, -1 for nowhere.
func (s *space) column(v int) int {
	if i, ok := slices.BinarySearch(s.vars, v); ok {
		return i
	}
	return -1
}

func (s *space) has(v int) bool { return s.column(v) >= 0 }

// to finds for each state of s the state of t, of whose variables s has all, that agrees
// with it; -1 where t has none, which no input reaches then.
func (s *space) to(t *space) []int32 {
	if m, ok := s.onto[t]; ok {
		return m
	}
	m := make([]int32, s.n)
	columns := make([]int, len(t.vars))
	for j, v := range t.vars {
		columns[j] = s.column(v)
	}
	for i := range m {
		row, code := s.row(i), uint64(0)
		for j, c := range columns {
			code += uint64(row[c]) * t.stride[j]
		}
		m[i] = t.find(code)
	}
	s.onto[t] = m
	return m
}

// index makes states be found.
func (p *prover) index(s *space) {
	codes := uint64(1)
	s.stride = make([]uint64, len(s.vars))
	for j, v := range s.vars {
		s.stride[j] = codes
		size := uint64(p.vars[v].size)
		if codes > 1<<62/size {
			p.open("too many combinations of what is looked at")
		}
		codes *= size
	}
	s.onto = map[*space][]int32{}
	if codes <= 1<<22 {
		s.dense = make([]int32, codes)
		for i := range s.dense {
			s.dense[i] = -1
		}
	} else {
		s.sparse = make(map[uint64]int32, s.n)
	}
	for i := range s.n {
		if code := s.code(i); s.dense != nil {
			s.dense[code] = int32(i)
		} else {
			s.sparse[code] = int32(i)
		}
	}
}

// union of ascending lists.
func union(lists ...[]int) []int {
	var all []int
	for _, l := range lists {
		all = append(all, l...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func without(list []int, v int) []int {
	return slices.DeleteFunc(slices.Clone(list), func(x int) bool { return x == v })
}

// subset reports whether all of a are in b, both ascending.
func subset(a, b []int) bool {
	for _, x := range a {
		if _, ok := slices.BinarySearch(b, x); !ok {
			return false
		}
	}
	return true
}

func intersect(a, b []int) []int {
	return slices.DeleteFunc(slices.Clone(a), func(x int) bool { _, ok := slices.BinarySearch(b, x); return !ok })
}

// space lists the states that some variables can have together: the join of the
// relations among them.
func (p *prover) space(lists ...[]int) *space {
	s := p.try(p.options.States, lists...)
	if s == nil {
		p.open("too many combinations of what is looked at: more than %d states of %s", p.options.States, p.names(union(lists...)))
	}
	return s
}

// try is space, nil if there are more states than most.
func (p *prover) try(most int, lists ...[]int) *space {
	vars := union(lists...)
	key := fmt.Sprint(vars)
	if s, ok := p.spaces[key]; ok {
		if s.n > most {
			return nil
		}
		return s
	}
	if p.tooLarge[key] >= most {
		return nil
	}
	s := &space{vars: vars}
	relations := p.relations(vars)
	at := make([][]*relation, len(vars)+1) // relations by the variable that is their last
	for _, r := range relations {
		last := r.vars[len(r.vars)-1]
		c := s.column(last)
		at[c] = append(at[c], r)
	}
	row, visited := make([]int32, len(vars)), 0
	columns := map[*relation][]int{}
	for _, r := range relations {
		for _, v := range r.vars {
			columns[r] = append(columns[r], s.column(v))
		}
	}
	var fill func(d int) bool
	fill = func(d int) bool {
		if d == len(vars) {
			s.n++
			s.rows = append(s.rows, row...)
			return s.n <= most
		}
	values:
		for x := range p.vars[vars[d]].size {
			if visited++; visited > 16*most {
				return false
			}
			row[d] = int32(x)
			for _, r := range at[d] {
				code := uint64(0)
				for j, c := range columns[r] {
					code += uint64(row[c]) * r.stride[j]
				}
				if r.bits[code/64]>>(code%64)&1 == 0 {
					continue values
				}
			}
			if !fill(d + 1) {
				return false
			}
		}
		return true
	}
	if !fill(0) {
		p.tooLarge[key] = most
		return nil
	}
	p.check()
	p.index(s)
	p.spaces[key] = s
	return s
}

// relation is a set of states of a few variables outside of which nothing occurs.
type relation struct {
	vars   []int // ascending
	stride []uint64
	bits   []uint64
}

// mostCodes is the size of the largest relation; larger ones are left out.
const mostCodes = 1 << 26

// relation makes an empty one, nil if it would be too large.
func (p *prover) relation(vars []int) *relation {
	r := &relation{vars: vars, stride: make([]uint64, len(vars))}
	codes := uint64(1)
	for j, v := range vars {
		r.stride[j] = codes
		if codes *= uint64(p.vars[v].size); codes > mostCodes {
			return nil
		}
	}
	r.bits = make([]uint64, (codes+63)/64)
	return r
}

func (r *relation) set(code uint64) { r.bits[code/64] |= 1 << (code % 64) }

// relations are all that is known among some variables.
func (p *prover) relations(vars []int) []*relation {
	var list []*relation
	add := func(r *relation) {
		if r != nil && len(r.vars) > 0 && !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	if subset([]int{varPosition, varLength}, vars) {
		r := p.relation([]int{varPosition, varLength})
		for n := 1; n <= p.n; n++ {
			for i := range n {
				r.set(uint64(i)*r.stride[0] + uint64(n)*r.stride[1])
			}
		}
		add(r)
	}
	if subset([]int{varToken, varPosition}, vars) {
		add(p.placed(false))
		if subset([]int{varLength}, vars) {
			add(p.placed(true))
		}
	}
	for _, r := range p.faults {
		if subset(r.vars, vars) {
			add(r)
		}
	}
	var additive []int
	groups := map[*selector][]int{}
	var order []*selector
	for _, v := range vars {
		switch x := p.vars[v]; x.kind {
		case length:
			r := p.relation([]int{v})
			for n := 1; n <= p.n; n++ {
				r.set(uint64(n))
			}
			add(r)
		case width, some, total:
			additive = append(additive, v)
		case derived:
			for _, r := range p.derivedRelations(v, vars) {
				add(r)
			}
		case fetched:
			if groups[x.of] == nil {
				order = append(order, x.of)
			}
			groups[x.of] = append(groups[x.of], v)
		}
	}
	for _, r := range p.sumRelations(additive, vars) {
		add(r)
	}
	for _, f := range order {
		add(p.fetchRelation(f, groups[f], vars))
	}
	return list
}

// drop leaves out each variable of which labels, one by state of a space, do not depend;
// of a width it may keep whether it is above 0. Label -1 stands for states that no input
// reaches.
func (p *prover) drop(s *space, labels []int32) (*space, []int32) {
	codes := make([]uint64, s.n)
	for i := range codes {
		codes[i] = s.code(i)
	}
	var vars []int
	kept, coarse := make([]bool, len(s.vars)), make([]bool, len(s.vars))
	for j := len(s.vars) - 1; j >= 0; j-- {
		if p.fewer(s, labels, codes, j, 0) {
			continue
		}
		kept[j] = true
		if x := p.vars[s.vars[j]]; x.kind == width && x.size > 2 && p.fewer(s, labels, codes, j, 1) {
			coarse[j] = true
		}
	}
	same := true
	from := map[int]int{} // by variable the column of s
	for j, v := range s.vars {
		if same = same && kept[j] && !coarse[j]; !kept[j] {
			continue
		}
		if coarse[j] {
			if v = p.someVar(p.vars[v].of); s.has(v) { // both are kept
				v, coarse[j] = s.vars[j], false
			}
		}
		from[v] = j
		vars = append(vars, v)
	}
	if same {
		return s, labels
	}
	t := p.space(vars)
	out := make([]int32, t.n)
	for i := range out {
		out[i] = -1
	}
	columns := make([]int, len(t.vars))
	for c, v := range t.vars {
		columns[c] = from[v]
	}
	for i, l := range labels {
		if l < 0 {
			continue
		}
		row, code := s.row(i), uint64(0)
		for c, j := range columns {
			x := row[j]
			if coarse[j] {
				x = min(x, 1)
			}
			code += uint64(x) * t.stride[c]
		}
		if k := t.find(code); k >= 0 {
			out[k] = l
		}
	}
	return t, out
}

// fewer makes all values of a variable above most one, if labels allow it.
func (p *prover) fewer(s *space, labels []int32, codes []uint64, j int, most int32) bool {
	cut := func(i int) uint64 {
		if x := s.row(i)[j]; x > most {
			return codes[i] - uint64(x-most)*s.stride[j]
		}
		return codes[i]
	}
	if s.tells(labels, j, most) {
		return false
	}
	if s.dense != nil {
		if len(p.scratch) < len(s.dense) {
			p.scratch = make([]uint64, len(s.dense))
		}
		p.stamp++ // what was noted before is void
		for i, l := range labels {
			if l < 0 {
				continue
			}
			note, code := p.stamp<<32|uint64(l), cut(i)
			if old := p.scratch[code]; old>>32 == p.stamp && old != note {
				return false
			}
			p.scratch[code] = note
		}
	} else {
		seen := make(map[uint64]int32, s.n)
		for i, l := range labels {
			if l < 0 {
				continue
			}
			code := cut(i)
			if old, ok := seen[code]; ok && old != l {
				return false
			}
			seen[code] = l
		}
	}
	for i := range codes {
		codes[i] = cut(i)
	}
	return true
}

// tells looks at some states for two that differ in one variable alone, both above most or
// that, and in their label.
func (s *space) tells(labels []int32, j int, most int32) bool {
	const tried = 256
	for i := 0; i < s.n; i += s.n/tried + 1 {
		code := s.code(i)
		for x := s.row(i)[j]; x > most && labels[i] >= 0; x-- {
			code -= s.stride[j]
			if at := s.find(code); at >= 0 && labels[at] >= 0 && labels[at] != labels[i] {
				return true
			}
		}
	}
	return false
}
