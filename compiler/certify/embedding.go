package certify

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
)

// embedding bounds all columns of the embedding.
func (c *Outcome) embedding() {
	vocab := len(c.model.Vocab)
	byToken, byPosition := plan.ColumnsOf(c.model.WE.Part(0, vocab)), plan.ColumnsOf(c.model.WPos.Part(1, c.model.NCtx))
	for _, col := range c.plan.Columns {
		c.embedded(col, byToken[col.Dim], byPosition[col.Dim])
		c.embeddedAtBOS(col, c.model.WE.At(vocab, col.Dim), c.model.WPos.At(0, col.Dim))
	}
}

// embedded bounds a column of the embedding: what it holds for a token and for a
// position, against what the plan says. Columns that are written later hold
// their offset. The column has these weights for tokens and at positions, those of BOS
// left out, and 0 for all others.
func (c *Outcome) embedded(col *plan.Column, tokens, positions []plan.Entry) {
	t := newEvery(len(c.model.Vocab), col.Offset, tokens, col.Tokens)
	p := newEvery(c.model.NCtx-1, 0, positions, col.Positions)
	b := bound{Lo: t.lo + p.lo, Hi: t.hi + p.hi, Grid: min(t.planned, p.planned), Err: t.off + p.off}
	if rounding := t.plus(p, c.in); b.Err > 0 || rounding > 0 {
		b.Err += max(rounding, c.in.Ulp*(b.size()+math.Abs(col.Offset)))
		b.lose(c.in)
	}
	c.Bounds[col.Dim], c.beside[col.Dim] = b, b.Err
}

func (c *Outcome) embeddedAtBOS(col *plan.Column, token, position float32) {
	mean := col.Offset
	if col.When == 0 {
		mean += col.Bos
	}
	one := func(w float32) *every { return newEvery(1, 0, []plan.Entry{{Weight: float64(w)}}, nil) }
	c.bos[col.Dim] = math.Abs(float64(token)+float64(position)-mean) + one(token).plus(one(position), c.in)
}

// every is what a column of the embedding has for all tokens, or at all positions: the
// power of two of which all are multiples, and the largest; and what the plan says of it:
// the least, the largest, their power of two, and how far a weight is off.
type every struct {
	grid, size           float64
	lo, hi, planned, off float64
}

// newEvery goes through n weights and as many numbers of the plan, which want an offset
// beside them; what is not listed is 0.
func newEvery(n int, offset float64, weights, means []plan.Entry) *every {
	e := &every{grid: math.Inf(1), planned: math.Inf(1), lo: math.Inf(1), hi: math.Inf(-1)}
	listed := 0
	plan.Each(weights, means, func(_ int, weight, mean float64) {
		e.take(offset, weight, mean)
		listed++
	})
	if listed < n {
		e.take(offset, 0, 0)
	}
	return e
}

func (e *every) take(offset, weight, mean float64) {
	e.grid, e.size = min(e.grid, construct.PowerOfTwo(weight)), max(e.size, math.Abs(weight))
	e.lo, e.hi, e.planned = min(e.lo, mean), max(e.hi, mean), min(e.planned, construct.PowerOfTwo(mean))
	e.off = max(e.off, math.Abs(weight-offset-mean))
}

// plus bounds what is rounded where a number of a token and one of a position are added:
// nothing, if either are all 0, or both lie on a grid on which the sum has a place.
func (e *every) plus(other *every, in construct.Precision) float64 {
	size := e.size + other.size
	if e.size == 0 || other.size == 0 || isExact(in, min(e.grid, other.grid), size) {
		return 0
	}
	return in.Ulp * size
}
