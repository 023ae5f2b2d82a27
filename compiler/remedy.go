package compiler

import (
	"fmt"
	"slices"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime/form"
)

// What a program looks for by a token, a separator for example, may be there once; then
// several of them, which have a mean place, are no input of the program. Only its author
// knows, and a refusal says how to say it.

// mostNamed is how many tokens a hint names.
const mostNamed = 8

// separators are the tokens that a selector looks for, if it asks its keys for nothing
// else and an input may have several; nil otherwise.
func (c *compilation) separators(sel *graph.Node) (ids []int) {
	if sel.Op == graph.SelOnly {
		return c.separators(sel.Args[0])
	}
	if sel.Op != graph.Select || !constant(sel.Args[1]) || constant(sel.Args[0]) {
		return nil
	}
	for _, n := range graph.Reachable(sel.Args[0]) {
		if !n.Elementwise() && n.Op != graph.Tokens && n.Op != graph.Const {
			return nil
		}
	}
	e := interp.New(c.domain.Causal, sel)
	for id, t := range c.domain.Vocab {
		if e.Run([]value.Value{t}) == nil && e.Matrix(sel)[0][0] {
			if ids = append(ids, id); len(ids) > mostNamed {
				return nil
			}
		}
	}
	if f := c.domain.Form; f != nil {
		if _, most := f.Occurrences(func(t int) bool { return slices.Contains(ids, t) }); most <= 1 {
			return nil
		}
	}
	return ids
}

// constant reports that an s-op depends on no input.
func constant(n *graph.Node) bool {
	return !slices.ContainsFunc(graph.Reachable(n), func(m *graph.Node) bool { return m.Op != graph.Const && !m.Elementwise() })
}

// line is the directive that says that inputs have one of the tokens.
func (c *compilation) line(ids []int) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		t := c.domain.Vocab[id]
		if names[i] = t.JSON(); t.Kind() == value.String {
			names[i] = t.Text()
		}
		names[i] = form.Quoted(names[i])
	}
	text := strings.Join(names, " ")
	if len(names) > 1 {
		text = "[" + text + "]"
	}
	return "#rasp:inputs one " + text
}

// remedy adds to a refusal how to say that inputs have one separator, if what is refused
// depends on the mean place of several.
func (c *compilation) remedy(refusal error) error {
	for _, d := range asList(refusal) {
		if d.Kind != diag.Limit || d.Severity == diag.Warning {
			continue
		}
		for _, n := range c.below(d.Span) {
			if n.Op != graph.Aggregate {
				continue
			}
			ids := c.separators(n.Args[0])
			if len(ids) == 0 {
				continue
			}
			hint := fmt.Sprintf("several of what %s looks for have a mean; if every input has one, say so in a line: %s (or: at most one)",
				graph.Describe(n), c.line(ids))
			if d.Hint != "" {
				hint += "; or " + d.Hint
			}
			d.Hint = hint
			break
		}
	}
	return refusal
}

// below is what the nodes depend on that stand at a place of the text, or the outputs.
func (c *compilation) below(span diag.Span) []*graph.Node {
	all := graph.Reachable(graph.Roots(c.outputs)...)
	var at []*graph.Node
	for _, n := range all {
		if n.Span == span {
			at = append(at, n)
		}
	}
	if at == nil {
		return all
	}
	return graph.Reachable(at...)
}
