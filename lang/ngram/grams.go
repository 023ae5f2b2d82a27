package ngram

// grams finds the n-grams of a sequence of tokens, in which each sentence stands between
// beginID and endID, level by level. Positions of the sequence are sorted by the n-grams that
// begin there, so that those of one n-gram stand side by side; sorted further by the n-gram
// that begins one token later, they are those of n-grams of n+1 tokens. So a key is always one
// number, and an n-gram has what the trie wants: its tokens but the last and but the first.
type grams struct {
	tokens  []int32
	counted int // n-grams that begin here or later are not

	pairs []uint64 // keys, and below them the positions: 32 bits each
	spare []uint64 // for sorting
	ends  []int32  // of the pairs of each n-gram of the last level
	at    []int32  // the n-gram of the last level that begins at a position
	next  []int32  // for the next at
}

// sortedGrams makes a trie of the n-grams of a sequence of tokens below size, and counts
// those that begin before counted; more than most are an error. It holds all, in the order of their tokens.
func sortedGrams(tokens []int32, size, order, counted, most int) (*trie, [][]int64, error) {
	t, counts := newTrie(order, most), make([][]int64, order+1)
	counts[0] = []int64{0}
	g := grams{tokens: tokens, counted: counted, ends: []int32{int32(len(tokens))}}
	for n := 1; n <= order; n++ {
		found := 0
		if n == 1 {
			found = g.single(size)
		} else {
			found = g.longer(n, t.levels[n-1].token)
		}
		if err := t.more(found); err != nil {
			return nil, nil, err
		}
		counts[n] = g.number(n, found, t)
	}
	if begin := t.levels[1].find(0, beginID); begin >= 0 {
		counts[1][begin] = 0 // no event
	}
	return t, counts, nil
}

// single sorts the positions by their tokens, and tells how many different ones there are.
func (g *grams) single(size int) (found int) {
	place := make([]int32, size)
	for _, token := range g.tokens {
		place[token]++
	}
	sum := int32(0)
	for token, n := range place {
		if n > 0 {
			found++
		}
		place[token], sum = sum, sum+n
	}
	g.pairs = make([]uint64, len(g.tokens))
	for position, token := range g.tokens {
		g.pairs[place[token]] = uint64(token)<<32 | uint64(position)
		place[token]++
	}
	return found
}

// none is the key where the sequence ends too early. It is the last of all.
const none = 1<<32 - 1

// longer sorts the positions by the n-grams that begin there, and tells how many different
// ones there are; last are the last tokens of those of the level below. Behind the end of a
// sentence stands nothing.
func (g *grams) longer(n int, last []int32) (found int) {
	for i, pair := range g.pairs {
		position, key := int(uint32(pair)), uint32(none)
		if position+n <= len(g.tokens) {
			key = uint32(g.at[position+1])
		}
		g.pairs[i] = uint64(key)<<32 | uint64(position)
	}
	from, to := int32(0), int32(0)
	for id, end := range g.ends {
		if last[id] != endID {
			group := g.pairs[to : to+int32(copy(g.pairs[to:], g.pairs[from:end]))]
			group = g.sorted(group)
			to += int32(len(group))
			found += different(group)
		}
		from, g.ends[id] = end, to
	}
	g.pairs = g.pairs[:to]
	return found
}

// sorted sorts pairs, without those of no key.
func (g *grams) sorted(pairs []uint64) []uint64 {
	g.spare = sortPairs(pairs, g.spare)
	for len(pairs) > 0 && pairs[len(pairs)-1]>>32 == none {
		pairs = pairs[:len(pairs)-1]
	}
	return pairs
}

// different counts the keys of sorted pairs.
func different(pairs []uint64) (n int) {
	before := uint64(none)
	for _, pair := range pairs {
		if key := pair >> 32; key != before {
			n, before = n+1, key
		}
	}
	return n
}

// number makes the level of n tokens, of so many n-grams, and returns their counts.
func (g *grams) number(n, found int, t *trie) []int64 {
	last, below := n == t.order(), t.levels[n-1].token
	l := level{context: make([]int32, found), suffix: make([]int32, found), token: make([]int32, found)}
	counts := make([]int64, found)
	var ends []int32
	if !last {
		ends = make([]int32, found)
		if g.next == nil {
			g.at, g.next = make([]int32, len(g.tokens)), make([]int32, len(g.tokens))
		}
	}
	id, from := int32(0), int32(0)
	for context, end := range g.ends {
		for from < end {
			key, first := int32(g.pairs[from]>>32), from
			for ; from < end && int32(g.pairs[from]>>32) == key; from++ {
				if !last {
					g.next[uint32(g.pairs[from])] = id
				}
			}
			l.context[id], l.suffix[id], l.token[id] = int32(context), key, key
			if n > 1 {
				l.token[id] = below[key]
			} else {
				l.suffix[id] = 0
			}
			counts[id] = int64(from - first - g.uncounted(first, from))
			if !last {
				ends[id] = from
			}
			id++
		}
	}
	l.index(len(g.ends))
	t.levels[n] = l
	g.ends, g.at, g.next = ends, g.next, g.at
	return counts
}

// uncounted tells how many of the pairs of an n-gram, which stand in the order of the
// sequence, begin too late.
func (g *grams) uncounted(from, to int32) (n int32) {
	for ; n < to-from && int(uint32(g.pairs[to-1-n])) >= g.counted; n++ {
	}
	return n
}

// fewPairs are sorted the faster by insertion.
const fewPairs = 40

// sortPairs sorts pairs by their keys, those of one key as they stand. spare is room that it
// uses, and may have to enlarge.
func sortPairs(pairs, spare []uint64) []uint64 {
	if len(pairs) <= fewPairs {
		insert(pairs)
		return spare
	}
	least, most := pairs[0]>>32, pairs[0]>>32
	for _, pair := range pairs {
		least, most = min(least, pair>>32), max(most, pair>>32)
	}
	if len(spare) < len(pairs) {
		spare = make([]uint64, len(pairs))
	}
	from, to := pairs, spare[:len(pairs)]
	for shift := 0; (most-least)>>shift > 0; shift += 8 {
		var place [256]int32
		for _, pair := range from {
			place[byte((pair>>32-least)>>shift)]++
		}
		sum := int32(0)
		for digit, n := range place {
			place[digit], sum = sum, sum+n
		}
		for _, pair := range from {
			at := &place[byte((pair>>32-least)>>shift)]
			to[*at] = pair
			*at++
		}
		from, to = to, from
	}
	if &from[0] != &pairs[0] {
		copy(pairs, from)
	}
	return spare
}

// insert sorts pairs whose positions rise.
func insert(pairs []uint64) {
	for i := 1; i < len(pairs); i++ {
		pair, at := pairs[i], i
		for ; at > 0 && pairs[at-1] > pair; at-- {
			pairs[at] = pairs[at-1]
		}
		pairs[at] = pair
	}
}
