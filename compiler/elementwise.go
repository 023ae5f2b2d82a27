package compiler

import (
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
