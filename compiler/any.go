package compiler

import (
	"rasp/compiler/linear"

	"math"
	"slices"

	"rasp/compiler/construct"
)

// any: BOS writes 0, every key 1, and BOS has weight only where nothing is
// selected: the head's output is 0 or 1 up to rounding, which the column's offset
// removes. With several parts the sum counts those that select something.
func (l *attention) any(v *variable, g []float64) *offer {
	return l.anyOf(l.selection(v.node.Args[0], nil), g[0], g[1])
}

func (l *attention) anyOf(sel *selection, no, yes float64) *offer {
	t := 0
	for _, p := range sel.parts {
		if len(p.conditions) == 0 {
			return constantOffer(yes)
		}
		t = max(t, l.headWhen(p, 0, sinkDefault))
	}
	total := func() form {
		sum := form{}
		for _, p := range sel.parts {
			sum = sum.Plus(linear.Of(l.anyColumn(p, t, sel)))
		}
		return sum
	}
	heads := cost{heads: len(sel.parts), columns: len(sel.parts)}
	if len(sel.parts) <= 1 {
		return &offer{when: t, cost: heads, make: func() form { return total().Times(yes - no).Plus(constantForm(no)) }}
	}
	f := slices.Repeat([]float64{yes}, len(sel.parts)+1)
	f[0] = no
	o := l.steps(analog{when: t, form: total, unit: 1, label: labelOf(sel.node, "any of "+sel.text()), y: widths(len(sel.parts))}, f)
	o.cost = o.cost.plus(heads)
	return o
}

// anyColumn is 1 where part p selects something, 0 where it does not.
func (l *attention) anyColumn(p *part, t int, sel *selection) *column {
	h := l.head(p, t, sinkDefault, sel.node)
	if c := l.moved[broughtKey{h, "any"}]; c != nil {
		return c
	}
	c := l.newColumn(t, labelOf(sel.node, "any of "+sel.text()))
	l.round(c, l.anyGrid(), 2)
	h.bring(bringsAny, constantForm(1), 0, c)
	l.moved[broughtKey{h, "any"}] = c
	return c
}

// anyGrid is a power of two well above the rounding error of a mean of ones, and
// as small as that allows: the offset grows with it.
func (l *attention) anyGrid() float64 {
	return math.Exp2(math.Ceil(math.Log2(16 * construct.Ulp * float64(l.domain.Length+8))))
}
