package compiler

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime"
)

// selection is a selector as heads see it: disjoint conjunctions, a head each.
type selection struct {
	parts []*part
	node  *graph.Node  // the selector, for labels and messages; nil for the full selector
	sum   *combination // its width as a sum over the parts, once asked for
}

// sinkKind says what the BOS sink of a head is for.
type sinkKind uint8

const (
	// sinkDefault: BOS stands half a gap below a selected key. It has all the
	// weight where nothing is selected, and none elsewhere.
	sinkDefault sinkKind = iota
	// sinkCount: BOS weighs as much as the widest row, so that its share tells
	// the width of the row.
	sinkCount
)

// selection splits the selector n, with extra conditions that each key must meet.
func (l *lowering) selection(n *graph.Node, only *keyFilter) *selection {
	key := fmt.Sprintf("%d %s", n.ID, only.key())
	if s := l.selections[key]; s != nil {
		return s
	}
	s := &selection{node: n}
	l.selections[key] = s
	split, err := l.selector(n)
	if err != nil {
		l.fail(err.(*diag.Diagnostic))
		return s
	}
	for _, p := range split.parts() {
		if only != nil {
			p = &part{append(slices.Clone(p.conditions), only.condition(l.analysis))}
		}
		s.parts = append(s.parts, p)
	}
	return s
}

// keyFilter restricts a selector to the keys at which the s-op node has one of
// some values.
type keyFilter struct {
	node *graph.Node
	ids  []int32 // into the values of its relation, ascending
}

func (f *keyFilter) key() string {
	if f == nil {
		return ""
	}
	return fmt.Sprint(f.node.ID, f.ids)
}

func (f *keyFilter) condition(a *analysis) *condition {
	c := &condition{query: classify(nil, [][]int32{{0}})}
	ids := slices.Clone(a.idsBySource(f.node))
	for i, id := range ids {
		switch {
		case id == none:
		case slices.Contains(f.ids, id):
			ids[i] = 1
		default:
			ids[i] = 0
		}
	}
	c.key = classify(a.source(f.node), [][]int32{ids})
	row := make([]int8, len(c.key.size))
	for k, s := range c.key.example {
		row[k] = int8(ids[s])
	}
	c.allowed = [][]int8{row}
	return c
}

// sideForm is a function of the classes of a side as a function of its variable.
func (s side) spread(f []float64) []float64 {
	g := make([]float64, len(s.class))
	for i, c := range s.class {
		g[i] = math.NaN()
		if c != none {
			g[i] = f[c]
		}
	}
	return g
}

func (l *lowering) sideWhen(s side, f []float64) int {
	if s.variable == nil {
		return 0
	}
	return l.when(s.variable, s.spread(f))
}

func (l *lowering) sideRead(s side, f []float64) form {
	if s.variable == nil {
		return constantForm(f[0])
	}
	return l.read(s.variable, s.spread(f))
}

// pattern is the QK circuit of a condition and the time at which its codes are
// there. alone says that it is the only condition of a head that brings a value.
func (l *lowering) pattern(c *condition, alone bool) *timedPattern {
	key := patternKey{c, alone}
	p := l.patterns[key]
	if p == nil {
		p = l.choosePattern(c, alone)
		l.patterns[key] = p
	}
	return p
}

type patternKey struct {
	condition *condition
	alone     bool
}

type timedPattern struct {
	construct.Pattern
	when int
}

// choosePattern takes the pattern whose codes are there first, then the one with
// the fewest dimensions.
func (l *lowering) choosePattern(c *condition, alone bool) *timedPattern {
	table := construct.Table(c.allowed)
	candidates := []construct.Pattern{construct.KeyOneHot(table), construct.QueryOneHot(table)}
	if query, key, count, ok := construct.Matching(table); ok {
		candidates = append(candidates, construct.Bits(query, key, count))
		if count <= 64 && l.parabola {
			candidates = append(candidates, construct.Parabola(floats(query), floats(key), false))
		}
	}
	if query, key, ok := l.equalIntegers(c); ok {
		if l.parabola {
			candidates = append(candidates, construct.Parabola(query, key, false))
		}
		if alone && l.alwaysMet(c) {
			candidates = append(candidates, construct.Parabola(query, key, true))
		}
	}
	var best *timedPattern
	for _, p := range candidates {
		t := 0
		for _, d := range p.Dims {
			t = max(t, l.sideWhen(c.query, d.Query), l.sideWhen(c.key, d.Key))
		}
		if best == nil || t < best.when || t == best.when && len(p.Dims) < len(best.Dims) {
			best = &timedPattern{p, t}
		}
	}
	return best
}

func floats(ints []int) []float64 {
	f := make([]float64, len(ints))
	for i, x := range ints {
		f[i] = float64(x)
	}
	return f
}

