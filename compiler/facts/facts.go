// Package facts is what is known of a program on its domain, before a plan is made: of
// each s-op the values that it can take and the variables that it is a function of (a
// table, or a linear form), of each selector the pairs that it selects, split into what
// a head can do.
//
// Facts are made once, by package analysis, and only read from then on: lowering adds
// nothing to them, and every policy starts from the same. Print writes them, Check says
// whether they are well formed. The package knows nothing of heads, neurons or weights.
//
// In reading order: variable.go, chain.go, table.go (functions of variables), function.go (numbers
// by state), quotient.go, known.go, formula.go, group.go, conjuncts.go (selectors), rows.go,
// equal.go, variants.go, facts.go, print.go.
package facts

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/linear"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Facts are what is known of a program on its domain: of each s-op the values that it
// can take and the variables that it is a function of, of each selector the pairs
// that it selects. They are made once, by the analysis, and only read from then on.
type Facts struct {
	Domain   domain.Domain
	Nodes    []*graph.Node // of the program, operands before users
	Made     []*graph.Node // that no line of it has, and quotients are made of; operands first
	Token    *Variable
	Position *Variable
	Length   *Variable // nil in causal mode, where nothing depends on it

	Tables      map[*graph.Node]*Table
	Own         map[*graph.Node]*Variable // of nodes that are a variable: what an aggregate brings
	Computed    map[*graph.Node]*Variable // the value of a function of several variables, taken as given
	Linears     map[*graph.Node]*linear.Form[*graph.Node]
	Means       map[*graph.Node]Reading // of all that has a table
	Selectors   map[*graph.Node]*Selector
	Rows        map[*graph.Node]*Rows // positional selectors
	Comparisons map[*graph.Node]*Comparison
	Rounded     map[*graph.Node]float64        // what rounds a fraction: how far that is from a half, if it is none
	Totals      map[*graph.Node]*graph.Node    // what is the sum of a row, as a whole number: the mean of that
	Differences map[[2]*graph.Node]*graph.Node // a - b, for comparisons of a and b
	Quotients   map[*graph.Node]*Quotient
	Claims      map[Claim]string // the rule each was concluded by
	Inclusions  []*Inclusion
	Doubts      []Doubt
	// Merged is, of a root, how far apart values of it are that replays have made one.
	Merged map[*graph.Node]float64

	known known
}

// Comparison is a comparison that is a variable.
type Comparison struct {
	Difference *graph.Node // of the operands: a linear form, of which no table is made
	// Ranks are the places of the values of either operand in the order of both, equal ones
	// in one place: instead of a difference.
	Ranks     [2][]float64
	At, Holds []float64 // see signs
}

// Doubt is a place where the program may fail on some input of the domain. The
// value sets are an over-approximation, so it need not.
type Doubt struct {
	Node    *graph.Node
	Message string
}

// Table of an s-op, nil for a selector.
func (f *Facts) Table(n *graph.Node) *Table { return f.Tables[n] }

// Linear is an s-op as a linear form of its operands, nil if it is none.
func (f *Facts) Linear(n *graph.Node) *linear.Form[*graph.Node] { return f.Linears[n] }

// Selector is how a selector selects whose rows an aggregate is over, or a width or
// an any.
func (f *Facts) Selector(n *graph.Node) *Selector { return f.Selectors[n] }

// Source is the variable of which n is a function, n itself if it is a function
// of several, nil if it is constant.
func (f *Facts) Source(n *graph.Node) *Variable {
	switch r := f.Table(n); len(r.Vars) {
	case 0:
		return nil
	case 1:
		return r.Vars[0]
	}
	return f.Computed[n]
}

// IdsBySource are the values of n as a function of its source: ids into the
// values of its table.
func (f *Facts) IdsBySource(n *graph.Node) []int32 { return f.Table(n).bySource() }

// Numbers are the values of n by state of its source; NaN where there is none
// or it is not a number.
func (f *Facts) Numbers(n *graph.Node) []float64 { return f.Table(n).numbers() }

// StateNumbers is the number that each state of a variable stands for, nil if
// its states are not numbers.
func (f *Facts) StateNumbers(v *Variable) []float64 {
	numbers := make([]float64, v.Size)
	switch v.Source {
	case Position, Width:
		for s := range numbers {
			numbers[s] = float64(s)
		}
	case Length:
		for s := range numbers {
			numbers[s] = float64(s + 1)
		}
	case Fetched, Computed, Whole, Chosen:
		for s, x := range v.Table.Values {
			numbers[s] = x.Float64()
		}
	default:
		return nil
	}
	return numbers
}

