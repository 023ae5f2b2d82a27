package certify

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/lang/elementary"
)

// softmax turns the bound of a value into that of what the head moves.
func (c *Outcome) softmax(z *moved, scoreErr float64) {
	switch {
	case z.size()+z.Err == 0 || z.kind == plan.Copies && c.in.Rounds:
		return
	case z.kind == plan.Copies: // beside what weighs exp(-104), which is nothing in float32 alone
		z.Err += c.in.MeanError(c.length, z.size()+z.Err, 0, 0)
		return
	case z.kind == plan.Averages && z.size() > 0:
		grid := z.Grid
		if !c.in.Rounds {
			grid = 0
		}
		z.Err += c.in.MeanError(c.length, z.size(), grid, scoreErr)
	case z.kind == plan.AnyOf:
		z.Err += c.in.AnyError(c.length, scoreErr)
	}
	z.Grid = 0
}

// tally turns the bound of the value at the keys, O more than a multiple of the weight,
// into that of its sum: exact, if what float32 adds up is off by less than one half.
func (c *Outcome) tally(h *plan.Head, z moved, value plan.Form, scoreErr float64) moved {
	grid := construct.PowerOfTwo((value.Constant - construct.TallyOffset) / h.Weight)
	for _, t := range value.Terms {
		grid = min(grid, construct.PowerOfTwo(t.Factor/h.Weight)*c.Bounds[t.Of.Dim].Grid)
	}
	if grid < 1 {
		c.require(1, 0, h.Label)
	}
	z.Lo, z.Hi = (z.Lo-construct.TallyOffset)/h.Weight, (z.Hi-construct.TallyOffset)/h.Weight
	n, size, err := float64(c.length), z.size(), z.Err/h.Weight
	unit := math.Abs(construct.TallyUnit(h.Weight, h.Sink) - 1)
	key := err + float64((size+err)*(elementary.Expm1(2*scoreErr)+unit))
	off := z.bos + c.in.TallyError(c.length, size, h.Weight, key)
	c.require(off, 0.5, h.Label)
	z.bound = bound{n * min(0, z.Lo), n * max(0, z.Hi), 1, 0}
	if !c.in.Rounds {
		z.Err = off
	}
	z.offset = construct.TallyOffset
	return z
}

// share turns the bound of the value at the keys, which is 1, and of BOS, which has 0, into
// that of their share.
func (c *Outcome) share(h *plan.Head, z moved, scoreErr float64, leak leaks) moved {
	if z.Lo != 1 || z.Hi != 1 || z.mean != 0 {
		c.require(1, 0, h.Label)
	}
	most := construct.Share(float64(c.length), h.Weight)
	z.bound = bound{0, most, 0, z.Err + z.bos + c.in.ShareError(c.length, h.Weight, h.Sink, scoreErr) + float64(leak.others*(1+z.Err))}
	z.bos += leak.atBOS
	return z
}
