package prove

import (
	"fmt"
	"slices"

	"rasp/lang/graph"
)

// fineness are from how many states on the value of an s-op becomes a variable of its own,
// one after the other until a proof is found: a value is fewer states than what it is made
// of, and tells less.
var fineness = []int{64, 12, 1500}

// derive makes the value of an s-op a variable, if it has few values by many states: what
// follows is a function of that value, or is not proved. The states of the variables below
// remain a relation.
func (p *prover) derive(n *graph.Node, t *table) *table {
	if t.space.n <= p.fine {
		return t
	}
	for _, d := range p.derived {
		if same := p.through(d, t); same != nil {
			return same
		}
	}
	v := &variable{kind: derived, node: n, table: &table{t.space, make([]int32, len(t.ids))}}
	classes := map[int32]int32{}
	for i, id := range t.ids {
		if v.table.ids[i] = -1; id < 0 {
			continue
		}
		c, ok := classes[id]
		if !ok {
			c = int32(len(v.values))
			classes[id] = c
			v.values = append(v.values, id)
		}
		v.table.ids[i] = c
	}
	if v.size = len(v.values); v.size == 0 || v.size > t.space.n/8 {
		return t
	}
	s := p.space([]int{p.add(v)})
	p.derived = append(p.derived, s.vars[0])
	return p.tabulate(s, func(row []int32) int32 { return v.values[row[0]] })
}

// through is a table as a function of a derived variable of the same space; nil if it is
// none. So s-ops that tell the same, as those of a witness do, are one variable.
func (p *prover) through(d int, t *table) *table {
	v := p.vars[d]
	if v.table.space != t.space {
		return nil
	}
	values := make([]int32, v.size)
	for c := range values {
		values[c] = -1
	}
	for i, id := range t.ids {
		c := v.table.ids[i]
		if id < 0 || c >= 0 && values[c] == id {
			continue
		}
		if c < 0 || values[c] >= 0 {
			return nil
		}
		values[c] = id
	}
	return p.tabulate(p.space([]int{d}), func(row []int32) int32 { return values[row[0]] })
}

// derivedRelations are those of a derived variable with those of a list that it depends on,
// and with each earlier derived one that depends on no more: values of s-ops occur together
// only where some state of what is below has both.
func (p *prover) derivedRelations(d int, vars []int) []*relation {
	s := p.vars[d].table.space
	known := intersect(s.vars, vars)
	list := []*relation{p.derivedRelation(s, known, d)}
	for _, e := range vars {
		if e < d && len(known) < len(s.vars) && p.vars[e].kind == derived && subset(p.vars[e].table.space.vars, s.vars) {
			list = append(list, p.derivedRelation(s, known, d, e))
		}
	}
	return list
}

// derivedRelation is that of some variables of a space and of derived ones that depend on
// these; nil if there is none.
func (p *prover) derivedRelation(s *space, known []int, list ...int) *relation {
	vars := union(known, list)
	if len(vars) < 2 {
		return nil
	}
	key := fmt.Sprint(s.vars, vars)
	if r, ok := p.related[key]; ok {
		return r
	}
	r := p.relation(vars)
	p.related[key] = r
	if r == nil {
		return nil
	}
	codes, away := make([]uint64, s.n), make([]bool, s.n)
	for j, v := range vars {
		if c := s.column(v); c >= 0 {
			for i := range codes {
				codes[i] += uint64(s.row(i)[c]) * r.stride[j]
			}
			continue
		}
		t := p.vars[v].table
		for i, at := range s.to(t.space) {
			if at < 0 || t.ids[at] < 0 {
				away[i] = true
			} else {
				codes[i] += uint64(t.ids[at]) * r.stride[j]
			}
		}
	}
	for i, code := range codes {
		if !away[i] {
			r.set(code)
		}
	}
	return r
}

// rename makes labels of many states a function of values of s-ops, as far as they are.
func (p *prover) rename(s *space, labels []int32) (*space, []int32) {
	if s.n <= p.fine {
		return s, labels
	}
	vars := slices.Clone(s.vars)
	values := make([][]int32, len(vars)) // by variable and state
	for j := range vars {
		values[j] = make([]int32, s.n)
		for i := range s.n {
			values[j][i] = s.row(i)[j]
		}
	}
	for _, d := range p.derived {
		if below := p.vars[d].table.space; !slices.Contains(vars, d) && subset(below.vars, union(vars)) {
			vars, values = append(vars, d), append(values, p.derivedValues(d, vars, values, s.n))
		}
	}
	if len(vars) == len(s.vars) {
		return s, labels
	}
	codes, stride, product := make([]uint64, s.n), make([]uint64, len(vars)), uint64(1)
	for j, v := range vars {
		stride[j] = product
		if size := uint64(p.vars[v].size); product > 1<<62/size {
			return s, labels
		} else {
			product *= size
		}
		for i, x := range values[j] {
			if x < 0 { // no input gets there
				labels = slices.Clone(labels)
				labels[i] = -1
				continue
			}
			codes[i] += uint64(x) * stride[j]
		}
	}
	var kept []int
	seen := make(map[uint64]int32, s.n)
	for j := range vars { // the variables of s first, then the oldest values
		clear(seen)
		fine := true
		for i, l := range labels {
			if l < 0 {
				continue
			}
			code := codes[i] - uint64(values[j][i])*stride[j]
			if old, ok := seen[code]; ok && old != l {
				fine = false
				break
			}
			seen[code] = l
		}
		if !fine {
			kept = append(kept, j)
			continue
		}
		for i, l := range labels {
			if l >= 0 {
				codes[i] -= uint64(values[j][i]) * stride[j]
			}
		}
	}
	list := make([]int, len(kept))
	for k, j := range kept {
		list[k] = vars[j]
	}
	t := p.try(s.n, list)
	if t == nil {
		return s, labels
	}
	out := make([]int32, t.n)
	for i := range out {
		out[i] = -1
	}
	for i, l := range labels {
		if l < 0 {
			continue
		}
		code := uint64(0)
		for _, j := range kept {
			code += uint64(values[j][i]) * t.stride[t.column(vars[j])]
		}
		if k := t.find(code); k >= 0 {
			out[k] = l
		}
	}
	return t, out
}

// derivedValues are those of a derived variable by state, from those below.
func (p *prover) derivedValues(d int, vars []int, values [][]int32, n int) []int32 {
	t := p.vars[d].table
	list := make([]int32, n)
	for i := range list {
		code := uint64(0)
		for j, v := range t.space.vars {
			x := values[slices.Index(vars, v)][i]
			if x < 0 {
				code = 1 << 63
				break
			}
			code += uint64(x) * t.space.stride[j]
		}
		list[i] = -1
		if code < 1<<63 {
			if at := t.space.find(code); at >= 0 {
				list[i] = t.ids[at]
			}
		}
	}
	return list
}
