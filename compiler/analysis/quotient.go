package analysis

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// What is only shown, or added to what is shown, needs no table: it may be a fraction of
// whole numbers that heads add up, with a divisor of few values (facts.Quotient).
//
//	c / d                          c, d whole
//	mean(a) * mean(b)              = S_a S_b / w^2, over one selector, whose rows have w keys
//	mean(a) - mean(b) ^ 2, ..      = (w S_a - S_b^2) / w^2
//	aggregate(full_s, (x - m)^2)   the same of x^2 and x, where m is the mean of x: a polynomial
//	                               in numbers of the key and means that are the same everywhere
//
// with 4 S_a S_b = (S_a + S_b)^2 - (S_a - S_b)^2, a staircase each. All of that is exact
// below 2^24, where float32 has all whole numbers, so that large terms that cancel leave
// nothing behind; the division is rounded once.

const (
	fewJoint     = 1 << 8  // up to how many joint states a table is made
	mostDivisors = 1 << 12 // values of a divisor: a neuron each, or two
)

// findFree marks what is shown, or read by what adds and scales alone: its values need not
// be told apart. Of predictions nothing is.
func (a *Analysis) findFree() {
	a.free = map[*graph.Node]bool{}
	if a.Predicts {
		return
	}
	bound := map[*graph.Node]bool{}
	for _, n := range slices.Backward(a.Nodes) {
		a.free[n] = !n.IsSelector() && !bound[n]
		if !a.free[n] || !adds(n) {
			for _, arg := range n.Args {
				bound[arg] = true
			}
		}
	}
}

// adds reports that an s-op adds numbers, or scales one.
func adds(n *graph.Node) bool {
	switch {
	case n.Op == graph.Unary:
		return n.Fn == value.Neg || n.Fn == value.Pos
	case n.Op != graph.Binary:
		return false
	case n.Fn == value.Mul:
		return n.Args[0].Op == graph.Const || n.Args[1].Op == graph.Const
	case n.Fn == value.Div:
		return n.Args[1].Op == graph.Const
	}
	return n.Fn == value.Add || n.Fn == value.Sub
}

// findDeviations marks what only an average reads, and is a product in which there are means
// over the same rows: it is not analysed before the average.
func (a *Analysis) findDeviations() {
	readers := map[*graph.Node][]*graph.Node{}
	for _, n := range a.Nodes {
		for _, arg := range n.Args {
			readers[arg] = append(readers[arg], n)
		}
	}
	a.deviations = map[*graph.Node][]*graph.Node{}
	for _, n := range a.Nodes {
		if n.Op != graph.Aggregate || len(n.Args) > 2 || !a.free[n] || a.Domain.Causal || !isFull(n.Args[0]) || a.Table(n) != nil {
			continue
		}
		inside, ok := map[*graph.Node]bool{n: true}, true
		var list []*graph.Node
		cone := coneOf(n.Args[1])
		has := meansOver(cone, n.Args[0])
		for _, x := range slices.Backward(cone) {
			if !has[x] || !x.Elementwise() || a.Table(x) != nil {
				continue
			}
			if slices.Contains(a.Roots, x) || slices.ContainsFunc(readers[x], func(r *graph.Node) bool { return !inside[r] }) {
				ok = ok && x != n.Args[1]
				continue
			}
			inside[x] = true
			if !a.deferred[x] { // what is rounded to a total is analysed with that
				list = append(list, x)
			}
		}
		if ok && slices.ContainsFunc(list, func(x *graph.Node) bool { return !adds(x) }) {
			slices.Reverse(list)
			a.deviations[n] = list
			for _, x := range list {
				a.deferred[x] = true
			}
		}
	}
}

// meansOver says which s-ops of a cone are made of a mean over a selector.
func meansOver(cone []*graph.Node, sel *graph.Node) map[*graph.Node]bool {
	has := map[*graph.Node]bool{}
	for _, n := range cone {
		has[n] = n.Op == graph.Aggregate && n.Args[0] == sel || n.Elementwise() && slices.ContainsFunc(n.Args, func(x *graph.Node) bool { return has[x] })
	}
	return has
}