// headWhen is the time of the head that selects part p and reads values that
// are there at time values.
func (l *lowering) headWhen(p *part, values int) int {
	t := values
	for _, c := range p.conditions {
		t = max(t, l.pattern(c, len(p.conditions) == 1).when)
	}
	return nextAttention(t)
}

// head is the head of the given layer that selects part p; one for all that
// want the same.
func (l *lowering) head(p *part, when int, sink sinkKind, from *graph.Node) *head {
	key := headKey{p, (when + 1) / 2, sink}
	h := l.headOf[key]
	if h != nil {
		return h
	}
	h = &head{layer: key.layer, label: labelOf(from, "head of "+selectorText(from)), byValue: map[string]*column{}}
	l.headOf[key] = h
	l.heads = append(l.heads, h)
	rowBase := false
	for _, c := range p.conditions {
		pattern := l.pattern(c, len(p.conditions) == 1 && sink == sinkDefault)
		h.base += pattern.Base
		rowBase = rowBase || pattern.RowBase
		for _, d := range pattern.Dims {
			h.dims = append(h.dims, headDim{l.sideRead(c.query, d.Query), l.sideRead(c.key, d.Key)})
		}
	}
	switch sink {
	case sinkDefault:
		h.sink = -construct.Gap / 2
	case sinkCount:
		h.sink = math.Log(float64(l.countWeight()))
	}
	return h
}

// countWeight is the weight of BOS in heads that count.
func (l *lowering) countWeight() int { return max(2, l.domain.Length) }

// bring adds a value to a head: a form at the keys and a number at BOS. Equal
// values share a column unless they are rounded differently.
func (h *head) bring(kind bringing, value form, bos float64, out *column) {
	for _, v := range h.values {
		if v.out == out && v.bos == bos && v.value.key() == value.key() {
			return
		}
	}
	h.values = append(h.values, headValue{value, bos, out, kind})
}

// fetched: one head a part brings g(value) - g(default), and BOS nothing; at
// most one key is selected in all parts together, so the sum is right.
func (l *lowering) fetched(v *variable, g []float64) *reading {
	n := v.node
	sel := l.selection(n.Args[0], nil)
	source, f, fallback := l.brought(v, g)
	when := 0
	if source != nil {
		when = l.when(source, f)
	}
	t := 0
	for _, p := range sel.parts {
		t = max(t, l.headWhen(p, when))
	}
	return &reading{when: t, make: func() form {
		c := l.newColumn(t, l.label(v, g))
		for _, p := range sel.parts {
			value := constantForm(f[0])
			if source != nil {
				value = l.read(source, f)
			}
			l.head(p, t, sinkDefault, n).bring(bringsOne, value, 0, c)
		}
		return form{terms: []formTerm{{c, 1}}, constant: fallback}
	}}
}

// brought is g of what an aggregate brings, minus g of the default, as a
// function of the source of its values; and g of the default.
func (l *lowering) brought(v *variable, g []float64) (source *variable, f []float64, fallback float64) {
	n := v.node
	val, values := l.relations[n.Args[1]], l.relations[n].values
	if at := slices.Index(values, n.Value); at >= 0 && !math.IsNaN(g[at]) {
		fallback = g[at]
	}
	ids := l.idsBySource(n.Args[1])
	f = make([]float64, len(ids))
	for s, id := range ids {
		f[s] = math.NaN()
		if id != none {
			f[s] = g[slices.Index(values, val.values[id])] - fallback
		}
	}
	return l.source(n.Args[1]), f, fallback
}

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
		t = max(t, l.headWhen(p, 0))
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
	return l.steps(analog{when: t, form: total, unit: 1, label: labelOf(sel.node, "any of "+selectorText(sel.node))}, points)
}

// anyColumn is 1 where part p selects something, 0 where it does not.
func (l *lowering) anyColumn(p *part, t int, sel *selection) *column {
	h := l.head(p, t, sinkDefault, sel.node)
	if c := h.byValue["any"]; c != nil {
		return c
	}
	c := l.newColumn(t, labelOf(sel.node, "any of "+selectorText(sel.node)))
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

// round makes a column round what is written to multiples of grid.
func (l *lowering) round(c *column, grid, size float64) {
	offset, ok := construct.Offset(grid, size)
	if ok {
		c.grid, c.offset = grid, offset
	}
}

// labelOf labels a part of the model with the node that it works for.
func labelOf(n *graph.Node, what string) runtime.Label {
	label := runtime.Label{What: what}
	if n != nil {
		label.Name, label.Line, label.Col = n.Name, n.Span.Line(), n.Span.Col()
	}
	return label
}

func selectorText(n *graph.Node) string {
	if n == nil {
		return "full_s"
	}
	if n.Op == graph.Aggregate || n.Op == graph.Width || n.Op == graph.Any {
		n = n.Args[0]
	}
	return describe(n)
}
