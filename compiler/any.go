package compiler

import (
	"math"
)

// any: BOS writes 0, every key 1, and BOS has weight only where nothing is
// selected: the head's output is 0 or 1 up to rounding, which the column's offset
// removes. With several parts the sum counts those that select something.
func (l *lowering) any(v *variable, g []float64) *reading {
	return l.anyOf(l.selection(v.node.Args[0], nil), g[0], g[1])
}

func (l *lowering) anyOf(sel *selection, no, yes float64) *reading {
	t := 0
	for _, p := range sel.parts {
		if len(p.conditions) == 0 {
			return &reading{make: func() form { return constantForm(yes) }}
		}
		t = max(t, l.headWhen(p, 0, sinkDefault))
	}
	total := func() form {
		sum := form{}
		for _, p := range sel.parts {
			sum = sum.plus(form{terms: []formTerm{{l.anyColumn(p, t, sel), 1}}})
		}
		return sum
	}
	if len(sel.parts) <= 1 {
		return &reading{when: t, make: func() form { return total().times(yes - no).plus(constantForm(no)) }}
	}
	points := make([]point, len(sel.parts)+1)
	for i := range points {
		points[i] = point{float64(i), yes}
	}
	points[0].f = no
	return l.steps(analog{when: t, form: total, unit: 1, label: labelOf(sel.node, "any of "+sel.text())}, points)
}

// anyColumn is 1 where part p selects something, 0 where it does not.
func (l *lowering) anyColumn(p *part, t int, sel *selection) *column {
	h := l.head(p, t, sinkDefault, sel.node)
	if c := h.byValue["any"]; c != nil {
		return c
	}
	c := l.newColumn(t, labelOf(sel.node, "any of "+sel.text()))
	l.round(c, l.anyGrid(), 2)
	h.bring(bringsAny, constantForm(1), 0, c)
	h.byValue["any"] = c
	return c
}

// anyGrid is a power of two well above the rounding error of a mean of ones, and
// as small as that allows: the offset grows with it.
func (l *lowering) anyGrid() float64 {
	return math.Exp2(math.Ceil(math.Log2(16 * ulp * float64(l.domain.Length+8))))
}
