package certify

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/lang/elementary"
	"rasp/runtime/model"
)

// summand bounds what numbers add up to of which one is not 0 at most.
type summand struct {
	lo, hi float64 // by the plan
	off    float64 // by which a weight differs from the plan
	grid   float64 // of which all are multiples
}

func newSummand() *summand { return &summand{grid: math.Inf(1)} }

// take counts a weight in, with what it multiplies: that at most, and multiples of grid.
func (s *summand) take(weight, factor, size, grid float64) {
	s.lo, s.hi = min(s.lo, factor*size), max(s.hi, factor*size)
	s.grid = min(s.grid, construct.PowerOfTwo(weight)*grid)
	s.off = max(s.off, math.Abs(weight-factor)*size)
}

// sumColumn bounds a column to which the embedding and the rows of tables add: of
// each table one neuron is open at most, which is 1 then, so the largest weight
// bounds what the table adds. The sum is exact if all weights are multiples of a
// grid and the largest sums are small enough for that; else each addition may be
// rounded.
func (c *Outcome) sumColumn(col *plan.Column, planned, weights []plan.Entry, bias float64, neurons []*plan.Neuron, numbers []bound, open []float64) {
	tables := map[int]*summand{}
	b := c.Bounds[col.Dim]
	off, bos := math.Abs(bias), math.Abs(bias)
	grid := b.Grid
	plan.Each(weights, planned, func(i int, weight, factor float64) {
		bos += float64(math.Abs(weight) * open[i])
		if i >= len(neurons) || neurons[i].Table == 0 {
			off += float64(math.Abs(weight) * (numbers[i].size() + numbers[i].Err))
			return
		}
		t := tables[neurons[i].Table]
		if t == nil {
			t = newSummand()
			tables[neurons[i].Table] = t
		}
		t.take(weight, factor, numbers[i].Hi, numbers[i].Grid)
		off += float64(math.Abs(weight) * numbers[i].Err)
		grid = min(grid, t.grid)
	})
	pos, neg := max(0, b.Hi)+b.Err, max(0, -b.Lo)+b.Err
	for _, t := range tables {
		b.Lo, b.Hi = b.Lo+t.lo, b.Hi+t.hi
		pos, neg, off = pos+t.hi+t.off, neg-t.lo+t.off, off+t.off
	}
	b.Grid = grid
	if off > 0 || b.Err > 0 || !isExact(c.in, grid, max(pos, neg)) {
		b.Err += off + float64(float64(len(tables)+1)*c.in.Ulp*1.01*(max(pos, neg)+off))
		b.lose(c.in)
	}
	c.Bounds[col.Dim] = b
	c.disturb(col, 0, bos)
}

// prediction checks that probabilities come out right to 1e-5. They are off by the
// difference of how far two logits are off. Where a token can come next its mask is
// 0 and nothing is rounded by it; where it cannot, its logit must be below that of
// all that can by border.
func (c *Outcome) prediction(o plan.Output, columns [][]plan.Entry, first int) {
	label := model.Label{What: "read-out of " + o.Name}
	worst, lo, hi, masked := 0.0, math.Inf(1), math.Inf(-1), false
	short := 0.0 // how far a mask that is not 0 may fall short of a gap
	for k, f := range o.Logits {
		j := first + k
		in := func(e plan.Entry) bool {
			return slices.ContainsFunc(o.Masks[k].Terms, func(t plan.Term) bool { return t.Of.Dim == e.Row })
		}
		number := f.Plus(o.Masks[k].Times(o.Gap))
		b := c.readOnce(number, slices.DeleteFunc(slices.Clone(columns[j]), in), float64(c.model.BU[j])+float64(o.Masks[k].Constant*o.Gap), o.Groups[k])
		b.Err += o.Off[k]
		weights := slices.DeleteFunc(slices.Clone(columns[j]), func(e plan.Entry) bool { return !in(e) })
		mask := o.Masks[k].Times(-o.Gap)
		m := c.reads(mask, weights, float32(mask.Constant)).bound()
		z := c.zeroForm(mask, weights, float32(mask.Constant), m)
		b.Err, short = b.Err+min(m.Err, z.zero), max(short, min(m.Err, z.short))
		masked = masked || len(o.Masks[k].Terms) > 0
		worst, lo, hi = max(worst, b.Err), min(lo, b.Lo), max(hi, b.Hi)
		c.Logits = append(c.Logits, b.Err)
	}
	c.Within = append(c.Within, elementary.Expm1(2*worst)+construct.SoftmaxRounding)
	if !(elementary.Expm1(2*worst) < construct.ProbabilityError) {
		c.coarse = fmt.Sprintf("the probabilities of %s are so far apart that float32 has their logits right to within %g, relative to each probability, and %g is promised",
			o.Name, construct.Up(c.Within[0], 2), construct.ProbabilityError)
	}
	c.require(elementary.Expm1(2*worst), construct.ProbabilityError, label)
	if masked {
		c.require(2*worst+short, o.Gap-(hi-lo)-construct.Border, label)
	}
}

