package prove

import (
	"encoding/binary"
	"slices"

	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// table is an s-op as a function of variables: a value by state, -1 where no input on
// which the program has a value gets.
type table struct {
	space *space
	ids   []int32 // in prover.values
}

func (p *prover) id(v value.Value) int32 {
	if id, ok := p.valueIDs[v]; ok {
		return id
	}
	id := int32(len(p.values))
	p.values = append(p.values, v)
	p.valueIDs[v] = id
	return id
}

// table of an s-op.
func (p *prover) table(n *graph.Node) *table {
	if t, ok := p.tables[n]; ok {
		return t
	}
	p.at = n
	var t *table
	switch n.Op {
	case graph.Tokens:
		t = p.tokens(n)
	case graph.Indices:
		t = p.tabulate(p.space([]int{varPosition}), func(row []int32) int32 { return p.id(value.OfInt(int64(row[0]))) })
	case graph.Const:
		t = p.tabulate(p.space(nil), func([]int32) int32 { return p.id(n.Value) })
	case graph.Width:
		t = p.width(n.Args[0])
	case graph.Any:
		t = p.ofIntegers(p.someOf(p.selectorOf(n.Args[0])), func(x int64) value.Value { return value.OfBool(x > 0) })
	case graph.Aggregate:
		t = p.aggregate(n)
	default:
		if f := p.idiom(n); f != nil {
			t = p.width(f)
		} else {
			t = p.elementwise(n)
		}
	}
	p.at = n
	s, ids := p.drop(t.space, t.ids)
	t = p.derive(n, &table{s, ids})
	p.tables[n] = t
	return t
}

func (p *prover) tabulate(s *space, f func(row []int32) int32) *table {
	t := &table{s, make([]int32, s.n)}
	for i := range t.ids {
		t.ids[i] = f(s.row(i))
	}
	return t
}

func (p *prover) ofIntegers(x *integers, f func(int64) value.Value) *table {
	t := &table{x.space, make([]int32, x.space.n)}
	for i, v := range x.of {
		t.ids[i] = -1
		if v != nowhere {
			t.ids[i] = p.id(f(v))
		}
	}
	return t
}

// tokens reads the input; an input with a token that cannot be read has no value.
func (p *prover) tokens(n *graph.Node) *table {
	var why error
	t := p.tabulate(p.space([]int{varToken}), func(row []int32) int32 {
		v, err := interp.Token(p.vocab[row[0]], n.Base)
		if err != nil {
			why = err
			return -1
		}
		return p.id(v)
	})
	p.fails(n, t, why)
	return t
}

// ofWitness reports whether a node is none of the program. It may have no value where the
// program has one.
func (p *prover) ofWitness(n *graph.Node) bool { return n.ID >= p.own }

// fails leaves out the states of a table in which a node has no value. A node of the
// witness is 0 there: what it is taken for does not matter, but it is so on each input.
func (p *prover) fails(n *graph.Node, t *table, why error) {
	if why == nil {
		return
	}
	if p.ofWitness(n) {
		for i, id := range t.ids {
			if id < 0 {
				t.ids[i] = p.id(value.OfInt(0))
			}
		}
		return
	}
	p.doubt(n, why.Error())
	if r := p.relation(t.space.vars); r != nil && len(r.vars) > 0 {
		for i, id := range t.ids {
			if id >= 0 {
				code := uint64(0)
				for j, x := range t.space.row(i) {
					code += uint64(x) * r.stride[j]
				}
				r.set(code)
			}
		}
		p.faults = append(p.faults, r)
	}
}

// elementwise applies the interpreter state by state.
func (p *prover) elementwise(n *graph.Node) *table {
	args := make([]*table, len(n.Args))
	var vars []int
	for i, a := range n.Args {
		args[i] = p.table(a)
		vars = union(vars, args[i].space.vars)
	}
	p.at = n
	s := p.space(vars)
	down := make([][]int32, len(args))
	for i, a := range args {
		down[i] = s.to(a.space)
	}
	t := &table{s, make([]int32, s.n)}
	known := map[string]int32{}
	var why error
	values, key := make([]value.Value, len(args)), []byte(nil)
states:
	for i := range s.n {
		key, t.ids[i] = key[:0], -1
		for a := range args {
			id := int32(-1)
			if at := down[a][i]; at >= 0 {
				id = args[a].ids[at]
			}
			if id < 0 {
				continue states
			}
			values[a] = p.values[id]
			key = binary.LittleEndian.AppendUint32(key, uint32(id))
		}
		id, ok := known[string(key)]
		if !ok {
			v, err := interp.Apply(n, values)
			if id = -1; err != nil {
				why = err
			} else {
				id = p.id(v)
			}
			known[string(key)] = id
		}
		t.ids[i] = id
	}
	p.fails(n, t, why)
	return t
}

// width is how many keys a selector selects, an int.
func (p *prover) width(sel *graph.Node) *table {
	return p.ofIntegers(p.widthOf(p.selectorOf(sel)), func(x int64) value.Value { return value.OfInt(x) })
}

// aggregate is the default of an empty row, the element at one key, the mean at several.
func (p *prover) aggregate(n *graph.Node) *table {
	f, t := p.selectorOf(n.Args[0]), p.table(n.Args[1])
	p.at = n
	selected, constant := p.selected(f, t)
	switch {
	case len(selected) == 0:
		return p.tabulate(p.space(nil), func([]int32) int32 { return p.id(n.Value) })
	case p.one(f) && constant:
		return p.ofIntegers(p.someOf(f), func(x int64) value.Value {
			if x == 0 {
				return n.Value
			}
			return p.values[selected[0]]
		})
	case p.one(f):
		return p.fetchTable(n, f, t)
	}
	if constant {
		return p.meanOfEquals(n, f, t, p.values[selected[0]])
	}
	return p.mean(n, f, t, selected)
}

// selected are the values of an s-op at the keys of a selector.
func (p *prover) selected(f *selector, t *table) (ids []int32, constant bool) {
	k := p.space(f.k.vars, t.space.vars)
	used, in, down := f.used(), k.to(f.k), k.to(t.space)
	for i := range k.n {
		if in[i] >= 0 && has(used, in[i]) && down[i] >= 0 && t.ids[down[i]] >= 0 {
			ids = append(ids, t.ids[down[i]])
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids, len(ids) == 1
}

func (p *prover) fetchTable(n *graph.Node, f *selector, t *table) *table {
	y := p.fetch(f, t.space.vars)
	return p.tabulateState(y, func(i int) int32 {
		if y.row(i)[0] == 0 {
			return p.id(n.Value)
		}
		if x := p.inner(y, i, t.space); x >= 0 {
			return t.ids[x]
		}
		return -1
	})
}

func (p *prover) tabulateState(s *space, f func(i int) int32) *table {
	t := &table{s, make([]int32, s.n)}
	for i := range t.ids {
		t.ids[i] = f(i)
	}
	return t
}
