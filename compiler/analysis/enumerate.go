package analysis

import (
	"maps"
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/sums"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Values that follow from the same tokens do not take all combinations: the means
// of all prefixes of 8 tokens have billions, 256 inputs have 256. Where a mean has
// too many sums to list, or its rounding seems to matter, and the domain is small,
// the interpreter is run on all of it to see which rows there are.

// maxEnumerated is how many inputs are run to see what a mean can be.
const maxEnumerated = 1 << 15

// IsSmall reports that a domain has so few inputs.
func IsSmall(d domain.Domain) bool {
	count, _ := d.Count()
	return count <= maxEnumerated
}

// Observe lists the rows of a mean that occur on some input; nil if there are too
// many inputs.
func (a *Analysis) enumerate(n *graph.Node, s *sums.Summing) []rowKind {
	if !IsSmall(a.Domain) {
		return nil
	}
	count, _ := a.Domain.Count()
	e, width, ids := interp.New(a.Domain.Causal, n.Args[0], n.Args[1]), a.widthKnown(n.Args[0]), map[value.Value]int32{}
	for id, v := range a.Table(n.Args[1]).Values {
		ids[v] = int32(id)
	}
	type place struct {
		state int32
		width int
	}
	var order []place
	seen := map[place]map[sums.Reached]bool{}
	for input := range (domain.Inputs{Domain: a.Domain, First: count}).All() {
		if e.Run(input) != nil {
			continue
		}
		values := e.Sequence(n.Args[1])
		for i, row := range e.Matrix(n.Args[0]) {
			r, at := sums.Reached{Only: facts.None}, place{state: facts.None}
			for j, selected := range row {
				if id := ids[values[j]]; selected {
					r = s.Read(r, at.width == 0, id)
					at.width++
				}
			}
			switch {
			case width != nil && width.Vars[0] == a.Position:
				at.state = int32(i)
			case width != nil:
				at.state = int32(len(input) - 1)
			}
			if seen[at] == nil {
				seen[at] = map[sums.Reached]bool{}
				order = append(order, at)
			}
			seen[at][r] = true
		}
	}
	kinds := make([]rowKind, len(order))
	for i, at := range order {
		kinds[i] = rowKind{at.state, at.width, sums.NewSet(slices.Collect(maps.Keys(seen[at])))}
	}
	return kinds
}
