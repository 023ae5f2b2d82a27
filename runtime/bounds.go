package runtime

import (
	"math"

	"rasp/runtime/model"
	"rasp/runtime/panel"
)

// interval is the values that a feature can have in exact arithmetic, whatever the
// input. They are computed in float64, which for weights with few bits is exact.
type interval struct{ lo, hi float64 }

var unknown = interval{math.Inf(-1), math.Inf(1)}

func (v interval) plus(u interval) interval {
	if v.lo, v.hi = v.lo+u.lo, v.hi+u.hi; !(v.lo <= v.hi) {
		return unknown
	}
	return v
}

// times is an interval by a weight, which is not 0.
func (v interval) times(w float64) interval {
	if w < 0 {
		return interval{w * v.hi, w * v.lo}
	}
	return interval{w * v.lo, w * v.hi}
}

// outputBounds bounds an output of a product.
func outputBounds(o panel.Output, x []interval) interval {
	sum := interval{float64(o.Bias), float64(o.Bias)}
	for _, e := range o.Entries {
		sum = sum.plus(x[e.In].times(float64(e.Weight)))
	}
	return sum
}

// bounds is outputBounds of all outputs.
func bounds(s *panel.Sparse, outputs int, x []interval) []interval {
	y := make([]interval, outputs)
	for o := range s.Outputs {
		y[o.Index] = outputBounds(o, x)
	}
	return y
}

// reach is the values that the features of the residual stream can have: at
// position 0, which is always BOS, and at all others, which never are. What a head
// brings is added there to a constant of these positions, so the two apart are
// much narrower than one bound for both.
type reach struct{ first, others []interval }

// embeddingBounds bounds the residual stream before the first layer.
func embeddingBounds(m *model.Model) reach {
	bos := len(m.Vocab)
	return reach{
		first:  added(columnBounds(m.WE.Part(bos, bos+1)), columnBounds(m.WPos.Part(0, 1))),
		others: added(columnBounds(m.WE.Part(0, bos)), columnBounds(m.WPos.Part(1, m.NCtx))),
	}
}

// anywhere bounds the features at all positions.
func (x reach) anywhere() []interval { return either(x.first, x.others) }

func either(x, y []interval) []interval {
	both := make([]interval, len(x))
	for d := range x {
		both[d] = interval{min(x[d].lo, y[d].lo), max(x[d].hi, y[d].hi)}
	}
	return both
}

// columnBounds is the least and the largest of each column.
func columnBounds(w model.Matrix) []interval {
	rows, width := w.Size()
	columns, weights := make([]interval, width), make([]int, width)
	for d := range columns {
		columns[d] = interval{math.Inf(1), math.Inf(-1)}
	}
	for i := range rows {
		for d, v := range w.Row(i) {
			columns[d] = interval{min(columns[d].lo, float64(v)), max(columns[d].hi, float64(v))}
			weights[d]++
		}
	}
	for d, n := range weights {
		if n < rows { // the others are 0
			columns[d] = interval{min(columns[d].lo, 0), max(columns[d].hi, 0)}
		}
	}
	return columns
}

// afterAttention bounds the residual stream there: what a head brings is a mean of
// values, in a causal model at BOS of its own alone.
func (l *layer) afterAttention(x reach, causal bool) reach {
	first := bounds(l.value.sparse, l.values, x.first)
	all := either(first, bounds(l.value.sparse, l.values, x.others))
	if !causal {
		first = all
	}
	return reach{l.moved(x.first, first), l.moved(x.others, all)}
}

// moved adds to x what the heads make of values.
func (l *layer) moved(x, values []interval) []interval {
	return added(x, bounds(l.output.sparse, len(x), values))
}

// afterMLP bounds the residual stream there.
func afterMLP(b *model.Block, in *panel.Sparse, x reach) reach {
	out := newSparse(b.WOut, b.BOut)
	after := func(x []interval) []interval {
		hidden := bounds(in, len(b.BIn), x)
		for n, v := range hidden {
			hidden[n] = interval{max(v.lo, 0), max(v.hi, 0)}
		}
		return added(x, bounds(out, len(x), hidden))
	}
	return reach{after(x.first), after(x.others)}
}

func added(x, y []interval) []interval {
	sum := make([]interval, len(x))
	for d := range x {
		sum[d] = x[d].plus(y[d])
	}
	return sum
}

// nothingKnown is the bounds of so many features after what is not looked into.
func nothingKnown(features int) reach {
	x := make([]interval, features)
	for d := range x {
		x[d] = unknown
	}
	return reach{x, x}
}