// Numeric reports that all values of an s-op are numbers.
func (f *Facts) Numeric(n *graph.Node) bool {
	return f.Table(n).Unbounded || f.All(n, func(v value.Value) bool { return v.IsNumber() })
}

// All reports that the values of an s-op can be listed, and are all of a kind.
func (f *Facts) All(n *graph.Node, ok func(value.Value) bool) bool {
	r := f.Table(n)
	for _, v := range r.Values {
		if !ok(v) {
			return false
		}
	}
	return !r.Unbounded
}

// KindIs reports that all values of n are of one kind.
func (f *Facts) KindIs(n *graph.Node, kind value.Kind) bool {
	return f.All(n, func(v value.Value) bool { return v.Kind() == kind })
}

// Size is the largest absolute value of an s-op.
func (f *Facts) Size(n *graph.Node) float64 {
	x := 0.0
	for _, v := range f.Table(n).Values {
		x = max(x, math.Abs(v.Float64()))
	}
	return x
}

// Between is between what a number stays: a mean is between the least and the largest
// value.
func (f *Facts) Between(n *graph.Node) (lo, hi float64) {
	x := once(&f.known.between, n, func() [2]float64 {
		lo, hi := f.findBetween(n)
		return [2]float64{lo, hi}
	})
	return x[0], x[1]
}

func (f *Facts) findBetween(n *graph.Node) (lo, hi float64) {
	if r := f.Table(n); !r.Unbounded {
		lo, hi = math.Inf(1), math.Inf(-1)
		for _, v := range r.Values {
			lo, hi = min(lo, v.Float64()), max(hi, v.Float64())
		}
		return lo, hi
	}
	if q := f.Quotients[n]; q != nil {
		return q.Lo, q.Hi
	}
	if n.Op == graph.Aggregate {
		lo, hi = f.Between(n.Args[1])
		return min(lo, n.Value.Float64()), max(hi, n.Value.Float64())
	}
	return f.RangeOf(f.Expanded(n))
}

// RangeOf is the least and the largest number that a form can be.
func (f *Facts) RangeOf(lin linear.Form[*graph.Node]) (lo, hi float64) {
	lo, hi = lin.Constant, lin.Constant
	for _, t := range lin.Terms {
		x, y := f.Between(t.Of)
		x, y = t.Factor*x, t.Factor*y
		lo, hi = lo+min(x, y), hi+max(x, y)
	}
	return lo, hi
}

// Expanded is a number with too many values to list as a linear form of means and of what
// can be listed, in which what cancels is gone.
func (f *Facts) Expanded(n *graph.Node) linear.Form[*graph.Node] {
	if !f.Table(n).Unbounded || f.IsBrought(n) {
		return linear.Of(n)
	}
	return once(&f.known.expanded, n, func() linear.Form[*graph.Node] { return f.Substituted(n, f.Expanded) })
}

// Substituted is the linear form of n with a form for each of its operands.
func (f *Facts) Substituted(n *graph.Node, form func(*graph.Node) linear.Form[*graph.Node]) linear.Form[*graph.Node] {
	lin := f.Linear(n)
	sum := linear.Constant[*graph.Node](lin.Constant)
	for _, t := range lin.Terms {
		sum = sum.Plus(form(t.Of).Times(t.Factor))
	}
	return sum
}

// Float64Error bounds how far the interpreter's value of a number may be from what it is in
// exact arithmetic on the values that are listed: what float64 rounds in means, and in
// linear forms of them.
func (f *Facts) Float64Error(n *graph.Node) float64 {
	return once(&f.known.off, n, func() float64 { return f.findFloat64Error(n) })
}

func (f *Facts) findFloat64Error(n *graph.Node) float64 {
	if q := f.Quotients[n]; q != nil {
		return q.Off
	}
	if n.Op == graph.Aggregate && (f.Table(n).Unbounded || f.MeanVariable(n) != nil) {
		size := max(f.Largest(n.Args[1]), f.Largest(n))
		return f.Float64Error(n.Args[1]) + float64(float64(f.Domain.Length+1)*construct.Ulp64*size)
	}
	if !f.isSum(n) {
		return f.Table(n).Spread()
	}
	lin := *f.Linear(n)
	if f.Table(n).Unbounded {
		lin = f.Expanded(n)
	}
	err := f.sumRounding(n)
	for _, t := range lin.Terms {
		err += float64(math.Abs(t.Factor) * f.Float64Error(t.Of))
	}
	return err
}

// isSum reports that a number is read term by term, as a linear form.
func (f *Facts) isSum(n *graph.Node) bool {
	return !f.IsBrought(n) && f.Linear(n) != nil && (f.Table(n).Unbounded || f.IsMean(n))
}

