package check

import (
	"math"
	"slices"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// seeks are the functions of the library that look for their second argument in the
// first.
var seeks = []string{"count", "contains", "mark_first_instance", "mark_last_instance", "select_from_first", "select_from_last"}

// looked reports whether n is the comparison of a place that looks for a value, in an
// s-op or in a table.
func looked(n *graph.Node) bool {
	return n.Op == graph.Binary && n.Fn == value.Eq || n.Op == graph.In || n.Op == graph.Row
}

// missing is the warning about what such a place looks for and never finds.
func (c *checker) missing(n *graph.Node) *diag.Diagnostic {
	if n.Op != graph.Binary {
		return c.suspect(n)
	}
	d := c.comparison(n)
	if d == nil {
		return nil
	}
	why, ok := strings.CutPrefix(d.Message, "this is always False")
	if !ok {
		return nil
	}
	d.Message = "what is looked for never occurs" + why
	return d
}

// withoutKey warns of a table that tokens, or strings, never find a key in.
func (c *checker) withoutKey(n *graph.Node, of *graph.Node, keys []value.Value, result string) *diag.Diagnostic {
	elements := c.program.Elements(of)
	if elements == element.Strings && !slices.ContainsFunc(keys, func(k value.Value) bool { return k.Kind() == value.String }) {
		return diag.Warningf(n.Span, diag.Value, "%s: strings never equal a key", result).WithHint("%s", strings.TrimPrefix(readAs(of, of), "; "))
	}
	if of.Op != graph.Tokens {
		return nil
	}
	tokens := c.vocabulary(of)
	if tokens == nil || slices.ContainsFunc(keys, func(k value.Value) bool {
		return slices.ContainsFunc(tokens, func(t value.Value) bool { return value.Equal(t, k) })
	}) {
		return nil
	}
	return diag.Warningf(n.Span, diag.Value, "%s: no key is in the vocabulary", result)
}

// neverHolds warns of a comparison of tokens or positions with a constant that holds for
// none of them.
func (c *checker) neverHolds(n *graph.Node) *diag.Diagnostic {
	for side, with := range n.Args {
		if with.Op != graph.Const || !with.Value.IsNumber() || with.Value.Kind() == value.Bool {
			continue
		}
		var operands [2]value.Value
		operands[side] = with.Value
		values, why := c.occurring(n.Args[1-side], with.Value)
		holds := func(v value.Value) bool {
			operands[1-side] = v
			result, err := value.Binary(n.Fn, operands[0], operands[1])
			return err != nil || result.Truthy()
		}
		if len(values) > 0 && !slices.ContainsFunc(values, holds) {
			return diag.Warningf(n.Span, diag.Value, "this is always False: %s", why)
		}
	}
	return nil
}

// occurring are the tokens of the vocabulary, or positions below, at and above a number,
// where a comparison with it has all of its results; none for other s-ops.
func (c *checker) occurring(of *graph.Node, number value.Value) (values []value.Value, why string) {
	const most = 1 << 30 // where floats still have all ints
	switch x := number.Float64(); {
	case of.Op == graph.Tokens:
		return c.vocabulary(of), "it holds for no token of the vocabulary"
	case of.Op == graph.Indices && math.Abs(x) < most:
		values = append(values, value.OfInt(0))
		for _, near := range []float64{math.Floor(x), math.Ceil(x), math.Floor(x) + 1} {
			if near >= 0 {
				values = append(values, value.OfInt(int64(near)))
			}
		}
	}
	return values, "positions are ints from 0"
}
