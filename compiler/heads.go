package compiler

import (
	"math"

	"rasp/compiler/construct"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// sinkKind says what the BOS sink of a head is for.
type sinkKind uint8

const (
	// sinkDefault: BOS stands half a gap below a selected key. It has all the
	// weight where nothing is selected, and none elsewhere.
	sinkDefault sinkKind = iota
	// sinkTally: BOS outweighs all keys together, so that they add up (see
	// construct.TallyWeight).
	sinkTally
)

// headWhen is the time of the head that selects part p and reads values that
// are there at time values.
func (l *demands) headWhen(p *part, values int, sink sinkKind) int {
	t := values
	for _, c := range p.conditions {
		t = max(t, l.pattern(c, alonePart(p, sink)).when)
	}
	return nextAttention(t)
}

// alonePart reports that a part is a single condition whose rows may have a base of
// their own: a head that adds up compares them with BOS.
func alonePart(p *part, sink sinkKind) bool { return len(p.conditions) == 1 && sink == sinkDefault }

// head is the head of the given layer that selects part p; one for all that
// want the same.
func (l *demands) head(p *part, when int, sink sinkKind, from *graph.Node) *head {
	key := headKey{p, (when + 1) / 2, sink}
	h := l.headOf[key]
	if h != nil {
		return h
	}
	h = &head{layer: key.layer, label: labelOf(from, "head of "+p.text)}
	l.headOf[key] = h
	l.heads = append(l.heads, h)
	for _, c := range p.conditions {
		pattern := l.pattern(c, alonePart(p, sink))
		if len(c.allowed)*len(c.allowed[0])*len(pattern.Dims) < maxTable && !pattern.Selects(c.allowed) {
			l.fail(diag.Errorf(from.Span, diag.Internal, "the scores of %s do not select what it says; this is a fault of the compiler, not of the program", graph.DescribeSelector(from)))
		}
		h.base += pattern.Base
		for _, d := range pattern.Dims {
			h.dims = append(h.dims, headDim{l.sideRead(c.query, d.Query), l.sideRead(c.key, d.Key)})
		}
	}
	switch sink {
	case sinkDefault:
		h.sink = -construct.Gap / 2
	case sinkTally:
		h.weight = construct.TallyWeight(l.domain.Length)
		h.sink = math.Log(h.weight)
	}
	return h
}

// round makes a column round what is written to multiples of grid.
func (l *demands) round(c *column, grid, size float64) {
	offset, ok := construct.Offset(grid, size)
	if ok {
		c.grid, c.offset = grid, offset
	}
}
