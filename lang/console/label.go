package console

import (
	"math"
	"strings"
	"unicode/utf8"

	"rasp/lang/elab"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Named: an s-op goes by the last name that it was given.
func (l *listener) Named(n *graph.Node, name string) { l.labels[n] = name }

// Returned: what a call returns goes by the call.
func (l *listener) Returned(n *graph.Node, f *elab.Function, args []elab.Value) {
	c := (*Console)(l)
	texts := make([]string, len(args))
	for i, arg := range args {
		texts[i] = c.brief(arg, longestArgument)
	}
	c.labels[n] = f.Name() + "(" + strings.Join(texts, " , ") + ")"
}

// brief is the text of a value in a label; a list or dict longer than that is
// only called so.
func (c *Console) brief(v elab.Value, longest int) string {
	text := ""
	switch v := v.(type) {
	case elab.SOp:
		return c.labelOf(v.Node)
	case elab.Selector:
		return c.labelOf(v.Node)
	case *elab.List:
		texts := make([]string, len(v.Elems))
		for i, elem := range v.Elems {
			texts[i] = c.brief(elem, math.MaxInt)
		}
		text = "[" + strings.Join(texts, ", ") + "]"
	case *elab.Dict:
		texts := make([]string, len(v.Keys))
		for i, key := range v.Keys {
			texts[i] = quoted(elab.Atom{Value: key}) + ": " + c.brief(v.Values[i], math.MaxInt)
		}
		text = "{" + strings.Join(texts, ", ") + "}"
	default:
		return quoted(v)
	}
	if len(text) > longest {
		return "(" + elab.KindOf(v) + ")"
	}
	return text
}

// Lengths of the reference.
const (
	longestLabel    = 30
	longestArgument = 20
	deepestLabel    = 16 // deeper ones would be too long
)

// labelOf is the name of an s-op or selector that is shown without one: the one
// that it was given last or, until then, how it was made if that is short.
func (c *Console) labelOf(n *graph.Node) string { return c.labelAt(n, 0) }

func (c *Console) labelAt(n *graph.Node, depth int) string {
	text, known := c.labels[n]
	switch {
	case known:
	case n.Name != "":
		text = n.Name
	case depth < deepestLabel:
		text = c.made(n, depth+1)
		c.labels[n] = text
	}
	switch {
	case text != "" && utf8.RuneCountInString(text) <= longestLabel:
		return text
	case n.IsSelector():
		return "sel"
	}
	return "s-op"
}

// made is how n was made.
func (c *Console) made(n *graph.Node, depth int) string {
	operand := func(i int) string { return c.labelAt(n.Args[i], depth) }
	switch n.Op {
	case graph.Const:
		return n.Value.String()
	case graph.Unary:
		if n.Fn == value.Indicator {
			return "I(" + operand(0) + ")"
		}
		return "( " + n.Fn.String() + " " + operand(0) + " )"
	case graph.Binary:
		switch n.Fn {
		case value.And, value.Or:
			return "( " + operand(0) + " " + n.Fn.String() + " " + operand(1) + ")"
		case value.Pow:
			return "( " + operand(0) + " pow " + operand(1) + " )"
		}
		return "( " + operand(0) + " " + n.Fn.String() + " " + operand(1) + " )"
	case graph.Ternary:
		return operand(1) + " if " + operand(0) + " else " + operand(2)
	case graph.Aggregate:
		if i, ok := position(n); ok {
			return operand(1) + "[" + i.String() + "]"
		}
	}
	if n.IsSelector() {
		return "plain select"
	}
	return "s-op"
}

// position is the i of s[i], false for other aggregates.
func position(n *graph.Node) (i value.Value, ok bool) {
	sel := n.Args[0]
	if sel.Op != graph.Select || sel.Span != n.Span {
		return value.Value{}, false
	}
	at := sel.Args[1]
	if at.Op == graph.Binary { // length + -1
		at = at.Args[1]
	}
	return at.Value, at.Op == graph.Const
}
