package puzzle

import (
	"slices"
	"strconv"
)

// calculated is the sum or difference of two numbers that are written to a base.
func calculated(t []string, operator string, base int) int {
	middle := slices.Index(t, operator)
	first, second := number(t[:middle], base), number(t[middle+1:], base)
	if operator == "-" {
		return first - second
	}
	return first + second
}

func number(digits []string, base int) (n int) {
	for _, d := range digits {
		n = n*base + digit(d)
	}
	return n
}

func digit(d string) int {
	n, _ := strconv.Atoi(d)
	return n
}

// digitOf is the digit of a number at position i, where the last position holds the
// ones. Below 0 a number is as on a counter that runs backwards.
func digitOf(n int, t []string, i, base int) any {
	for range len(t) - 1 - i {
		n = (n - modulo(n, base)) / base
	}
	return modulo(n, base)
}

func modulo(n, by int) int { return (n%by + by) % by }

// rotate a word to the left, by the digit before it.
func rotate(t []string, i int) any {
	if i == 0 {
		return t[0]
	}
	word := t[1:]
	return word[(i-1+digit(t[0]))%len(word)]
}

// bisect says, at the digit after "?", how many of the sorted list are below it.
func bisect(t []string, i int) any {
	if at(t, i-1, "") != "?" {
		return -1
	}
	place, _ := slices.BinarySearch(t[:i-1], t[i])
	return place
}

// states of a machine: a row for each state, where each token leads from there.
func states(t []string, i int) any {
	state := 0
	for _, token := range t[:i+1] {
		state = [3]map[string]int{{"+": 1, "-": 2}, {"+": 2, "-": 0}, {"+": 0, "-": 1}}[state][token]
	}
	return state
}
