package compiler

import (
	"fmt"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// selection is a selector as heads see it: disjoint conjunctions, a head each.
type selection struct {
	parts []*part
	node  *graph.Node // the selector, for labels and messages; nil for the full selector
	only  *keyFilter  // beyond the selector; nil for nothing
	// counter is what asked for its width, nil if nothing did; width is that.
	counter *graph.Node
	width   *combination
}

// label names a number about the selection: after the s-op that counts it, if it
// has a name.
func (s *selection) label(what string) model.Label {
	label := labelOf(s.node, what+" "+s.text())
	if s.counter != nil && s.counter.Name != "" && s.counter.Name != label.Name {
		label = labelOf(s.counter, label.What)
	}
	return label
}

// text names the selector, and what keys must be beyond it.
func (s *selection) text() string {
	if s.only == nil {
		return graph.DescribeSelector(s.node)
	}
	return graph.DescribeSelector(s.node) + " where " + graph.Describe(s.only.node)
}

// selection splits the selector n, with extra conditions that each key must meet.
func (l *demands) selection(n *graph.Node, only *keyFilter) *selection {
	key := fmt.Sprintf("%d %s", n.ID, only.key())
	if s := l.selections[key]; s != nil {
		return s
	}
	s := &selection{node: n, only: only}
	l.selections[key] = s
	split := l.selector(n)
	if split.err != nil {
		l.fail(split.err.(*diag.Diagnostic))
		return s
	}
	for _, p := range split.parts {
		if only != nil {
			filter := only.condition(l.facts)
			if slices.ContainsFunc(p.conditions, filter.excludes) {
				continue
			}
			p = &part{conditions: append(slices.Clone(p.conditions), filter)}
		}
		s.parts = append(s.parts, p)
	}
	for i, p := range s.parts {
		p.text = s.text()
		if len(s.parts) > 1 {
			p.text += fmt.Sprintf(", part %d of %d", i+1, len(s.parts))
		}
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

func (f *keyFilter) condition(a *facts) *condition {
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
