package compiler

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/runtime/model"
)

// summand bounds what numbers add up to of which one is not 0 at most.
type summand struct {
	lo, hi float64 // by the plan
	off    float64 // by which a weight differs from the plan
}

// take counts a weight in, with what it multiplies at most.
func (s *summand) take(weight, factor, size float64) {
	s.lo, s.hi = min(s.lo, factor*size), max(s.hi, factor*size)
	s.off = max(s.off, math.Abs(weight-factor)*size)
}

// sumColumn bounds a column to which the embedding and the rows of tables add: of
// each table one neuron is open at most, which is 1 then, so the largest weight
// bounds what the table adds. The sum is exact if all weights are multiples of a
// grid and the largest sums are small enough for that; else each addition may be
// rounded.
func (c *certifier) sumColumn(col *column, planned, weights []entry, bias float64, neurons []*neuron, numbers []bound, open []float64) {
	tables := map[int]*summand{}
	b := c.bounds[col.dim]
	off, bos := math.Abs(bias), math.Abs(bias)
	grid := b.grid
	eachOf(weights, planned, func(i int, weight, factor float64) {
		bos += math.Abs(weight) * open[i]
		if i >= len(neurons) || neurons[i].table == 0 {
			off += math.Abs(weight) * (numbers[i].size() + numbers[i].err)
			return
		}
		t := tables[neurons[i].table]
		if t == nil {
			t = &summand{}
			tables[neurons[i].table] = t
		}
		t.take(weight, factor, numbers[i].hi)
		off += math.Abs(weight) * numbers[i].err
		grid = min(grid, powerOfTwo(weight)*numbers[i].grid)
	})
	pos, neg := max(0, b.hi)+b.err, max(0, -b.lo)+b.err
	for _, t := range tables {
		b.lo, b.hi = b.lo+t.lo, b.hi+t.hi
		pos, neg, off = pos+t.hi+t.off, neg-t.lo+t.off, off+t.off
	}
	b.grid = grid
	if off > 0 || b.err > 0 || grid == 0 || max(pos, neg) > grid/ulp {
		b.err += off + float64(len(tables)+1)*ulp*1.01*(max(pos, neg)+off)
		b.grid = 0
	}
	c.bounds[col.dim] = b
	c.disturb(col, 0, bos)
}

// prediction checks that probabilities come out right to 1e-5. They are off by the
// difference of how far two logits are off. Where a token can come next its mask is
// 0 and nothing is rounded by it; where it cannot, its logit must be below that of
// all that can by border.
func (c *certifier) prediction(o output, columns [][]entry, first int) {
	label := model.Label{What: "read-out of " + o.name}
	worst, lo, hi, masked := 0.0, math.Inf(1), math.Inf(-1), false
	for k, f := range o.logits {
		j := first + k
		in := func(e entry) bool {
			return slices.ContainsFunc(o.masks[k].Terms, func(t formTerm) bool { return t.Of.dim == e.row })
		}
		number := f.Plus(o.masks[k].Times(o.gap))
		b := c.readOnce(number, slices.DeleteFunc(slices.Clone(columns[j]), in), float64(c.model.BU[j])+o.masks[k].Constant*o.gap, o.groups[k])
		b.err += o.off[k]
		weights := slices.DeleteFunc(slices.Clone(columns[j]), func(e entry) bool { return !in(e) })
		m := c.reads(o.masks[k].Times(-o.gap), weights, float32(-o.masks[k].Constant*o.gap)).bound()
		b.err += m.err
		masked = masked || len(o.masks[k].Terms) > 0
		worst, lo, hi = max(worst, b.err), min(lo, b.lo), max(hi, b.hi)
		c.logits = append(c.logits, b.err)
	}
	c.probability = max(c.probability, math.Expm1(2*worst))
	c.require(math.Expm1(2*worst), construct.ProbabilityError, label)
	if masked {
		c.require(2*worst, o.gap-(hi-lo)-construct.Border, label)
	}
}

// readOnce bounds a sum of few columns as the model reads it off: n numbers that
// are not 0 take n-1 roundings, and one more for each weight that is no power of
// two. Columns of one group count as one number.
func (c *certifier) readOnce(f form, weights []entry, bias float64, groups map[*column]int) bound {
	s := newDot(bias, f.Constant)
	roundings := -1.0
	if bias != 0 {
		roundings++
	}
	spelled := map[int]*summand{}
	eachOf(weights, entriesOf(f), func(row int, weight, factor float64) {
		col := c.plan.columns[row]
		if g := groups[col]; g > 0 && c.bounds[col.dim].size() <= 1 && c.bounds[col.dim].lo*c.bounds[col.dim].hi == 0 && c.bounds[col.dim].err == 0 && col.offset == 0 {
			if c.bounds[col.dim].lo < 0 {
				weight, factor = -weight, -factor
			}
			if spelled[g] == nil {
				spelled[g] = &summand{}
				roundings++
			}
			spelled[g].take(weight, factor, 1)
			return
		}
		s.add(weight, factor, c.bounds[col.dim], col.offset)
		if roundings++; math.Abs(weight) != powerOfTwo(weight) {
			roundings++
		}
	})
	for _, g := range spelled {
		s.ideal.lo, s.ideal.hi, s.ideal.grid = s.ideal.lo+g.lo, s.ideal.hi+g.hi, 0
		s.pos, s.neg, s.off, s.grid = s.pos+g.hi+g.off, s.neg-g.lo+g.off, s.off+g.off, 0
	}
	b := s.ideal
	if s.off > 0 || s.rest != 0 || s.grid == 0 || max(s.pos, s.neg) > s.grid/ulp {
		b.err += s.off + math.Abs(s.rest) + max(0, roundings)*ulp*1.01*max(s.pos, s.neg)
	}
	return b
}
