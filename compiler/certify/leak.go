package certify

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/lang/elementary"
)

// A head with a small gap gives other keys some weight: what they bring is one more error.

// leaks are the weights that a head gives to what it should not attend to, in all, beside those
// that it should.
type leaks struct {
	others float64 // of keys that are not selected, and of BOS where it has none by the plan
	atBOS  float64 // of all keys, for BOS as a query
}

// leaks of a head whose scores are off by err, and those of BOS as a query by ownErr. Where no
// key is selected BOS is half a gap above the others, if it has no weight of its own.
func (c *Outcome) leaks(h *plan.Head, err, ownErr float64) leaks {
	gap := h.Gap
	if h.Weight == 0 {
		gap /= 2
	}
	l := leaks{others: construct.Leak(c.length+1, gap, err)}
	if !c.model.Causal {
		l.atBOS = construct.Leak(c.length, h.Gap, ownErr/2)
	}
	c.require(max(l.others, l.atBOS), 1, h.Label)
	return l
}

// leak adds what other keys bring to a mean.
func (z *moved) leak(l leaks) {
	size := 2 * (z.size() + z.Err)
	if l.others > 0 {
		z.Err += float64(l.others * size)
		z.Grid = 0
	}
	z.bos += float64(l.atBOS * size)
}

// sum turns the bound of the value at the keys, and of BOS, which has 0, into that of their sum
// beside a BOS that weighs much: see construct.SumWeight.
func (c *Outcome) sum(h *plan.Head, z moved, scoreErr float64, leak leaks) moved {
	if z.mean != 0 {
		c.require(1, 0, h.Label)
	}
	n, size := float64(c.length), (z.size()+z.Err)/h.Weight
	weight := elementary.Expm1(math.Abs(h.Sink - elementary.Log(h.Weight)))
	off := float64(n*z.Err/h.Weight) + float64(n*size*weight) + c.in.SumError(c.length, size, h.Weight, scoreErr, leak.others)
	z.bound = bound{n * min(0, z.Lo) / h.Weight, n * max(0, z.Hi) / h.Weight, 0, off + z.bos}
	z.bos += float64(leak.atBOS * size * h.Weight)
	return z
}
