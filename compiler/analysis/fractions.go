package analysis

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// A mean that can take too many values to list is still a fraction: of whole multiples of
// a power of two u, over a row of w keys, it is u k/w with a whole k. So a linear form of
// numbers on grids and of such means, over rows of w and of w' keys, is
//
//	u k / (w w')
//
// and 0, or at least u / (n n') away from it, where rows have up to n and n' keys. That is
// all that a comparison needs, of one row or two; means over one selector have one w. And
// to round a fraction is to compare it with each k + 1/2 on the way.
//
// The interpreter decides as the fractions do. Its sums are exact, below 2^53 units, so a
// mean is S/w, rounded once, which keeps the order of what differs by far more than float64
// rounds. Two operands that are the same number are the same float: if there is one mean,
// times a power of two, it is then on the grid of the rest, and nothing is rounded at all;
// if each operand is a mean, times a power of two, both are one fraction, rounded once.
// Other ties float64 may break (3 * mean > sum), and they are refused. A constant need not be
// on any grid: with a mean it is compared fraction by fraction, as float64 has them.

// leastApart is how near to 0 fractions may be, beside the size of the numbers: nearer
// ones the steps of float32 do not tell apart in any case.
const leastApart = 1.0 / (1 << 20)

// fractionsApart finds the differences nearest to 0 of the operands of a comparison, as
// valuesApart does; d is their difference.
func (a *Analysis) fractionsApart(n, d *graph.Node) (below float64, equal bool, above float64) {
	below, above = math.Inf(-1), math.Inf(1)
	if x, c := n.Args[0], n.Args[1]; a.isScaledMean(x) && isNumber(c) {
		return a.constantApart(x, c.Value.Float64())
	} else if a.isScaledMean(c) && isNumber(x) {
		below, equal, above = a.constantApart(c, x.Value.Float64())
		return -above, equal, -below
	}
	gap := a.leastFraction(d, a.gridOf(d), max(a.Largest(n.Args[0]), a.Largest(n.Args[1])))
	if gap == 0 || !a.tiesAreExact(n, d) {
		return below, false, above
	}
	lo, hi := a.Between(d)
	if lo < 0 {
		below = -gap
	}
	if hi > 0 {
		above = gap
	}
	return below, lo <= 0 && hi >= 0, above
}

// isNumber reports that an s-op is a constant number, and no boolean.
func isNumber(n *graph.Node) bool {
	return n.Op == graph.Const && (n.Value.Kind() == value.Int || n.Value.Kind() == value.Float)
}

// constantApart finds, for a mean times a power of two, the differences from a constant that
// are nearest to 0, as float64 has these fractions: those on either side of it, for each
// number of keys.
func (a *Analysis) constantApart(n *graph.Node, c float64) (below float64, equal bool, above float64) {
	below, above = math.Inf(-1), math.Inf(1)
	mean := a.meansIn(n)[0]
	grid := a.gridOfSums(mean.Of)
	size := max(a.Largest(n), math.Abs(c))
	if !(size <= maxCompared) || grid == 0 {
		return below, false, above
	}
	lo, hi := a.Between(mean.Of.Args[1])
	add := func(x float64) {
		switch d := float64(mean.Factor*x) - c; {
		case d < 0:
			below = max(below, d)
		case d > 0:
			above = min(above, d)
		default:
			equal = true
		}
	}
	add(lo) // next to a constant beyond them all
	add(hi)
	if !a.isNonempty(mean.Of.Args[0]) {
		add(mean.Of.Value.Float64())
	}
	for w := 1; w <= a.mostSelected(mean.Of.Args[0]); w++ {
		k := math.Floor(c / mean.Factor / grid * float64(w))
		for _, near := range []float64{-1, 0, 1, 2} {
			if x := (k + near) * grid / float64(w); lo <= x && x <= hi {
				add(x)
			}
		}
	}
	if -below < leastApart*size || above < leastApart*size {
		return math.Inf(-1), false, math.Inf(1)
	}
	return below, equal, above
}

// leastFraction is how far a number is from 0 at least, and from any multiple of grid, if
// it is none: one of fractions of such multiples. 0 if that is too near beside a size.
func (a *Analysis) leastFraction(d *graph.Node, grid, size float64) float64 {
	widths := map[*graph.Node]bool{}
	for _, m := range a.meansIn(d) {
		if sel := m.Of.Args[0]; !widths[sel] {
			widths[sel] = true
			grid /= float64(a.mostSelected(sel))
		}
	}
	if !(size <= maxCompared && grid >= leastApart*size && grid > 4*a.Float64Error(d)) {
		return 0
	}
	return grid
}

// mostRounded bounds the square of a range, in gaps: the steps of all values add up to half of
// that, on a grid of which float32 has 2^24.
const mostRounded = 1 << 24

