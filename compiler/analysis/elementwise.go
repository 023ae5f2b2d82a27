package analysis

import (
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// maxStage is up to how many cells the states of an automaton are tables over all
// that it has read: a table twice as large costs more neurons than a layer less is
// worth.
const maxStage = 1 << 7

// elementwise tabulates n over the variables of its operands. Where the table
// would exceed the budget, the operands with the largest tables are taken as
// variables of their own, if they have fewer values than their table has cells.
func (a *Analysis) elementwise(n *graph.Node) (*facts.Table, error) {
	if r, err := a.total(n); r != nil || err != nil {
		return r, err
	}
	if r, err := a.quotient(n); r != nil || err != nil {
		return r, err
	}
	rels := make([]*facts.Table, len(n.Args))
	for i, arg := range n.Args {
		rels[i] = a.Table(arg)
		if rels[i].Unbounded {
			if r := a.comparison(n); r != nil {
				return r, nil
			}
			if r := a.rounded(n); r != nil {
				return r, nil
			}
			return a.unbounded(n)
		}
		if a.States[arg] && len(rels[i].Cells) > maxStage {
			rels[i] = a.given(arg)
		}
	}
	s := facts.NewSpace(facts.Union(rels))
	if s.Size > manyCells && a.isBrought(s) {
		if r := a.whole(n, manyValues, s.Size/wholeCells); r != nil {
			return r, nil
		}
	}
	if s.TooLarge() && n.Op == graph.Row {
		return a.rowVariable(n)
	}
	if a.isWordy(n, s) {
		if r := a.ranked(n); r != nil {
			return r, nil
		}
	}
	if a.isCrowded(n, s) {
		if r := a.chain(n); r != nil {
			return r, nil
		}
	}
	if s.TooLarge() {
		if r := a.cutLate(n); r != nil {
			return r, nil
		}
		if r := a.chain(n); r != nil {
			return r, nil
		}
	}
	for s.TooLarge() {
		largest := -1
		for i, r := range rels {
			if len(r.Values) < len(r.Cells) && (largest < 0 || len(r.Cells) > len(rels[largest].Cells)) {
				largest = i
			}
		}
		if largest < 0 {
			if r := a.comparison(n); r != nil {
				return r, nil
			}
			if r := a.whole(n, 0, facts.MaxStates); r != nil {
				return r, nil
			}
			if r := a.ranked(n); r != nil {
				return r, nil
			}
			return a.shownOnly(n, tooManyCombinations(n, s))
		}
		rels[largest] = a.given(n.Args[largest])
		s = facts.NewSpace(facts.Union(rels))
	}
	return a.tabulate(n, s, rels), nil
}

func (a *Analysis) tabulate(n *graph.Node, s *facts.Space, rels []*facts.Table) *facts.Table {
	return Tabulate(n, s, rels, func(message string) { a.doubt(n, message) })
}

// Tabulate runs an elementwise s-op on the values of its operands, in all states of a
// space; failed is told where that fails.
func Tabulate(n *graph.Node, s *facts.Space, rels []*facts.Table, failed func(message string)) *facts.Table {
	readers := make([]facts.Reader, len(rels))
	for i, r := range rels {
		readers[i] = s.Reader(r)
	}
	b := facts.NewBuilder(s.Free, s.Size)
	results := newResults(rels, s.Size)
	args, ids := make([]value.Value, len(rels)), make([]int32, len(rels))
	places, run := make([]int, len(rels)), s.Run()
	for first, states := range s.Runs {
		for i := range readers {
			places[i] = readers[i].Place(states)
		}
	cells:
		for k := range run {
			for i := range readers {
				if ids[i] = readers[i].Of(places[i], k); ids[i] == facts.None {
					continue cells
				}
			}
			id, known := results.find(ids)
			if !known {
				for i, r := range rels {
					args[i] = r.Values[ids[i]]
				}
				id = facts.None
				if v, err := interp.Apply(n, args); err != nil {
					failed(err.Error())
				} else {
					id = b.Id(v)
				}
				results.keep(ids, id)
			}
			b.Cells[first+k] = id
		}
	}
	return b.Table().Pruned()
}

// results are those of an s-op so far, by the values of its operands: in a list, where there
// are no more combinations of them than twice the cells of the table; else by key, where
// that has room for all operands.
type results struct {
	tables []*facts.Table
	list   []int32 // row-major: a result and unknown, 0 where there is none yet
	byKey  map[[3]int32]int32
}

// unknown is what the results of a list are above their ids, so that 0 is none.
const unknown = 2

func newResults(tables []*facts.Table, cells int) *results {
	r, combinations := &results{tables: tables}, 1
	for _, t := range tables {
		if combinations *= max(1, len(t.Values)); combinations > 2*cells {
			r.byKey = map[[3]int32]int32{}
			return r
		}
	}
	r.list = make([]int32, combinations)
	return r
}

// find is the id of the result of operands, none if it failed, and whether there is one.
func (r *results) find(operands []int32) (id int32, known bool) {
	if r.list != nil {
		id = r.list[r.place(operands)] - unknown
		return id, id != -unknown
	}
	if len(operands) > 3 {
		return 0, false
	}
	id, known = r.byKey[keyOf(operands)]
	return id, known
}

func (r *results) keep(operands []int32, id int32) {
	switch {
	case r.list != nil:
		r.list[r.place(operands)] = id + unknown
	case len(operands) <= 3:
		r.byKey[keyOf(operands)] = id
	}
}

// place is where the result of operands is in the list.
func (r *results) place(operands []int32) int {
	at := 0
	for i, id := range operands {
		at = at*len(r.tables[i].Values) + int(id)
	}
	return at
}

func keyOf(operands []int32) [3]int32 {
	key := [3]int32{facts.None, facts.None, facts.None}
	copy(key[:], operands)
	return key
}

// shownOnly is the table of an s-op with too many combinations of values for a
// table: a linear form of numbers needs none to be added, scaled and shown. Whatever
// else is asked of it is refused.
func (a *Analysis) shownOnly(n *graph.Node, refusal *diag.Diagnostic) (*facts.Table, error) {
	lin := a.linearOf(n)
	if lin == nil {
		return nil, refusal
	}
	if a.tooRounded(lin) {
		return nil, a.roundedOnTheWay(n, lin)
	}
	a.refusals[n] = refusal
	a.doubtDivision(n)
	return &facts.Table{Unbounded: true}, nil
}

// doubtDivision doubts a quotient that no table is made of, if the divisor can be 0.
func (a *Analysis) doubtDivision(n *graph.Node) {
	if n.Op != graph.Binary || n.Fn != value.Div {
		return
	}
	if slices.ContainsFunc(a.Table(n.Args[1]).Values, func(v value.Value) bool { return v.Float64() == 0 }) {
		a.doubt(n, "division by zero")
	}
}

// unbounded is the table of a linear function of an unbounded number; any
// other function of it cannot be decided.
func (a *Analysis) unbounded(n *graph.Node) (*facts.Table, error) {
	lin := a.linearOf(n)
	switch {
	case lin == nil:
		return nil, a.undecidable(n)
	case a.tooRounded(lin):
		return nil, a.roundedOnTheWay(n, lin)
	}
	for _, arg := range n.Args {
		for _, v := range a.Table(arg).Beside {
			if !v.IsNumber() {
				a.doubt(n, "arithmetic with "+value.Describe(v))
			}
		}
	}
	a.doubtDivision(n)
	return &facts.Table{Unbounded: true}, nil
}

// rowVariable takes the row of a table as a variable, where a table over what it
// depends on would be too large: state 0 is no row.
func (a *Analysis) rowVariable(n *graph.Node) (*facts.Table, error) {
	if len(n.Trie.Rows) >= facts.MaxCells {
		return nil, diag.Errorf(n.Span, diag.Limit, "%s has %d rows, the limit is %d", graph.Describe(n), len(n.Trie.Rows), facts.MaxCells).
			WithHint("as a term of a logit, with #rasp:logits, it may have more")
	}
	v := a.newVariable(n, facts.Row, len(n.Trie.Rows)+1)
	return facts.Identity(v, func(s int) value.Value { return value.OfInt(int64(s - 1)) }), nil
}
