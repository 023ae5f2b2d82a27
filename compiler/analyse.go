package compiler

import (
	"rasp/compiler/linear"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// analyse computes the value sets of everything that the roots depend on,
// operands first, with the interpreter's own arithmetic.
func analyse(p *program, d domain.Domain) (*analysis, error) {
	a := &analysis{
		facts: &facts{
			domain:      d,
			nodes:       graph.Reachable(p.roots...),
			token:       &variable{id: 0, kind: tokenVariable, size: len(d.Vocab)},
			position:    &variable{id: 1, kind: positionVariable, size: d.Length, unique: true},
			tables:      map[*graph.Node]*relation{},
			own:         map[*graph.Node]*variable{},
			computed:    map[*graph.Node]*variable{},
			linears:     map[*graph.Node]*linear.Form[*graph.Node]{},
			selectors:   map[*graph.Node]*selector{},
			comparisons: map[*graph.Node]*comparisonOfMeans{},
			differences: map[[2]*graph.Node]*graph.Node{},
		},
		global:   map[*graph.Node]bool{},
		taken:    map[*graph.Node]bool{},
		refusals: map[*graph.Node]*diag.Diagnostic{},
		program:  p,
	}
	if !d.Causal {
		a.length = &variable{id: 2, kind: lengthVariable, size: d.Length}
	}
	a.depth = graph.Depths(a.nodes)
	if err := a.positional(a.nodes); err != nil {
		return a, err
	}
	for _, n := range a.nodes {
		if n.IsSelector() || a.table(n) != nil {
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

func (a *analysis) relate(n *graph.Node) (*relation, error) {
	switch n.Op {
	case graph.Tokens:
		return a.tokens(n), nil
	case graph.Aggregate:
		return a.aggregate(n)
	case graph.Width:
		v := a.newVariable(n, widthVariable, a.domain.Length+1)
		v.unique = !a.domain.Causal && a.strictOrder(n.Args[0])
		return identity(v, func(w int) value.Value { return value.OfInt(int64(w)) }), nil
	case graph.Any:
		v := a.newVariable(n, anyVariable, 2)
		return identity(v, func(s int) value.Value { return value.OfBool(s == 1) }), nil
	}
	return a.elementwise(n)
}

func (a *analysis) tokens(n *graph.Node) *relation {
	b := newBuilder([]*variable{a.token}, a.token.size)
	e := interp.New(false, n)
	for s, t := range a.domain.Vocab {
		if err := e.Run([]value.Value{t}); err != nil {
			a.doubt(n, err.Error())
			continue
		}
		b.set(s, e.Sequence(n)[0])
	}
	return b.relation()
}

// checkType doubts a sequence that may mix strings with numbers, or booleans
// with numbers that are not ints.
func (a *analysis) checkType(n *graph.Node, r *relation) {
	text, number := false, false
	for _, v := range r.values {
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
