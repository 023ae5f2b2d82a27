package demand

import (
	"fmt"
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Selection is a selector as heads see it: disjoint conjunctions, a head each.
type Selection struct {
	Parts []*facts.Conjunct
	Node  *graph.Node // the selector, for labels and messages; nil for the full selector
	Only  *KeyFilter  // beyond the selector; nil for nothing
	// Counter is what asked for its width, nil if nothing did; width is that.
	Counter *graph.Node
	Width   *Number
}

// Label names a number about the selection: after the s-op that counts it, if it
// has a name.
func (s *Selection) Label(what string) model.Label {
	label := LabelOf(s.Node, what+" "+s.Text())
	if s.Counter != nil && s.Counter.Name != "" && s.Counter.Name != label.Name {
		label = LabelOf(s.Counter, label.What)
	}
	return label
}

// Text names the selector, and what keys must be beyond it.
func (s *Selection) Text() string {
	if s.Only == nil {
		return graph.DescribeSelector(s.Node)
	}
	return graph.DescribeSelector(s.Node) + " where " + graph.Describe(s.Only.Node)
}

// Selection splits the selector n, with extra conditions that each key must meet.
func (l *Demands) Selection(n *graph.Node, only *KeyFilter) *Selection {
	key := fmt.Sprintf("%d %s", n.ID, only.key())
	if s := l.Selections[key]; s != nil {
		return s
	}
	s := &Selection{Node: n, Only: only}
	l.Selections[key] = s
	split := l.Selector(n)
	if split.Err != nil {
		l.Fail(split.Err.(*diag.Diagnostic))
		return s
	}
	for _, p := range split.Conjuncts {
		if only != nil {
			if p.Pick != facts.Every { // the latest of those that pass is another one
				l.Fail(diag.Errorf(n.Span, diag.Internal, "%s picks a key, and is asked for some keys alone; this is a fault of the compiler, not of the program", graph.DescribeSelector(n)))
			}
			filter := only.condition(l.Facts)
			if slices.ContainsFunc(p.Conditions, filter.Excludes) {
				continue
			}
			p = &facts.Conjunct{Conditions: append(slices.Clone(p.Conditions), filter)}
		}
		s.Parts = append(s.Parts, p)
	}
	l.nameParts(s)
	return s
}

// FullSelection selects every key of the input.
func (l *Demands) FullSelection() *Selection {
	s := l.Selections["full"]
	if s == nil {
		s = &Selection{Parts: []*facts.Conjunct{{}}}
		l.Selections["full"] = s
		l.nameParts(s)
	}
	return s
}

// nameParts says of each part, for people and as data, what it is a part of.
func (l *Demands) nameParts(s *Selection) {
	for i, p := range s.Parts {
		p.Text = s.Text()
		if len(s.Parts) > 1 {
			p.Text += fmt.Sprintf(", part %d of %d", i+1, len(s.Parts))
		}
		l.selects[p] = plan.Selects{Selector: NumberOf(s.Node), Where: s.Only.where(l.Facts), Part: i, Parts: len(s.Parts)}
	}
}

// NumberOf a node in the graph, plan.NoNode of none.
func NumberOf(n *graph.Node) int {
	if n == nil {
		return plan.NoNode
	}
	return n.ID
}

// KeyFilter restricts a selector to the keys at which the s-op node has one of
// some values.
type KeyFilter struct {
	Node *graph.Node
	IDs  []int32 // into the values of its table, ascending
}

func (f *KeyFilter) key() string {
	if f == nil {
		return ""
	}
	return fmt.Sprint(f.Node.ID, f.IDs)
}

func (f *KeyFilter) where(a *facts.Facts) *plan.Where {
	if f == nil {
		return nil
	}
	w := &plan.Where{Node: f.Node.ID}
	for _, id := range f.IDs {
		w.Is = append(w.Is, model.Token(a.Table(f.Node).Values[id].JSON()))
	}
	return w
}

func (f *KeyFilter) condition(a *facts.Facts) *facts.Condition {
	c := &facts.Condition{Query: facts.Classify(nil, [][]int32{{0}})}
	ids := slices.Clone(a.IdsBySource(f.Node))
	for i, id := range ids {
		switch {
		case id == facts.None:
		case slices.Contains(f.IDs, id):
			ids[i] = 1
		default:
			ids[i] = 0
		}
	}
	c.Key = facts.Classify(a.Source(f.Node), [][]int32{ids})
	row := make([]int8, len(c.Key.Size))
	for k, s := range c.Key.Example {
		row[k] = int8(ids[s])
	}
	c.Allowed = [][]int8{row}
	return c
}
