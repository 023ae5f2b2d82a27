package compiler

import (
	"cmp"
	"slices"
)

// Lowering gives each function of the token that someone reads a column of its own,
// and so it does with each function of the position, and with what neurons make of
// a number and what a head brings from one key. Most of these are combinations of a
// few: of 20 columns for "position = k", 20 for "position > k" and one that counts,
// all over 20 positions, 19 are independent. The pass keeps a basis of them and reads
// the rest as sums over it.
//
// A column is a vector over what it is made of: in the embedding over tokens and
// positions, of an MLP over its neurons, of heads over the numbers that they read.
// Lowering has each function be 0 at the first token, and at the first position, so
// that no constant is left over, neither at BOS, where all of these are 0.
//
// Of vectors that combine, those with the fewest entries are kept: the equations
// between "is k" and "above k" then have the factors 1 and -1. A column stays as well
// where the factors are not exact.

// basis is a plan that keeps a basis of the columns of another.
type basis struct {
	plan
	combined map[*column][]formTerm // what is left out, over what is kept
	needed   map[*column]bool       // as it is
	places   []int                  // scratch, by dim: 1 + where a form has the column, 0 for nowhere
}

// onBasis is the plan on a basis of its columns. Both plans have columns in common,
// numbered for that which was ordered last.
func onBasis(p *plan) *plan {
	b := &basis{
		plan:     plan{asked: p.asked, subjects: p.subjects},
		combined: map[*column][]formTerm{}, needed: predictedColumns(p), places: make([]int, len(p.columns)),
	}
	byTime := make([][]*column, 2*p.layers()+1)
	for _, c := range p.columns {
		byTime[c.when] = append(byTime[c.when], c)
	}
	heads, neurons := p.byLayer()
	b.choose(byTime[0], embedded(byTime[0]))
	for l := range heads {
		b.addHeads(heads[l], byTime[2*l+1])
		b.addNeurons(neurons[l], byTime[2*l+2])
	}
	for _, o := range p.outputs {
		o.logits = b.readAll(o.logits)
		b.outputs = append(b.outputs, o)
	}
	b.columns = slices.DeleteFunc(slices.Clone(p.columns), b.isCombined)
	b.order()
	return &b.plan
}

// predictedColumns has the columns off which a prediction is read: the certificate counts
// the roundings there, and tells masks from numbers by their columns.
func predictedColumns(p *plan) map[*column]bool {
	columns := map[*column]bool{}
	if !p.predicts() {
		return columns
	}
	for _, f := range p.outputs[0].logits {
		for _, t := range f.Terms {
			columns[t.Of] = true
		}
	}
	return columns
}

func (b *basis) isCombined(c *column) bool {
	_, ok := b.combined[c]
	return ok
}

// combines reports that a column holds what is written to it and nothing beside.
func combines(c *column) bool { return !c.sum && c.grid == 0 && c.offset == 0 && c.bos == 0 }

// vectors say what columns of one time are made of.
type vectors struct {
	of         map[*column][]entry
	dimensions int
}

func (v *vectors) add(c *column, row int, weight float64) {
	if combines(c) && weight != 0 {
		v.of[c] = append(v.of[c], entry{row, weight})
		v.dimensions = max(v.dimensions, row+1)
	}
}

// choose keeps a basis of the columns, those first that have to stay.
func (b *basis) choose(columns []*column, v vectors) {
	columns = slices.DeleteFunc(slices.Clone(columns), func(c *column) bool { return v.of[c] == nil })
	slices.SortStableFunc(columns, func(x, y *column) int {
		if b.needed[x] != b.needed[y] {
			return cmp.Compare(indicate(b.needed[y]), indicate(b.needed[x]))
		}
		return cmp.Compare(len(v.of[x]), len(v.of[y]))
	})
	s := newSpan(v.dimensions)
	var kept []*column
	for _, c := range columns {
		size := len(s.vectors)
		factors, ok := s.add(v.of[c])
		switch {
		case len(s.vectors) > size:
			kept = append(kept, c)
		case ok && !b.needed[c]:
			terms := make([]formTerm, len(factors))
			for i, f := range factors {
				terms[i] = formTerm{Of: kept[f.row], Factor: f.weight}
			}
			b.combined[c] = terms
		}
	}
}

