package check

import (
	"slices"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// always warns of comparisons of the program whose result is the same on every input,
// or is not what it looks like: with another kind of value, with what is no token of
// the vocabulary, x == "a" or "b", 1 < x < 3. Of a place that makes several all must
// be such. occurs.go says what of places that look for a value, never.go what of selectors.
func (c *checker) always() {
	if len(c.program.Graph.Nodes) > maxNodes {
		return
	}
	found := map[diag.Span]*diag.Diagnostic{}
	for _, n := range c.program.Graph.Nodes {
		var d *diag.Diagnostic
		switch {
		case c.sought[n.Span] && looked(n):
			d = c.missing(n)
		case c.comparisons[n.Span] && !c.sought[n.Span]:
			d = c.suspect(n)
		default:
			continue
		}
		if old, ok := found[n.Span]; ok && old == nil {
			continue
		}
		found[n.Span] = d
	}
	for _, d := range found {
		if d != nil {
			c.warnings = append(c.warnings, d)
		}
	}
}

// suspect is the warning about one comparison, nil for none.
func (c *checker) suspect(n *graph.Node) *diag.Diagnostic {
	switch {
	case n.Op == graph.In && len(n.List) == 0:
		return diag.Warningf(n.Span, diag.Value, "this is always False: the elements of an s-op are no lists, dicts or functions").WithHint("to look for an element in a list write x in [...]")
	case n.Op == graph.In && n.Args[0].Op == graph.Tokens:
		if tokens := c.vocabulary(n.Args[0]); tokens != nil && !slices.ContainsFunc(tokens, func(t value.Value) bool { return n.Find(t) >= 0 }) {
			return diag.Warningf(n.Span, diag.Value, "this is always False: none of the list is in the vocabulary")
		}
	case n.Op == graph.LookupKey:
		return c.withoutKey(n, n.Args[0], n.Keys, "this fails on every input")
	case n.Op == graph.Row:
		for i, of := range n.Args {
			if d := c.withoutKey(n, of, n.Trie.Keys[i], "this is always the default"); d != nil {
				return d
			}
		}
	case n.Op == graph.Select && (n.Fn == value.Eq || n.Fn == value.Ne):
		return c.withoutToken(n, map[bool]string{true: "selects all that it may", false: "selects nothing, whatever the input"})
	case n.Op != graph.Binary:
	case n.Fn == value.And || n.Fn == value.Or:
		return logic(n)
	case n.Fn.IsComparison():
		return c.comparison(n)
	}
	return nil
}

// logic warns of x == "a" or "b", which is (x == "a") or "b".
func logic(n *graph.Node) *diag.Diagnostic {
	for _, side := range n.Args {
		if side.Op != graph.Const || side.Value.Kind() == value.Bool {
			continue
		}
		counts, result := "False", "decides nothing here"
		if side.Value.Truthy() {
			counts = "True"
		}
		if side.Value.Truthy() == (n.Fn == value.Or) {
			result = "is the result on every input"
		}
		return diag.Warningf(n.Span, diag.Value, "%s is no comparison: it counts as %s, which %s", side.Value.JSON(), counts, result).
			WithHint("write both comparisons out: x == %s %s ..., or x in [...]", side.Value.JSON(), n.Fn)
	}
	return nil
}

// comparison warns of 1 < x < 3, which is (1 < x) < 3, of kinds that are never equal,
// and of what is no token.
func (c *checker) comparison(n *graph.Node) *diag.Diagnostic {
	a, b := n.Args[0], n.Args[1]
	for _, pair := range [][2]*graph.Node{{a, b}, {b, a}} {
		compared, with := pair[0], pair[1]
		if compared.Op == graph.Binary && compared.Fn.IsComparison() && with.Op == graph.Const && with.Value.IsNumber() && with.Value.Kind() != value.Bool {
			return diag.Warningf(n.Span, diag.Value, "this compares a bool, the result of the first comparison, with %s", with.Value.JSON()).
				WithHint("write a < x and x < b")
		}
	}
	if n.Fn != value.Eq && n.Fn != value.Ne {
		return c.neverHolds(n)
	}
	left, right := c.program.Elements(a), c.program.Elements(b)
	if left == element.Strings && right != 0 && right&element.Strings == 0 || right == element.Strings && left != 0 && left&element.Strings == 0 {
		return diag.Warningf(n.Span, diag.Value, "this is always %s", truth(n.Fn == value.Ne)).
			WithHint("%s and %s are never equal%s", left, right, readAs(a, b))
	}
	if d := c.withoutToken(n, map[bool]string{true: "is always True", false: "is always False"}); d != nil {
		return d
	}
	return c.neverHolds(n)
}

// readAs is what else is to say where tokens, strings, are compared with a number.
func readAs(a, b *graph.Node) string {
	for _, n := range []*graph.Node{a, b} {
		if n.Op == graph.Tokens && n.Base == graph.Str {
			return "; tokens_int and tokens_float read tokens as numbers"
		}
	}
	return ""
}

func truth(is bool) string {
	if is {
		return "True"
	}
	return "False"
}

// withoutToken warns of tokens == x and != x where x is no token of the vocabulary.
func (c *checker) withoutToken(n *graph.Node, is map[bool]string) *diag.Diagnostic {
	tokens, with := n.Args[0], n.Args[1]
	if tokens.Op != graph.Tokens {
		tokens, with = with, tokens
	}
	if tokens.Op != graph.Tokens || with.Op != graph.Const {
		return nil
	}
	list := c.vocabulary(tokens)
	if list == nil || slices.ContainsFunc(list, func(t value.Value) bool { return value.Equal(t, with.Value) }) {
		return nil
	}
	d := diag.Warningf(n.Span, diag.Value, "this %s: %s is not in the vocabulary", is[n.Fn == value.Ne], with.Value.JSON())
	for _, t := range list {
		if t.String() == with.Value.String() {
			d.WithHint("the vocabulary has %s%s", value.Describe(t), readAs(tokens, with))
		}
	}
	return d
}

// vocabulary is each token as the s-op tokens reads it; nil if that is not known.
func (c *checker) vocabulary(tokens *graph.Node) (list []value.Value) {
	run := interp.New(false, tokens)
	for _, token := range c.program.File.Directives.Vocab {
		if run.Run([]value.Value{token}) != nil {
			return nil
		}
		list = append(list, run.Sequence(tokens)[0])
	}
	return list
}
