package check

import (
	"rasp/lang/graph"
	"rasp/lang/value"
)

// farthest is the largest number in a comparison of positions that is looked
// into.
const farthest = 40

// isPlace: the s-op is a small constant int, or indices with one added to it.
func isPlace(n *graph.Node) bool {
	_, _, ok := linear(n)
	return ok
}

// linear writes an s-op as slope * indices + offset, with a slope of 0 or 1.
func linear(n *graph.Node) (slope, offset int, ok bool) {
	switch n.Op {
	case graph.Indices:
		return 1, 0, true
	case graph.Const:
		i, fits := n.Value.Int64()
		return 0, int(i), fits && n.Value.Kind() == value.Int && -farthest <= i && i <= farthest
	case graph.Binary:
		if n.Fn != value.Add && n.Fn != value.Sub {
			return 0, 0, false
		}
		// Only one level: longer sums are rare, and chains of them deep.
		a, b := n.Args[0], n.Args[1]
		switch {
		case a.Op == graph.Indices && b.Op == graph.Const:
			_, offset, ok = linear(b)
			if n.Fn == value.Sub {
				offset = -offset
			}
			return 1, offset, ok
		case b.Op == graph.Indices && a.Op == graph.Const && n.Fn == value.Add:
			_, offset, ok = linear(a)
			return 1, offset, ok
		}
	}
	return 0, 0, false
}

// placeAt is the value of such an s-op at a position.
func placeAt(n *graph.Node, position int) value.Value {
	slope, offset, _ := linear(n)
	return value.OfInt(int64(slope*position + offset))
}

// eachPair visits enough pairs of a key and a query position: every way in which
// these comparisons can come out shows on one of them. The lines on which an
// outcome changes are i = c, j = c and i - j = c, with c up to twice the largest
// offset; each region between them reaches to within thrice that offset.
func eachPair(comparisons []*graph.Node, causal bool, visit func(key, query int)) {
	reach := 0
	for _, c := range comparisons {
		for _, n := range c.Args {
			_, offset, _ := linear(n)
			reach = max(reach, offset, -offset)
		}
	}
	last := 3*reach + 4
	for query := range last + 1 {
		for key := range last + 1 {
			if !causal || key <= query {
				visit(key, query)
			}
		}
	}
}
