package ngram

import (
	"fmt"
	"math/bits"
	"slices"
)

// MaxGrams bounds the n-grams of all orders that are made of a text unless its Options say
// otherwise, and with them the memory: 110 bytes each, at most, until the program is written
// (10.5 million: 1.1 GB).
const MaxGrams = 1 << 24

// mostGrams is what int32 can number. A file that has n-grams has had room for them elsewhere.
const mostGrams = 1 << 30

// trie holds n-grams: level n those of n tokens, numbered from 0, in order of
// arrival or in that of their tokens. Level 0 has the one n-gram of no tokens. With an n-gram the trie has
// its tokens but the last and its tokens but the first.
type trie struct {
	levels []level
	grams  int
	most   int // of these
}

// level holds the n-grams of one order.
type level struct {
	context []int32 // the tokens but the last: an n-gram of the level below
	suffix  []int32 // the tokens but the first: likewise
	token   []int32 // the last
	// Where the n-grams stand in the order of their contexts and tokens, start has the first
	// of each context, and their number. Else there is a hash table.
	start []int32
	slots []int32 // of (context, token): number + 1, 0 for an empty slot
}

// TooManyError is the error for more n-grams than are to be held.
type TooManyError struct{ Most int }

func (e *TooManyError) Error() string { return fmt.Sprintf("more than %d n-grams", e.Most) }

// newTrie holds n-grams up to an order, so many at most.
func newTrie(order, most int) *trie {
	t := &trie{levels: make([]level, order+1), most: most}
	t.levels[0] = level{context: []int32{-1}, suffix: []int32{-1}, token: []int32{-1}}
	return t
}

func (t *trie) order() int { return len(t.levels) - 1 }

func (l *level) size() int { return len(l.token) }

// find is the n-gram of that context and last token, -1 if it is not there.
func (l *level) find(context, token int32) int32 {
	switch {
	case l.start != nil:
		return l.search(context, token)
	case len(l.slots) == 0:
		return -1
	}
	return l.slots[l.slot(context, token)] - 1
}

// search is find among n-grams in order.
func (l *level) search(context, token int32) int32 {
	if int(context) >= len(l.start)-1 { // it is newer than they are
		return -1
	}
	from, to := l.start[context], l.start[context+1]
	if i, found := slices.BinarySearch(l.token[from:to], token); found {
		return from + int32(i)
	}
	return -1
}

// index notes that the n-grams stand in order, after so many contexts.
func (l *level) index(contexts int) {
	l.start = make([]int32, contexts+1)
	for _, context := range l.context {
		l.start[context+1]++
	}
	for context := range contexts {
		l.start[context+1] += l.start[context]
	}
}

// slot is where the n-gram is, or would be.
func (l *level) slot(context, token int32) int {
	mask := len(l.slots) - 1
	hash := (uint64(uint32(context))<<32 | uint64(uint32(token))) * 0x9e3779b97f4a7c15 // 2^64 / golden ratio, Knuth 6.4
	for at := int(hash>>32) & mask; ; at = (at + 1) & mask {
		if id := l.slots[at] - 1; id < 0 || l.context[id] == context && l.token[id] == token {
			return at
		}
	}
}

// add finds the n-gram at level n, or makes it. The error says that there are
// too many.
func (t *trie) add(n int, context, token, suffix int32) (int32, error) {
	l := &t.levels[n]
	if id := l.find(context, token); id >= 0 {
		return id, nil
	}
	if err := t.more(1); err != nil {
		return 0, err
	}
	l.start = nil
	l.context, l.token, l.suffix = append(l.context, context), append(l.token, token), append(l.suffix, suffix)
	if 4*l.size() > 3*len(l.slots) {
		l.rehash()
	} else {
		l.slots[l.slot(context, token)] = int32(l.size())
	}
	return int32(l.size() - 1), nil
}

// more makes room for new n-grams.
func (t *trie) more(grams int) error {
	if t.grams += grams; t.grams > t.most {
		return &TooManyError{t.most}
	}
	return nil
}

func (l *level) rehash() {
	l.slots = make([]int32, max(16, 1<<bits.Len(uint(2*l.size()))))
	for id := range l.token {
		l.slots[l.slot(l.context[id], l.token[id])] = int32(id + 1)
	}
}

// path finds or makes the n-gram of these tokens, and all within it.
func (t *trie) path(tokens []int32) (int32, error) {
	var before [MaxOrder + 1]int32 // before[n]: the n tokens that end before the one in turn
	for i, token := range tokens {
		shorter := int32(0)
		for n := 1; n <= i+1; n++ {
			id, err := t.add(n, before[n-1], token, shorter)
			if err != nil {
				return 0, err
			}
			before[n-1], shorter = shorter, id
		}
		before[i+1] = shorter
	}
	return before[len(tokens)], nil
}

// text of an n-gram: its tokens, the oldest first.
func (t *trie) tokensOf(n int, id int32) []int32 {
	tokens := make([]int32, n)
	for ; n > 0; n-- {
		tokens[n-1] = t.levels[n].token[id]
		id = t.levels[n].context[id]
	}
	return tokens
}
