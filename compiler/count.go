package compiler

import (
	"math"
	"slices"

	"rasp/compiler/construct"
)

// count reads functions of the width of a selector. A head whose BOS weighs as
// much as c keys, with value 1 at BOS and 0 elsewhere, writes x = c/(c+w); the
// MLP of the same layer tells the widths apart by steps.
func (l *lowering) count(v *variable, g []float64) *reading {
	if v.kind == lengthVariable {
		f := append([]float64{math.NaN()}, g...) // state 0 is length 1
		return l.countOf(l.fullSelection(), f)
	}
	sel := l.selection(v.node.Args[0], v.only)
	sel.width = v.node
	return l.countOf(sel, g)
}

// fullSelection selects every key of the input.
func (l *lowering) fullSelection() *selection {
	s := l.selections["full"]
	if s == nil {
		s = &selection{parts: []*part{{}}}
		l.selections["full"] = s
	}
	return s
}

// countOf reads the function f of the width, given for the widths 0..n.
func (l *lowering) countOf(sel *selection, f []float64) *reading {
	parts, always := l.uncertain(sel)
	switch len(parts) {
	case 0:
		return &reading{make: func() form { return constantForm(f[always]) }}
	case 1:
		shifted := slices.Repeat([]float64{math.NaN()}, len(f))
		copy(shifted, f[always:])
		return l.countOfPart(sel, parts[0], shifted)
	}
	sum := l.sumOfParts(sel)
	return l.combined(sum, f, sum.numbers)
}

// sumOfParts is the width of a selector of several parts, the sum of their
// widths: a linear form.
func (l *lowering) sumOfParts(sel *selection) *combination {
	if sel.sum != nil {
		return sel.sum
	}
	c := &combination{numbers: widths(l.domain.Length), label: sel.label("width of")}
	parts, always := l.uncertain(sel)
	for _, p := range parts {
		c.addends = append(c.addends, l.countOfPart(sel, p, widths(l.domain.Length)))
		c.factors = append(c.factors, 1)
	}
	c.constant = float64(always)
	sel.sum = c
	return c
}

// uncertain lists the parts whose width must be counted. A part that selects
// position 0 and nothing else always has the width 1.
func (l *lowering) uncertain(sel *selection) (parts []*part, always int) {
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
func (l *lowering) isFirst(c *condition) bool {
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

func widths(n int) []float64 {
	f := make([]float64, n+1)
	for w := range f {
		f[w] = float64(w)
	}
	return f
}

func (l *lowering) countOfPart(sel *selection, p *part, f []float64) *reading {
	key := partFunction{p, functionKey(f)}
	r := l.counts[key]
	if r == nil {
		points := make([]point, 0, len(f))
		for w := len(f) - 1; w >= 0; w-- {
			points = append(points, point{construct.Counter(l.countWeight(), w), f[w]})
		}
		r = l.steps(l.counter(sel, p), points)
		l.counts[key] = r
	}
	return r
}

// counter is the share of BOS in the rows of part p.
func (l *lowering) counter(sel *selection, p *part) analog {
	t := l.headWhen(p, 0, sinkCount)
	n := l.domain.Length
	gap := construct.Counter(l.countWeight(), n-1) - construct.Counter(l.countWeight(), n)
	label := sel.label("share of BOS beside")
	return analog{when: t, label: label, decoded: sel.label("width of").What, form: func() form {
		h := l.head(p, t, sinkCount, sel.node)
		c := h.byValue["count"]
		if c == nil {
			c = l.newColumn(t, label)
			c.bos = 1
			l.round(c, construct.Grid(gap), 1)
			h.bring(bringsShare, constantForm(0), 1, c)
			h.byValue["count"] = c
		}
		return form{terms: []formTerm{{c, 1}}}
	}}
}
