package analysis

import (
	"slices"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// A polynomial in means over one selector is how products of means, their squares and averages
// of such are recognised: what is equal as a polynomial is one number, however it is written.

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
