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
		l.atBOS = construct.Leak(c.length, h.Gap, float64(ownErr/2))
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
	scale := construct.SumScale(c.length, h.Weight)
	n, size := float64(c.length), (z.size()+z.Err)/scale
	weight := elementary.Expm1(math.Abs(h.Sink - elementary.Log(h.Weight)))
	off := float64(n*z.Err/scale) + float64(n*size*weight) + c.in.SumError(c.length, size, h.Weight, scoreErr, leak.others)
	z.bound = bound{n * min(0, z.Lo) / scale, n * max(0, z.Hi) / scale, 0, off + z.bos}
	z.bos += float64(leak.atBOS * size * scale)
	return z
}

// zeroForm is a side of a product of a score that is to have a 0 for keys that are selected.
type zeroForm struct {
	zero  float64 // how far it may be from 0 where it is that by the plan
	below float64 // how far it may be beyond 0 on the other side
	short float64 // how far it may fall short of its least size where it is not 0
	most  float64 // its largest size
}

// zeroForm bounds a side as the model reads it. Columns that are 0, each of them, where the form
// is 0, are exactly so but for what the model adds to the plan; hinges are never below 0, and 1
// or more where they are open.
func (c *Outcome) zeroForm(f plan.Form, weights []plan.Entry, bias float32, b bound) zeroForm {
	all := zeroForm{b.Err, b.Err, b.Err, b.size() + b.Err}
	if b.Err == 0 || f.Constant != 0 {
		return all
	}
	z, sign := zeroForm{most: all.most}, 0.0
	z.zero = math.Abs(float64(bias))
	plan.Each(weights, plan.Entries(f), func(row int, weight, factor float64) {
		col, of := c.plan.Columns[row], c.Bounds[row]
		if factor == 0 {
			z.zero += float64(math.Abs(weight) * (of.size() + of.Err))
			return
		}
		lo, hi := min(float64(factor*of.Lo), float64(factor*of.Hi)), max(float64(factor*of.Lo), float64(factor*of.Hi))
		if lo < 0 && (hi > 0 || sign > 0) || hi > 0 && sign < 0 {
			z.zero = math.Inf(1)
		}
		if !col.Zeros {
			z.zero += float64(math.Abs(weight) * of.Err)
		}
		if hi > 0 {
			sign = 1
		} else if lo < 0 {
			sign = -1
		}
		z.zero += float64(math.Abs(weight) * c.beside[row])
		off := float64(math.Abs(weight-factor) * (of.size() + of.Err))
		if col.Hinge {
			off += float64(math.Abs(weight) * c.beside[row])
		} else {
			off += float64(math.Abs(weight) * of.Err)
		}
		z.below += off
		z.short += off
	})
	if math.IsInf(z.zero, 1) {
		return all
	}
	z.below += z.zero
	z.short += z.zero
	return z
}

// zeroScores bounds the scores of a head in which each product of a selected key has a factor
// that is 0, and others have one of at least a gap.
type zeroScores struct {
	selected float64 // how far the score of a selected key may be from 0
	above    float64 // by how much all products of another key may be above 0
	short    float64 // by which part of a gap the one that decides may fall short of it
}

func (s *zeroScores) add(q, k zeroForm, gap float64) {
	s.selected += max(float64(q.zero*k.most), float64(k.zero*q.most))
	s.above += float64(q.below*k.most) + float64(k.below*q.most)
	s.short = max(s.short, q.short/gap+k.short)
}

// others is how many logits other keys may be nearer than a gap.
func (s *zeroScores) others(gap float64) float64 { return s.above + float64(min(1, s.short)*gap) }

// inside bounds a neuron that is 1 less what closes it: that is 0, or 2 and more.
func (c *Outcome) inside(n *plan.Neuron, weights []plan.Entry, bias float32, b bound) bound {
	closing := n.In
	closing.Constant--
	z := c.zeroForm(closing, weights, bias-1, b)
	c.require(z.short+z.below, 1, n.Label)
	b = bound{0, max(0, min(b.Hi, 1)), b.Grid, z.zero}
	if b.Err > 0 {
		b.lose(c.in)
	}
	return b
}
