package demand

import (
	"maps"
	"math"
	"slices"

	"rasp/compiler/plan"
)

// Neurons that add up steps of fractions round each of them, and the steps below a
// value cancel those above it: what is left may be off by more than the value is
// worth. One-hot, a function is a column for each of its values, which is exactly 0
// or 1, and whoever reads it multiplies these by the values.

// MaxOneHot bounds the columns for one function.
const MaxOneHot = 1 << 10

// OneHotOver lists the values of a function that is to be one-hot, in ascending order;
// nil if it is not: if the policy does not want it, its values are multiples of a
// power of two, which steps add up exactly, or there are too many.
func (l *Demands) OneHotOver(y, f []float64) []float64 {
	if !l.OneHotValues {
		return nil
	}
	seen, last := map[float64]bool{}, math.NaN()
	for s, x := range f {
		if !math.IsNaN(x) && !math.IsNaN(y[s]) && x != last {
			seen[x], last = true, x
		}
	}
	values := slices.Sorted(maps.Keys(seen))
	if len(values) < 3 || len(values) > MaxOneHot || UnitOf(values) > 0 {
		return nil
	}
	return values
}

// OneHot is the sum of the values, each times the function that is 1 where it is.
func OneHot(when int, values []float64, where func(x float64) *Offer) *Offer {
	rest := values[0]
	return &Offer{When: when, Make: func() plan.Form {
		sum := plan.Constant(rest)
		for _, x := range values[1:] {
			sum = sum.Plus(where(x).Get().Times(x - rest))
		}
		return sum
	}}
}
