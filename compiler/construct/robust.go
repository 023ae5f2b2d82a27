package construct

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"rasp/lang/elementary"
)

// What a model needs that stands noise: a smaller gap, scores without cancellation, sums
// without large constants.

// RobustGap is the gap of a head whose BOS outweighs the keys: n keys that are not selected have
// n exp(-gap) <= exp(-16), about 1e-7, of the weight of one that is. A larger gap would make
// scores that are off by a part of themselves off by more.
func RobustGap(n int) float64 { return math.Ceil(elementary.Log(float64(n)) + 16) }

// RobustShare is what BOS weighs, in keys, where a head of up to n keys counts by shares: 2n or
// somewhat more. The steps between shares are the narrower the less it is, and what its score is
// off, a part of ln c, counts the more.
func RobustShare(n int) float64 { return math.Exp2(math.Ceil(elementary.Log2(float64(2 * n)))) }

// The score of BOS in a head that counts, ln c, is what the number is most off by: n times it. Spread over several dimensions, those at least, it is off by less, by the root of
// their number.
const LeastSinks = 4

// Leak bounds the weights of n keys that are not selected beside one that is, which are a gap
// apart but for an error of err in each score.
func Leak(n int, gap, err float64) float64 {
	return float64(float64(n) * elementary.Exp(float64(2*err)-gap))
}

// HasZeros reports that each product of the score of a key that is allowed has a factor that is 0.
func (p Pattern) HasZeros(t Table) bool {
	for q, row := range t {
		for k, allowed := range row {
			if allowed == 1 && slices.ContainsFunc(p.Dims, func(d Dim) bool { return d.Query[q] != 0 && d.Key[k] != 0 }) {
				return false
			}
		}
	}
	return true
}

// Mismatches compares the numbers of a Matching bit by bit, b bits in two dimensions each: the
// query has the bit and the key not, or the other way round.
//
//	score(q, k) = - sum over bits of (q_i (1 - k_i) + (1 - q_i) k_i)
//
// Where they are equal each product has a factor that is 0, so the score is 0 whatever the other
// factors are off.
func Mismatches(query, key []int, count int) Pattern {
	var p Pattern
	for i := range max(1, bits.Len(uint(count-1))) {
		for _, bit := range []int{0, 1} {
			d := Dim{Query: make([]float64, len(query)), Key: make([]float64, len(key))}
			for q, n := range query {
				d.Query[q] = -float64(n>>i&1 ^ bit)
			}
			for k, n := range key {
				d.Key[k] = float64(n>>i&1 ^ 1 ^ bit)
			}
			p.Dims = append(p.Dims, d)
		}
	}
	return p
}

// Antichain compares the numbers of a Matching by sets of which none is in another: of the m
// numbers up to the least m of which there are enough sets S of m/2,
//
//	score(q, k) = - sum over d of [d not in S_q] [d in S_k]
//
// is 0 if the sets are equal, with a 0 in each product, and -1 or less if not: S_k has a number
// that S_q has not. Sets that follow each other differ in two numbers.
func Antichain(query, key []int, count int) Pattern {
	sets, m := antichain(count)
	var p Pattern
	for d := range m {
		x := Dim{Query: make([]float64, len(query)), Key: make([]float64, len(key))}
		for q, n := range query {
			x.Query[q] = float64(sets[n]>>d&1) - 1
		}
		for k, n := range key {
			x.Key[k] = float64(sets[n] >> d & 1)
		}
		p.Dims = append(p.Dims, x)
	}
	return p
}

// antichain lists so many sets as bits, all of m/2 numbers of m.
func antichain(count int) (sets []uint64, m int) {
	for sets = []uint64{0}; len(sets) < count; {
		m++
		sets = revolving(m, m/2)
	}
	return sets, m
}

// revolving lists the sets of k of m numbers so that each has one number in the place of one of
// the set before (the revolving door, Nijenhuis and Wilf, Combinatorial Algorithms, 1975).
func revolving(m, k int) []uint64 {
	switch {
	case k == 0:
		return []uint64{0}
	case k == m:
		return []uint64{1<<m - 1}
	}
	sets := revolving(m-1, k)
	for _, s := range slices.Backward(revolving(m-1, k-1)) {
		sets = append(sets, s|1<<(m-1))
	}
	return sets
}

// Ordered compares numbers that steps decode. Steps that begin at a number are exactly 0 on its
// side, and not beyond others that cancel: only what is 0 up to a number, or from one on, stays 0
// where weights are off. Let each query allow the keys from a least one to a last one, and let
// both rise with the query, or fall. Then, over the least keys l and the last keys r that queries
// have,
//
//	score(q, k) = - sum over l of [least(q) >= l] [k < l] - sum over r of [last(q) <= r] [k > r]
//
// is 0 for a key that is allowed, with a 0 in each product, and -1 or less for others. For x == y
// over n numbers that is -|x - y|, in 2 (n-1) dimensions.
//
// query and key are the numbers of the classes.
func Ordered(t Table, query, key []float64) (p Pattern, ok bool) {
	keys, order := sortedBy(key), sortedBy(query)
	ends := make([]ends, len(query))
	for q, row := range t {
		ends[q] = endsOf(row, keys)
	}
	some := slices.DeleteFunc(slices.Clone(order), func(q int) bool { return ends[q].last < 0 })
	if len(some) == 0 {
		some = order
	}
	if first, final := ends[some[0]], ends[some[len(some)-1]]; first.least+first.last > final.least+final.last {
		slices.Reverse(order) // they fall
	}
	least, last, ok := rising(order, ends, len(keys))
	if !ok || !areEnds(t, keys, least, last) {
		return p, false
	}
	for at := range len(keys) + 1 {
		p.addEnd(t, keys, least, at, func(end int) bool { return end >= at }, func(place int) bool { return place < at })
		p.addEnd(t, keys, last, at-1, func(end int) bool { return end < at }, func(place int) bool { return place >= at })
	}
	return p, true
}

