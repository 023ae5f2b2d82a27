package domain

import (
	"math/rand/v2"
	"slices"
)

// shapes of random inputs: what programs count, compare and match is rare in
// uniform noise over a large vocabulary, so most shapes have many equal tokens
// or an order. Each fills ids with tokens below vocab.
var shapes = []func(r *rand.Rand, vocab int, ids []int){
	uniform,
	fewDistinct,
	constant,
	constantButOne,
	ascending,
	descending,
	skewed,
	periodic,
	mirrored,
	stretches,
	allDistinct,
}

// random is random input k, in room if that is large enough.
// Every second one has the maximal length, where margins are least.
func (d Domain) random(seed uint64, k int, room []int) []int {
	r := rand.New(rand.NewPCG(seed, uint64(k)))
	if d.Form != nil {
		return d.randomOfForm(r, k, room)
	}
	n := d.Length
	if k%2 == 1 {
		n = 1 + r.IntN(d.Length)
	}
	ids := resize(room, n)
	shapes[r.IntN(len(shapes))](r, len(d.Vocab), ids)
	return ids
}

// randomOfForm is a word of the form: each as likely as another of its length, or a shape
// that is changed where it is not of the form.
func (d Domain) randomOfForm(r *rand.Rand, k int, room []int) []int {
	lengths := d.Form.Lengths(d.Length)
	n := lengths[len(lengths)-1]
	if k%2 == 1 {
		n = lengths[r.IntN(len(lengths))]
	}
	ids := resize(room, n)
	if r.IntN(2) == 0 {
		d.Form.Draw(r, ids)
		return ids
	}
	shapes[r.IntN(len(shapes))](r, len(d.Vocab), ids)
	d.Form.Mend(r, ids)
	return ids
}

// Nearest is an input of the domain made of tokens, of the longest length that there is up
// to theirs, or the least; nil if there is none.
func (d Domain) Nearest(r *rand.Rand, ids []int) []int {
	ids = ids[:min(len(ids), d.Length)]
	if d.Form == nil || len(ids) == 0 {
		return ids
	}
	lengths := d.Form.Lengths(d.Length)
	if len(lengths) == 0 {
		return nil
	}
	at, found := slices.BinarySearch(lengths, len(ids))
	if !found && at > 0 {
		at--
	}
	near := slices.Repeat([]int{-1}, lengths[at])
	copy(near, ids)
	d.Form.Mend(r, near)
	return near
}

func uniform(r *rand.Rand, vocab int, ids []int) {
	for i := range ids {
		ids[i] = r.IntN(vocab)
	}
}

// fewDistinct uses two or three tokens.
func fewDistinct(r *rand.Rand, vocab int, ids []int) {
	var some [3]int
	uniform(r, vocab, some[:])
	distinct := 2 + r.IntN(2)
	for i := range ids {
		ids[i] = some[r.IntN(distinct)]
	}
}

func constant(r *rand.Rand, vocab int, ids []int) {
	token := r.IntN(vocab)
	for i := range ids {
		ids[i] = token
	}
}

func constantButOne(r *rand.Rand, vocab int, ids []int) {
	constant(r, vocab, ids)
	ids[r.IntN(len(ids))] = r.IntN(vocab)
}

func ascending(r *rand.Rand, vocab int, ids []int) {
	uniform(r, vocab, ids)
	slices.Sort(ids)
}

func descending(r *rand.Rand, vocab int, ids []int) {
	ascending(r, vocab, ids)
	slices.Reverse(ids)
}

// skewed gives each token of a random order half the chance of the one before.
func skewed(r *rand.Rand, vocab int, ids []int) {
	order := r.Perm(vocab)
	for i := range ids {
		k := 0
		for k < vocab-1 && r.IntN(2) == 0 {
			k++
		}
		ids[i] = order[k]
	}
}

func periodic(r *rand.Rand, vocab int, ids []int) {
	period := 1 + r.IntN(len(ids))
	uniform(r, vocab, ids[:period])
	for i := period; i < len(ids); i++ {
		ids[i] = ids[i-period]
	}
}

// mirrored reads the same from both ends.
func mirrored(r *rand.Rand, vocab int, ids []int) {
	uniform(r, vocab, ids)
	for i := range len(ids) / 2 {
		ids[len(ids)-1-i] = ids[i]
	}
}

// stretches repeats each token for a while.
func stretches(r *rand.Rand, vocab int, ids []int) {
	for i := range ids {
		if i > 0 && r.IntN(4) > 0 {
			ids[i] = ids[i-1]
		} else {
			ids[i] = r.IntN(vocab)
		}
	}
}

// allDistinct repeats no token before each has been used.
func allDistinct(r *rand.Rand, vocab int, ids []int) {
	for start := 0; start < len(ids); start += vocab {
		copy(ids[start:], r.Perm(vocab))
	}
}
