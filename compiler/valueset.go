package compiler

import (
	"rasp/compiler/linear"

	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// analysis makes the facts.
type analysis struct {
	*facts
	depth  map[*graph.Node]int
	global map[*graph.Node]bool // see isGlobal
	taken  map[*graph.Node]bool // taken as given by some table
	*program
	mixed    *graph.Node                      // an aggregate of numbers and strings, see separate
	refusals map[*graph.Node]*diag.Diagnostic // see shownOnly
}

// analyse computes the value sets of everything that the roots depend on,
// operands first, with the interpreter's own arithmetic.
func analyse(p *program, domain domain.Domain) (*analysis, error) {
	a := &analysis{
		facts: &facts{
			domain:      domain,
			nodes:       graph.Reachable(p.roots...),
			token:       &variable{id: 0, kind: tokenVariable, size: len(domain.Vocab)},
			position:    &variable{id: 1, kind: positionVariable, size: domain.Length, unique: true},
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
	if !domain.Causal {
		a.length = &variable{id: 2, kind: lengthVariable, size: domain.Length}
	}
	a.depth = depths(a.nodes)
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

// record keeps the table of an s-op, and what follows from that alone.
func (a *analysis) record(n *graph.Node, r *relation) {
	a.tables[n] = r
	if lin := a.linearOf(n); lin != nil {
		a.linears[n] = lin
	}
	if own := a.own[n]; own != nil {
		own.table = r
	}
	if len(r.vars) > 1 {
		a.computedVariable(n)
	}
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

func (a *analysis) newVariable(n *graph.Node, kind variableKind, size int) *variable {
	id := 3 + 2*n.ID
	if kind == computedVariable { // beside the variable that the node may have of its own
		id++
	}
	v := &variable{id: id, kind: kind, node: n, size: size}
	if kind == computedVariable {
		return v
	}
	a.own[n] = v
	if n.Op == graph.Aggregate || n.Op == graph.Width || n.Op == graph.Any {
		a.selectorOf(n.Args[0])
	}
	return v
}

// identity is the relation of a node that has a variable of its own, with a
// value for each state.
func identity(v *variable, f func(state int) value.Value) *relation {
	b := newBuilder([]*variable{v}, v.size)
	for s := range v.size {
		b.set(s, f(s))
	}
	return b.relation()
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

// maxStage is up to how many cells the states of an automaton are tables over all
// that it has read: a table twice as large costs more neurons than a layer less is
// worth.
const maxStage = 1 << 7

// elementwise tabulates n over the variables of its operands. Where the table
// would exceed the budget, the operands with the largest tables are taken as
// variables of their own, if they have fewer values than their table has cells.
func (a *analysis) elementwise(n *graph.Node) (*relation, error) {
	rels := make([]*relation, len(n.Args))
	for i, arg := range n.Args {
		rels[i] = a.table(arg)
		if rels[i].unbounded {
			return a.unbounded(n)
		}
		if a.states[arg] && len(rels[i].cells) > maxStage {
			rels[i] = a.given(arg)
		}
	}
	s := newSpace(union(rels))
	if s.size > maxCells && n.Op == graph.Row {
		return a.rowVariable(n)
	}
	if s.size > maxCells {
		if r := a.late(n); r != nil {
			return r, nil
		}
	}
	for s.size > maxCells {
		largest := -1
		for i, r := range rels {
			if len(r.values) < len(r.cells) && (largest < 0 || len(r.cells) > len(rels[largest].cells)) {
				largest = i
			}
		}
		if largest < 0 {
			if r := a.comparison(n); r != nil {
				return r, nil
			}
			return a.shownOnly(n, tooManyCombinations(n, s))
		}
		rels[largest] = a.given(n.Args[largest])
		s = newSpace(union(rels))
	}
	return a.tabulate(n, s, rels), nil
}

// given is the relation of a node whose value is taken as a variable.
func (a *analysis) given(n *graph.Node) *relation {
	v := a.computedVariable(n)
	a.taken[n] = true
	values := a.table(n).values
	return identity(v, func(s int) value.Value { return values[s] })
}

// computedVariable has the values of n as states.
func (a *analysis) computedVariable(n *graph.Node) *variable {
	v := a.computed[n]
	if v == nil {
		v = a.newVariable(n, computedVariable, len(a.table(n).values))
		v.table, v.linear, v.unique = a.table(n), a.linear(n), a.differs(n)
		a.computed[n] = v
	}
	return v
}

func (a *analysis) tabulate(n *graph.Node, s *space, rels []*relation) *relation {
	return tabulate(n, s, rels, func(message string) { a.doubt(n, message) })
}

// tabulate runs an elementwise s-op on the values of its operands, in all states of a
// space; failed is told where that fails.
func tabulate(n *graph.Node, s *space, rels []*relation, failed func(message string)) *relation {
	readers := make([]reader, len(rels))
	for i, r := range rels {
		readers[i] = s.reader(r)
	}
	b := newBuilder(s.free, s.size)
	results := map[[3]int32]int32{} // by operands, as far as there are no more: a look-up may have many
	args, ids := make([]value.Value, len(rels)), make([]int32, len(rels))
	s.each(func(cell int, states []int32) {
		key := [3]int32{none, none, none}
		for i := range readers {
			if ids[i] = readers[i].at(states); ids[i] == none {
				return
			}
		}
		copy(key[:], ids)
		id, ok := results[key]
		if !ok || len(ids) > len(key) {
			for i, r := range rels {
				args[i] = r.values[ids[i]]
			}
			id = none
			if v, err := interp.Apply(n, args); err != nil {
				failed(err.Error())
			} else {
				id = b.id(v)
			}
			results[key] = id
		}
		b.cells[cell] = id
	})
	return b.relation().pruned()
}

func (a *analysis) doubt(n *graph.Node, message string) {
	if len(a.doubts) < 100 {
		a.doubts = append(a.doubts, doubt{n, message})
	}
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

// shownOnly is the relation of an s-op with too many combinations of values for a
// table: a linear form of numbers needs none to be added, scaled and shown. Whatever
// else is asked of it is refused.
func (a *analysis) shownOnly(n *graph.Node, refusal *diag.Diagnostic) (*relation, error) {
	if a.linearOf(n) == nil {
		return nil, refusal
	}
	a.refusals[n] = refusal
	return &relation{unbounded: true}, nil
}

// unbounded is the relation of a linear function of an unbounded number; any
// other function of it cannot be decided.
func (a *analysis) unbounded(n *graph.Node) (*relation, error) {
	if a.linearOf(n) != nil {
		return &relation{unbounded: true}, nil
	}
	return nil, a.undecidable(n)
}
