package puzzle

import (
	"slices"
	"strings"
)

// answer is the specification of a puzzle: what stands at position i of the answer to
// tokens. That is a string, an int, a bool, a float64, or a weights.
type answer func(tokens []string, i int) any

// weights of the tokens that can come next, 0 for those that are not there.
type weights map[string]float64

// entry is a puzzle of the table: its file has this name.
type entry struct {
	name, concept string
	answer        answer
}

// What puzzles teach.
const (
	positionwise = "one position"
	selectors    = "selectors"
	means        = "means"
	counts       = "counts"
	twoSteps     = "two steps"
	compositions = "composition"
	predictions  = "prediction"
)

// table has the puzzles in their order, the easiest first.
var table = []entry{
	{"caesar", positionwise, func(t []string, i int) any { return map[string]string{"a": "b", "b": "c", "c": "d", "d": "a"}[t[i]] }},
	{"divide", positionwise, func(t []string, i int) any { return map[string]int{"0": 0, "1": 12, "2": 6, "3": 4, "4": 3}[t[i]] }},

	{"shift", selectors, func(t []string, i int) any { return at(t, i-1, "-") }},
	{"nth", selectors, func(t []string, _ int) any { return at(t, 2, "-") }},

	{"majority", means, func(t []string, _ int) any { return [3]string{"b", "=", "a"}[1+sign(count(t, "a")-count(t, "b"))] }},
	{"shuffle", means, func(t []string, i int) any {
		so := t[:i+1]
		return count(so, "(") == count(so, ")") && count(so, "[") == count(so, "]")
	}},

	{"histogram", counts, func(t []string, i int) any { return count(t, t[i]) }},
	{"parity", counts, func(t []string, _ int) any { return count(t, "1")%2 == 1 }},
	{"window", counts, func(t []string, i int) any { return count(t[max(i-2, 0):i+1], "a") }},
	{"bisect", counts, bisect},
	{"unique", counts, func(t []string, _ int) any { return len(distinct(t)) }},
	{"leftmost", counts, func(t []string, _ int) any { return slices.Index(t, "a") }},

	{"reverse", twoSteps, func(t []string, i int) any { return t[len(t)-1-i] }},
	{"rotate", twoSteps, rotate},
	{"palindrome", twoSteps, func(t []string, _ int) any { return slices.Equal(t, reversed(t)) }},
	{"dyck1", twoSteps, func(t []string, i int) any { return dyck(t[:i+1]) }},
	{"induction", twoSteps, func(t []string, i int) any { return followed(t[:i+1], "?") }},
	{"states", twoSteps, states},
	{"echo", twoSteps, echo},

	{"sort", compositions, func(t []string, i int) any { return slices.Sorted(slices.Values(t))[i] }},
	{"most_frequent", compositions, mostFrequent},
	{"double_histogram", compositions, doubleHistogram},
	{"runs", compositions, runLength},
	{"sort_by_frequency", compositions, func(t []string, i int) any { return byFrequency(t)[i] }},
	{"dyck2", compositions, func(t []string, i int) any { return dyck(t[:i+1]) }},
	{"addition", compositions, func(t []string, i int) any { return digitOf(calculated(t, "+", 10), t, i, 10) }},
	{"subtraction", compositions, func(t []string, i int) any { return digitOf(calculated(t, "-", 2), t, i, 2) }},

	{"markov", predictions, func(t []string, i int) any {
		return map[string]weights{"a": {"a": 1, "b": 3}, "b": {"c": 1}, "c": {"a": 1, "b": 1, "c": 1}}[t[i]]
	}},
	{"counting", predictions, func(t []string, i int) any { return strokes(strings.Join(t[:i+1], "")) }},
	{"copying", predictions, copied},
}

// at is the token at a position, otherwise if there is none.
func at(t []string, i int, otherwise string) string {
	if i < 0 || i >= len(t) {
		return otherwise
	}
	return t[i]
}

func count(t []string, token string) (n int) {
	for _, x := range t {
		if x == token {
			n++
		}
	}
	return n
}

func sign(n int) int { return min(max(n, -1), 1) }

func reversed(t []string) []string {
	r := slices.Clone(t)
	slices.Reverse(r)
	return r
}

// distinct tokens, in alphabetical order.
func distinct(t []string) []string { return slices.Compact(slices.Sorted(slices.Values(t))) }