// deviation takes an average of such products as a quotient; where it is none, they are
// analysed now.
func (a *Analysis) deviation(n *graph.Node) (*facts.Table, error) {
	list := a.deviations[n]
	if list == nil {
		return nil, nil
	}
	if p := a.expand(n.Args[1], n.Args[0], true); p != nil {
		q, refusal := a.ofMeans(n, a.averaged(p), n.Args[0])
		if refusal != nil {
			return nil, refusal
		}
		if q != nil {
			for _, x := range list {
				a.record(x, &facts.Table{Unbounded: true})
			}
			return a.divided(n, q), nil
		}
	}
	for _, x := range list {
		if err := a.analyse(x); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// quotient takes an elementwise s-op as one; nil if it is none, or has so few joint states
// that a table is made. One that is too large for float32 may still be a part of a smaller
// one: what is shown is refused.
func (a *Analysis) quotient(n *graph.Node) (*facts.Table, error) {
	if a.Predicts || n.Op != graph.Binary && n.Op != graph.Unary {
		return nil, nil
	}
	states := a.jointStates(n)
	if states <= fewJoint || !a.free[n] && states <= facts.MaxCells {
		return nil, nil
	}
	if q := a.ofWholes(n); q != nil {
		return a.divided(n, q), nil
	}
	p, sel := a.ofRow(n)
	if p != nil && p.degree() == 2 {
		q, refusal := a.ofMeans(n, p, sel)
		switch {
		case q != nil:
			return a.divided(n, q), nil
		case refusal == nil || states <= facts.MaxCells:
		case a.free[n] && !slices.Contains(a.Roots, n):
			a.tooLarge[n], a.refusals[n] = refusal, refusal
			return &facts.Table{Unbounded: true}, nil
		default:
			return nil, refusal
		}
	}
	for _, arg := range n.Args {
		if refusal := a.tooLarge[arg]; refusal != nil {
			return nil, refusal
		}
	}
	return nil, nil
}

// jointStates is how many states the operands of an s-op have together.
func (a *Analysis) jointStates(n *graph.Node) int {
	var rels []*facts.Table
	for _, arg := range n.Args {
		if a.Table(arg).Unbounded {
			return math.MaxInt
		}
		rels = append(rels, a.Table(arg))
	}
	return facts.NewSpace(facts.Union(rels)).Size
}

// divided is the table of a quotient.
func (a *Analysis) divided(n *graph.Node, q *facts.Quotient) *facts.Table {
	a.Quotients[n] = q
	a.refusals[n] = diag.Errorf(n.Span, diag.Limit, "%s is a fraction that can take too many values to decide it exactly", graph.Describe(n)).
		WithHint("it can be added, scaled and shown; to compare, multiply by the divisor, or use a shorter #rasp:length")
	return &facts.Table{Unbounded: true}
}

// divisors are sources of which a number is there as such.
var divisors = []facts.Source{facts.Token, facts.Position, facts.Length, facts.Width, facts.Whole}

// ofWholes is the quotient of two whole numbers; nil if n is another number, or a mean.
func (a *Analysis) ofWholes(n *graph.Node) *facts.Quotient {
	if n.Op != graph.Binary || n.Fn != value.Div || n.Args[1].Op == graph.Const || !a.KindIs(n.Args[0], value.Int) || !a.KindIs(n.Args[1], value.Int) || a.shareOf(n) != nil {
		return nil
	}
	low, _ := a.Between(n.Args[1])
	if source := a.Source(n.Args[1]); low < 1 || source == nil || !slices.Contains(divisors, source.Source) {
		return nil
	}
	lo, hi := a.Between(n.Args[0])
	q := &facts.Quotient{Divisor: n.Args[1], Degree: 1, Scale: 1, Terms: []facts.QuotientTerm{{Factor: 1, Of: n.Args[0]}}}
	q.Lo, q.Hi = min(lo, lo/low), max(hi, hi/low)
	if n.Args[0].Op == graph.Width && a.isWithin(n.Args[0].Args[0], n.Args[1]) {
		q.Lo, q.Hi = 0, 1
	}
	q.Off = 2 * construct.Ulp64 * max(-q.Lo, q.Hi)
	return a.sized(q)
}

// isWithin reports that the rows of a selector have as many keys at most as a number says:
// how many positions are seen, or so far.
func (a *Analysis) isWithin(sel, n *graph.Node) bool {
	switch {
	case a.countsAll(n):
		return true
	case sel.Op == graph.SelAnd:
		return a.isWithin(sel.Args[0], n) || a.isWithin(sel.Args[1], n)
	}
	return sel.Op == graph.Select && sel.Fn == value.Le && sel.Args[0].Op == graph.Indices && sel.Args[1].Op == graph.Indices && a.counts(n, a.Position)
}
