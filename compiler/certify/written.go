package certify

import (
	"math"

	"rasp/compiler/plan"
)

// attentionColumn bounds a column of the residual stream after what the heads
// add to it. Of several heads that the plan lets write it at most one brings
// something that is not 0.
func (c *Outcome) attentionColumn(col *plan.Column, planned, weights []plan.Entry, bias float64, numbers []moved) {
	if len(planned)+len(weights) == 0 && bias == 0 {
		return
	}
	s, b, mean, bos := newDot(c.in, bias, 0), bound{}, bias, 0.0
	plan.Each(weights, planned, func(i int, weight, factor float64) {
		z := numbers[i]
		s.add(weight, factor, z.bound, z.offset)
		if factor != 0 {
			b.Lo, b.Hi = min(b.Lo, z.Lo), max(b.Hi, z.Hi)
		}
		mean += float64(weight * z.mean)
		bos += float64(math.Abs(weight) * z.bos)
	})
	sum := s.bound()
	b.Grid, b.Err = sum.Grid, sum.Err
	if len(planned) == 0 {
		c.disturb(col, b.Err, bos+math.Abs(mean))
		return
	}
	b, bos = c.rounded(numbers[planned[0].Row].kind, col, b), bos+math.Abs(mean-col.Bos)
	if math.Mod(col.Bos, col.Grid) != 0 && col.Grid > 0 {
		bos += float64(col.Grid / 2)
	}
	c.write(col, b, bos)
}

// rounded is the effect of a column's offset: the sum is rounded to the grid. A
// value that is 0 or 1 up to less than half a grid is then exactly that.
func (c *Outcome) rounded(kind plan.Bringing, col *plan.Column, b bound) bound {
	switch {
	case col.Grid == 0:
		return b
	case kind == plan.AnyOf && c.in.Rounds:
		c.require(b.Err, col.Grid/2, col.Label)
		return bound{0, 1, 1, 0}
	case kind == plan.AnyOf:
		return bound{0, 1, 1, b.Err}
	case !c.in.Rounds:
		return b
	}
	b.Err += float64(col.Grid / 2)
	b.Grid = col.Grid
	return b
}

func (c *Outcome) mlpColumn(col *plan.Column, planned, weights []plan.Entry, bias float64, numbers []bound, open []float64) {
	if len(planned)+len(weights) == 0 && bias == 0 && col.When != c.now {
		return
	}
	s, bos, beside := newDot(c.in, bias, 0), math.Abs(bias), math.Abs(bias)
	plan.Each(weights, planned, func(i int, weight, factor float64) {
		s.add(weight, factor, numbers[i], 0)
		beside += float64(math.Abs(weight-factor) * (numbers[i].size() + numbers[i].Err))
		bos += float64(math.Abs(weight) * open[i])
	})
	b := s.bound()
	if col.When != c.now {
		c.disturb(col, b.Err, bos)
		return
	}
	written := bound{col.Low, col.High, 0, b.Err}
	if b.Grid > 0 && (b.Err == 0 || !c.in.Rounds) {
		written.Grid = max(b.Grid, col.Unit)
	}
	c.beside[col.Dim] += beside
	c.write(col, written, bos)
}

// write gives a column its bound at the time when the plan writes it.
func (c *Outcome) write(col *plan.Column, b bound, bos float64) {
	before := c.Bounds[col.Dim].Err
	c.Bounds[col.Dim] = b
	c.disturb(col, before, bos)
}

// disturb makes a column less certain: it is off by err more, at BOS by bos.
func (c *Outcome) disturb(col *plan.Column, err, bos float64) {
	if err > 0 {
		c.beside[col.Dim] += err
		c.Bounds[col.Dim].Err += err + float64(c.in.Ulp*(c.Bounds[col.Dim].size()+math.Abs(col.Offset)+err))
		c.Bounds[col.Dim].lose(c.in)
	}
	if bos > 0 {
		c.bos[col.Dim] += bos + float64(c.in.Ulp*(math.Abs(col.Bos)+math.Abs(col.Offset)+bos))
	}
}
