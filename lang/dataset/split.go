package dataset

import (
	"math"
	"math/rand/v2"
	"slices"
)

// parts deals examples out to the parts of a data set, at random, so that each part has its
// share to one example, if all of them come. No two parts have an input in common.
type parts struct {
	random *rand.Rand
	left   []int          // room in each part
	owner  map[uint64]int // by fingerprint of an input of a pair: its part; nil if each input comes once
}

func newParts(shares []float64, total int, pairs bool, r *rand.Rand) *parts {
	p := &parts{random: r, left: Sizes(shares, total)}
	if pairs && len(shares) > 1 {
		p.owner = map[uint64]int{}
	}
	return p
}

// Sizes are shares of a total, by the method of largest remainders.
func Sizes(shares []float64, total int) []int {
	if len(shares) == 0 {
		return []int{total}
	}
	sizes, rest, order := make([]int, len(shares)), total, make([]int, len(shares))
	remainders := make([]float64, len(shares))
	for i, share := range shares {
		exact := float64(share * float64(total))
		sizes[i] = min(int(math.Floor(exact)), rest)
		remainders[i], order[i] = exact-math.Floor(exact), i
		rest -= sizes[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case remainders[a] > remainders[b]:
			return -1
		case remainders[a] < remainders[b]:
			return 1
		}
		return 0
	})
	for i := 0; rest > 0; i++ {
		sizes[order[i%len(order)]]++
		rest--
	}
	return sizes
}

// of is the part of an example, an input or a pair; false if it fits in none.
func (p *parts) of(inputs ...[]int) (part int, ok bool) {
	if p.owner == nil {
		part = p.draw()
		p.left[part]--
		return part, true
	}
	part = -1
	for _, ids := range inputs {
		owner, owned := p.owner[fingerprint(ids)]
		switch {
		case owned && part >= 0 && owner != part:
			return 0, false
		case owned:
			part = owner
		}
	}
	switch {
	case part < 0:
		part = p.draw()
	case p.left[part] == 0:
		return 0, false
	}
	p.left[part]--
	for _, ids := range inputs {
		p.owner[fingerprint(ids)] = part
	}
	return part, true
}

// draw is a part, each as likely as there is room in it.
func (p *parts) draw() int {
	total := 0
	for _, n := range p.left {
		total += n
	}
	k := p.random.IntN(total)
	for part, n := range p.left {
		if k -= n; k < 0 {
			return part
		}
	}
	panic("no room")
}