// rounded takes a fraction, rounded, as a variable: k + 1/2 is as far from a fraction that
// is another number as halves are. nil if n is none, or has too many values.
func (a *Analysis) rounded(n *graph.Node) *facts.Table {
	if n.Op != graph.Unary || n.Fn != value.Round {
		return nil
	}
	x := n.Args[0]
	if means := a.meansIn(x); len(means) != 1 || !isPowerOfTwo(means[0].Factor) || !a.IsMean(x) {
		return nil
	}
	gap := a.leastFraction(x, min(0.5, a.gridOf(x)), a.Largest(x))
	lo, hi := a.Between(x)
	lo, hi = math.RoundToEven(lo), math.RoundToEven(hi)
	if gap == 0 || (hi-lo)*(hi-lo) > mostRounded*gap {
		return nil
	}
	a.Rounded[n] = gap
	v := a.newVariable(n, facts.Whole, int(hi-lo)+1)
	return facts.Identity(v, func(s int) value.Value { return value.OfInt(int64(lo) + int64(s)) })
}

// meansIn lists the means of a linear form that is read off heads.
func (a *Analysis) meansIn(d *graph.Node) (means []linear.Term[*graph.Node]) {
	if !a.IsRead(d) {
		return nil
	}
	for _, t := range a.overMeans(d).Terms {
		if t.Of.Op == graph.Aggregate && a.IsMean(t.Of) && a.Quotients[t.Of] == nil {
			means = append(means, t)
		}
	}
	return means
}

// overMeans writes a number that is read off heads as a form of means, and of exact numbers.
func (a *Analysis) overMeans(n *graph.Node) linear.Form[*graph.Node] {
	if a.IsBrought(n) || !a.Table(n).Unbounded && !a.IsMean(n) {
		return linear.Of(n)
	}
	return a.Substituted(n, a.overMeans)
}

// gridOf is the power of two of which all is a multiple that a number is made of: values
// that are listed, and the sums of means. 0 if there is none.
func (a *Analysis) gridOf(n *graph.Node) float64 {
	switch {
	case a.Quotients[n] != nil:
		return 0
	case n.Op == graph.Aggregate && a.IsMean(n):
		return a.gridOfSums(n)
	case !a.Table(n).Unbounded && !a.IsMean(n):
		return a.gridOfValues(n)
	}
	lin := a.Linear(n)
	grid := construct.PowerOfTwo(lin.Constant)
	for _, t := range lin.Terms {
		grid = min(grid, construct.PowerOfTwo(t.Factor)*a.gridOf(t.Of))
	}
	return grid
}

func (a *Analysis) gridOfValues(n *graph.Node) float64 {
	grid := math.Inf(1)
	for _, v := range a.Table(n).Values {
		x := v.Float64()
		if v.Kind() != value.Int && v.Kind() != value.Float || !(math.Abs(x) <= maxCompared) {
			return 0
		}
		grid = min(grid, construct.PowerOfTwo(x))
	}
	return grid
}

// gridOfSums is the grid of the sums under a mean, and of its default; 0 if float64 rounds
// such sums.
func (a *Analysis) gridOfSums(n *graph.Node) float64 {
	values := n.Args[1]
	if a.Table(values).Unbounded || n.Value.Kind() != value.Int && n.Value.Kind() != value.Float {
		return 0
	}
	grid := min(a.gridOfValues(values), construct.PowerOfTwo(n.Value.Float64()))
	if float64(a.Domain.Length)*max(a.Size(values), math.Abs(n.Value.Float64()))*construct.Ulp64 > grid {
		return 0
	}
	return grid
}

// mostSelected is how many keys a row of a selector has at most.
func (a *Analysis) mostSelected(sel *graph.Node) int {
	if r := a.Rows[sel]; r != nil {
		return max(1, r.Most)
	}
	return a.Domain.Length
}

// tiesAreExact reports that operands of a comparison that are the same fraction are the
// same float: there is one mean, times a power of two, or each operand is one.
func (a *Analysis) tiesAreExact(n, d *graph.Node) bool {
	means := a.meansIn(d)
	switch len(means) {
	case 1:
		return isPowerOfTwo(means[0].Factor)
	case 2:
		x, y := n.Args[0], n.Args[1]
		if y.Op == graph.Const && y.Value.Float64() == 0 && x.Op == graph.Binary && x.Fn == value.Sub {
			x, y = x.Args[0], x.Args[1] // a difference of floats is 0 if they are equal, and has its sign if not
		}
		return a.isScaledMean(x) && a.isScaledMean(y)
	}
	return false
}

// tiesAreRounded reports that a comparison would be one of fractions but for its ties.
func (a *Analysis) tiesAreRounded(n *graph.Node) bool {
	if n.Op != graph.Binary || !n.Fn.IsComparison() || !a.Numeric(n.Args[0]) || !a.Numeric(n.Args[1]) {
		return false
	}
	d := a.minus(n)
	return a.IsRead(d) && a.leastFraction(d, a.gridOf(d), max(a.Largest(n.Args[0]), a.Largest(n.Args[1]))) > 0 && !a.tiesAreExact(n, d)
}

// isScaledMean reports that a number is a mean, times a power of two.
func (a *Analysis) isScaledMean(n *graph.Node) bool {
	if a.IsBrought(n) {
		return a.Quotients[n] == nil && a.IsMean(n)
	}
	lin := a.Linear(n)
	return lin != nil && lin.Constant == 0 && len(lin.Terms) == 1 && isPowerOfTwo(lin.Terms[0].Factor) && a.isScaledMean(lin.Terms[0].Of)
}

func isPowerOfTwo(x float64) bool { return construct.PowerOfTwo(x) == math.Abs(x) }
