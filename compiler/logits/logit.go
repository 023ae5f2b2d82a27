// Package logits says by what a prediction tells how likely each token is to come next:
// the scores of the program as sums of terms, and where a token cannot come next at all.
//
// In come facts and a distribution of the next token, out go logits, each a constant and
// portions, and doubts whether they are a distribution on every input.
//
// In reading order: split.go, logit.go, support.go, print.go.
package logits

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/analysis"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/lang/diag"
	"rasp/lang/elementary"
	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// Logit is an analysed score: a constant and a sum, -Inf where the token cannot come next.
type Logit struct {
	Token    value.Value
	Constant float64
	*Sum
}

// Sum of portions. Logits of the same terms, as of the words of one class, have one sum.
type Sum struct {
	Portions []Portion
	Logits   int // that have the sum

	folded []float64 // what was always the same, and is in the constants
	size   float64   // no sum of what the portions can be is larger
}

// Portion is a number that depends on variables, by a table, or on the row of a
// table that the program looks up. What is looked up has few numbers beside the one that
// it has elsewhere: of a model of words each logit is told by a few of thousands of rows.
type Portion struct {
	Node  *graph.Node
	Table *facts.Table // nil for a row
	Row   *graph.Node  // nil for a table

	Places []int32   // values of the table, or rows, ascending, at which it is
	Cells  []float64 // so much; NaN where it never matters,
	Other  float64   // and at all others, or without a row; NaN where it never matters
	all    bool      // there are no others

	// Factor: the portion is that many times the s-op, less base. number: and the
	// s-op can take too many values to list; it is from lo to hi.
	Factor, Base float64
	Number       bool
	lo, hi       float64
}

