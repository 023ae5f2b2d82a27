package ngram

import "cmp"

// merge adds the n-grams of another part of the text, and their counts. Both tries are
// sorted; so is what becomes of them.
func (c *Counts) merge(with *trie, counts [][]int64) error {
	t, sums := newTrie(c.trie.order(), c.trie.most), make([][]int64, len(c.count))
	sums[0] = []int64{0}
	ours, theirs := []int32{0}, []int32{0} // what the n-grams of the level below are now
	for n := 1; n <= t.order(); n++ {
		a, b := newCursor(&c.trie.levels[n], c.count[n], ours), newCursor(&with.levels[n], counts[n], theirs)
		l := &t.levels[n]
		for !a.done() || !b.done() {
			if err := t.more(1); err != nil {
				return err
			}
			next, id, sum := a, int32(l.size()), int64(0)
			order := a.compare(b)
			if order > 0 {
				next = b
			}
			context, suffix, token := next.gram()
			l.context, l.suffix, l.token = append(l.context, context), append(l.suffix, suffix), append(l.token, token)
			if order <= 0 {
				sum += a.take(id)
			}
			if order >= 0 {
				sum += b.take(id)
			}
			sums[n] = append(sums[n], sum)
		}
		l.index(t.levels[n-1].size())
		ours, theirs = a.became, b.became
	}
	c.trie, c.count = t, sums
	return nil
}

// cursor goes through the n-grams of a level.
type cursor struct {
	*level
	counts []int64
	below  []int32 // what the n-grams of the level below have become
	became []int32 // what those before the cursor have
}

func newCursor(l *level, counts []int64, below []int32) *cursor {
	return &cursor{level: l, counts: counts, below: below, became: make([]int32, 0, l.size())}
}

func (c *cursor) at() int { return len(c.became) }

func (c *cursor) done() bool { return c.at() == c.size() }

// gram is that at the cursor, as it has become.
func (c *cursor) gram() (context, suffix, token int32) {
	return c.below[c.context[c.at()]], c.below[c.suffix[c.at()]], c.token[c.at()]
}

// compare tells whose n-gram is the first: a negative number for c, 0 for both.
func (c *cursor) compare(with *cursor) int {
	switch {
	case c.done():
		return 1
	case with.done():
		return -1
	}
	context, _, token := c.gram()
	other, _, last := with.gram()
	return cmp.Or(cmp.Compare(context, other), cmp.Compare(token, last))
}

// take says what the n-gram at the cursor becomes, and goes on behind it.
func (c *cursor) take(id int32) (count int64) {
	count = c.counts[c.at()]
	c.became = append(c.became, id)
	return count
}
