package prove

import (
	"errors"
	"math"
	"math/bits"
	"slices"

	"rasp/lang/graph"
	"rasp/lang/value"
)

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