// Extent of what the portion can be, without -Inf; never says that it can be -Inf.
func (a *Portion) Extent() (lo, hi float64, never bool) {
	if a.Number {
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
func (a *Portion) each(visit func(x float64)) {
	if !a.all && !math.IsNaN(a.Other) {
		visit(a.Other)
	}
	for _, x := range a.Cells {
		if !math.IsNaN(x) {
			visit(x)
		}
	}
}

// listed is a portion by a table, with a number for each of its values.
func listed(n *graph.Node, r *facts.Table, numbers []float64) Portion {
	return Portion{Node: n, Table: r, Places: facts.Range32(len(numbers)), Cells: numbers, all: true}
}

// scoring analyses scores.
type scoring struct {
	*facts.Facts
	doubts []facts.Doubt
}

func (a *scoring) doubt(n *graph.Node, message string) {
	a.doubts = append(a.doubts, facts.Doubt{Node: n, Message: message})
}

// Support finds the logits of a prediction, and which tokens can come next by them. The
// doubts are inputs on which they may be no distribution.
func Support(f *facts.Facts, s *Scores, roots []*graph.Node) ([]*Logit, []facts.Doubt, error) {
	a := &scoring{Facts: f}
	logits, err := a.analyseScores(s, roots)
	if err == nil {
		logits, err = a.checkMass(s, logits)
	}
	return logits, a.doubts, err
}

// analyseScores turns the terms into portions. What a score cannot be is a doubt.
func (a *scoring) analyseScores(s *Scores, roots []*graph.Node) ([]*Logit, error) {
	if s.Token != nil {
		return a.tokenLogits(s, roots[0]), nil
	}
	var list []*Logit
	known := map[string]*Sum{}
	rows, means := a.rowsOf(s), a.sameWidths(s)
	for i, form := range s.sums {
		key := keyOf(form)
		sum := known[key]
		if sum == nil {
			var err error
			if sum, err = a.sumOf(s, i, rows, means); err != nil {
				return nil, err
			}
			known[key] = sum
		}
		l := &Logit{Token: s.Tokens[i], Constant: form.Constant, Sum: sum}
		for _, x := range sum.folded {
			l.Constant += x
		}
		if s.Logits && !(math.Abs(l.Constant)+sum.size <= math.MaxFloat64) {
			a.doubt(s.Scores[i], "a logit that overflows")
		}
		if !math.IsInf(l.Constant, -1) {
			list = append(list, l)
		}
	}
	return list, nil
}

// keyOf a form tells its terms from others.
func keyOf(f linear.Form[*graph.Node]) string {
	var key []byte
	for _, t := range f.Terms {
		key = fmt.Appendf(key, "%p %g ", t.Of, t.Factor)
	}
	return string(key)
}

// sumOf turns the terms of a score into portions.
func (a *scoring) sumOf(s *Scores, i int, rows map[*graph.Node]*looked, means bool) (*Sum, error) {
	sum := &Sum{}
	for _, t := range s.sums[i].Terms {
		x := func(v value.Value) float64 { return a.scoreOf(s, t, v) }
		switch {
		case t.Of.Op == graph.Cell:
			sum.Portions = append(sum.Portions, a.cellPortion(t.Of, x, rows))
		case a.Table(t.Of).Unbounded && !s.Logits:
			return nil, diag.Errorf(t.Of.Span, diag.Limit, "the weight of %s can take too many values to list their logarithms", s.Tokens[i].JSON()).
				WithHint("make it a logit, with #rasp:logits, or compute it in larger steps")
		case a.Table(t.Of).Unbounded:
			sum.Portions = append(sum.Portions, a.numberPortion(t))
		case means:
			sum.Portions = append(sum.Portions, a.sumPortion(t.Of))
		default:
			r := a.Table(t.Of)
			d := listed(t.Of, r, make([]float64, len(r.Values)))
			for i, v := range r.Values {
				d.Cells[i] = x(v)
			}
			if s.Logits {
				d.Factor = t.Factor
			}
			sum.Portions = append(sum.Portions, d)
		}
	}
	sum.fold()
	return sum, nil
}

// sameWidths reports that all weights are means over one selector. Then their sums
// are weights as well, as the width of the row is a common factor.
func (a *scoring) sameWidths(s *Scores) bool {
	var selector *graph.Node
	for _, sum := range s.sums {
		for _, t := range sum.Terms {
			v := a.Table(t.Of).MeanAlone()
			if s.Logits || v == nil || v.Node != t.Of || v.Per == 0 || selector != nil && t.Of.Args[0] != selector {
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
func (a *scoring) sumPortion(n *graph.Node) Portion {
	r := a.Table(n)
	v := r.Vars[0]
	d := listed(n, &facts.Table{Vars: r.Vars, Cells: facts.Range32(v.Size)}, make([]float64, v.Size))
	for s, sum := range v.Sums {
		d.Cells[s] = math.NaN()
		switch id := r.Cells[s]; {
		case id == facts.None:
		case r.Values[id].Float64() < 0:
			a.doubt(n, "a negative weight")
		case sum.Width == 0:
			d.Cells[s] = elementary.Log(r.Values[id].Float64())
		default:
			d.Cells[s] = elementary.Log(float64(sum.Total) / v.Per)
		}
	}
	return d
}

// fold takes out what is always the same, for the constants, and finds the size of the rest.
func (s *Sum) fold() {
	s.Portions = slices.DeleteFunc(s.Portions, func(d Portion) bool {
		if d.Number {
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
			s.folded = append(s.folded, first)
		}
		return same
	})
	for i := range s.Portions {
		lo, hi, _ := s.Portions[i].Extent()
		s.size += max(math.Abs(lo), math.Abs(hi))
	}
}

// scoreOf is what a value of a term adds to a logit, NaN for a value that it must
// not have.
func (a *scoring) scoreOf(s *Scores, t linear.Term[*graph.Node], v value.Value) float64 {
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
	return elementary.Log(x)
}

// looked is the row of a look-up: as a table, if it depends on the token or the position
// alone, else which rows there are on some input.
type looked struct {
	table  *facts.Table
	places map[int32]int32 // of the table: its value for a row
	occurs []bool
}

// rowsOf are the rows that scores look up. One that depends on the token alone is a neuron
// like others, if it is that of so many tokens that their columns would have more weights, by
// far: a table of 50 classes that 10,000 words are in has 50 rows.
func (a *scoring) rowsOf(s *Scores) map[*graph.Node]*looked {
	const few = 1 << 12
	cells, seen := map[*graph.Node][]int{}, map[*graph.Node]bool{}
	rows := map[*graph.Node]*looked{}
	var order []*graph.Node
	for _, sum := range s.sums {
		for _, t := range sum.Terms {
			if t.Of.Op != graph.Cell || seen[t.Of] {
				continue
			}
			seen[t.Of] = true
			row := t.Of.Args[0]
			if cells[row] == nil {
				cells[row] = make([]int, len(row.Trie.Rows))
				order = append(order, row)
			}
			for _, place := range t.Of.Places {
				cells[row][place]++
			}
		}
	}
	for _, row := range order {
		r := &looked{table: a.embeddedRow(row)}
		if r.table != nil && len(r.table.Vars) == 1 && r.table.Vars[0] == a.Token {
			embedded, looked := 0, len(row.Trie.Rows)
			for _, id := range r.table.Cells {
				if id == facts.None {
					continue
				}
				if at, _ := r.table.Values[id].Int64(); at >= 0 {
					embedded += cells[row][at]
				}
			}
			for _, n := range cells[row] {
				looked += n
			}
			if embedded > 2*looked+few {
				r.table = nil
			}
		}
		if r.table == nil {
			r.occurs = a.occurring(row)
		} else {
			r.places = map[int32]int32{}
			for id, at := range r.table.Values {
				at, _ := at.Int64()
				r.places[int32(at)] = int32(id)
			}
		}
		rows[row] = r
	}
	return rows
}

// cellPortion looks up a table.
func (a *scoring) cellPortion(n *graph.Node, x func(value.Value) float64, rows map[*graph.Node]*looked) Portion {
	row := n.Args[0]
	r := rows[row]
	d := Portion{Node: n, Other: x(n.Value)}
	if r.table == nil {
		d.Row = row
		for k, v := range n.List {
			if place := n.Places[k]; r.occurs[place] {
				if y := x(v); !math.IsNaN(y) {
					d.Places, d.Cells = append(d.Places, place), append(d.Cells, y)
				}
			}
		}
		if math.IsNaN(d.Other) { // the program fails there: what it is elsewhere will do
			d.Other = 0
			if len(d.Cells) > 0 {
				d.Other = d.Cells[0]
			}
		}
		return d
	}
	d.Table = r.table
	for k, v := range n.List {
		y := x(v)
		if id, ok := r.places[n.Places[k]]; ok {
			d.Places, d.Cells = append(d.Places, id), append(d.Cells, y)
		}
	}
	d.all = len(d.Places) == len(r.table.Values)
	return d
}

// byRow is what the look-up of a row gives, by the values of a table of that row.
func (a *Portion) byRow(r *facts.Table) []float64 {
	x := make([]float64, len(r.Values))
	for i, at := range r.Values {
		x[i] = a.Other
		at, _ := at.Int64()
		if k, ok := slices.BinarySearch(a.Places, int32(at)); ok {
			x[i] = a.Cells[k]
		}
	}
	return x
}

// byValue is a portion by a table, by its values.
func (a *Portion) byValue() []float64 {
	if a.all {
		return a.Cells
	}
	x := slices.Repeat([]float64{a.Other}, len(a.Table.Values))
	for k, id := range a.Places {
		x[id] = a.Cells[k]
	}
	return x
}

// occurring tells of each row of a table whether what is looked up can be its keys, each
// for itself.
func (a *scoring) occurring(row *graph.Node) []bool {
	can := make([][]bool, len(row.Args))
	for level, arg := range row.Args {
		can[level] = make([]bool, len(row.Trie.Keys[level]))
		for _, v := range a.Table(arg).Values {
			if place := row.Trie.Place(level, v); place >= 0 {
				can[level][place] = true
			}
		}
	}
	occurs := make([]bool, len(row.Trie.Rows))
	for r, path := range row.Trie.Rows {
		occurs[r] = true
		for level, place := range path {
			occurs[r] = occurs[r] && (can[level][place] || a.Table(row.Args[level]).Unbounded)
		}
	}
	return occurs
}

// embeddedRow is the row of a look-up as a table, if it depends on nothing but
// the token, or nothing but the position; nil for others.
func (a *scoring) embeddedRow(row *graph.Node) *facts.Table {
	return a.rowTable(row, func(vars []*facts.Variable) bool {
		return len(vars) == 0 || len(vars) == 1 && (vars[0] == a.Token || vars[0] == a.Position)
	})
}

// rowTable is the row of a look-up as a table over the variables of its keys, if that
// is wanted; nil for others.
func (a *scoring) rowTable(row *graph.Node, wanted func([]*facts.Variable) bool) *facts.Table {
	var rels []*facts.Table
	for _, arg := range row.Args {
		rels = append(rels, a.Table(arg))
	}
	vars := facts.Union(rels)
	if slices.ContainsFunc(rels, func(r *facts.Table) bool { return r.Unbounded }) || !wanted(vars) {
		return nil
	}
	return analysis.Tabulate(row, facts.NewSpace(vars), rels, func(message string) { a.doubt(row, message) })
}

// tokenLogits: the s-op is the next token itself. Its logit is ln p, that of the
// others the logarithm of their share.
func (a *scoring) tokenLogits(s *Scores, n *graph.Node) []*Logit {
	r := a.Table(n)
	places := value.NewIndex(a.Domain.Vocab)
	next := make([]int, len(r.Values))
	for i, v := range r.Values {
		if next[i] = predict.Place(a.Domain.Vocab, places, v); next[i] < 0 {
			a.doubt(n, "not a token of the vocabulary")
		}
	}
	others := elementary.Log((1 - s.Confidence) / float64(max(1, len(a.Domain.Vocab)-1)))
	var list []*Logit
	for t, token := range a.Domain.Vocab {
		d := Portion{Node: n, Table: r, Other: others}
		for i := range r.Values {
			if next[i] == t {
				d.Places, d.Cells = append(d.Places, int32(i)), append(d.Cells, elementary.Log(s.Confidence))
			} else if next[i] < 0 {
				d.Places, d.Cells = append(d.Places, int32(i)), append(d.Cells, math.NaN())
			}
		}
		d.all = len(d.Places) == len(r.Values)
		l := &Logit{Token: token, Sum: &Sum{Portions: []Portion{d}}}
		l.fold()
		for _, x := range l.folded {
			l.Constant += x
		}
		if !math.IsInf(l.Constant, -1) {
			list = append(list, l)
		}
	}
	return list
}

// numberPortion is a multiple of an s-op that has too many values to list.
func (a *scoring) numberPortion(t linear.Term[*graph.Node]) Portion {
	lo, hi := a.Between(t.Of)
	d := Portion{Node: t.Of, Number: true, Factor: t.Factor, lo: t.Factor * lo, hi: t.Factor * hi}
	if d.lo > d.hi {
		d.lo, d.hi = d.hi, d.lo
	}
	return d
}

// Few lists the values of the table at which the portion is not 0, and what it is there;
// false for one that is not 0 elsewhere.
func (d *Portion) Few() (values []int32, numbers []float64, ok bool) {
	return d.Places, d.Cells, d.all || d.Other == 0
}

// ByState is what the portion is by state of its source, given the values there.
func (d *Portion) ByState(ids []int32) []float64 {
	x := d.byValue()
	return facts.ByState(ids, func(id int32) float64 { return x[id] })
}
