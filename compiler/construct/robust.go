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
	return float64(float64(n) * elementary.Exp(2*err-gap))
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

// Ordered compares numbers that steps decode. Steps that begin at a number are exactly 0 on its
// side, and not beyond others that cancel: only what is 0 up to a number, or from one on, stays 0
// where weights are off. Let each query allow the keys between two ends, which rise with the
// query, or fall. Then
//
//	score(q, k) = - sum over t of ([k <= t] [t below the keys of q] + [k > t] [t >= the last key of q])
//
// is minus how many keys there are between k and those of q: 0 for a key that is allowed, and in
// each product a factor is 0, as it is said. Ends that are the same for all queries take one
// dimension, others as many as they have places. For x == y that is -|x - y|.
//
// query and key are the numbers of the classes.
func Ordered(t Table, query, key []float64) (p Pattern, ok bool) {
	keys := sortedBy(key)
	least, last := make([]int, len(query)), make([]int, len(query)) // places of the keys of a query
	for q, row := range t {
		least[q], last[q] = len(keys), -1
		for place, k := range keys {
			if row[k] == 1 {
				least[q], last[q] = min(least[q], place), place
			}
		}
		for place, k := range keys {
			if row[k] == 0 && least[q] <= place && place <= last[q] {
				return p, false
			}
		}
	}
	withEnds(least, last, query, len(keys))
	if !isMonotone(least, query) || !isMonotone(last, query) {
		return p, false
	}
	for at := range keys { // between the places at and at+1
		p.addEnd(t, keys, func(q int) bool { return least[q] > at }, func(place int) bool { return place <= at })
		p.addEnd(t, keys, func(q int) bool { return last[q] < at }, func(place int) bool { return place >= at })
	}
	return p, p.Selects(t)
}

// addEnd adds a dimension that forbids keys to queries, if it forbids any that is not so yet.
func (p *Pattern) addEnd(t Table, keys []int, query, key func(int) bool) {
	d := Dim{Query: make([]float64, len(t)), Key: make([]float64, len(keys))}
	for place, k := range keys {
		if key(place) {
			d.Key[k] = 1
		}
	}
	news := false
	for q, row := range t {
		if !query(q) {
			continue
		}
		d.Query[q] = -1
		for k := range keys {
			news = news || row[k] == 0 && d.Key[k] == 1 && p.score(q, k) == 0
		}
	}
	if news {
		p.Dims = append(p.Dims, d)
	}
}

// withEnds places the ends of queries that allow no key: behind the last key of the queries
// before them, and before the first one of those behind.
func withEnds(least, last []int, query []float64, keys int) {
	order := sortedBy(query)
	some := slices.DeleteFunc(slices.Clone(order), func(q int) bool { return last[q] < 0 })
	if len(some) == 0 {
		return
	}
	if first, final := some[0], some[len(some)-1]; least[first]+last[first] > least[final]+last[final] {
		slices.Reverse(order)
	}
	next := keys
	for _, q := range slices.Backward(order) {
		if last[q] < 0 {
			least[q] = next
		} else {
			next = least[q]
		}
	}
	before := -1
	for _, q := range order {
		if least[q] > last[q] {
			last[q] = before
		} else {
			before = last[q]
		}
	}
}

// isMonotone reports that places never fall as the numbers rise, or never rise.
func isMonotone(places []int, numbers []float64) bool {
	var rises, falls bool
	order := sortedBy(numbers)
	for i := 1; i < len(order); i++ {
		rises = rises || places[order[i]] > places[order[i-1]]
		falls = falls || places[order[i]] < places[order[i-1]]
	}
	return !rises || !falls
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
	const exp = 3 // ulps, see package runtime
	part := keys/(4*c) + float64(2*elementary.Expm1(2*scoreErr)) + float64(p.Ulp*(float64(2*(exp+1))+elementary.Log(c)+float64(2*(keys+8))))
	return float64(most*part) + float64(2*leak*size)
}
