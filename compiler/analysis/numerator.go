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

// A polynomial in means becomes a fraction (facts.Quotient): over w^2, w keys in a row, its
// numerator is made of sums over the row and of squares of such, all of them whole and below
// what float32 has exactly; and the value stays within bounds that are found here too.

// mostNumber is what the positive, or the negative, terms of a numerator add up to at most:
// float32 has all whole numbers up to it.
const mostNumber = 1 << 24

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