// areEnds reports that a query allows the keys from its least one to its last one and no other.
func areEnds(t Table, keys, least, last []int) bool {
	for q, row := range t {
		for place, k := range keys {
			if inside := least[q] <= place && place <= last[q]; row[k] >= 0 && (row[k] == 1) != inside {
				return false
			}
		}
	}
	return true
}

// addEnd adds a dimension that forbids some keys to queries by where they end, if a query that
// ends at a place meets one of these keys.
func (p *Pattern) addEnd(t Table, keys, ends []int, at int, query, key func(int) bool) {
	d, meets := Dim{Query: make([]float64, len(t)), Key: make([]float64, len(keys))}, false
	for place, k := range keys {
		if key(place) {
			d.Key[k] = 1
		}
	}
	for q, end := range ends {
		if query(end) {
			d.Query[q] = -1
		}
		if end == at {
			meets = meets || slices.ContainsFunc(keys, func(k int) bool { return d.Key[k] == 1 && t[q][k] == 0 })
		}
	}
	if meets {
		p.Dims = append(p.Dims, d)
	}
}

// ends are the places of the first and the last key that a query allows, and how far these may
// be moved over keys that it never meets.
type ends struct{ least, last, lowest, highest int }

// endsOf a row, by place of the key; last is -1 if it allows none.
func endsOf(row []int8, keys []int) ends {
	e := ends{least: len(keys), last: -1, highest: len(keys) - 1}
	for place, k := range keys {
		switch {
		case row[k] == 1:
			e.least, e.last, e.highest = min(e.least, place), place, len(keys)-1
		case row[k] == 0 && e.last < 0:
			e.lowest = place + 1
		case row[k] == 0:
			e.highest = min(e.highest, place-1)
		}
	}
	return e
}

// rising are places of ends that never fall in an order of queries, with as few keys between them
// as can be; false if there are none. A query that allows no key has its last one where the
// queries before it have theirs, and its first one where those behind have.
func rising(order []int, of []ends, keys int) (least, last []int, ok bool) {
	least, last = make([]int, len(of)), make([]int, len(of))
	before, next := -1, keys
	for _, q := range order {
		if before = max(before, of[q].last); before > of[q].highest && of[q].last >= 0 {
			return nil, nil, false
		}
		last[q] = before
	}
	for _, q := range slices.Backward(order) {
		if next = min(next, of[q].least); next < of[q].lowest && of[q].last >= 0 {
			return nil, nil, false
		}
		least[q] = next
	}
	return least, last, true
}

// sortedBy lists indices by their numbers.
func sortedBy(numbers []float64) []int {
	order := make([]int, len(numbers))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(numbers[a], numbers[b]) })
	return order
}

// Middle is the step that is 0 up to the first quarter between low and high, and 1 from the last
// one on: a number that is off by less than a quarter of the gap changes nothing. A steeper one
// would have larger inputs to its neurons, and what weights are off counts by these.
func Middle(low, high float64) Ramp {
	slope := 2 / (high - low)
	return Ramp{slope, float64(slope*(low+high)/2) - 0.5}
}

// A sum of numbers v over the keys that a head selects, with no constant that is large beside
// it:
//
//	QK: score 0 if selected, <= -gap if not; BOS: ln c
//	OV: (c + n) v at a key, 0 at BOS
//	=>  z = (sum of v_j) (1 + n/c) / (1 + w/c),  w keys selected
//
// is off by V w (n-w)/c at most, of n keys with |v| <= V: by 1/32 for the c here. Steps with
// margins tell whole numbers, and sums and differences of several such numbers, in the MLP of the
// same layer.

// SumWeight is c, a power of two, for numbers of a size at most.
func SumWeight(n int, size float64) float64 {
	return math.Exp2(math.Ceil(elementary.Log2(float64(8*n) * float64(n) * max(1, size))))
}

// SumScale is what a value is multiplied by.
func SumScale(n int, c float64) float64 { return c + float64(n) }

// MostSumWeight bounds c: beyond it float32 has too few digits for the steps.
const MostSumWeight = 1 << 20

// SumError bounds how far z is off, where scores are off by scoreErr and keys that are not
// selected have a weight of leak in all.
func (p Precision) SumError(n int, size, c, scoreErr, leak float64) float64 {
	keys, most := float64(n), float64(float64(n)*size)
	part := keys/(4*c) + float64(2*elementary.Expm1(2*scoreErr)) + float64(p.Ulp*(float64(2*(p.Exp+1))+elementary.Log(c)+float64(2*(keys+8))))
	return float64(most*part) + float64(2*leak*size)
}
