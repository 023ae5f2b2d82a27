package compiler

import (
	"rasp/compiler/linear"

	"math"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// logit is an analysed score: the sum of a constant and portions, -Inf where the
// token cannot come next.
type logit struct {
	token    value.Value
	constant float64
	portions []portion
}

// portion is a number that depends on variables, by a table, or on the row of a
// table that the program looks up.
type portion struct {
	node *graph.Node
	rel  *relation // nil for a row
	x    []float64 // by value of rel; NaN where it never matters

	row    *graph.Node // Row
	places []int32     // rows at which it is
	cells  []float64   // so much,
	other  float64     // and at all others, or without a row

	// factor: the portion is that many times the s-op, less base. number: and the
	// s-op can take too many values to list; it is from lo to hi.
	factor, base float64
	number       bool
	lo, hi       float64
}

// extent of what the portion can be, without -Inf; never says that it can be -Inf.
func (a *portion) extent() (lo, hi float64, never bool) {
	if a.number {
		return a.lo, a.hi, false
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	a.each(func(x float64) {
		if math.IsInf(x, -1) {
			never = true
			return
		}
		lo, hi = min(lo, x), max(hi, x)
	})
	if lo > hi { // never anything
		return 0, 0, never
	}
	return lo, hi, never
}

// each visits what the portion can be.
func (a *portion) each(visit func(x float64)) {
	if a.rel == nil {
		visit(a.other)
		for _, x := range a.cells {
			visit(x)
		}
		return
	}
	for _, x := range a.x {
		if !math.IsNaN(x) {
			visit(x)
		}
	}
}

// scoring analyses scores.
type scoring struct {
	*facts
	doubts []doubt
}

func (a *scoring) doubt(n *graph.Node, message string) {
	a.doubts = append(a.doubts, doubt{n, message})
}

// support finds the logits of a prediction, and which tokens can come next by them. The
// doubts are inputs on which they may be no distribution.
func support(f *facts, s *scores, roots []*graph.Node) ([]*logit, []doubt, error) {
	a := &scoring{facts: f}
	logits, err := a.analyseScores(s, roots)
	if err == nil {
		logits, err = a.checkMass(s, logits)
	}
	return logits, a.doubts, err
}

// analyseScores turns the terms into portions. What a score cannot be is a doubt.
func (a *scoring) analyseScores(s *scores, roots []*graph.Node) ([]*logit, error) {
	if s.Token != nil {
		return a.tokenLogits(s, roots[0]), nil
	}
	var list []*logit
	rows, sums := map[*graph.Node]*relation{}, a.sameWidths(s)
	for i, sum := range s.sums {
		l := &logit{token: s.Tokens[i], constant: sum.Constant}
		for _, t := range sum.Terms {
			x := func(v value.Value) float64 { return a.scoreOf(s, t, v) }
			switch {
			case t.Of.Op == graph.Cell:
				l.portions = append(l.portions, a.cellPortion(t.Of, x, rows))
			case a.table(t.Of).unbounded && !s.Logits:
				return nil, diag.Errorf(t.Of.Span, diag.Limit, "the weight of %s can take too many values to list their logarithms", s.Tokens[i].JSON()).
					WithHint("make it a logit, with #rasp:logits, or compute it in larger steps")
			case a.table(t.Of).unbounded:
				l.portions = append(l.portions, a.numberPortion(t))
			case sums:
				l.portions = append(l.portions, a.sumPortion(t.Of))
			default:
				r := a.table(t.Of)
				d := portion{node: t.Of, rel: r, x: make([]float64, len(r.values))}
				for i, v := range r.values {
					d.x[i] = x(v)
				}
				if s.Logits {
					d.factor = t.Factor
				}
				l.portions = append(l.portions, d)
			}
		}
		l.fold()
		if s.Logits && !l.finite() {
			a.doubt(s.Scores[i], "a logit that overflows")
		}
		if !math.IsInf(l.constant, -1) {
			list = append(list, l)
		}
	}
	return list, nil
}

// sameWidths reports that all weights are means over one selector. Then their sums
// are weights as well, as the width of the row is a common factor.
func (a *scoring) sameWidths(s *scores) bool {
	var selector *graph.Node
	for _, sum := range s.sums {
		for _, t := range sum.Terms {
			v := a.table(t.Of).meanAlone()
			if s.Logits || v == nil || v.node != t.Of || v.per == 0 || selector != nil && t.Of.Args[0] != selector {
				return false
			}
			selector = t.Of.Args[0]
		}
		if len(sum.Terms) == 0 && !math.IsInf(sum.Constant, -1) {
			return false
		}
	}
	return selector != nil
}

// sumPortion is the logarithm of the sum under a mean; of the default, where nothing
// is selected.
func (a *scoring) sumPortion(n *graph.Node) portion {
	r := a.table(n)
	v := r.vars[0]
	d := portion{node: n, rel: &relation{vars: r.vars, cells: make([]int32, v.size)}, x: make([]float64, v.size)}
	for s, sum := range v.sums {
		d.rel.cells[s], d.x[s] = int32(s), math.NaN()
		switch id := r.cells[s]; {
		case id == none:
		case r.values[id].Float64() < 0:
			a.doubt(n, "a negative weight")
		case sum.width == 0:
			d.x[s] = math.Log(r.values[id].Float64())
		default:
			d.x[s] = math.Log(float64(sum.total) / v.per)
		}
	}
	return d
}

// fold adds what is always the same to the constant.
func (l *logit) fold() {
	l.portions = slices.DeleteFunc(l.portions, func(d portion) bool {
		if d.number {
			return false
		}
		first, same := math.NaN(), true
		d.each(func(x float64) {
			if math.IsNaN(first) {
				first = x
			}
			same = same && x == first
		})
		if same && !math.IsNaN(first) {
			l.constant += first
		}
		return same
	})
}

// finite reports whether no sum of what the portions can be overflows.
func (l *logit) finite() bool {
	size := math.Abs(l.constant)
	for i := range l.portions {
		lo, hi, _ := l.portions[i].extent()
		size += max(math.Abs(lo), math.Abs(hi))
	}
	return size <= math.MaxFloat64
}

// scoreOf is what a value of a term adds to a logit, NaN for a value that it must
// not have.
func (a *scoring) scoreOf(s *scores, t linear.Term[*graph.Node], v value.Value) float64 {
	x := v.Float64()
	if s.Logits {
		x *= t.Factor
	}
	switch {
	case !v.IsNumber() || math.IsNaN(x) || math.IsInf(x, 0):
		a.doubt(t.Of, "a score that is not a finite number")
		return math.NaN()
	case s.Logits:
		return x
	case x < 0:
		a.doubt(t.Of, "a negative weight")
		return math.NaN()
	}
	return math.Log(x)
}

// cellPortion looks up a table. A look-up of the token alone, or of the position
// alone, is a function of that.
func (a *scoring) cellPortion(n *graph.Node, x func(value.Value) float64, known map[*graph.Node]*relation) portion {
	row := n.Args[0]
	r, ok := known[row]
	if !ok {
		r = a.embeddedRow(row)
		known[row] = r
	}
	d := portion{node: n, other: x(n.Value)}
	if r == nil {
		d.row, d.places = row, n.Places
		for _, v := range n.List {
			d.cells = append(d.cells, x(v))
		}
		return d
	}
	d.rel, d.x = r, make([]float64, len(r.values))
	for i, at := range r.values {
		d.x[i] = d.other
		at, _ := at.Int64()
		if k, ok := slices.BinarySearch(n.Places, int32(at)); ok {
			d.x[i] = x(n.List[k])
		}
	}
	return d
}

// embeddedRow is the row of a look-up as a table, if it depends on nothing but
// the token, or nothing but the position; nil for others.
func (a *scoring) embeddedRow(row *graph.Node) *relation {
	var rels []*relation
	for _, arg := range row.Args {
		rels = append(rels, a.table(arg))
	}
	vars := union(rels)
	if slices.ContainsFunc(rels, func(r *relation) bool { return r.unbounded }) || len(vars) > 1 ||
		len(vars) == 1 && vars[0] != a.token && vars[0] != a.position {
		return nil
	}
	return tabulate(row, newSpace(vars), rels, func(message string) { a.doubt(row, message) })
}

// tokenLogits: the s-op is the next token itself. Its logit is ln p, that of the
// others the logarithm of their share.
func (a *scoring) tokenLogits(s *scores, n *graph.Node) []*logit {
	r := a.table(n)
	places := value.NewIndex(a.domain.Vocab)
	next := make([]int, len(r.values))
	for i, v := range r.values {
		if next[i] = predict.Place(a.domain.Vocab, places, v); next[i] < 0 {
			a.doubt(n, "not a token of the vocabulary")
		}
	}
	others := math.Log((1 - s.Confidence) / float64(max(1, len(a.domain.Vocab)-1)))
	var list []*logit
	for t, token := range a.domain.Vocab {
		d := portion{node: n, rel: r, x: make([]float64, len(r.values))}
		for i := range r.values {
			switch next[i] {
			case t:
				d.x[i] = math.Log(s.Confidence)
			case -1:
				d.x[i] = math.NaN()
			default:
				d.x[i] = others
			}
		}
		l := &logit{token: token, portions: []portion{d}}
		l.fold()
		if !math.IsInf(l.constant, -1) {
			list = append(list, l)
		}
	}
	return list
}

// numberPortion is a multiple of an s-op that has too many values to list.
func (a *scoring) numberPortion(t linear.Term[*graph.Node]) portion {
	lo, hi := a.numberRange(t.Of)
	d := portion{node: t.Of, number: true, factor: t.Factor, lo: t.Factor * lo, hi: t.Factor * hi}
	if d.lo > d.hi {
		d.lo, d.hi = d.hi, d.lo
	}
	return d
}

// numberRange is between what a number stays: a mean is between the least and the
// largest value.
func (a *scoring) numberRange(n *graph.Node) (lo, hi float64) {
	if r := a.table(n); !r.unbounded {
		lo, hi = math.Inf(1), math.Inf(-1)
		for _, v := range r.values {
			lo, hi = min(lo, v.Float64()), max(hi, v.Float64())
		}
		return lo, hi
	}
	if n.Op == graph.Aggregate {
		lo, hi = a.numberRange(n.Args[1])
		return min(lo, n.Value.Float64()), max(hi, n.Value.Float64())
	}
	lin := a.linear(n)
	lo, hi = lin.Constant, lin.Constant
	for _, t := range lin.Terms {
		x, y := a.numberRange(t.Of)
		x, y = t.Factor*x, t.Factor*y
		lo, hi = lo+min(x, y), hi+max(x, y)
	}
	return lo, hi
}

// byState is what the portion is by state of its source, given the values there.
func (d *portion) byState(ids []int32) []float64 {
	f := make([]float64, len(ids))
	for s, id := range ids {
		f[s] = math.NaN()
		if id != none {
			f[s] = d.x[id]
		}
	}
	return f
}
