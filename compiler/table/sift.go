package table

import "slices"

// Permutations calls f with all orders of n things; f must not keep them.
func Permutations(n int, f func(order []int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var rec func(k int)
	rec = func(k int) {
		if k == n {
			f(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			rec(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	rec(0)
}

// Sift looks for the order of n things of least cost: it moves one after the other to
// the place that is best for it, with so many tries at most. Rudell 1993, "Dynamic
// variable ordering for ordered binary decision diagrams".
func Sift(n, tries int, cost func(order []int) int) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	best := cost(order)
	for x := range n {
		for place := range n {
			if tries--; tries < 1 {
				return
			}
			moved := slices.DeleteFunc(slices.Clone(order), func(y int) bool { return y == x })
			moved = slices.Insert(moved, place, x)
			if slices.Equal(moved, order) {
				continue
			}
			if c := cost(moved); c < best {
				best, order = c, moved
			}
		}
	}
}
