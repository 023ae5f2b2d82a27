package compiler

import (
	"rasp/compiler/linear"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// scalar reads an s-op of numbers as one linear form, whether or not its values
// can be listed: fractions that are linear in means as they come out of the heads.
func (l *attention) scalar(n *graph.Node) *offer {
	r := l.table(n)
	switch {
	case !r.unbounded && len(r.vars) == 0:
		return &offer{make: func() form { return constantForm(r.values[0].Float64()) }}
	case !r.unbounded && (n.Op == graph.Aggregate || !l.isMean(n) || l.all(n, isInteger)):
		src, f := l.source(n), l.numbers(n)
		return &offer{when: l.when(src, f), make: func() form { return l.read(src, f) }}
	case n.Op == graph.Aggregate:
		sel := l.selection(n.Args[0], nil)
		if len(sel.parts) != 1 {
			return &offer{make: func() form { return l.fail(unsupportedMean(n)) }}
		}
		a := l.meanColumn(n, sel.parts[0], 0)
		return &offer{when: a.when, make: a.form}
	}
	return l.sumOfScalars(n)
}

// sumOfScalars is scalar for a linear form, term by term.
func (l *attention) sumOfScalars(n *graph.Node) *offer {
	lin := l.linear(n)
	c := &combination{Form: linear.Constant[*offer](lin.Constant)}
	for _, t := range lin.Terms {
		c.Terms = append(c.Terms, linear.Term[*offer]{Of: l.scalar(t.Of), Factor: t.Factor})
	}
	return &offer{when: c.when(), make: c.form}
}

func unsupportedMean(n *graph.Node) *diag.Diagnostic {
	return diag.Errorf(n.Span, diag.Limit, "a mean of numbers of this kind over a selector that is not one conjunction is not supported yet").
		WithHint("split the selector, or average ints")
}
