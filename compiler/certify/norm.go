package certify

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
)

// norm bounds what a norm that is made the identity does to all columns. It takes away the
// mean of all dimensions, makes them 2^60 times smaller, and larger again.
//
// Each dimension has an opposite, so the mean is 0. Added up in any order, n numbers are off
// by less than n u times their magnitudes (Higham 2002, section 4.2), and their mean by less
// than u times that: nothing, if all are multiples of a grid on which the largest sum has a place.
// Where a norm has taken away a mean that was not 0, all dimensions are off by it alike, so
// that the next one finds it as their mean.
func (c *Outcome) norm() {
	if c.in.Norm == construct.NoNorm {
		return
	}
	off := 0.0
	if c.in.Norm == construct.Uncentred {
		mean := math.Max(c.meanOff(c.held), c.meanOff(c.heldAtBOS))
		off, c.mean = c.mean+mean, mean
	}
	for _, col := range c.plan.Columns {
		c.disturb(col, off, off)
		if !c.held(col).whole() {
			c.Bounds[col.Dim].Err += construct.NormLoses
			c.Bounds[col.Dim].lose(c.in)
		}
		if !c.heldAtBOS(col).whole() {
			c.bos[col.Dim] += construct.NormLoses
		}
	}
}

// number is what a column holds: a multiple of grid, 0 if of none, up to size.
type number struct{ size, grid float64 }

// whole: no norm takes anything of it.
func (n number) whole() bool { return n.grid >= construct.NormLeast }

// held in a column at all positions but BOS.
func (c *Outcome) held(col *plan.Column) number {
	b := c.Bounds[col.Dim]
	n := number{b.size() + b.Err + math.Abs(col.Offset), min(b.Grid, construct.PowerOfTwo(col.Offset))}
	if b.Err > 0 && !c.in.Rounds { // near a multiple, no more
		n.grid = 0
	}
	return n
}

// heldAtBOS is held at BOS.
func (c *Outcome) heldAtBOS(col *plan.Column) number {
	at := col.Offset
	if col.When <= c.now {
		at += col.Bos
	}
	n := number{math.Abs(at) + c.bos[col.Dim], construct.PowerOfTwo(at)}
	if c.bos[col.Dim] > 0 {
		n.grid = 0
	}
	return n
}

// meanOff bounds how far the mean of all dimensions and their opposites may be from 0.
func (c *Outcome) meanOff(held func(*plan.Column) number) float64 {
	sum, grid := 0.0, math.Inf(1)
	for _, col := range c.plan.Columns {
		n := held(col)
		if n.size > 0 {
			sum, grid = sum+n.size, min(grid, n.grid)
		}
	}
	if isExact(c.in, grid, sum) {
		return 0
	}
	return float64(2 * 1.05 * c.in.Ulp * sum)
}