// sumRounding bounds what the operations of a linear form round: each half an ulp of its
// result, and a division by a constant, which is planned as a product, one more.
func (f *Facts) sumRounding(n *graph.Node) float64 {
	if !f.isSum(n) {
		return 0
	}
	return once(&f.known.rounding, n, func() float64 {
		err := 2 * construct.Ulp64 * f.Largest(n)
		for _, t := range f.Linear(n).Terms {
			err += float64(math.Abs(t.Factor) * f.sumRounding(t.Of))
		}
		return err
	})
}

// Largest is the largest absolute value that a number stays below; NaN if it is not always
// one.
func (f *Facts) Largest(n *graph.Node) float64 {
	lo, hi := f.Between(n)
	return max(math.Abs(lo), math.Abs(hi))
}

func IsInteger(v value.Value) bool {
	return v.IsNumber() && v.Float64() == math.Trunc(v.Float64())
}

func IsZeroOne(v value.Value) bool {
	return v.IsNumber() && (v.Float64() == 0 || v.Float64() == 1)
}

func IsBool(v value.Value) bool { return v.Kind() == value.Bool }

// isEmbedded reports that an s-op is a function of the token or of the position.
func (f *Facts) isEmbedded(n *graph.Node) bool {
	v := f.Source(n)
	return !f.Table(n).Unbounded && (v == nil || v.Source == Token || v.Source == Position)
}

// MeanVariable is the variable of a mean, nil if n is none or has no states.
func (f *Facts) MeanVariable(n *graph.Node) *Variable {
	if v := f.Own[n]; v != nil && v.Source == Mean && f.Table(n) != nil && !f.Table(n).Unbounded {
		return v
	}
	return nil
}

// OnMean is a function of a mean as one of its sum and width, false if it depends on
// the variant.
func (f *Facts) OnMean(n *graph.Node, v *Variable, g []float64) (on []float64, ok bool) {
	r := f.Table(n)
	on = slices.Repeat([]float64{math.NaN()}, v.Size)
	at := slices.Index(r.Vars, v)
	inner, size := 1, sizeOf(g)
	for _, w := range r.Vars[at+1:] {
		inner *= w.Size
	}
	for i, id := range r.Cells {
		if id == None || math.IsNaN(g[id]) {
			continue
		}
		s := i / inner % v.Size
		if !math.IsNaN(on[s]) && !nearly(on[s], g[id], size) {
			return nil, false
		}
		on[s] = g[id]
	}
	return on, true
}

// IsMean reports whether an s-op is a mean, or linear in means and numbers that
// are read as exactly.
func (f *Facts) IsMean(n *graph.Node) bool {
	m := f.ReadingOf(n)
	return m.Read && m.Mean
}

// IsRead reports whether an s-op is a number as heads bring it: IsMean, or one that is
// linear in exact numbers and can take too many values to list.
func (f *Facts) IsRead(n *graph.Node) bool {
	return f.ReadingOf(n).Read
}

// Reading says of an s-op whether it is a number as heads bring it, and with a mean in it.
type Reading struct{ Read, Mean bool }

// ReadingOf asks each s-op once, since many can be made of it.
func (f *Facts) ReadingOf(n *graph.Node) Reading {
	if known, ok := f.Means[n]; ok {
		return known
	}
	if f.Quotients[n] != nil {
		return Reading{true, true}
	}
	if n.Op == graph.Aggregate {
		read := n.Value.IsNumber() && (f.Table(n).Unbounded || f.MeanVariable(n) != nil) && len(f.Selector(n.Args[0]).Conjuncts) == 1
		return Reading{read, read}
	}
	lin := f.Linear(n)
	if lin == nil {
		return Reading{}
	}
	mean := false
	for _, t := range lin.Terms {
		m := f.ReadingOf(t.Of)
		if !m.Read && !f.All(t.Of, IsInteger) && !f.isEmbedded(t.Of) {
			return Reading{}
		}
		mean = mean || m.Read && m.Mean
	}
	return Reading{mean || f.Table(n).Unbounded, mean}
}

// Difference is a - b for a comparison of two s-ops of numbers a and b.
func (f *Facts) Difference(n *graph.Node) *Variable {
	if n.Op != graph.Binary || !n.Fn.IsComparison() {
		return nil
	}
	if d := f.Differences[OperandsOf(n)]; d != nil {
		return f.Source(d)
	}
	return nil
}

// OperandsOf a comparison, in an order that a < b and b > a share.
func OperandsOf(n *graph.Node) [2]*graph.Node {
	x, y := n.Args[0], n.Args[1]
	if x.ID > y.ID {
		x, y = y, x
	}
	return [2]*graph.Node{x, y}
}
