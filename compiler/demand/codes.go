package demand

import (
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
)

// Codes of the numbers that heads bring, for heads that compare these.
//
// A column that steps write is exactly 0 up to a number, or from one on, and nowhere else: beyond a
// step that begins and one that ends the neurons of both are open, and what their weights are off
// does not cancel. So a code of few columns is blurred: with n numbers of which the steps have
// inputs of up to r, such a column is off by some r sqrt(n) times what the weights are. There are
// three ways to compare n numbers:
//
//   - by columns that are 0 up to a number: 2 (n-1) dimensions (construct.Ordered);
//   - by bits, as they are, in ceil(log2 n) dimensions: a selected key is then off by some gaps
//     times what its bits are. A head that fetches one key, or asks whether there is one, stands
//     that while it is less than half a gap from BOS; a count, or a mean, does not (loose);
//   - by sets of which none is in another, in some log2 n + log2(log2 n)/2 + 1 dimensions, with
//     codes that steps of the MLP after clean: from a quarter to three quarters, so that they are
//     exactly 0 while the blurred ones are off by less than 1/4 (cleanedTwice).
//
// Numbers that follow each other have codes that differ little (grey, construct.Antichain): there
// are the fewer steps.

// robustPatterns are the patterns of a condition for what a head does with the scores.
func (l *Demands) robustPatterns(c *facts.Condition, table construct.Table, use patternUse) []construct.Pattern {
	kinds := construct.KindsOf(table)
	query, key, count, ok := kinds.Matching()
	if use == loose && ok {
		return []construct.Pattern{kinds.KeyOneHot(), kinds.QueryOneHot(), construct.Bits(grey(query), grey(key), count)}
	}
	if l.Twice && ok && count > fewTwice && (l.bySteps(c.Query) || l.bySteps(c.Key)) {
		return []construct.Pattern{construct.Antichain(query, key, count)}
	}
	return l.withoutCancelling(c, table)
}

// fewTwice is how many numbers are compared by a dimension for each all the same.
const fewTwice = 8

// grey numbers differ in one bit from the next: what steps write changes seldom.
func grey(numbers []int) []int {
	list := make([]int, len(numbers))
	for i, n := range numbers {
		list[i] = n ^ n>>1
	}
	return list
}

// cleanedTwice offers a function that is 0 or 1 of a number that heads bring, and changes many
// times: steps that begin and end blur it, and steps of what they make clean it, in the MLP
// after theirs.
func (l *Demands) cleanedTwice(v *facts.Variable, f []float64) *Offer {
	if !l.Twice || !l.bySteps(facts.Side{Variable: v}) {
		return nil
	}
	blurred := slices.Clone(f)
	if i := slices.IndexFunc(f, func(x float64) bool { return !math.IsNaN(x) }); f[i] == 1 { // f and 1-f are cleaned from one column
		for s, x := range f {
			blurred[s] = 1 - x
		}
	}
	o := l.decoded(v, blurred)
	return l.noted(v, f, l.Steps(Scalar{When: o.When, Form: func() plan.Form { return l.Decode(v, blurred) }, Label: l.Label(v, blurred), Y: blurred}, f))
}

// withoutCancelling are the patterns that score a selected key by products with a 0 in each,
// and one that stays 0: see construct.Ordered for numbers that are decoded by steps.
func (l *Demands) withoutCancelling(c *facts.Condition, table construct.Table) []construct.Pattern {
	switch query, key := l.bySteps(c.Query), l.bySteps(c.Key); {
	case query && key:
		q, ok1 := l.classNumbers(c.Query)
		k, ok2 := l.classNumbers(c.Key)
		if ok1 && ok2 {
			if p, ok := construct.Ordered(table, q, k); ok {
				return []construct.Pattern{p}
			}
		}
	case query:
		return []construct.Pattern{construct.KeyOneHot(table)}
	case key:
		return []construct.Pattern{construct.QueryOneHot(table)}
	}
	kinds := construct.KindsOf(table)
	list := []construct.Pattern{kinds.KeyOneHot(), kinds.QueryOneHot()}
	if query, key, count, ok := kinds.Matching(); ok {
		list = append(list, construct.Mismatches(query, key, count))
	}
	return list
}

// bySteps reports that the codes of a side are steps of a number.
func (l *Demands) bySteps(s facts.Side) bool {
	if s.Variable == nil || isCoded(s.Variable) {
		return false
	}
	return s.Variable.Source != facts.Computed || s.Variable.Linear != nil
}

// classNumbers are the numbers of the classes of a side, if each class has numbers of its own
// with none of another between them.
func (l *Demands) classNumbers(s facts.Side) ([]float64, bool) {
	numbers := l.StateNumbers(s.Variable)
	if numbers == nil && s.Variable.Source == facts.Mean {
		numbers = s.Variable.Numbers()
	}
	if numbers == nil {
		return nil, false
	}
	points := Clean(PointsOf(numbers, s.Spread(facts.Range(len(s.Size)-1))))
	list, runs := make([]float64, len(s.Size)), 0
	for i, p := range points {
		if i == 0 || p.F != points[i-1].F {
			runs++
		}
		list[int(p.F)] = p.Y
	}
	return list, runs == len(s.Size)
}
