package demand

import (
	"math"

	"rasp/compiler/analysis"
	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/lang/diag"
	"rasp/lang/elementary"
	"rasp/lang/graph"
)

// sinkKind says what the BOS sink of a head is for.
type sinkKind uint8

const (
	// SinkDefault: BOS stands half a gap below a selected key. It has all the
	// weight where nothing is selected, and none elsewhere.
	SinkDefault sinkKind = iota
	// SinkMean: the same, of a head that averages several keys, which are to weigh the same;
	// where that makes a difference, see MeanSink.
	SinkMean
	// SinkTally: BOS outweighs all keys together, so that they add up (see
	// construct.TallyWeight).
	SinkTally
	// SinkShare: BOS weighs Policy.Share keys, and what keys have beside it tells how many
	// they are (see construct.Share).
	SinkShare
	// SinkSum: BOS outweighs all keys, but so little that nothing is rounded (see construct.SumWeight).
	SinkSum
)

// HeadWhen is the time of the head that selects part p and reads values that
// are there at time values.
func (l *Demands) HeadWhen(p *facts.Conjunct, values int, sink sinkKind) int {
	t := values
	for _, c := range p.Conditions {
		t = max(t, l.pattern(c, l.useOf(p, sink)).when)
	}
	return plan.NextAttention(t)
}

// useOf the patterns of a part. Rows of a single condition may have a base of their own, but
// where a head adds up: that compares them with BOS.
func (l *Demands) useOf(p *facts.Conjunct, sink sinkKind) patternUse {
	switch {
	case p.Pick != facts.Every:
		return sloped
	case l.Robust && l.Twice && sink == SinkDefault:
		return loose
	case len(p.Conditions) == 1 && sink == SinkDefault:
		return alone
	}
	return shared
}

// Head is the head of the given layer that selects part p; one for all that
// want the same.
func (l *Demands) Head(p *facts.Conjunct, when int, sink sinkKind, from *graph.Node) *plan.Head {
	key := headKey{p, (when + 1) / 2, sink}
	h := l.headOf[key]
	if h != nil {
		return h
	}
	use := l.useOf(p, sink)
	h = &plan.Head{Layer: key.layer, Zeros: l.Robust && use != sloped && use != loose, Gap: l.gapOf(sink), Label: LabelOf(from, "head of "+p.Text), Selects: l.selects[p]}
	l.headOf[key] = h
	l.Heads = append(l.Heads, h)
	step, size := 1.0, 0.0
	if p.Pick != facts.Every {
		step = construct.SlopedStep(l.Domain.Length)
		h.Dims = append(h.Dims, l.slope(p.Pick))
	}
	for _, c := range p.Conditions {
		pattern := l.pattern(c, use)
		if c.Equal != nil && l.Robust {
			l.Fail(diag.Errorf(from.Span, diag.Limit, "%s compares numbers of so many values that their scores cancel, which no noise leaves as they are", graph.DescribeSelector(from)).
				WithHint("compare smaller numbers, or compile without --robust"))
		}
		if c.Equal == nil && len(c.Allowed)*len(c.Allowed[0])*len(pattern.Dims) < analysis.MaxTable && (!pattern.Selects(c.Allowed) || h.Zeros && !pattern.HasZeros(c.Allowed)) {
			l.Fail(diag.Errorf(from.Span, diag.Internal, "the scores of %s do not select what it says; this is a fault of the compiler, not of the program", graph.DescribeSelector(from)))
		}
		h.Base += float64(step * pattern.Base)
		size += pattern.Size()
		for _, d := range pattern.Dims {
			h.Dims = append(h.Dims, plan.Dim{Query: l.sideRead(c.Query, d.Query).Times(step), Key: l.sideRead(c.Key, d.Key)})
		}
	}
	switch sink {
	case SinkDefault, SinkMean:
		h.Sink = -h.Gap / 2
	case SinkSum:
		h.Sinks = construct.LeastSinks
	case SinkShare:
		if l.Robust {
			h.Sinks = construct.LeastSinks
		}
		h.Weight, h.Sink = l.Share, elementary.Log(l.Share)
		if h.Base == 0 && h.Sink == 0 { // else BOS, which scores as keys do, could not attend to itself alone
			h.Dims, h.Base = append(h.Dims, plan.Dim{Query: plan.Constant(1), Key: plan.Constant(1)}), 1
		}
	}
	if p.Pick != facts.Every && construct.SlopedSize(l.Domain.Length, size) >= 1<<24 {
		l.Fail(diag.Errorf(from.Span, diag.Limit, "%s picks one of the keys that match by its place, and scores that tell %d places are too large for float32", graph.DescribeSelector(from), l.Domain.Length).
			WithHint("use a shorter #rasp:length"))
	}
	return h
}

// slope is the dimension that lets the score of a key grow with its position, or fall.
func (l *Demands) slope(pick facts.Pick) plan.Dim {
	numbers := facts.Range(l.Domain.Length - 1)
	key := l.Read(l.Position, numbers).Times(construct.Slope)
	if pick == facts.Earliest {
		key = key.Times(-1).Plus(plan.Constant(construct.Slope * float64(l.Domain.Length-1)))
	}
	return plan.Dim{Query: plan.Constant(1.0 / construct.Gap), Key: key}
}

// Weigh gives BOS its weight in each head that adds up, when it is known what the head
// brings.
func (l *Demands) Weigh() {
	l.spreadSinks()
	for _, h := range l.Heads {
		if len(h.Values) > 0 && h.Values[0].Kind == plan.Sums {
			l.weighSums(h)
		}
		if len(h.Values) == 0 || h.Values[0].Kind != plan.AddsUp {
			continue
		}
		fixed := 0.0
		for _, v := range h.Values {
			fixed = max(fixed, fixedPart(v.Value))
		}
		h.Weight, h.Sink = construct.TallyWeight(l.Domain.Length, fixed, h.Base)
		for i, v := range h.Values {
			h.Values[i].Value = v.Value.Times(h.Weight).Plus(plan.Constant(construct.TallyOffset))
		}
	}
}

// Round makes a column round what is written to multiples of grid.
func (l *Demands) Round(c *plan.Column, grid, size float64) {
	offset, ok := construct.Offset(grid, size)
	if ok && !l.Robust {
		c.Grid, c.Offset = grid, offset
	}
}

// fixedPart bounds what of a form is the same at every key: its constant, and what the
// offsets add, which the bias takes away.
func fixedPart(f plan.Form) float64 {
	size := math.Abs(f.Constant)
	for _, t := range f.Terms {
		size += math.Abs(t.Factor * t.Of.Offset)
	}
	return size
}
