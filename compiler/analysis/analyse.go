package analysis

import (
	"slices"

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
			Means:       map[*graph.Node]facts.Reading{},
			Selectors:   map[*graph.Node]*facts.Selector{},
			Comparisons: map[*graph.Node]*facts.Comparison{},
			Rounded:     map[*graph.Node]float64{},
			Totals:      map[*graph.Node]*graph.Node{},
			Quotients:   map[*graph.Node]*facts.Quotient{},
			Differences: map[[2]*graph.Node]*graph.Node{},
			Claims:      map[facts.Claim]string{},
			Merged:      mergedOf(p),
		},
		uniform:  map[*graph.Node]bool{},
		taken:    map[*graph.Node]bool{},
		readings: map[*graph.Node]arithmetic{},
		chains:   map[*graph.Node]*facts.Chain{},
		leaves:   map[*graph.Node][2]float64{},
		tooLarge: map[*graph.Node]*diag.Diagnostic{},
		refusals: map[*graph.Node]*diag.Diagnostic{},
		Program:  p,
	}
	if d.Form != nil {
		a.Token.At = d.Form.Possible(d.Length)
	}
	if !d.Causal {
		a.Length = &facts.Variable{Id: 2, Source: facts.Length, Size: d.Length}
	}
	a.depth = graph.Depths(a.Nodes)
	if err := a.positional(a.Nodes); err != nil {
		return a, err
	}
	a.findProducts()
	a.findFree()
	a.findDeviations()
	for _, n := range a.Nodes {
		if n.Op == graph.SelOnly {
			a.unproven(n)
		}
		if n.IsSelector() || a.Table(n) != nil || a.deferred[n] {
			continue
		}
		if err := a.analyse(n); err != nil {
			return a, err
		}
	}
	return a, nil
}

// analyse finds the values of an s-op, whose operands have theirs.
func (a *Analysis) analyse(n *graph.Node) error {
	r, err := a.relate(n)
	if err != nil {
		return err
	}
	if len(r.Values) == 0 && !r.Unbounded {
		return a.failsAlways(n)
	}
	a.checkType(n, r)
	a.record(n, r)
	a.subtract(n)
	return nil
}

// failsAlways is the fault of an s-op that has no value at all.
func (a *Analysis) failsAlways(n *graph.Node) *diag.Diagnostic {
	why := "it has no value"
	for _, d := range a.Doubts {
		if d.Node == n {
			why = d.Message
		}
	}
	where := n
	for _, user := range a.Nodes { // what the language has by itself stands nowhere in the text
		if where.Span.Source == nil && slices.Contains(user.Args, where) {
			where = user
		}
	}
	return diag.Errorf(where.Span, diag.Value, "the program fails on every input: %s", why).WithHint("change the program or its domain")
}

func (a *Analysis) relate(n *graph.Node) (*facts.Table, error) {
	if r := a.unselected(n); r != nil {
		return r, nil
	}
	switch n.Op {
	case graph.Tokens:
		return a.tokens(n), nil
	case graph.Aggregate:
		return a.aggregate(n)
	case graph.Width:
		v := a.newVariable(n, facts.Width, a.Domain.Length+1)
		v.Unique = !a.Domain.Causal && a.strictOrder(n.Args[0])
		return a.widthOfForm(n.Args[0], facts.Identity(v, func(w int) value.Value { return value.OfInt(int64(w)) })), nil
	case graph.Any:
		v := a.newVariable(n, facts.Any, 2)
		return a.widthOfForm(n.Args[0], facts.Identity(v, func(s int) value.Value { return value.OfBool(s == 1) })), nil
	}
	return a.elementwise(n)
}

// unselected is the table of what an aggregate, a width or an any is where its selector
// selects nothing on any input; nil for others.
func (a *Analysis) unselected(n *graph.Node) *facts.Table {
	nothing := map[graph.Op]value.Value{graph.Aggregate: n.Value, graph.Width: value.OfInt(0), graph.Any: value.OfBool(false)}
	v, brings := nothing[n.Op]
	if !brings {
		return nil
	}
	if s, err := a.selectorOf(n.Args[0]); err != nil || len(s.Conjuncts) > 0 {
		return nil
	}
	b := facts.NewBuilder(nil, 1)
	b.Set(0, v)
	return b.Table()
}

func (a *Analysis) tokens(n *graph.Node) *facts.Table {
	b := facts.NewBuilder([]*facts.Variable{a.Token}, a.Token.Size)
	e := interp.New(false, n)
	for s, t := range a.Domain.Vocab {
		if a.Domain.Form != nil && !a.Domain.Form.Occurs(s) {
			continue
		}
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
