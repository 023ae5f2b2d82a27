package domain

import (
	"iter"
	"math/rand/v2"
	"slices"
)

// Pairs are so many pairs of inputs of the same length, token ids, by a seed. In turn
// they differ in one token, if inputs can, and anywhere. Both inputs of a pair stay
// valid.
func (d Domain) Pairs(n int, seed uint64) iter.Seq2[[]int, []int] {
	return func(yield func(a, b []int) bool) {
		for k := range n {
			a := d.random(seed, k, nil)
			if !yield(a, d.other(rand.New(rand.NewPCG(^seed, uint64(k))), k, a)) {
				return
			}
		}
	}
}

// other is an input of the length of another.
func (d Domain) other(r *rand.Rand, k int, a []int) []int {
	b := slices.Clone(a)
	if k%2 == 0 {
		b[r.IntN(len(b))] = r.IntN(len(d.Vocab))
	} else {
		shapes[r.IntN(len(shapes))](r, len(d.Vocab), b)
	}
	if d.Form != nil {
		d.Form.Mend(r, b)
	}
	return b
}
