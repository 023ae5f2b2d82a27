package facts

import (
	"rasp/compiler/linear"
	"rasp/lang/graph"
)

// known is what was found of numbers by their operands, which have it of theirs: found
// once a node, since a number can be reached from another in more ways than there are
// nodes.
type known struct {
	between  map[*graph.Node][2]float64
	off      map[*graph.Node]float64
	rounding map[*graph.Node]float64
	expanded map[*graph.Node]linear.Form[*graph.Node]
}

// once finds something of a node, unless it is known.
func once[T any](known *map[*graph.Node]T, n *graph.Node, find func() T) T {
	x, ok := (*known)[n]
	if !ok {
		x = find()
		if *known == nil {
			*known = map[*graph.Node]T{}
		}
		(*known)[n] = x
	}
	return x
}
