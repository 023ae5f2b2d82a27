// Package spell finds what a misspelt word was meant to be.
package spell

import "strings"

// Nearest is the candidate that name most likely is a misspelling of, "" if
// none is near: at most one edit for every three letters, and one for short
// names. Capitals count as small letters; of candidates equally near, the
// first in the alphabet is taken.
func Nearest(name string, candidates []string) string {
	best, least := "", max(1, len(name)/3)+1
	for _, c := range candidates {
		d := Distance(strings.ToLower(name), strings.ToLower(c))
		if d < len(name) && (d < least || d == least && best != "" && c < best) {
			best, least = c, d
		}
	}
	return best
}

// Distance is the number of letters to insert, delete, replace or swap with the
// next one, to make b of a.
func Distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	var twoBefore []int
	for i := 1; i <= len(a); i++ {
		twoBefore, before, row = before, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(before[j]+1, row[j-1]+1, before[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], twoBefore[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
