package analysis

import (
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/rewrite"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Of computes the value sets of everything that the roots depend on,
// operands first, with the interpreter's own arithmetic.
func Of(p *rewrite.Program, d domain.Domain) (*Analysis, error) {
	a := &Analysis{
		Facts: &facts.Facts{
			Domain:      d,
			Nodes:       graph.Reachable(p.Roots...),
			Token:       &facts.Variable{Id: 0, Source: facts.Token, Size: len(d.Vocab)},
			Position:    &facts.Variable{Id: 1, Source: facts.Position, Size: d.Length, Unique: true},
			Tables:      map[*graph.Node]*facts.Table{},
			Own:         map[*graph.Node]*facts.Variable{},
			Computed:    map[*graph.Node]*facts.Variable{},
			Linears:     map[*graph.Node]*linear.Form[*graph.Node]{},
			Selectors:   map[*graph.Node]*facts.Selector{},
			Comparisons: map[*graph.Node]*facts.Comparison{},
			Differences: map[[2]*graph.Node]*graph.Node{},
		},
		uniform:  map[*graph.Node]bool{},
		taken:    map[*graph.Node]bool{},
		refusals: map[*graph.Node]*diag.Diagnostic{},
		Program:  p,
	}
	if !d.Causal {
		a.Length = &facts.Variable{Id: 2, Source: facts.Length, Size: d.Length}
	}
	a.depth = graph.Depths(a.Nodes)
	if err := a.positional(a.Nodes); err != nil {
		return a, err
	}
	for _, n := range a.Nodes {
		if n.IsSelector() || a.Table(n) != nil {
			continue
		}
		r, err := a.relate(n)
		if err != nil {
			return a, err
		}
		a.checkType(n, r)
		a.record(n, r)
		a.subtract(n)
	}
	return a, nil
}

func (a *Analysis) relate(n *graph.Node) (*facts.Table, error) {
	switch n.Op {
	case graph.Tokens:
		return a.tokens(n), nil
	case graph.Aggregate:
		return a.aggregate(n)
	case graph.Width:
		v := a.newVariable(n, facts.Width, a.Domain.Length+1)
		v.Unique = !a.Domain.Causal && a.strictOrder(n.Args[0])
		return facts.Identity(v, func(w int) value.Value { return value.OfInt(int64(w)) }), nil
	case graph.Any:
		v := a.newVariable(n, facts.Any, 2)
		return facts.Identity(v, func(s int) value.Value { return value.OfBool(s == 1) }), nil
	}
	return a.elementwise(n)
}

func (a *Analysis) tokens(n *graph.Node) *facts.Table {
	b := facts.NewBuilder([]*facts.Variable{a.Token}, a.Token.Size)
	e := interp.New(false, n)
	for s, t := range a.Domain.Vocab {
		if err := e.Run([]value.Value{t}); err != nil {
			a.doubt(n, err.Error())
			continue
		}
		b.Set(s, e.Sequence(n)[0])
	}
	return b.Table()
}

// checkType doubts a sequence that may mix strings with numbers, or booleans
// with numbers that are not ints.
func (a *Analysis) checkType(n *graph.Node, r *facts.Table) {
	text, number := false, false
	for _, v := range r.Values {
		if v.Kind() == value.String {
			text = true
		} else {
			number = true
		}
	}
	if text && number {
		a.doubt(n, "a sequence of strings and numbers")
	}
}
