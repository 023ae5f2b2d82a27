package prove

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
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
		t = p.ofIntegers(p.widthOf(p.selectorOf(n.Args[0])), func(x int64) value.Value { return value.OfInt(x) })
	case graph.Any:
		t = p.ofIntegers(p.someOf(p.selectorOf(n.Args[0])), func(x int64) value.Value { return value.OfBool(x > 0) })
	case graph.Aggregate:
		t = p.aggregate(n)
	default:
		if t = p.idiom(n); t == nil {
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

// idiom is the width of F where a node counts as the paper's library does:
//
//	round(1 / aggregate(F or first, light0) - 1 + aggregate(F and first, light0, 0))
//
// Lemma idiom: first selects position 0 alone, and light0 is 1 there and 0 elsewhere. So
// the first mean is 1/w for w = width(F or first), and the second is 1 or the default 0 as
// F selects position 0 or does not. Then w - 1 + (1 or 0) is the width of F; that floats
// and round give this int is evaluated for each w.
func (p *prover) idiom(n *graph.Node) *table {
	arg := func(m *graph.Node, op graph.Op, fn value.Fn, i int) *graph.Node {
		if m == nil || m.Op != op || (op == graph.Binary || op == graph.Unary) && m.Fn != fn {
			return nil
		}
		return m.Args[i]
	}
	if n.Op != graph.Unary || n.Fn != value.Round {
		return nil
	}
	sum := n.Args[0]
	difference, has := arg(sum, graph.Binary, value.Add, 0), arg(sum, graph.Binary, value.Add, 1)
	quotient, one := arg(difference, graph.Binary, value.Sub, 0), arg(difference, graph.Binary, value.Sub, 1)
	one2, mean := arg(quotient, graph.Binary, value.Div, 0), arg(quotient, graph.Binary, value.Div, 1)
	or, and := arg(mean, graph.Aggregate, 0, 0), arg(has, graph.Aggregate, 0, 0)
	if or == nil || and == nil || or.Op != graph.SelOr || and.Op != graph.SelAnd ||
		!p.isConst(one, value.OfInt(1)) || !p.isConst(one2, value.OfInt(1)) || has.Value != value.OfInt(0) {
		return nil
	}
	f := p.selectorOf(and.Args[0])
	first := p.selectorOf(and.Args[1])
	if p.selectorOf(or.Args[0]) != f || p.selectorOf(or.Args[1]) != first || first != p.first() {
		return nil
	}
	for _, m := range []*graph.Node{mean.Args[1], has.Args[1]} {
		t := p.table(m)
		for i, id := range t.ids {
			if len(t.space.vars) != 1 || t.space.vars[0] != varPosition || id < 0 {
				return nil
			}
			want := value.OfInt(0)
			if t.space.row(i)[0] == 0 {
				want = value.OfInt(1)
			}
			if p.values[id] != want {
				return nil
			}
		}
	}
	for w := 1; w <= p.n; w++ {
		for h := range 2 {
			m := value.OfInt(1)
			if w > 1 {
				m = value.OfFloat(1 / float64(w))
			}
			x := value.OfInt(int64(h))
			for _, step := range []func() (value.Value, error){
				func() (value.Value, error) { return interp.Apply(quotient, []value.Value{value.OfInt(1), m}) },
				func() (value.Value, error) { return interp.Apply(difference, []value.Value{m, value.OfInt(1)}) },
				func() (value.Value, error) { return interp.Apply(sum, []value.Value{m, x}) },
				func() (value.Value, error) { return interp.Apply(n, []value.Value{m}) },
			} {
				var err error
				if m, err = step(); err != nil {
					return nil
				}
			}
			if m != value.OfInt(int64(w-1+h)) {
				return nil
			}
		}
	}
	return p.ofIntegers(p.widthOf(f), func(x int64) value.Value { return value.OfInt(x) })
}

func (p *prover) isConst(n *graph.Node, v value.Value) bool {
	t := p.table(n)
	return t.space.n == 1 && len(t.space.vars) == 0 && t.ids[0] == p.id(v)
}

// first is the selector of position 0.
func (p *prover) first() *selector {
	none := p.space(nil)
	k := p.space([]int{varPosition})
	f := &selector{k: k, q: none, class: []int32{0}, rows: newBits(1, k.n), text: "position 0"}
	set(f.rows.row(0), 0)
	return p.canonical(f)
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
	used, in, down := make([]uint64, f.rows.words), k.to(f.k), k.to(t.space)
	for c := range len(f.rows.rows) / max(f.rows.words, 1) {
		or(used, f.rows.row(c))
	}
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

// meanOfEquals is the mean of equal elements: it depends on how many they are, for a mean
// is a float.
func (p *prover) meanOfEquals(n *graph.Node, f *selector, t *table, v value.Value) *table {
	means := []value.Value{n.Value, v}
	for w := 2; w <= p.n; w++ {
		means = append(means, value.OfFloat(0)) // of strings and bools there is none, set below
	}
	numbers := v.IsNumber() && !p.all(t, value.Bool)
	sum := value.OfInt(0)
	for w := 1; w <= p.n && numbers; w++ {
		next, err := value.Binary(value.Add, sum, v)
		if err != nil {
			p.open("sums of %s are too large", describe(n))
		}
		sum = next
		x, err := value.ToFloat(sum)
		if err != nil {
			p.open("sums of %s are too large", describe(n))
		}
		if w > 1 {
			means[w] = value.OfFloat(x.Float64() / float64(w))
		}
	}
	count := p.widthOf(f)
	out := p.ofIntegers(count, func(w int64) value.Value { return means[w] })
	if !numbers {
		fault := error(nil)
		for i, w := range count.of {
			if w > 1 {
				out.ids[i] = -1
				fault = errors.New(severalKeys)
			}
		}
		p.fails(n, out, fault)
	}
	return out
}

func (p *prover) all(t *table, k value.Kind) bool {
	return !slices.ContainsFunc(t.ids, func(id int32) bool { return id >= 0 && p.values[id].Kind() != k })
}

// mean is a function of the sum and the number of keys.
//
// Lemma lattice: if all elements are whole multiples of a power of two u, and n of them
// stay below 2^53 u, then the interpreter's sum is exact in whatever order, and its mean
// is the quotient rounded once.
func (p *prover) mean(n *graph.Node, f *selector, t *table, selected []int32) *table {
	if p.all(t, value.String) || p.all(t, value.Bool) {
		return p.soleElement(n, f, t)
	}
	unit, whole := p.lattice(selected)
	if !whole {
		p.open("a mean of values whose sum the interpreter rounds")
	}
	g := &integers{t.space, make([]int64, t.space.n)}
	kinds := map[float64]int32{}
	ambiguous := false
	for i, id := range t.ids {
		if id < 0 {
			g.of[i] = nowhere
		} else if _, ok := slices.BinarySearch(selected, id); ok {
			g.of[i] = int64(math.Ldexp(p.values[id].Float64(), -unit))
		}
	}
	for _, id := range selected {
		x := p.values[id].Float64()
		if old, ok := kinds[x]; ok && old != id {
			ambiguous = true
		}
		kinds[x] = id
	}
	sum, count := p.sumOf(f, g), p.widthOf(f)
	s := p.space(sum.space.vars, count.space.vars)
	sm, cm := s.to(sum.space), s.to(count.space)
	return p.tabulateState(s, func(i int) int32 {
		if sm[i] < 0 || cm[i] < 0 || sum.of[sm[i]] == nowhere || count.of[cm[i]] == nowhere {
			return -1
		}
		x, w := math.Ldexp(float64(sum.of[sm[i]]), unit), count.of[cm[i]]
		switch w {
		case 0:
			return p.id(n.Value)
		case 1:
			id, ok := kinds[x]
			if ok && ambiguous {
				p.open("the type of the one element of %s is not known", describe(n))
			}
			if !ok {
				return -1
			}
			return id
		}
		return p.id(value.OfFloat(x / float64(w)))
	})
}

// soleElement is a mean of strings or bools: where several keys are selected the program
// fails, so elsewhere there is one.
func (p *prover) soleElement(n *graph.Node, f *selector, t *table) *table {
	if p.ofWitness(n) {
		p.open("the witness has a mean of what is no number")
	}
	p.doubt(n, severalKeys)
	p.sole[f] = true // the theorem is about inputs on which the program has a value
	return p.fetchTable(n, f, t)
}

// lattice is the largest power of two of which all values are whole multiples, and
// whether n of them add up exactly in float64.
func (p *prover) lattice(ids []int32) (unit int, ok bool) {
	unit, most := math.MaxInt32, 0.0
	for _, id := range ids {
		v := p.values[id]
		if !v.IsNumber() {
			return 0, false
		}
		x := v.Float64()
		if math.IsInf(x, 0) || math.IsNaN(x) {
			return 0, false
		}
		if i, fits := v.Int64(); v.Kind() != value.Float && (!fits || i > 1<<53 || i < -1<<53) {
			return 0, false
		}
		most = max(most, math.Abs(x))
		if x != 0 {
			unit = min(unit, lowest(x))
		}
	}
	if unit == math.MaxInt32 {
		unit = 0
	}
	return unit, math.Ldexp(most, -unit)*float64(p.n) <= 1<<53
}

// lowest is the exponent of the lowest bit of a number that is not 0.
func lowest(x float64) int {
	b := math.Float64bits(x)
	m, e := b&(1<<52-1), int(b>>52&0x7ff)
	if e == 0 {
		e++
	} else {
		m |= 1 << 52
	}
	return e - 1075 + bits.TrailingZeros64(m)
}
