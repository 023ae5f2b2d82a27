// Package basis keeps a basis of the columns of a plan, and of the dimensions of its
// heads: a plan goes in, a smaller one that computes the same comes out.
package basis

import (
	"cmp"
	"slices"

	"rasp/compiler/plan"
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
	plan.Plan
	combined map[*plan.Column][]plan.Term // what is left out, over what is kept
	needed   map[*plan.Column]bool        // as it is
	places   []int                        // scratch, by dim: 1 + where a form has the column, 0 for nowhere
}

// Of is the plan on a basis of its columns. Both plans have columns in common,
// numbered for that which was ordered last.
func Of(p *plan.Plan) *plan.Plan {
	b := &basis{
		Plan:     plan.Plan{Asked: p.Asked, SplitBOS: p.SplitBOS, Subjects: p.Subjects},
		combined: map[*plan.Column][]plan.Term{}, needed: neededColumns(p), places: make([]int, len(p.Columns)),
	}
	byTime := make([][]*plan.Column, 2*p.Layers()+1)
	for _, c := range p.Columns {
		byTime[c.When] = append(byTime[c.When], c)
	}
	heads, neurons := p.ByLayer()
	b.choose(byTime[0], embedded(byTime[0]))
	for l := range heads {
		b.addHeads(heads[l], byTime[2*l+1])
		b.addNeurons(neurons[l], byTime[2*l+2])
	}
	for _, o := range p.Outputs {
		o.Logits = b.readAll(o.Logits)
		b.Outputs = append(b.Outputs, o)
	}
	b.Columns = slices.DeleteFunc(slices.Clone(p.Columns), b.isCombined)
	b.Order()
	return &b.Plan
}

// neededColumns has those of predictions, and gates, which must be 0 where they are open,
// with nothing that cancels.
func neededColumns(p *plan.Plan) map[*plan.Column]bool {
	columns := predictedColumns(p)
	for _, n := range p.Neurons {
		for _, t := range n.Gates.Terms {
			columns[t.Of] = true
		}
	}
	return columns
}

// predictedColumns has the columns off which a prediction is read: the certificate counts
// the roundings there, and tells masks from numbers by their columns.
func predictedColumns(p *plan.Plan) map[*plan.Column]bool {
	columns := map[*plan.Column]bool{}
	if !p.Predicts() {
		return columns
	}
	for _, f := range p.Outputs[0].Logits {
		for _, t := range f.Terms {
			columns[t.Of] = true
		}
	}
	return columns
}

func (b *basis) isCombined(c *plan.Column) bool {
	_, ok := b.combined[c]
	return ok
}

// combines reports that a column holds what is written to it and nothing beside.
func combines(c *plan.Column) bool { return !c.Sum && c.Grid == 0 && c.Offset == 0 && c.Bos == 0 }

// vectors say what columns of one time are made of.
type vectors struct {
	of         map[*plan.Column][]plan.Entry
	dimensions int
}

func (v *vectors) add(c *plan.Column, row int, weight float64) {
	if combines(c) && weight != 0 {
		v.of[c] = append(v.of[c], plan.Entry{Row: row, Weight: weight})
		v.dimensions = max(v.dimensions, row+1)
	}
}

// choose keeps a basis of the columns, those first that have to stay.
func (b *basis) choose(columns []*plan.Column, v vectors) {
	columns = slices.DeleteFunc(slices.Clone(columns), func(c *plan.Column) bool { return v.of[c] == nil })
	slices.SortStableFunc(columns, func(x, y *plan.Column) int {
		switch {
		case b.needed[x] && !b.needed[y]:
			return -1
		case b.needed[y] && !b.needed[x]:
			return 1
		}
		return cmp.Compare(len(v.of[x]), len(v.of[y]))
	})
	s := newSpan(v.dimensions)
	var kept []*plan.Column
	for _, c := range columns {
		size := len(s.vectors)
		factors, ok := s.add(v.of[c])
		switch {
		case len(s.vectors) > size:
			kept = append(kept, c)
		case ok && !b.needed[c]:
			terms := make([]plan.Term, len(factors))
			for i, f := range factors {
				terms[i] = plan.Term{Of: kept[f.Row], Factor: f.Weight}
			}
			b.combined[c] = terms
		}
	}
}

