package analysis

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// How many different values there are is the sum of 1/h over all positions, where h is how
// many positions have the value of this one: of each value h terms add up to 1.
//
//	h = selector_width(select(x, x, ==));   round(aggregate(full_s, c / h) * length) = c T
//
// float64 has the sum to within c n^2 2^-51. Heads add up whole numbers, so in place of
// 1/h they add up round(M/h), with a power of two M > n: each is off by 1/2 at most, so
// that the sum is within n/2 of M T, and T is what is nearest.

// classes takes such a sum as a function of that of the whole numbers; nil if it is another.
func (a *Analysis) classes(mean, width *graph.Node) *facts.Table {
	sel, share := mean.Args[0], mean.Args[1]
	if a.Domain.Causal || !isFull(sel) || share.Op != graph.Binary || share.Fn != value.Div || share.Args[0].Op != graph.Const || !a.isWidthOf(width, sel) {
		return nil
	}
	c, h := share.Args[0].Value, share.Args[1]
	if c.Kind() != value.Int || h.Op != graph.Width || !a.isEquality(h.Args[0]) {
		return nil
	}
	n := float64(a.Domain.Length)
	if math.Abs(c.Float64())*n*n*8*construct.Ulp64 > 0.25 {
		return nil
	}
	m := math.Exp2(math.Floor(math.Log2(n)) + 1)
	whole := a.constant(int64(m))
	inverse := a.make(graph.Node{Op: graph.Unary, Fn: value.Round, Args: []*graph.Node{a.make(graph.Node{Op: graph.Binary, Fn: value.Div, Args: []*graph.Node{whole, h}})}})
	if !a.known(inverse.Args[0]) || !a.known(inverse) {
		return nil
	}
	most := min(n, float64(len(a.Table(h.Args[0].Args[0]).Values)))
	sum := a.sumUpTo(sel, inverse, a.widthOf(sel), 0, int64(float64(most*m)+float64(n/2)))
	if sum == nil {
		return nil
	}
	v := a.Own[sum]
	b := facts.NewBuilder([]*facts.Variable{v}, v.Size)
	for s := range v.Size {
		if t := math.Round(float64(s) / m); t >= 1 && math.Abs(float64(s)-float64(t*m)) <= n/2 {
			x, _ := c.Int64()
			b.Set(s, value.OfInt(x*int64(t)))
		}
	}
	return b.Table()
}

// isEquality reports that a selector selects the positions where an s-op is what it is at
// the query, and that this is an equivalence: its values are of one kind that has no nan.
func (a *Analysis) isEquality(sel *graph.Node) bool {
	if sel.Op != graph.Select || sel.Fn != value.Eq || sel.Args[0] != sel.Args[1] || a.Table(sel.Args[0]).Unbounded {
		return false
	}
	x := sel.Args[0]
	return a.KindIs(x, value.Int) || a.KindIs(x, value.String) || a.KindIs(x, value.Bool)
}
