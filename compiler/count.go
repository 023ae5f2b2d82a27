package compiler

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/linear"
	"rasp/runtime/model"
)

// count reads functions of the width of a selector: the tally of 1 (see
// construct.TallyWeight). The width itself comes out of the head; any other
// function of it is told by steps, in the MLP of the same layer.
func (l *attention) count(v *variable, g []float64) *offer {
	if v.kind == lengthVariable {
		f := append([]float64{math.NaN()}, g...) // state 0 is length 1
		return l.countOf(l.fullSelection(), f)
	}
	sel := l.selection(v.node.Args[0], nil)
	sel.counter = v.node
	return l.countOf(sel, g)
}

// fullSelection selects every key of the input.
func (l *attention) fullSelection() *selection {
	s := l.selections["full"]
	if s == nil {
		s = &selection{parts: []*part{{text: "full_s"}}}
		l.selections["full"] = s
	}
	return s
}

// countOf reads the function f of the width, given for the widths 0..n.
func (l *attention) countOf(sel *selection, f []float64) *offer {
	key := selectionFunction{sel, functionKey(f)}
	r := l.counts[key]
	if r == nil {
		w := l.width(sel)
		r = l.combined(w, f, w.numbers)
		if asked := l.countAny(sel, f); asked != nil {
			l.plan.asked = true
			if l.policy.asked {
				r = asked
			}
		}
		l.counts[key] = r
	}
	return r
}

// countAny reads a function that asks only whether the row selects more than it
// always does, nil if it asks for more.
func (l *attention) countAny(sel *selection, f []float64) *offer {
	parts, always := l.uncertain(sel)
	if len(parts) != 1 || always >= len(f) {
		return nil
	}
	no, yes := f[always], math.NaN()
	for _, x := range f[always+1:] {
		if !math.IsNaN(x) && !math.IsNaN(yes) && x != yes {
			return nil
		}
		if !math.IsNaN(x) {
			yes = x
		}
	}
	if math.IsNaN(no) || math.IsNaN(yes) {
		return nil
	}
	return l.anyOf(&selection{parts: parts, node: sel.node, only: sel.only}, no, yes)
}

// width is the width of a selector, the sum of those of its parts.
func (l *attention) width(sel *selection) *combination {
	if sel.width == nil {
		sel.width = l.tally(sel, nil, sel.label("width of"))
		sel.width.numbers = widths(l.domain.Length)
	}
	return sel.width
}

// tally is the sum of a whole number (nil: of ones) over the keys that a selector
// selects: a head for each part.
func (l *attention) tally(sel *selection, value *offer, label model.Label) *combination {
	c := &combination{label: label}
	parts, always := sel.parts, 0
	if value == nil {
		parts, always = l.uncertain(sel)
		value = constantOffer(1)
	}
	c.Constant = float64(always)
	c.cost = cost{heads: len(parts), columns: len(parts)}
	for _, p := range parts {
		c.Terms = append(c.Terms, linear.Term[*offer]{Of: l.tallyOfPart(sel, p, value, label), Factor: 1})
	}
	return c
}

func (l *attention) tallyOfPart(sel *selection, p *part, value *offer, label model.Label) *offer {
	t := l.headWhen(p, value.when, sinkTally)
	return &offer{when: t, make: func() form {
		h, v := l.head(p, t, sinkTally, sel.node), value.get()
		key := broughtKey{h, keyOf(v)}
		c := l.moved[key]
		if c == nil {
			c = l.newColumn(t, label)
			h.bring(bringsTally, v.Times(h.weight), construct.TallyOffset, c)
			l.moved[key] = c
		}
		return linear.Of(c)
	}}
}

// uncertain lists the parts whose width must be counted. A part that selects
// position 0 and nothing else always has the width 1.
func (l *attention) uncertain(sel *selection) (parts []*part, always int) {
	for _, p := range sel.parts {
		if len(p.conditions) == 1 && l.isFirst(p.conditions[0]) {
			always++
		} else {
			parts = append(parts, p)
		}
	}
	return parts, always
}

// isFirst reports that a condition allows position 0 alone, to every query.
func (l *attention) isFirst(c *condition) bool {
	if c.key.variable != l.position {
		return false
	}
	for _, row := range c.allowed {
		for k, allowed := range row {
			first := c.key.class[0] == int32(k)
			if allowed == 1 && (!first || c.key.size[k] != 1) || allowed == 0 && first {
				return false
			}
		}
	}
	return true
}
