package compiler

import (
	"math"
	"slices"

	"rasp/compiler/linear"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// facts are what is known of a program on its domain: of each s-op the values that it
// can take and the variables that it is a function of, of each selector the pairs
// that it selects. They are made once, by the analysis, and only read from then on.
type facts struct {
	domain   domain.Domain
	nodes    []*graph.Node // of the program, operands before users
	token    *variable
	position *variable
	length   *variable // nil in causal mode, where nothing depends on it

	tables      map[*graph.Node]*relation
	own         map[*graph.Node]*variable // of nodes that are a variable: what an aggregate brings
	computed    map[*graph.Node]*variable // the value of a function of several variables, taken as given
	linears     map[*graph.Node]*linear.Form[*graph.Node]
	selectors   map[*graph.Node]*selector
	rows        map[*graph.Node]*rows // positional selectors
	comparisons map[*graph.Node]*comparisonOfMeans
	differences map[[2]*graph.Node]*graph.Node // a - b, for comparisons of a and b
	doubts      []doubt
}

// comparisonOfMeans is a comparison that is a variable.
type comparisonOfMeans struct {
	difference *graph.Node // of the operands: a linear form, of which no table is made
	at, holds  []float64   // see signs
}

// doubt is a place where the program may fail on some input of the domain. The
// value sets are an over-approximation, so it need not.
type doubt struct {
	node    *graph.Node
	message string
}

// table of an s-op, nil for a selector.
func (f *facts) table(n *graph.Node) *relation { return f.tables[n] }

// linear is an s-op as a linear form of its operands, nil if it is none.
func (f *facts) linear(n *graph.Node) *linear.Form[*graph.Node] { return f.linears[n] }

// selector is how a selector selects whose rows an aggregate is over, or a width or
// an any.
func (f *facts) selector(n *graph.Node) *selector { return f.selectors[n] }

// source is the variable of which n is a function, n itself if it is a function
// of several, nil if it is constant.
func (f *facts) source(n *graph.Node) *variable {
	switch r := f.table(n); len(r.vars) {
	case 0:
		return nil
	case 1:
		return r.vars[0]
	}
	return f.computed[n]
}

// idsBySource are the values of n as a function of its source: ids into the
// values of its relation.
func (f *facts) idsBySource(n *graph.Node) []int32 { return f.table(n).bySource() }

// numbers are the values of n by state of its source; NaN where there is none
// or it is not a number.
func (f *facts) numbers(n *graph.Node) []float64 { return f.table(n).numbers() }

// stateNumbers is the number that each state of a variable stands for, nil if
// its states are not numbers.
func (f *facts) stateNumbers(v *variable) []float64 {
	numbers := make([]float64, v.size)
	switch v.kind {
	case positionVariable, widthVariable:
		for s := range numbers {
			numbers[s] = float64(s)
		}
	case lengthVariable:
		for s := range numbers {
			numbers[s] = float64(s + 1)
		}
	case fetchVariable, computedVariable:
		for s, x := range v.table.values {
			numbers[s] = x.Float64()
		}
	default:
		return nil
	}
	return numbers
}

// numeric reports that all values of an s-op are numbers.
func (f *facts) numeric(n *graph.Node) bool {
	return f.table(n).unbounded || f.all(n, func(v value.Value) bool { return v.IsNumber() })
}

// all reports that the values of an s-op can be listed, and are all of a kind.
func (f *facts) all(n *graph.Node, ok func(value.Value) bool) bool {
	r := f.table(n)
	for _, v := range r.values {
		if !ok(v) {
			return false
		}
	}
	return !r.unbounded
}

// kindIs reports that all values of n are of one kind.
func (f *facts) kindIs(n *graph.Node, kind value.Kind) bool {
	return f.all(n, func(v value.Value) bool { return v.Kind() == kind })
}

// size is the largest absolute value of an s-op.
func (f *facts) size(n *graph.Node) float64 {
	x := 0.0
	for _, v := range f.table(n).values {
		x = max(x, math.Abs(v.Float64()))
	}
	return x
}

func isInteger(v value.Value) bool {
	return v.IsNumber() && v.Float64() == math.Trunc(v.Float64())
}

func isZeroOne(v value.Value) bool {
	return v.IsNumber() && (v.Float64() == 0 || v.Float64() == 1)
}

func isBool(v value.Value) bool { return v.Kind() == value.Bool }

// isEmbedded reports that an s-op is a function of the token or of the position.
func (f *facts) isEmbedded(n *graph.Node) bool {
	v := f.source(n)
	return v == nil || v.kind == tokenVariable || v.kind == positionVariable
}

// meanVariable is the variable of a mean, nil if n is none or has no states.
func (f *facts) meanVariable(n *graph.Node) *variable {
	if v := f.own[n]; v != nil && v.kind == meanVariable && f.table(n) != nil && !f.table(n).unbounded {
		return v
	}
	return nil
}

// onMean is a function of a mean as one of its sum and width, false if it depends on
// the variant.
func (f *facts) onMean(n *graph.Node, v *variable, g []float64) (on []float64, ok bool) {
	r := f.table(n)
	on = slices.Repeat([]float64{math.NaN()}, v.size)
	at := slices.Index(r.vars, v)
	inner := 1
	for _, w := range r.vars[at+1:] {
		inner *= w.size
	}
	for i, id := range r.cells {
		if id == none || math.IsNaN(g[id]) {
			continue
		}
		s := i / inner % v.size
		if !math.IsNaN(on[s]) && !sameNumber(on[s], g[id]) {
			return nil, false
		}
		on[s] = g[id]
	}
	return on, true
}

// isMean reports whether an s-op is a mean, or linear in means and numbers that
// are read as exactly.
func (f *facts) isMean(n *graph.Node) bool {
	if n.Op == graph.Aggregate {
		if !n.Value.IsNumber() || f.meanVariable(n) == nil {
			return false
		}
		return len(f.selector(n.Args[0]).parts) == 1
	}
	lin := f.linear(n)
	if lin == nil {
		return false
	}
	return slices.ContainsFunc(lin.Over(), f.isMean) && !slices.ContainsFunc(lin.Over(), func(x *graph.Node) bool {
		return !f.isMean(x) && !f.all(x, isInteger) && !f.isEmbedded(x)
	})
}

// difference is a - b for a comparison of two s-ops of numbers a and b.
func (f *facts) difference(n *graph.Node) *variable {
	if n.Op != graph.Binary || !n.Fn.IsComparison() {
		return nil
	}
	if d := f.differences[operandsOf(n)]; d != nil {
		return f.source(d)
	}
	return nil
}

// operandsOf a comparison, in an order that a < b and b > a share.
func operandsOf(n *graph.Node) [2]*graph.Node {
	x, y := n.Args[0], n.Args[1]
	if x.ID > y.ID {
		x, y = y, x
	}
	return [2]*graph.Node{x, y}
}