// embedded are the columns of the embedding over tokens and positions.
func embedded(columns []*plan.Column) vectors {
	v, tokens := vectors{of: map[*plan.Column][]plan.Entry{}}, 0
	for _, c := range columns {
		tokens = max(tokens, len(c.Tokens))
	}
	for _, c := range columns {
		for t, x := range c.Tokens {
			v.add(c, t, x)
		}
		for p, x := range c.Positions {
			v.add(c, tokens+p, x)
		}
	}
	return v
}

// addHeads adds the heads of a layer, which write the columns. What a head brings
// from one key is as linear in what it reads there as a sum; means are rounded.
func (b *basis) addHeads(heads []*plan.Head, columns []*plan.Column) {
	type read struct {
		head   *plan.Head
		column *plan.Column // nil for the constant
	}
	v, rows := vectors{of: map[*plan.Column][]plan.Entry{}}, map[read]int{}
	row := func(r read) int {
		if _, ok := rows[r]; !ok {
			rows[r] = len(rows)
		}
		return rows[r]
	}
	rounded := map[*plan.Column]bool{}
	for i, old := range heads {
		h := *old
		h.Dims, h.Values = make([]plan.Dim, len(old.Dims)), make([]plan.Value, len(old.Values))
		for d, dim := range old.Dims {
			h.Dims[d] = plan.Dim{Query: b.read(dim.Query), Key: b.read(dim.Key)}
		}
		h.Dims = independent(h.Dims, len(b.places))
		for d, value := range old.Values {
			value.Value = b.read(value.Value)
			h.Values[d] = value
			rounded[value.Out] = rounded[value.Out] || value.Kind != plan.Copies || value.Bos != 0
			for _, t := range value.Value.Terms {
				v.add(value.Out, row(read{old, t.Of}), t.Factor)
			}
			v.add(value.Out, row(read{old, nil}), value.Value.Constant)
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
		h.Values = slices.DeleteFunc(h.Values, func(v plan.Value) bool { return b.isCombined(v.Out) })
	}
	b.Heads = append(b.Heads, heads...)
}

// addNeurons adds the neurons of a layer, which write the columns.
func (b *basis) addNeurons(neurons []*plan.Neuron, columns []*plan.Column) {
	v := vectors{of: map[*plan.Column][]plan.Entry{}}
	for i, n := range neurons {
		for _, o := range n.Outs {
			v.add(o.Of, i, o.Factor)
		}
	}
	b.choose(columns, v)
	left := func(o plan.Term) bool { return b.isCombined(o.Of) }
	for _, old := range neurons {
		n := *old
		n.In = b.read(n.In)
		if slices.ContainsFunc(n.Outs, left) {
			n.Outs = slices.DeleteFunc(slices.Clone(n.Outs), left)
		}
		b.Neurons = append(b.Neurons, &n)
	}
}

func (b *basis) readAll(forms []plan.Form) []plan.Form {
	list := make([]plan.Form, len(forms))
	for i, f := range forms {
		list[i] = b.read(f)
	}
	return list
}

// read is a form over the columns that are kept.
func (b *basis) read(f plan.Form) plan.Form {
	if !slices.ContainsFunc(f.Terms, func(t plan.Term) bool { return b.isCombined(t.Of) }) {
		return f
	}
	g := plan.Form{Constant: f.Constant}
	add := func(c *plan.Column, x float64) {
		if b.places[c.Dim] == 0 {
			g.Terms = append(g.Terms, plan.Term{Of: c})
			b.places[c.Dim] = len(g.Terms)
		}
		g.Terms[b.places[c.Dim]-1].Factor += x
	}
	for _, t := range f.Terms {
		kept, ok := b.combined[t.Of]
		if !ok {
			add(t.Of, t.Factor)
		}
		for _, k := range kept {
			add(k.Of, float64(t.Factor*k.Factor))
		}
	}
	for _, t := range g.Terms {
		b.places[t.Of.Dim] = 0
	}
	g.Terms = slices.DeleteFunc(g.Terms, func(t plan.Term) bool { return t.Factor == 0 })
	return g
}
