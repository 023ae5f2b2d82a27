package analysis

import (
	"math"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// A comparison of two numbers with so many values that a table over both would be too
// large needs no table: it asks whether the linear form a - b is negative, 0 or positive.
// The heads bring that up to an error, and it is 0, or at least as large as the least
// distance between a value of a and another one of b, which is found by going through
// both, or where these cannot be listed from the fractions that they are (fractions.go):
//
//	steps at the middle between the largest negative difference, 0 and the least positive one
//
// which is exact if the error is below half of that distance, less the ramp.

// LeastSplit is the distance of numbers, of a size that heads bring, below which
// float32 hardly tells one from the other.
const LeastSplit = 1.0 / (1 << 12)

// comparison takes a comparison of numbers as a variable, false or true; nil if their
// difference is not read off heads, or they lie too close.
func (a *Analysis) comparison(n *graph.Node) *facts.Table {
	if n.Op != graph.Binary || !n.Fn.IsComparison() || !a.Numeric(n.Args[0]) || !a.Numeric(n.Args[1]) {
		return nil
	}
	d := a.minus(n)
	if !a.IsRead(d) {
		return nil
	}
	var below, above float64
	var equal bool
	if a.Table(n.Args[0]).Unbounded || a.Table(n.Args[1]).Unbounded {
		below, equal, above = a.fractionsApart(n, d)
	} else {
		below, equal, above = a.valuesApart(n)
	}
	at, holds := a.signs(n.Fn, below, equal, above)
	if len(at) == 0 {
		return nil
	}
	a.Comparisons[n] = &facts.Comparison{Difference: d, At: at, Holds: holds}
	v := a.newVariable(n, facts.Compared, 2)
	return facts.Identity(v, func(s int) value.Value { return value.OfBool(s == 1) })
}

// minus is the difference of the operands of a comparison, of which no table is made.
func (a *Analysis) minus(n *graph.Node) *graph.Node {
	d := &graph.Node{ID: -1 - len(a.Comparisons), Op: graph.Binary, Fn: value.Sub, Args: n.Args, Span: n.Span}
	a.record(d, &facts.Table{Unbounded: true})
	return d
}

// maxCompared bounds the numbers of a comparison: float32 has 2^-4 left beside them.
const maxCompared = 1 << 20

// signs lists the differences nearest to 0, below and above it if they are finite, and 0
// if the operands can be equal, and whether the comparison holds there.
func (a *Analysis) signs(fn value.Fn, below float64, equal bool, above float64) (at, whether []float64) {
	add := func(d float64) {
		holds, err := facts.Compare(fn, value.OfFloat(d), value.OfFloat(0))
		if err == nil && !math.IsInf(d, 0) {
			at, whether = append(at, d), append(whether, facts.Indicate(holds))
		}
	}
	add(below)
	if equal {
		add(0)
	}
	add(above)
	return at, whether
}

// valuesApart finds the differences nearest to 0 of the operands of a comparison, on
// either side, infinite where there is none, and whether they can be equal; all infinite
// if some are too close to 0.
func (a *Analysis) valuesApart(n *graph.Node) (below float64, equal bool, above float64) {
	x, y := a.Table(n.Args[0]).Values, a.Table(n.Args[1]).Values
	below, above = math.Inf(-1), math.Inf(1)
	if a.Size(n.Args[0]) > maxCompared || a.Size(n.Args[1]) > maxCompared {
		return below, false, above
	}
	for _, v := range x {
		k, _ := slices.BinarySearchFunc(y, v.Float64(), func(w value.Value, f float64) int {
			if w.Float64() < f {
				return -1
			}
			return 1
		})
		for ; k < len(y) && y[k].Float64() == v.Float64(); k++ {
			equal = true
		}
		if k < len(y) {
			below = max(below, v.Float64()-y[k].Float64())
		}
		for k--; k >= 0 && y[k].Float64() >= v.Float64(); k-- {
		}
		if k >= 0 {
			above = min(above, v.Float64()-y[k].Float64())
		}
	}
	if -below < LeastSplit || above < LeastSplit {
		return math.Inf(-1), false, math.Inf(1)
	}
	return below, equal, above
}
