package analysis

import (
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// S-ops that no line of the program has: what fractions are made of.

// firstMade is the least ID of s-ops that no line of the program has, above those of any
// program and below those of differences.
const firstMade = 1 << 19

// make is an s-op that no line of the program has, analysed.
func (a *Analysis) make(n graph.Node) *graph.Node {
	for _, old := range a.Made {
		if old.Op == n.Op && old.Fn == n.Fn && slices.Equal(old.Args, n.Args) && old.Value == n.Value {
			return old
		}
	}
	made := &n
	made.ID = firstMade + len(a.Made)
	if len(n.Args) > 0 {
		made.Span = n.Args[len(n.Args)-1].Span
	}
	a.Made = append(a.Made, made)
	return made
}

// constant is a number that was made.
func (a *Analysis) constant(x int64) *graph.Node {
	n := a.make(graph.Node{Op: graph.Const, Value: value.OfInt(x)})
	if a.Table(n) == nil {
		a.record(n, constant(n.Value))
	}
	return n
}

// productOf is x y, of ints that stand at the same key.
func (a *Analysis) productOf(x, y *graph.Node) *graph.Node {
	n := a.make(graph.Node{Op: graph.Binary, Fn: value.Mul, Args: []*graph.Node{x, y}})
	a.known(n)
	return n
}

// known analyses an s-op that was made; false if that is refused. It fails nowhere where the
// program does not.
func (a *Analysis) known(n *graph.Node) bool {
	doubts := a.Doubts
	ok := a.Table(n) != nil || a.analyse(n) == nil
	a.Doubts = doubts
	return ok
}

// widthOf is how many keys the rows of a selector have, as an s-op.
func (a *Analysis) widthOf(sel *graph.Node) *graph.Node {
	n := a.make(graph.Node{Op: graph.Width, Args: []*graph.Node{sel}})
	if a.Table(n) != nil {
		return n
	}
	if r := a.widthKnown(sel); r != nil {
		a.record(n, r)
		return n
	}
	v := a.newVariable(n, facts.Width, a.Domain.Length+1)
	b := facts.NewBuilder([]*facts.Variable{v}, v.Size)
	for w := 1; w <= a.mostSelected(sel); w++ {
		b.Set(w, value.OfInt(int64(w)))
	}
	a.record(n, b.Table())
	return n
}

// wholeOf takes a sum of whole numbers as a variable.
func (a *Analysis) wholeOf(n *graph.Node) bool {
	if a.Table(n) != nil {
		return true
	}
	r := a.whole(n, 0, facts.MaxCells)
	if r != nil {
		a.record(n, r)
	}
	return r != nil
}

// sumOver is the sum of ints over a row, as a variable with a state for each number from the
// least to the largest; nil if there are too many.
func (a *Analysis) sumOver(sel, values, width *graph.Node) *graph.Node {
	if a.Table(values) == nil || a.Table(values).Unbounded || float64(a.Domain.Length)*a.Size(values) > mostNumber {
		return nil
	}
	lo, hi := a.extremeSums(values, a.mostSelected(sel))
	return a.sumUpTo(sel, values, width, lo, hi)
}

// sumUpTo is that of a sum that is known to lie between two numbers.
func (a *Analysis) sumUpTo(sel, values, width *graph.Node, lo, hi int64) *graph.Node {
	mean := a.make(graph.Node{Op: graph.Aggregate, Args: []*graph.Node{sel, values}, Value: value.OfInt(0)})
	product := a.make(graph.Node{Op: graph.Binary, Fn: value.Mul, Args: []*graph.Node{mean, width}})
	n := a.make(graph.Node{Op: graph.Unary, Fn: value.Round, Args: []*graph.Node{product}})
	if a.Table(n) != nil {
		return n
	}
	if hi-lo >= facts.MaxCells {
		return nil
	}
	a.record(mean, &facts.Table{Unbounded: true})
	a.record(product, &facts.Table{Unbounded: true})
	a.Totals[n] = mean
	v := a.newVariable(n, facts.Whole, int(hi-lo)+1)
	a.record(n, facts.Identity(v, func(s int) value.Value { return value.OfInt(lo + int64(s)) }))
	return n
}
