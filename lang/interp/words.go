package interp

import (
	"math"
	"slices"

	"rasp/lang/value"
)

// toWords maps keys and queries to machine words that compare as the atoms do,
// in e.keyWords and e.queries; false if no such map is known. Nearly all
// selectors compare ints or single characters, so that n^2 comparisons of atoms
// become n^2 comparisons of words.
func (e *Evaluator) toWords(keys, queries []value.Value) bool {
	e.keyWords, e.queries = resize(e.keyWords, e.n), resize(e.queries, e.n)
	if encodeInts(e.keyWords, keys) && encodeInts(e.queries, queries) {
		return true
	}
	for _, word := range []func(value.Value) (int64, bool){floatWord, textWord} {
		if encode(e.keyWords, keys, word) && encode(e.queries, queries, word) {
			return true
		}
	}
	return e.n >= e.runsFrom && e.rank(keys, queries)
}

// rank maps any keys and queries of one kind, nan apart, to their places in the order
// of all of them.
func (e *Evaluator) rank(keys, queries []value.Value) bool {
	places := map[value.Value]int64{}
	var atoms []value.Value
	for _, sequence := range [][]value.Value{keys, queries} {
		for _, v := range sequence {
			if v.IsNumber() != keys[0].IsNumber() || v.Kind() == value.Float && math.IsNaN(v.Float64()) {
				return false
			}
			if key := value.Key(v); places[key] == 0 {
				places[key] = 1
				atoms = append(atoms, key)
			}
		}
	}
	slices.SortFunc(atoms, func(a, b value.Value) int {
		order, _ := value.Compare(a, b) // no error: of one kind
		return order
	})
	for place, atom := range atoms {
		places[atom] = int64(place)
	}
	place := func(v value.Value) (int64, bool) { return places[value.Key(v)], true }
	return encode(e.keyWords, keys, place) && encode(e.queries, queries, place)
}

// encodeInts is encode for ints and bools, of which most sequences are.
func encodeInts(words []int64, sequence []value.Value) bool {
	for i := range sequence {
		w, ok := sequence[i].Int64()
		if !ok {
			return false
		}
		words[i] = w
	}
	return true
}

func encode(words []int64, sequence []value.Value, word func(value.Value) (int64, bool)) bool {
	for i, v := range sequence {
		w, ok := word(v)
		if !ok {
			return false
		}
		words[i] = w
	}
	return true
}

// floatWord maps numbers that are exact as doubles: the bits of a positive
// double are in order, those of a negative one in reverse order.
func floatWord(v value.Value) (int64, bool) {
	const exact = 1 << 53
	if i, whole := v.Int64(); v.Kind() != value.Float && (!whole || i > exact || i < -exact) {
		return 0, false
	}
	f := v.Float64()
	if math.IsNaN(f) { // strings too
		return 0, false
	}
	w := int64(math.Float64bits(f + 0)) // + 0: there is but one zero
	if w < 0 {
		w ^= math.MaxInt64
	}
	return w, true
}

// textWord maps strings of at most 7 bytes: the bytes, then zeros, then the
// length, which tells a zero byte from none.
func textWord(v value.Value) (int64, bool) {
	text := v.Text()
	if v.Kind() != value.String || len(text) > 7 {
		return 0, false
	}
	var w uint64
	for i := range 7 {
		w <<= 8
		if i < len(text) {
			w |= uint64(text[i])
		}
	}
	w = w<<8 | uint64(len(text))
	return int64(w ^ 1<<63), true // unsigned order as signed order
}
