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
	mostNumber   = 1 << 24 // what positive, or negative, terms of a numerator add up to
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

// mostCone is of how many s-ops a polynomial is made at most.
const mostCone = 1 << 6

// coneOf lists what an s-op is made of, elementwise, operands first, itself last; nil if that
// is very much.
func coneOf(n *graph.Node) (list []*graph.Node) {
	seen := map[*graph.Node]bool{}
	var visit func(n *graph.Node)
	visit = func(n *graph.Node) {
		if seen[n] || len(seen) > mostCone {
			return
		}
		seen[n] = true
		if n.Elementwise() {
			for _, arg := range n.Args {
				visit(arg)
			}
		}
		list = append(list, n)
	}
	if visit(n); len(seen) > mostCone {
		return nil
	}
	return list
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

// ofRow is an s-op as a polynomial in means over one selector; nil if it is none.
func (a *Analysis) ofRow(n *graph.Node) (p polynomial, sel *graph.Node) {
	cone := coneOf(n)
	at := slices.IndexFunc(cone, func(x *graph.Node) bool { return x.Op == graph.Aggregate })
	if at < 0 {
		return nil, nil
	}
	sel = cone[at].Args[0]
	return a.expand(n, sel, false), sel
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

// sized is the quotient, nil if its numbers are too large for float32, or its divisor has
// too many values.
func (a *Analysis) sized(q *facts.Quotient) *facts.Quotient {
	_, most := a.Between(q.Divisor)
	below, above := 0.0, 0.0
	for _, t := range q.Terms {
		lo, hi := 1.0, 1.0
		if t.Of != nil {
			lo, hi = a.Between(t.Of)
		}
		factor := t.Factor * construct.Power(most, t.Power)
		below, above = below-min(0, factor*lo, factor*hi), above+max(0, factor*lo, factor*hi)
	}
	if max(below, above) > mostNumber || len(a.Table(q.Divisor).Values) > mostDivisors {
		return nil
	}
	return q
}

// polynomial in numbers of a key and means over its row, of degree 2 at most.
type polynomial map[monomial]float64

// monomial is a product of two factors, in order; a factor without a node is 1.
type monomial [2]factor

type factor struct {
	of   *graph.Node // what stands at the key, or what the mean is over
	mean bool
}

func (f factor) before(g factor) bool {
	switch {
	case f.of == nil || g.of == nil:
		return f.of == nil && g.of != nil
	case f.of.ID != g.of.ID:
		return f.of.ID < g.of.ID
	}
	return !f.mean && g.mean
}

func (m monomial) degree() (d int) {
	for _, f := range m {
		if f.of != nil {
			d++
		}
	}
	return d
}

func (p polynomial) degree() (d int) {
	for m, c := range p {
		if c != 0 {
			d = max(d, m.degree())
		}
	}
	return d
}

func (p polynomial) plus(q polynomial, scale float64) polynomial {
	sum := polynomial{}
	for m, c := range p {
		sum[m] += c
	}
	for m, c := range q {
		sum[m] += float64(scale * c)
	}
	return sum
}

// times is nil where the degree would be more than 2.
func (p polynomial) times(q polynomial) polynomial {
	product := polynomial{}
	for m, c := range p {
		for k, d := range q {
			if m.degree()+k.degree() > 2 {
				return nil
			}
			product[m.times(k)] += float64(c * d)
		}
	}
	return product
}

// times multiplies monomials of a degree of 2 at most in all; factors that are 1 come first.
func (m monomial) times(k monomial) monomial {
	var list []factor
	for _, f := range []factor{m[0], m[1], k[0], k[1]} {
		if f.of != nil {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(f, g factor) int {
		if f.before(g) {
			return -1
		}
		return 1
	})
	var product monomial
	copy(product[2-len(list):], list)
	return product
}

// expand writes a number as a polynomial in means of ints over a selector, and where keys is
// set in ints that stand at a key; nil if it is none.
func (a *Analysis) expand(n, sel *graph.Node, keys bool) polynomial {
	of := map[*graph.Node]polynomial{}
	for _, x := range coneOf(n) {
		of[x] = a.polynomialOf(x, sel, keys, of)
	}
	return of[n]
}

// polynomialOf is that of an s-op whose operands have theirs.
func (a *Analysis) polynomialOf(n, sel *graph.Node, keys bool, known map[*graph.Node]polynomial) polynomial {
	switch r := a.Table(n); {
	case n.Op == graph.Const:
		if x := n.Value; x.Kind() == value.Int || x.Kind() == value.Float {
			return polynomial{{}: x.Float64()}
		}
		return nil
	case n.Op == graph.Aggregate && n.Args[0] == sel && len(n.Args) == 2 && a.KindIs(n.Args[1], value.Int):
		return polynomial{{{}, {n.Args[1], true}}: 1}
	case keys && r != nil && a.KindIs(n, value.Int):
		return polynomial{{{}, {n, false}}: 1}
	case n.Op != graph.Unary && n.Op != graph.Binary:
		return nil
	}
	var of []polynomial
	for _, arg := range n.Args {
		if known[arg] == nil {
			return nil
		}
		of = append(of, known[arg])
	}
	switch n.Fn {
	case value.Neg:
		return polynomial{}.plus(of[0], -1)
	case value.Pos:
		if n.Op == graph.Unary {
			return of[0]
		}
	case value.Add:
		return of[0].plus(of[1], 1)
	case value.Sub:
		return of[0].plus(of[1], -1)
	case value.Mul:
		return of[0].times(of[1])
	case value.Pow:
		if y := n.Args[1]; y.Op == graph.Const && y.Value == value.OfInt(2) {
			return of[0].times(of[0])
		}
	case value.Div:
		if y := n.Args[1]; y.Op == graph.Const && y.Value.Float64() != 0 && isPowerOfTwo(y.Value.Float64()) {
			return polynomial{}.plus(of[0], 1/y.Value.Float64())
		}
	}
	return nil
}

// averaged is the mean of a polynomial over a row: of what stands at the keys, means that
// are the same for all of them left as they are.
func (a *Analysis) averaged(p polynomial) polynomial {
	mean := polynomial{}
	for m, c := range p {
		switch {
		case m[0].of != nil && !m[0].mean && !m[1].mean:
			m = monomial{{}, {a.productOf(m[0].of, m[1].of), true}}
		case m[1].of != nil && !m[1].mean && m[0].of == nil:
			m = monomial{{}, {m[1].of, true}}
		case m[0].of != nil:
			m = monomial{{}, {m[0].of, true}}.times(monomial{{}, {m[1].of, true}})
		}
		mean[m] += c
	}
	return mean
}

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

// ofMeans is a polynomial of means over a selector as a quotient; nil if it is none of whole
// numbers, with a refusal if float32 does not have them.
func (a *Analysis) ofMeans(n *graph.Node, p polynomial, sel *graph.Node) (*facts.Quotient, *diag.Diagnostic) {
	if s, err := a.selectorOf(sel); err != nil || len(s.Conjuncts) == 0 || !a.isNonempty(sel) {
		return nil, nil
	}
	q := &facts.Quotient{Divisor: a.widthOf(sel), Degree: 2, Scale: 1}
	lo, hi, size := a.rangeOf(p)
	if x, of := a.variance(p); x != nil {
		lo, hi = a.Between(x)
		lo, hi = min(0, of*(hi-lo)*(hi-lo)/4), max(0, of*(hi-lo)*(hi-lo)/4)
		p = a.centred(x, of)
	}
	q.Lo, q.Hi = lo, hi
	q.Off = float64(8 * float64(a.Domain.Length+8) * construct.Ulp64 * size)
	var monomials []monomial
	for m, c := range p {
		if c != 0 {
			monomials = append(monomials, m)
		}
	}
	slices.SortFunc(monomials, compareMonomials)
	for _, m := range monomials {
		if c := p[m]; !(math.Abs(c) <= maxCompared) || construct.PowerOfTwo(c) < leastApart {
			return nil, nil
		}
		if !a.addTerm(q, m, p[m], sel) {
			return nil, tooLargeToDivide(n)
		}
	}
	for _, t := range q.Terms {
		q.Scale = max(q.Scale, 1/construct.PowerOfTwo(t.Factor))
	}
	for i := range q.Terms {
		q.Terms[i].Factor *= q.Scale
	}
	if q = a.sized(q); q == nil {
		return nil, tooLargeToDivide(n)
	}
	return q, nil
}

func tooLargeToDivide(n *graph.Node) *diag.Diagnostic {
	return diag.Errorf(n.Span, diag.Limit, "%s is a fraction of sums that are multiplied: float32 has all whole numbers up to %d, and these are larger", graph.Describe(n), 1<<24).
		WithHint("use a shorter #rasp:length, or average smaller numbers")
}

func compareMonomials(m, k monomial) int {
	for i := range m {
		switch {
		case m[i].before(k[i]):
			return -1
		case k[i].before(m[i]):
			return 1
		}
	}
	return 0
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

// rangeOf bounds a polynomial of means, and the sum of its terms.
func (a *Analysis) rangeOf(p polynomial) (lo, hi, size float64) {
	for m, c := range p {
		x, y := c, c
		for _, f := range m {
			if f.of != nil {
				l, h := a.Between(f.of)
				x, y = min(x*l, x*h, y*l, y*h), max(x*l, x*h, y*l, y*h)
			}
		}
		switch { // a square is not below 0
		case m[0].of == nil || m[0] != m[1]:
		case c > 0:
			x = max(x, 0)
		default:
			y = min(y, 0)
		}
		lo, hi, size = lo+x, hi+y, size+max(-x, y)
	}
	return lo, hi, size
}

// variance finds x, if a polynomial is c times the variance of x over the rows: the mean of
// its squares less the square of its mean; nil if it is something else.
func (a *Analysis) variance(p polynomial) (x *graph.Node, c float64) {
	var squares *graph.Node
	for m, f := range p {
		switch {
		case f == 0:
		case m.degree() == 1 && squares == nil:
			squares, c = m[1].of, f
		case m.degree() == 2 && m[0] == m[1] && x == nil:
			x = m[0].of
		default:
			return nil, 0
		}
	}
	if x == nil || squares == nil || p[monomial{{x, true}, {x, true}}] != -c || !a.isSquare(squares, x) {
		return nil, 0
	}
	return x, c
}

// isSquare reports that y is the square of x, by their tables.
func (a *Analysis) isSquare(y, x *graph.Node) bool {
	r, s := a.Table(y), a.Table(x)
	if r.Unbounded || s.Unbounded || !slices.Equal(r.Vars, s.Vars) {
		return false
	}
	for i, id := range s.Cells {
		if id == facts.None != (r.Cells[i] == facts.None) || id != facts.None && r.Values[r.Cells[i]].Float64() != s.Values[id].Float64()*s.Values[id].Float64() {
			return false
		}
	}
	return true
}

// centred is c times the variance of x, of x less the middle of its values: that is the
// same, and smaller numbers.
func (a *Analysis) centred(x *graph.Node, c float64) polynomial {
	lo, hi := a.Between(x)
	if middle := math.Round((lo + hi) / 2); middle != 0 {
		x = a.make(graph.Node{Op: graph.Binary, Fn: value.Sub, Args: []*graph.Node{x, a.constant(int64(middle))}})
		a.known(x)
	}
	return polynomial{{{}, {a.productOf(x, x), true}}: c, {{x, true}, {x, true}}: -c}
}

// addTerm adds a monomial to a numerator over w^2; false if that is too large.
func (a *Analysis) addTerm(q *facts.Quotient, m monomial, c float64, sel *graph.Node) bool {
	switch m.degree() {
	case 0:
		q.Terms = append(q.Terms, facts.QuotientTerm{Factor: c, Power: 2})
	case 1:
		s := a.sumOver(sel, m[1].of, q.Divisor)
		if s == nil {
			return false
		}
		q.Terms = append(q.Terms, facts.QuotientTerm{Factor: c, Power: 1, Of: s})
	default:
		s, t := a.sumOver(sel, m[0].of, q.Divisor), a.sumOver(sel, m[1].of, q.Divisor)
		if s == nil || t == nil {
			return false
		}
		if s == t {
			return a.addSquare(q, s, c)
		}
		sum := a.make(graph.Node{Op: graph.Binary, Fn: value.Add, Args: []*graph.Node{s, t}})
		difference := a.make(graph.Node{Op: graph.Binary, Fn: value.Sub, Args: []*graph.Node{s, t}})
		return a.wholeOf(sum) && a.wholeOf(difference) && a.addSquare(q, sum, c/4) && a.addSquare(q, difference, -c/4)
	}
	return true
}

// addSquare adds c x^2, of steps up and down from the middle of what x can be.
func (a *Analysis) addSquare(q *facts.Quotient, x *graph.Node, c float64) bool {
	if lo, hi := a.Between(x); float64(lo*lo)+float64(hi*hi) > mostNumber {
		return false
	}
	square := a.productOf(x, x)
	q.Terms = append(q.Terms, facts.QuotientTerm{Factor: c, Of: square})
	return a.Table(square) != nil && !a.Table(square).Unbounded
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
func (a *Analysis) sumUpTo(sel, values, width *graph.Node, lo, hi int) *graph.Node {
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
	v := a.newVariable(n, facts.Whole, hi-lo+1)
	a.record(n, facts.Identity(v, func(s int) value.Value { return value.OfInt(int64(lo + s)) }))
	return n
}
