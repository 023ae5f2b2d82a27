package puzzle

import (
	"cmp"
	"slices"
)

// mostFrequent is the token that occurs most often, of equals the first.
func mostFrequent(t []string, _ int) any {
	return slices.MaxFunc(distinct(t), func(a, b string) int {
		return cmp.Or(cmp.Compare(count(t, a), count(t, b)), cmp.Compare(b, a))
	})
}

// doubleHistogram counts the tokens that occur as often as the one at i.
func doubleHistogram(t []string, i int) any {
	n := 0
	for _, token := range distinct(t) {
		if count(t, token) == count(t, t[i]) {
			n++
		}
	}
	return n
}

// runLength is the length of the run of equal tokens around i.
func runLength(t []string, i int) any {
	first, last := i, i
	for first > 0 && t[first-1] == t[i] {
		first--
	}
	for last < len(t)-1 && t[last+1] == t[i] {
		last++
	}
	return last - first + 1
}

// byFrequency are the tokens, frequent ones first, the order of others kept.
func byFrequency(t []string) []string {
	r := slices.Clone(t)
	slices.SortStableFunc(r, func(a, b string) int { return count(t, b) - count(t, a) })
	return r
}

// echo is the word before "|", backwards, from the "|" on.
func echo(t []string, i int) any {
	bar := slices.Index(t[:i+1], "|")
	if bar < 0 {
		return "-"
	}
	return at(reversed(t[:bar]), i-bar, "-")
}
