package logits

import (
	"cmp"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// A token has no probability where its logit is -Inf, or 104 or more below the
// largest: there float32 exp is 0. The compiler has to know on which side of that
// border a logit is, so it finds the least that the largest logit can be and all
// that each logit can be, overestimated as unions of intervals.

// narrow: what comes as near as that to the border may be on either side.
const narrow = 0.01

// interval of numbers.
type interval struct{ lo, hi float64 }

// maxIntervals bounds a union of intervals: sums of two unions have their product.
const maxIntervals = 1 << 8

// merged unites intervals that are less than 1 apart, or farther, while there are
// more than maxIntervals.
func merged(list []interval) []interval {
	slices.SortFunc(list, func(a, b interval) int { return cmp.Compare(a.lo, b.lo) })
	for apart := 1.0; ; apart *= 2 {
		out := list[:0]
		for _, v := range list {
			if n := len(out); n > 0 && v.lo <= out[n-1].hi+apart {
				out[n-1].hi = max(out[n-1].hi, v.hi)
				continue
			}
			out = append(out, v)
		}
		if list = out; len(list) <= maxIntervals {
			return list
		}
	}
}

// values are what a portion can be, without -Inf.
func (a *Portion) values() []interval {
	if a.Number {
		return []interval{{a.lo, a.hi}}
	}
	var list []interval
	a.each(func(x float64) {
		if !math.IsInf(x, -1) {
			list = append(list, interval{x, x})
		}
	})
	return merged(list)
}

// values are what a sum can be, without -Inf.
func (s *Sum) values() []interval {
	total := []interval{{0, 0}}
	for i := range s.Portions {
		var next []interval
		for _, v := range s.Portions[i].values() {
			for _, t := range total {
				next = append(next, interval{t.lo + v.lo, t.hi + v.hi})
			}
		}
		total = merged(next)
	}
	return total
}

// mass is what is known of the largest logit.
type mass struct {
	lo, hi float64 // where there is a distribution at all, it is between these
	none   bool    // perhaps no token can come next on some input
}

// checkMass checks that the logits are those of a distribution: doubts, if it may
// be that no token can come next; a fault, if a logit can be near the border. Then
// what is surely beyond it becomes -Inf.
func (a *scoring) checkMass(s *Scores, logits []*Logit) ([]*Logit, error) {
	m := a.massOf(logits)
	if m.none {
		a.doubt(s.Roots()[0], "all weights are 0")
	}
	var can []*Logit
	values := map[*Sum][]interval{}
	for _, l := range logits {
		possible, known := values[l.Sum]
		if !known {
			possible = l.values()
			values[l.Sum] = possible
		}
		for _, v := range possible {
			if l.Constant+v.lo < m.hi-construct.Border+narrow && l.Constant+v.hi > m.lo-construct.Border-narrow {
				return nil, diag.Errorf(s.Span, diag.Limit,
					"the probability of %s can be about e^-%d of the largest, where it is no longer a number of float32", l.Token.JSON(), construct.Border).
					WithHint("leave the token out where it cannot come next: as a weight, 0; as a logit, -1000")
			}
		}
		if len(possible) == 0 || l.Constant+possible[len(possible)-1].hi < m.lo-construct.Border {
			continue // it can never come next
		}
		can = append(can, l)
	}
	settle(can, m.lo-construct.Border)
	return can, nil
}

// settle closes what leaves a logit below a floor, and moves to the constants what portions
// are at least. Logits of one sum of which not the same is closed have sums of their own
// then: what is closed grows as the constant falls, so it is enough to look at the least and
// the largest.
func settle(list []*Logit, floor float64) {
	least, most := map[*Sum]float64{}, map[*Sum]float64{}
	for _, l := range list {
		if _, known := least[l.Sum]; !known {
			least[l.Sum], most[l.Sum] = l.Constant, l.Constant
		}
		least[l.Sum], most[l.Sum] = min(least[l.Sum], l.Constant), max(most[l.Sum], l.Constant)
	}
	settled := map[*Sum]*Sum{}
	for _, l := range list {
		sum := settled[l.Sum]
		if sum == nil {
			apart := least[l.Sum] < most[l.Sum] && l.below(least[l.Sum], floor) != l.below(most[l.Sum], floor)
			if sum = l.Sum; apart {
				sum = l.Sum.clone()
			} else {
				settled[l.Sum] = sum
			}
			sum.closeBelow(l.Constant, floor)
			sum.rebase()
		}
		l.Sum = sum
		sum.Logits++
		for i := range sum.Portions {
			if d := &sum.Portions[i]; !d.Number {
				l.Constant += d.Base
			}
		}
	}
}

func (s *Sum) clone() *Sum {
	c := &Sum{Portions: slices.Clone(s.Portions)}
	for i := range c.Portions {
		c.Portions[i].Cells = slices.Clone(c.Portions[i].Cells)
	}
	return c
}

// rebase moves to the constants what each portion is at least, or in the rows of a
// table that the token is not in: then these weigh nothing.
func (s *Sum) rebase() {
	for i := range s.Portions {
		d := &s.Portions[i]
		if d.Number {
			continue
		}
		base, _, _ := d.Extent()
		if d.Row != nil || d.Node.Op == graph.Cell {
			if !math.IsInf(d.Other, -1) && !math.IsNaN(d.Other) {
				base = d.Other
			}
		}
		d.Base += base
		d.Other -= base
		for k := range d.Cells {
			d.Cells[k] -= base
		}
	}
}

// closeBelow makes -Inf of what leaves a logit of the constant below a floor whatever the
// other portions are.
func (s *Sum) closeBelow(constant, floor float64) {
	total := s.most(constant)
	for i := range s.Portions {
		d := &s.Portions[i]
		_, hi, _ := d.Extent()
		closed := func(x float64) float64 {
			if x+total-hi < floor {
				return math.Inf(-1)
			}
			return x
		}
		d.Other = closed(d.Other)
		for k, x := range d.Cells {
			d.Cells[k] = closed(x)
		}
	}
}

// below counts what closeBelow closes.
func (s *Sum) below(constant, floor float64) (n int) {
	total := s.most(constant)
	for i := range s.Portions {
		d := &s.Portions[i]
		_, hi, _ := d.Extent()
		d.each(func(x float64) {
			if x+total-hi < floor {
				n++
			}
		})
	}
	return n
}

// most is a constant and the most that each portion can be.
func (s *Sum) most(constant float64) float64 {
	for i := range s.Portions {
		_, hi, _ := s.Portions[i].Extent()
		constant += hi
	}
	return constant
}

// massOf bounds the largest logit: exactly, if all depend on few variables or on
// one table; else by what the logit of one token always is.
func (a *scoring) massOf(logits []*Logit) mass {
	logits = largest(logits)
	m := mass{lo: math.Inf(-1), hi: math.Inf(-1), none: true}
	least := math.Inf(1)
	for _, l := range logits {
		lo, hi, can := l.Constant, l.Constant, false
		for i := range l.Portions {
			x, y, never := l.Portions[i].Extent()
			lo, hi, can = lo+x, hi+y, can || never
		}
		m.hi, least = max(m.hi, hi), min(least, lo)
		if !can {
			m.lo, m.none = max(m.lo, lo), false
		}
	}
	if lo, none, ok := rowMass(logits); ok {
		m.lo, m.none = lo, none
	} else if lo, none, ok := jointMass(logits, a.rowTables(logits)); ok {
		m.lo, m.none = lo, none
	} else if lo, none, ok := jointMass(logits, nil); ok {
		m.lo, m.none = lo, none
	}
	if math.IsInf(m.lo, -1) {
		m.lo = least
	}
	return m
}

// largest are the logits of which one is always the largest: of those of one sum the one of
// the largest constant.
func largest(list []*Logit) []*Logit {
	most := map[*Sum]*Logit{}
	for _, l := range list {
		if here := most[l.Sum]; here == nil || here.Constant < l.Constant {
			most[l.Sum] = l
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(l *Logit) bool { return most[l.Sum] != l })
}

// maxJoint bounds the joint states that are gone through, times the logits.
const maxJoint = 1 << 24

// joint is a portion as a table over variables, or else what it is at least.
type joint struct {
	table *facts.Table
	of    *Portion
	x     []float64 // by value of the table
	least float64
}

// jointMass goes through the joint states of all that the logits depend on, if
// they are not too many. Rows count as what the tables of rows say, those without
// one as what they are at least.
func jointMass(logits []*Logit, rows map[*graph.Node]*facts.Table) (lo float64, nowhere, ok bool) {
	var rels []*facts.Table
	portions := make([][]joint, len(logits))
	for k, l := range logits {
		for i := range l.Portions {
			d := l.Portions[i].joint(rows)
			portions[k] = append(portions[k], d)
			if d.table != nil && !slices.Contains(rels, d.table) {
				if len(rels) > 1000 {
					return 0, false, false
				}
				rels = append(rels, d.table)
			}
		}
	}
	s := facts.NewSpace(facts.Union(rels))
	if s.Size > facts.MaxCells || s.Size*len(logits) > maxJoint {
		return 0, false, false
	}
	for _, list := range portions {
		for i := range list {
			list[i].tabulate()
		}
	}
	readers := map[*facts.Table]*facts.Reader{}
	for _, r := range rels {
		reader := s.Reader(r)
		readers[r] = &reader
	}
	lo = math.Inf(1)
	s.Each(func(_ int, states []int32) {
		largest := math.Inf(-1)
		for k, l := range logits {
			x := l.Constant
			for _, d := range portions[k] {
				if d.table == nil {
					x += d.least
					continue
				}
				id := readers[d.table].At(states)
				if id == facts.None || math.IsNaN(d.x[id]) {
					return // the program fails there
				}
				x += d.x[id]
			}
			largest = max(largest, x)
		}
		if math.IsInf(largest, -1) {
			nowhere = true
			return
		}
		lo = min(lo, largest)
	})
	return lo, nowhere, !math.IsInf(lo, 1)
}

func (a *Portion) joint(rows map[*graph.Node]*facts.Table) joint {
	if a.Table != nil {
		return joint{table: a.Table, of: a}
	}
	if r := rows[a.Row]; r != nil {
		return joint{table: r, of: a}
	}
	lo, _, never := a.Extent()
	if never {
		lo = math.Inf(-1)
	}
	return joint{least: lo}
}

// tabulate lists what the portion is by value of the table: once it is known that all of them
// together are not too many.
func (d *joint) tabulate() {
	switch {
	case d.table == nil:
	case d.of.Table != nil:
		d.x = d.of.byValue()
	default:
		d.x = d.of.byRow(d.table)
	}
}

// rowTables are the rows that logits look up as tables over the variables of their
// keys, as far as these have not too many states.
func (a *scoring) rowTables(logits []*Logit) map[*graph.Node]*facts.Table {
	rows := map[*graph.Node]*facts.Table{}
	for _, l := range logits {
		for i := range l.Portions {
			row := l.Portions[i].Row
			if _, known := rows[row]; row != nil && !known {
				rows[row] = a.rowTable(row, func(vars []*facts.Variable) bool {
					size := facts.NewSpace(vars).Size
					return size <= facts.MaxCells && size*len(logits) <= maxJoint
				})
			}
		}
	}
	return rows
}

// rowMass goes through the rows of the one table on which all logits depend.
func rowMass(logits []*Logit) (lo float64, nowhere, ok bool) {
	var row *graph.Node
	for _, l := range logits {
		for i := range l.Portions {
			if d := &l.Portions[i]; len(l.Portions) > 1 || d.Row == nil || row != nil && d.Row != row {
				return 0, false, false
			}
			row = l.Portions[i].Row
		}
	}
	if row == nil {
		return 0, false, false
	}
	// Without a row, and in rows that a token is not in, it is its other.
	others := slices.Clone(logits)
	other := func(l *Logit) float64 {
		if len(l.Portions) == 0 {
			return l.Constant
		}
		return l.Constant + l.Portions[0].Other
	}
	slices.SortStableFunc(others, func(a, b *Logit) int { return cmp.Compare(other(b), other(a)) })
	largest := make([]float64, len(row.Trie.Rows))
	in := make([]map[*Logit]bool, len(largest))
	for i := range largest {
		largest[i], in[i] = math.Inf(-1), map[*Logit]bool{}
	}
	for _, l := range logits {
		if len(l.Portions) == 0 {
			continue
		}
		for k, place := range l.Portions[0].Places {
			largest[place] = max(largest[place], l.Constant+l.Portions[0].Cells[k])
			in[place][l] = true
		}
	}
	lo = math.Inf(1)
	take := func(x float64) {
		if math.IsInf(x, -1) {
			nowhere = true
		} else {
			lo = min(lo, x)
		}
	}
	take(other(others[0]))
	for i, x := range largest {
		for _, l := range others {
			if !in[i][l] {
				x = max(x, other(l))
				break
			}
		}
		take(x)
	}
	return lo, nowhere, !math.IsInf(lo, 1)
}
