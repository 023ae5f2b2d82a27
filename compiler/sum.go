package compiler

import (
	"math"

	"rasp/compiler/construct"
)

// A sum over a selector whose width depends on the position or the length alone
// need not be counted: the mean is the sum over the width, and thresholds of the
// sum are thresholds of the mean that move with the width. So any function of a
// sum so far, or of a linear combination of such sums, is decoded in the MLP
// right after the head that takes the mean.

// fromSum reads a function of a variable from such a sum; nil if it is none, or
// if the function depends on more.
func (l *lowering) fromSum(v *variable, g []float64) *reading {
	a, y := l.sumInput(v, g)
	if a == nil {
		return nil
	}
	return l.steps(*a, pointsOf(y, g))
}

// sumInput is the mean that shows the sum of v, and the sum by state, if f
// depends on the sum alone.
func (l *lowering) sumInput(v *variable, f []float64) (*analog, []float64) {
	terms, y := l.sumTerms(v)
	if terms == nil || !functionOf(f, y) {
		return nil, nil
	}
	over := terms[0].mean.Args[0]
	sel, width, rows := l.selection(over, nil), l.widthKnown(over), l.rows[over]
	if width == nil || len(sel.parts) != 1 || unitOf(y) == 0 {
		return nil, nil
	}
	if rows.most == 0 || rows.least == 0 && fallbackOf(terms) != 0 {
		return nil, nil // a row without keys must show the sum 0
	}
	points := clean(pointsOf(y, f))
	s, gap, size := &scale{}, leastGap(points), 0.0
	for _, p := range points {
		size = max(size, math.Abs(p.y))
	}
	if math.IsInf(gap, 1) {
		return nil, nil
	}
	s.least = 1 / float64(rows.most)
	grid := construct.Grid(s.least * gap)
	if width.vars[0] == l.position {
		inverse := math.Exp2(math.Floor(math.Log2(s.least * gap / (8 * size))))
		s.form = func() form { return l.inverseWidth(width, inverse) }
		grid = min(grid, inverse*unitOf(y)/2) // of the thresholds, so that mean and threshold share it
	} else if !nearZero(points) {
		return nil, nil
	}
	a := l.meanOfSum(terms, sel.parts[0], grid)
	a.scale = s
	a.label.What = "sum, from the mean " + describe(terms[0].mean)
	return &a, y
}

func fallbackOf(terms []multiple) float64 {
	x := 0.0
	for _, m := range terms {
		x += m.factor * m.mean.Value.Float64()
	}
	return x
}

// nearZero reports that a function changes only next to 0.
func nearZero(points []point) bool {
	for i := 1; i < len(points); i++ {
		if points[i].f != points[i-1].f && points[i].y != 0 && points[i-1].y != 0 {
			return false
		}
	}
	return true
}

// inverseWidth is 1 over the width of the row, which the position tells, rounded
// to a grid.
func (l *lowering) inverseWidth(width *relation, grid float64) form {
	g, slop := make([]float64, len(width.cells)), 0.0
	for p, id := range width.cells {
		if id == none || width.values[id].Float64() == 0 {
			continue // a row without keys: the sum is 0 and so is the mean
		}
		exact := 1 / width.values[id].Float64()
		g[p] = math.Round(exact/grid) * grid
		slop = max(slop, math.Abs(g[p]-exact))
	}
	f := l.read(l.position, g)
	for _, t := range f.terms {
		t.column.slop = max(t.column.slop, slop/math.Abs(t.factor))
	}
	return f
}

// sumTerms writes v as a sum of means over one selector, each times the width of
// the row, and gives the sum by state: a mean as it is, or a linear s-op of
// which each operand is the sum under a mean.
func (l *lowering) sumTerms(v *variable) (terms []multiple, y []float64) {
	if !l.scaled {
		return nil, nil
	}
	if v.kind == meanVariable {
		return []multiple{{v.node, 1}}, l.totals(v)
	}
	lin := l.linear(v.node)
	if v.kind != computedVariable || lin == nil {
		return nil, nil
	}
	shift := lin.constant
	for i, n := range lin.nodes {
		src := l.source(n)
		if src == nil {
			shift += lin.factors[i] * l.relations[n].values[0].Float64()
			continue
		}
		if src.kind != meanVariable || len(terms) > 0 && src.node.Args[0] != terms[0].mean.Args[0] {
			return nil, nil
		}
		factor, constant, ok := affine(l.numbers(n), l.totals(src))
		if !ok {
			return nil, nil
		}
		terms = append(terms, multiple{src.node, lin.factors[i] * factor})
		shift += lin.factors[i] * constant
	}
	for _, x := range l.stateNumbers(v) {
		y = append(y, x-shift)
	}
	return terms, y
}

// totals is the sum under a mean, by state.
func (l *lowering) totals(v *variable) []float64 {
	unit := l.meanOf(v).unit
	y := make([]float64, v.size)
	for s := range y {
		y[s] = float64(v.sums[s].total) * unit
	}
	return y
}
