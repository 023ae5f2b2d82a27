package certify

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
)

// reads bounds a linear form as the model computes it: a column of a matrix, and
// a bias. What it reads off the embedding is bounded in each state.
func (c *Outcome) reads(f plan.Form, weights []plan.Entry, bias float32) *dot {
	c.terms = plan.EntriesIn(c.terms, f)
	s, terms, held := newDot(c.in, float64(bias), f.Constant), c.terms, c.early[:0]
	for _, e := range terms {
		if c.states.held[e.Row] != nil {
			held = append(held, e)
		}
	}
	c.early = held
	byState := c.states.affordable(held)
	slop := 0.0
	plan.Each(weights, terms, func(row int, weight, factor float64) {
		col := c.plan.Columns[row]
		if byState && c.states.held[row] != nil {
			slop += s.multiply(weight, factor, c.Bounds[col.Dim], 0)
		} else {
			s.add(weight, factor, c.Bounds[col.Dim], col.Offset)
		}
	})
	if byState {
		lo, hi, below, above := c.states.sums(held)
		s.ideal.Lo, s.ideal.Hi = s.ideal.Lo+lo, s.ideal.Hi+hi
		s.pos, s.neg = s.pos+above+slop, s.neg-below+slop
	}
	return s
}

// atBOS bounds how far a number read off the residual stream may be from mean at
// BOS, where columns hold their bos once they are written.
func (c *Outcome) atBOS(weights []plan.Entry, bias float32, mean float64) float64 {
	x, err, size, grid := float64(bias), 0.0, math.Abs(float64(bias)), construct.PowerOfTwo(float64(bias))
	for _, w := range weights {
		col := c.plan.Columns[w.Row]
		at := col.Offset
		if col.When < c.now {
			at += col.Bos
		}
		x += float64(w.Weight * at)
		err += float64(math.Abs(w.Weight) * c.bos[w.Row])
		size += math.Abs(w.Weight * at)
		grid = min(grid, construct.PowerOfTwo(w.Weight*at))
	}
	if err += math.Abs(x - mean); err > 0 || !isExact(c.in, grid, size) {
		err += float64(float64(len(weights)+1) * c.in.Ulp * size)
	}
	return err
}
