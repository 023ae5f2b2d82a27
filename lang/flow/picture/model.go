package picture

import (
	"fmt"
	"slices"

	"rasp/lang/flow"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// row is an s-op that is shown.
type row struct {
	name     string
	expr     string // its text in the program; may be empty
	values   []value.Value
	reads    []*row // elementwise: what it is computed from
	constant bool   // no s-op computes it
	result   bool   // what the picture is the way to
}

// stage is a layer, with the elementwise s-ops after its heads.
type stage struct {
	heads []*head
	rows  []*row
}

// head is a selector and what is gathered over it.
type head struct {
	name, expr    string
	matrix        [][]bool
	keys, queries []*row
	gathers       []gather
}

// gather is an aggregate.
type gather struct {
	of        *row
	byDefault string // the default, where a row of the selector is empty; else ""
	result    *row
}

// model finds the rows of nodes.
type model struct {
	flow  *flow.Flow
	eval  *interp.Evaluator
	names *names
	shown map[*graph.Node]bool
	rows  map[*graph.Node]*row
}

// newModel shows the roots, base s-ops, aggregates, what heads read, and what has
// a name; other elementwise s-ops are steps on the way to these. The roots of a
// prediction are steps on the way to probabilities.
func newModel(f *flow.Flow, e *interp.Evaluator, predicts bool) *model {
	m := &model{flow: f, eval: e, names: newNames(f), shown: map[*graph.Node]bool{}, rows: map[*graph.Node]*row{}}
	show := func(nodes ...*graph.Node) {
		for _, n := range nodes {
			m.shown[n] = true
		}
	}
	if !predicts {
		show(f.Roots...)
	}
	show(f.Base...)
	for _, layer := range f.Layers {
		for _, n := range layer.Elementwise {
			m.shown[n] = m.shown[n] || n.Name != ""
		}
		for _, h := range layer.Heads {
			show(h.Keys...)
			show(h.Queries...)
			for _, n := range h.Aggregates {
				show(n, n.Args[1])
			}
		}
	}
	return m
}

func (m *model) picture(title string, input []value.Value) *Picture {
	p := &Picture{title: title, counts: m.flow.String(), input: input, base: m.all(m.flow.Base)}
	for _, layer := range m.flow.Layers {
		var s stage
		for _, h := range layer.Heads {
			s.heads = append(s.heads, m.head(h))
		}
		for _, n := range layer.Elementwise {
			if m.shown[n] {
				s.rows = append(s.rows, m.row(n))
			}
		}
		p.stages = append(p.stages, s)
	}
	return p
}

// results are the rows of the roots.
func (m *model) results() []*row {
	rows := m.all(m.flow.Roots)
	for _, r := range rows {
		r.result = true
	}
	return rows
}

// chance is the row of a probability.
func (m *model) chance(c Chance) *row {
	r := &row{name: fmt.Sprintf("P(%s)", c.Token.Short()), result: true}
	for _, p := range c.P {
		r.values = append(r.values, value.OfFloat(p))
	}
	if c.Score != nil {
		var name string
		if name, r.expr = m.names.of(c.Score); r.expr == "" {
			r.expr = name
		}
		r.reads = m.direct(c.Score)
	}
	return r
}

// direct are the rows that are read where a node is.
func (m *model) direct(n *graph.Node) []*row {
	switch {
	case n.Op == graph.Const:
		return nil
	case m.shown[n]:
		return []*row{m.row(n)}
	}
	return m.reads(n, nil, map[*graph.Node]bool{})
}

func (m *model) all(nodes []*graph.Node) []*row {
	rows := make([]*row, len(nodes))
	for i, n := range nodes {
		rows[i] = m.row(n)
	}
	return rows
}

// row of an s-op, the same whenever it is asked for.
func (m *model) row(n *graph.Node) *row {
	if r := m.rows[n]; r != nil {
		return r
	}
	r := &row{values: slices.Clone(m.eval.Sequence(n)), constant: n.Op == graph.Const}
	r.name, r.expr = m.names.of(n)
	m.rows[n] = r
	if n.Elementwise() {
		r.reads = m.reads(n, nil, map[*graph.Node]bool{})
	}
	return r
}

// reads are the rows that n is computed from, directly or by steps that are not
// shown.
func (m *model) reads(n *graph.Node, list []*row, seen map[*graph.Node]bool) []*row {
	for _, a := range n.Args {
		switch {
		case seen[a] || a.Op == graph.Const:
		case m.shown[a]:
			list = append(list, m.row(a))
		default:
			list = m.reads(a, list, seen)
		}
		seen[a] = true
	}
	return list
}

func (m *model) head(h *flow.Head) *head {
	out := &head{matrix: m.eval.Matrix(h.Selector), keys: m.all(h.Keys), queries: m.all(h.Queries)}
	out.name, out.expr = m.names.of(h.Selector)
	for _, n := range h.Aggregates {
		g := gather{of: m.row(n.Args[1]), result: m.row(n)}
		if slices.ContainsFunc(out.matrix, empty) {
			g.byDefault = n.Value.Short()
		}
		out.gathers = append(out.gathers, g)
	}
	return out
}

func empty(row []bool) bool { return !slices.Contains(row, true) }
