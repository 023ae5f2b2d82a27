package heads

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Compared reads a function of a comparison of means, or of exact numbers.
func (l *Attention) Compared(v *facts.Variable, g []float64) *demand.Offer {
	known := l.Comparisons[v.Node]
	d, y := known.Difference, known.At
	f := make([]float64, len(y))
	for i, holds := range known.Holds {
		f[i] = g[int(holds)]
	}
	if d == nil {
		return l.placesCompared(v, f)
	}
	points := demand.Clean(demand.PointsOf(y, f))
	gap := demand.LeastGap(points)
	if !demand.Changes(points) {
		return l.Steps(demand.Scalar{Y: y}, f)
	}
	r, grid := l.AsBrought(d, construct.Grid(gap/max(1, l.meanFactors(d))))
	s := demand.Scalar{When: r.When, Form: r.Get, Grid: grid, Label: demand.LabelOf(v.Node, graph.Describe(v.Node)), Y: y}
	if !l.IsMean(d) {
		s.Unit = grid
	}
	return l.Steps(s, f)
}

// placesCompared reads a function of a comparison of words, given at each difference of
// their places, by steps of that, which is a whole number: two neurons, four for equality.
func (l *Attention) placesCompared(v *facts.Variable, f []float64) *demand.Offer {
	known := l.Comparisons[v.Node]
	c := &demand.Number{Numbers: known.At, Label: demand.LabelOf(v.Node, graph.Describe(v.Node))}
	for i, arg := range v.Node.Args {
		places := facts.ByState(l.IdsBySource(arg), func(id int32) float64 { return known.Ranks[i][id] })
		place := demand.ConstantOffer(places[0])
		if l.Source(arg) != nil {
			place = l.Later(l.Source(arg), places)
		}
		c.Add(&demand.Number{Form: linear.Of(place)}, float64(1-2*i))
	}
	return l.Steps(*c.Scalar(c.Numbers), f)
}

// SignOfInts reads a comparison of ints by steps of their difference, which is exact, where
// a table of that would be too large: two neurons, four for equality, at any length.
func (l *Attention) SignOfInts(v *facts.Variable, g []float64) *demand.Offer {
	n := v.Node
	if l.Table(n) != v.Table || n.Op != graph.Binary || !n.Fn.IsComparison() || l.Difference(n) != nil {
		return nil
	}
	c := &demand.Number{Numbers: []float64{-1, 0, 1}, Label: demand.LabelOf(n, graph.Describe(n))}
	for i, arg := range n.Args {
		if !l.KindIs(arg, value.Int) || l.Size(arg) > mostCompared {
			return nil
		}
		c.Add(&demand.Number{Form: linear.Of(l.Scalar(arg))}, float64(1-2*i))
	}
	f := make([]float64, len(c.Numbers))
	for i, d := range c.Numbers {
		holds, err := facts.Compare(n.Fn, value.OfFloat(d), value.OfInt(0))
		at := slices.Index(v.Table.Values, value.OfBool(holds))
		if f[i] = math.NaN(); err == nil && at >= 0 {
			f[i] = g[at]
		}
	}
	return l.Steps(*c.Scalar(c.Numbers), f)
}

// mostCompared bounds the ints: float32 has their differences exactly.
const mostCompared = 1 << 20
