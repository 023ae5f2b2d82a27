package runtime

import (
	"math"

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

// embeddingBounds bounds the residual stream before the first layer.
func embeddingBounds(m *Model) []interval {
	return added(columnBounds(m.WE, m.DModel), columnBounds(m.WPos, m.DModel))
}

// columnBounds is the least and the largest of each column of w [rows, width].
func columnBounds(w []float32, width int) []interval {
	columns := make([]interval, width)
	for d := range columns {
		columns[d] = interval{math.Inf(1), math.Inf(-1)}
	}
	for ; len(w) > 0; w = w[width:] {
		for d, v := range w[:width] {
			columns[d] = interval{min(columns[d].lo, float64(v)), max(columns[d].hi, float64(v))}
		}
	}
	return columns
}

// afterAttention bounds the residual stream there: what a head brings is a mean of
// values.
func (l *layer) afterAttention(x []interval) []interval {
	return added(x, bounds(l.output.sparse, len(x), bounds(l.value.sparse, l.values, x)))
}

// afterMLP bounds the residual stream there, from what W_in gives.
func (b *Block) afterMLP(x, before []interval) []interval {
	hidden := make([]interval, len(before))
	for n, v := range before {
		hidden[n] = interval{max(v.lo, 0), max(v.hi, 0)}
	}
	return added(x, bounds(panel.NewSparse(b.WOut, len(hidden), len(x), b.BOut), len(x), hidden))
}

func added(x, y []interval) []interval {
	sum := make([]interval, len(x))
	for d := range x {
		sum[d] = x[d].plus(y[d])
	}
	return sum
}

// nothingKnown is the bounds of so many features after what is not looked into.
func nothingKnown(features int) []interval {
	x := make([]interval, features)
	for d := range x {
		x[d] = unknown
	}
	return x
}