// readOnce bounds a sum of few columns as the model reads it off: n numbers that
// are not 0 take n-1 roundings, and one more for each weight that is no power of
// two. Columns of one group count as one number, and one that is always 0, as that is by which
// BOS is told, as none: 0 times a weight is 0, and a sum is not rounded by it.
//
// Partial sums, in any order, are between -neg and pos. A number whose size is in [2^e, 2^(e+1))
// is rounded by half the distance of floats there, 2^e ulp, which is more than below 2^e.
func (c *Outcome) readOnce(f plan.Form, weights []plan.Entry, bias float64, groups map[*plan.Column]int) bound {
	s := newDot(c.in, bias, f.Constant)
	roundings := -1.0
	if bias != 0 {
		roundings++
	}
	spelled := map[int]*summand{}
	plan.Each(weights, plan.Entries(f), func(row int, weight, factor float64) {
		col := c.plan.Columns[row]
		if g := groups[col]; g > 0 && c.Bounds[col.Dim].size() <= 1 && c.Bounds[col.Dim].Lo*c.Bounds[col.Dim].Hi == 0 && (c.Bounds[col.Dim].Err == 0 || !c.in.Rounds) && col.Offset == 0 {
			if c.Bounds[col.Dim].Lo < 0 {
				weight, factor = -weight, -factor
			}
			if spelled[g] == nil {
				spelled[g] = newSummand()
				roundings++
			}
			spelled[g].take(weight, factor, 1, c.Bounds[col.Dim].Grid)
			s.ideal.Err += float64(math.Abs(weight) * c.Bounds[col.Dim].Err)
			return
		}
		s.add(weight, factor, c.Bounds[col.Dim], col.Offset)
		if b := c.Bounds[col.Dim]; b.size() == 0 && b.Err == 0 && col.Offset == 0 {
			return
		}
		if roundings++; math.Abs(weight) != construct.PowerOfTwo(weight) {
			roundings++
		}
	})
	for _, g := range spelled {
		s.ideal.Lo, s.ideal.Hi, s.ideal.Grid = s.ideal.Lo+g.lo, s.ideal.Hi+g.hi, 0
		s.pos, s.neg, s.off, s.grid = s.pos+g.hi+g.off, s.neg-g.lo+g.off, s.off+g.off, min(s.grid, g.grid)
	}
	if !c.in.Rounds { // what should be 0 may only be near it
		roundings = float64(2*float64(len(weights))) + 1
	}
	b := s.ideal
	if s.off > 0 || s.rest != 0 || !s.exact() {
		b.Err += s.off + math.Abs(s.rest) + float64(max(0, roundings)*c.in.Ulp*binade(1.01*max(s.pos, s.neg)))
	}
	return b
}

// binade is the largest power of two that is no larger than a number above 0; 0 for 0.
func binade(x float64) float64 {
	if x == 0 {
		return 0
	}
	_, e := math.Frexp(x)
	return math.Ldexp(1, e-1)
}
