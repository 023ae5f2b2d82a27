package analysis

import (
	"slices"
	"sort"

	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Two words are compared by their places in the order of all that either can be, equal ones
// in one place: as ints are, by the sign of the difference, without a table over pairs. What
// brings a word brings its place as well.

// manyWords is of how many pairs of words a table costs more than places.
const manyWords = 1 << 12

// isWordy reports that n compares words, and takes too many pairs of them: heads bring these,
// or they are tokens.
func (a *Analysis) isWordy(n *graph.Node, s *facts.Space) bool {
	return s.Size > manyWords && s.Pos < 0 && n.Op == graph.Binary && n.Fn.IsComparison() &&
		a.KindIs(n.Args[0], value.String) && len(a.Table(n.Args[0]).Vars) == 1 && len(a.Table(n.Args[1]).Vars) == 1
}

// ranked takes a comparison of values that can be listed as a variable, false or true; nil
// if it is none, or of floats, which may differ by the order of an addition alone.
func (a *Analysis) ranked(n *graph.Node) *facts.Table {
	if n.Op != graph.Binary || !n.Fn.IsComparison() {
		return nil
	}
	x, y := a.Table(n.Args[0]), a.Table(n.Args[1])
	all := slices.Concat(x.Values, y.Values)
	if x.Unbounded || y.Unbounded || len(all) > maxCompared || !comparedByPlace(n.Fn, all) {
		return nil
	}
	ranks, equal := ranksOf(x.Values, y.Values)
	at, holds := a.signs(n.Fn, -1, equal, 1)
	if slices.Min(holds) == slices.Max(holds) {
		b := facts.NewBuilder(nil, 1)
		b.Set(0, value.OfBool(holds[0] == 1))
		return b.Table()
	}
	a.Comparisons[n] = &facts.Comparison{Ranks: ranks, At: at, Holds: holds}
	v := a.newVariable(n, facts.Compared, 2)
	return facts.Identity(v, func(s int) value.Value { return value.OfBool(s == 1) })
}

// comparedByPlace reports that a comparison of any of the values is one of their places.
func comparedByPlace(fn value.Fn, all []value.Value) bool {
	words, floats := 0, 0
	for _, v := range all {
		words += int(facts.Indicate(v.Kind() == value.String))
		floats += int(facts.Indicate(v.Kind() == value.Float))
	}
	return floats == 0 && (words == 0 || words == len(all) || fn == value.Eq || fn == value.Ne)
}

// ranksOf are the places of two lists of values in the order of both, and whether they have
// one in common.
func ranksOf(x, y []value.Value) (ranks [2][]float64, common bool) {
	all := slices.Concat(x, y)
	slices.SortFunc(all, facts.CompareValues)
	all = slices.CompactFunc(all, value.Equal)
	seen := map[int]bool{}
	for i, list := range [][]value.Value{x, y} {
		for _, v := range list {
			at := sort.Search(len(all), func(k int) bool { return value.Equal(all[k], v) || facts.CompareValues(all[k], v) > 0 })
			ranks[i] = append(ranks[i], float64(at))
			common = common || i == 1 && seen[at]
			seen[at] = seen[at] || i == 0
		}
	}
	return ranks, common
}
