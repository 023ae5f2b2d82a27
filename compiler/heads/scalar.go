package heads

import (
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// Scalar reads an s-op of numbers as one linear form, whether or not its values
// can be listed: fractions that are linear in means as they come out of the heads.
func (l *Attention) Scalar(n *graph.Node) *demand.Offer {
	r := l.Table(n)
	switch {
	case l.Quotients[n] != nil:
		return l.Divided(n)
	case !r.Unbounded && len(r.Vars) == 0:
		return &demand.Offer{Make: func() plan.Form { return plan.Constant(r.Values[0].Float64()) }}
	case !r.Unbounded && (n.Op == graph.Aggregate || !l.IsMean(n) || l.All(n, facts.IsInteger)):
		return l.Later(l.Source(n), l.Numbers(n))
	case n.Op == graph.Aggregate:
		sel := l.Selection(n.Args[0], nil)
		if len(sel.Parts) != 1 {
			return &demand.Offer{Make: func() plan.Form { return l.Fail(unsupportedMean(n)) }}
		}
		a := l.meanColumn(n, sel.Parts[0], 0)
		return &demand.Offer{When: a.When, Make: a.Form}
	}
	return l.SumOfScalars(n)
}

// SumOfScalars is scalar for a linear form, term by term.
func (l *Attention) SumOfScalars(n *graph.Node) *demand.Offer {
	if known := l.scalars[n]; known != nil {
		return known
	}
	lin := l.Linear(n)
	c := &demand.Number{Form: linear.Constant[*demand.Offer](lin.Constant)}
	for _, t := range lin.Terms {
		c.Terms = append(c.Terms, linear.Term[*demand.Offer]{Of: l.Scalar(t.Of), Factor: t.Factor})
	}
	l.scalars[n] = &demand.Offer{When: c.When(), Make: c.Sum}
	return l.scalars[n]
}

func unsupportedMean(n *graph.Node) *diag.Diagnostic {
	return diag.Errorf(n.Span, diag.Limit, "a mean of numbers of this kind over a selector that is not one conjunction is not supported yet").
		WithHint("split the selector, or average ints")
}
