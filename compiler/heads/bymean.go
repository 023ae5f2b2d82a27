package heads

import (
	"math"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
)

// What a function of a mean asks for: of its states, only what it tells apart.

// wholeOnly: steps between fractions are not as exact as steps between whole numbers,
// which the policy wants if there are any.
func (l *Attention) wholeOnly(v *facts.Variable, g []float64) bool {
	return l.TwoColumns && l.ofNumber(l.Moments(v), g) != nil
}

// ofNumber offers g of a number, nil if there is none or g depends on
// more.
func (l *Attention) ofNumber(c *demand.Number, g []float64) *demand.Offer {
	if c == nil || !facts.FunctionOf(g, c.Numbers) {
		return nil
	}
	return l.OfNumber(c, g, c.Numbers)
}

// nonzero are the ids of the values under a mean that are not 0.
func (l *Attention) nonzero(v *facts.Variable) (ids []int32) {
	for id, u := range v.Units {
		if u != 0 {
			ids = append(ids, int32(id))
		}
	}
	return ids
}

// onlyUnit is the value under a mean if it is one, or 0, and the ids of the zeros;
// 0 if there are several others.
func (l *Attention) onlyUnit(v *facts.Variable) (unit int64, zero []int32) {
	for id, u := range v.Units {
		switch {
		case u == 0:
			zero = append(zero, int32(id))
		case unit == 0:
			unit = u
		case unit != u:
			return 0, nil
		}
	}
	return unit, zero
}

// by is g as a function of something coarser than the state; false if g
// distinguishes states that are the same in that.
func by(v *facts.Variable, g []float64, what func(facts.Sum) int64) (map[int64]float64, bool) {
	f := map[int64]float64{}
	for s, x := range g {
		if math.IsNaN(x) {
			continue
		}
		k := what(v.Sums[s])
		if old, ok := f[k]; ok && old != x {
			return nil, false
		}
		f[k] = x
	}
	return f, true
}

// at is f at k, NaN where it is not defined.
func at(f map[int64]float64, k int64) float64 {
	if x, ok := f[k]; ok {
		return x
	}
	return math.NaN()
}

// upTo lists f at 0..n.
func upTo(f map[int64]float64, n int) []float64 {
	g := make([]float64, n+1)
	for i := range g {
		g[i] = at(f, int64(i))
	}
	return g
}
