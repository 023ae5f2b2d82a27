package verify

import (
	"fmt"
	"math"
)

// few inputs are all tried without being asked for.
const few = 20_000

// inputs numbers the inputs to try, as token ids: first all those of length 1,
// then all of length 2, up to allUpTo, each length in the order of a counter
// whose last digit runs fastest; then random ones.
type inputs struct {
	vocab, length int
	allUpTo       int   // longest length that is tried in full
	first         []int // [allUpTo+2] number of the first input of each length; the last is that of the first random one
	random        int
	total         int
	seed          uint64
}

// plan chooses the inputs for a vocabulary and a longest length.
func plan(vocab, length int, options Options) (inputs, error) {
	p := inputs{vocab: vocab, length: length, first: []int{0, 0}, seed: options.Seed}
	samples := options.Samples
	if samples <= 0 {
		samples = DefaultSamples
	}
	most := samples
	all, exact := domain(vocab, length)
	switch {
	case options.Exhaustive && !exact:
		return p, fmt.Errorf("the domain has more than 10^18 inputs: %d tokens at up to %d positions", vocab, length)
	case options.Exhaustive || exact && all <= few:
		most = all
	default:
		p.random = samples
	}
	for p.allUpTo < length {
		n := p.first[p.allUpTo+1]
		here, exact := power(vocab, p.allUpTo+1)
		if !exact || here > most-n {
			break
		}
		p.allUpTo++
		p.first = append(p.first, n+here)
	}
	p.total = p.first[p.allUpTo+1] + p.random
	return p, nil
}

// limit keeps sums of two counts inside an int.
const limit = 1_000_000_000_000_000_000

// domain counts the inputs of lengths 1 to length, false if they are too many.
func domain(vocab, length int) (count int, exact bool) {
	for n := 1; n <= length; n++ {
		here, exact := power(vocab, n)
		if !exact || count+here > limit {
			return math.MaxInt, false
		}
		count += here
	}
	return count, true
}

// power is vocab^n, false if it is too large.
func power(vocab, n int) (count int, exact bool) {
	if vocab == 1 {
		return 1, true // n may be large
	}
	count = 1
	for range n {
		if count > limit/vocab {
			return math.MaxInt, false
		}
		count *= vocab
	}
	return count, true
}

// chunk bounds the work between two looks at the context.
func (p inputs) chunk() int { return min(max(1024/p.length, 1), 64) }

// input k, in room if that is large enough.
func (p inputs) input(k int, room []int) []int {
	if all := p.first[p.allUpTo+1]; k >= all {
		return p.sample(k-all, room)
	}
	n := 1
	for k >= p.first[n+1] {
		n++
	}
	ids := resize(room, n)
	k -= p.first[n]
	for i := n - 1; i >= 0; i-- {
		ids[i] = k % p.vocab
		k /= p.vocab
	}
	return ids
}

func resize(s []int, n int) []int {
	if cap(s) < n {
		return make([]int, n)
	}
	return s[:n]
}