// embedded are the columns of the embedding over tokens and positions.
func embedded(columns []*column) vectors {
	v, tokens := vectors{of: map[*column][]entry{}}, 0
	for _, c := range columns {
		tokens = max(tokens, len(c.tokens))
	}
	for _, c := range columns {
		for t, x := range c.tokens {
			v.add(c, t, x)
		}
		for p, x := range c.positions {
			v.add(c, tokens+p, x)
		}
	}
	return v
}

// addHeads adds the heads of a layer, which write the columns. What a head brings
// from one key is as linear in what it reads there as a sum; means are rounded.
func (b *basis) addHeads(heads []*head, columns []*column) {
	type read struct {
		head   *head
		column *column // nil for the constant
	}
	v, rows := vectors{of: map[*column][]entry{}}, map[read]int{}
	row := func(r read) int {
		if _, ok := rows[r]; !ok {
			rows[r] = len(rows)
		}
		return rows[r]
	}
	rounded := map[*column]bool{}
	for i, old := range heads {
		h := *old
		h.dims, h.values = make([]headDim, len(old.dims)), make([]headValue, len(old.values))
		for d, dim := range old.dims {
			h.dims[d] = headDim{b.read(dim.query), b.read(dim.key)}
		}
		h.dims = independent(h.dims, len(b.places))
		for d, value := range old.values {
			value.value = b.read(value.value)
			h.values[d] = value
			rounded[value.out] = rounded[value.out] || value.kind != bringsOne || value.bos != 0
			for _, t := range value.value.Terms {
				v.add(value.out, row(read{old, t.Of}), t.Factor)
			}
			v.add(value.out, row(read{old, nil}), value.value.Constant)
		}
		heads[i] = &h
	}
	for c := range rounded {
		if rounded[c] {
			delete(v.of, c)
		}
	}
	b.choose(columns, v)
	for _, h := range heads {
		h.values = slices.DeleteFunc(h.values, func(v headValue) bool { return b.isCombined(v.out) })
	}
	b.heads = append(b.heads, heads...)
}

// addNeurons adds the neurons of a layer, which write the columns.
func (b *basis) addNeurons(neurons []*neuron, columns []*column) {
	v := vectors{of: map[*column][]entry{}}
	for i, n := range neurons {
		for _, o := range n.outs {
			v.add(o.Of, i, o.Factor)
		}
	}
	b.choose(columns, v)
	left := func(o formTerm) bool { return b.isCombined(o.Of) }
	for _, old := range neurons {
		n := *old
		n.in = b.read(n.in)
		if slices.ContainsFunc(n.outs, left) {
			n.outs = slices.DeleteFunc(slices.Clone(n.outs), left)
		}
		b.neurons = append(b.neurons, &n)
	}
}

func (b *basis) readAll(forms []form) []form {
	list := make([]form, len(forms))
	for i, f := range forms {
		list[i] = b.read(f)
	}
	return list
}

// read is a form over the columns that are kept.
func (b *basis) read(f form) form {
	if !slices.ContainsFunc(f.Terms, func(t formTerm) bool { return b.isCombined(t.Of) }) {
		return f
	}
	g := form{Constant: f.Constant}
	add := func(c *column, x float64) {
		if b.places[c.dim] == 0 {
			g.Terms = append(g.Terms, formTerm{Of: c})
			b.places[c.dim] = len(g.Terms)
		}
		g.Terms[b.places[c.dim]-1].Factor += x
	}
	for _, t := range f.Terms {
		kept, ok := b.combined[t.Of]
		if !ok {
			add(t.Of, t.Factor)
		}
		for _, k := range kept {
			add(k.Of, t.Factor*k.Factor)
		}
	}
	for _, t := range g.Terms {
		b.places[t.Of.dim] = 0
	}
	g.Terms = slices.DeleteFunc(g.Terms, func(t formTerm) bool { return t.Factor == 0 })
	return g
}
