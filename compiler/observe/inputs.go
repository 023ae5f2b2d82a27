package observe

import (
	"encoding/binary"
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/domain"
)

// What the inputs of a program may cost: as many steps of the interpreter as there are
// cells in the tables that the analysis made, and so many at least and at most; but always
// as many as some longest inputs cost, and more short ones.
const (
	leastWork    = 1 << 16
	mostWork     = 1 << 24
	leastLongest = 6
	leastShort   = 64 // of up to shortLength tokens
	shortLength  = 16
)

// longest is the length of the longest inputs: what is held against facts are pairs of
// positions, which takes the square of it.
const longest = 1 << 12

// chooser writes inputs as tokens by number.
type chooser struct {
	*observer
	tokens []int   // one of each class that no table tells apart
	pairs  [][]int // tokens that are one class on one side of some selector, and not on the other
	work   int     // steps left
	random *rand.Rand
	seen   map[string]bool
	key    []byte // of an input in seen
}

// inputs chooses inputs, as tokens by number: what facts say the most of comes first.
func (o *observer) inputs() iter.Seq[[]int] {
	c := &chooser{observer: o, work: o.budget(), random: rand.New(rand.NewPCG(1, 2)), seen: map[string]bool{}}
	c.tokens = o.tokenClasses()
	c.pairs = o.halfAlike()
	return func(yield func([]int) bool) {
		give := func(ids ...int) bool { return c.give(ids, yield) }
		_ = c.packed(give) && c.mates(give) && c.short(give) && c.alone(give) && c.extremes(give) && c.ofForm(give) && c.few(give)
	}
}

// budget is the number of steps.
func (o *observer) budget() int {
	cells := 0
	for _, s := range o.sops {
		if s.table != nil {
			cells += len(s.table.Cells)
		}
	}
	short := (leastShort + o.tries()) * o.cost(min(o.long.Length, shortLength))
	return max(min(mostWork, max(leastWork, 4*cells, short)), leastLongest*o.cost(o.long.Length))
}

// cost of an input of some length, in steps.
func (o *observer) cost(n int) int {
	steps := n * (len(o.sops) + 1)
	for _, s := range o.selectors {
		steps += n * n
		if s.known != nil {
			for _, c := range s.known.Conjuncts {
				steps += n * n * len(c.Conditions)
			}
			steps += n * n * len(s.known.Atoms)
		}
	}
	return steps
}

// give yields an input that was not there before, as long as there is work left.
func (c *chooser) give(ids []int, yield func([]int) bool) bool {
	ids = c.long.Nearest(c.random, ids)
	c.key = c.key[:0]
	for _, id := range ids {
		c.key = binary.LittleEndian.AppendUint32(c.key, uint32(id))
	}
	if len(ids) == 0 || c.seen[string(c.key)] {
		return true
	}
	c.seen[string(c.key)] = true
	if c.work -= c.cost(len(ids)); c.work < 0 {
		return false
	}
	return yield(ids)
}

// ofForm has random inputs of a form, as many as there are of few tokens.
func (c *chooser) ofForm(give func(...int) bool) bool {
	if c.Domain.Form == nil {
		return true
	}
	drawn := domain.Inputs{Domain: c.long, Random: fewTries, Seed: 3}
	for k := range drawn.Len() {
		if !give(drawn.IDs(k, nil)...) {
			return false
		}
	}
	return true
}

// mostPacked is how many tokens stand in one input that is to show them all.
const mostPacked = 32

// packed has each token once, and each twice in a row, in as few inputs as that takes.
func (c *chooser) packed(give func(...int) bool) bool {
	n := min(c.long.Length, mostPacked)
	var twice []int
	for _, t := range c.tokens {
		twice = append(twice, t, t)
	}
	for _, list := range [][]int{c.tokens, twice} {
		for chunk := range slices.Chunk(list, n) {
			if !give(chunk...) {
				return false
			}
		}
	}
	return true
}

// mostAlone is how many tokens stand alone in longest inputs.
const mostAlone = 8

// alone has longest inputs of one token.
func (c *chooser) alone(give func(...int) bool) bool {
	for _, t := range c.tokens[:min(len(c.tokens), mostAlone)] {
		if !give(slices.Repeat([]int{t}, c.long.Length)...) {
			return false
		}
	}
	return true
}

// mates has the pairs of tokens that one side of a selector takes for the same.
func (c *chooser) mates(give func(...int) bool) bool {
	for _, p := range c.pairs {
		s, t := p[0], p[1]
		for _, list := range [][]int{{s, s}, {t, t}, {s, t}, {t, s}, {s, t, s}, {t, s, t, t, s}} {
			if !give(list...) {
				return false
			}
		}
	}
	return true
}

// extremes has the tokens of the largest and of the least values of what means add up,
// alone, in turns and half of each, as long as can be.
func (c *chooser) extremes(give func(...int) bool) bool {
	n := c.long.Length
	for _, s := range c.sops {
		if s.own == nil || s.own.Source != facts.Mean {
			continue
		}
		low, high, ok := c.ends(c.tables[s.node.Args[1]])
		if !ok {
			continue
		}
		lists := make([][]int, 6)
		for p := range n {
			for i, isHigh := range []bool{true, false, p%2 == 0, p < n/2, p == 0, p < n-1} {
				if t := low; isHigh {
					lists[i] = append(lists[i], high)
				} else {
					lists[i] = append(lists[i], t)
				}
			}
		}
		for _, list := range lists {
			if !give(list...) {
				return false
			}
		}
	}
	return true
}

// ends are the tokens of the least and of the largest value of an s-op of numbers that
// depends on the token.
func (c *chooser) ends(s *sop) (low, high int, ok bool) {
	r := s.table
	if r == nil || r.Unbounded || !slices.Contains(r.Vars, c.Token) {
		return 0, 0, false
	}
	axis := slices.Index(r.Vars, c.Token)
	inner := 1
	for _, v := range r.Vars[axis+1:] {
		inner *= v.Size
	}
	least, most := int32(len(r.Values)), int32(facts.None)
	for i, id := range r.Cells {
		t := i / inner % c.Token.Size
		if id != facts.None && id < least {
			least, low = id, t
		}
		if id > most {
			most, high = id, t
		}
	}
	return low, high, most >= 0
}

// Bounds of what is tried on short inputs.
const (
	longestShort = 3
	mostShort    = 128
)

// short has all inputs of up to three tokens, or of fewer if they are too many.
func (c *chooser) short(give func(...int) bool) bool {
	count := 0
	for n := 1; n <= min(longestShort, c.long.Length); n++ {
		here := 1
		for range n {
			here *= len(c.tokens)
		}
		if count += here; count > mostShort && n > 1 {
			return true
		}
		ids := make([]int, n)
		for k := range here {
			for i, rest := n-1, k; i >= 0; i-- {
				ids[i] = c.tokens[rest%len(c.tokens)]
				rest /= len(c.tokens)
			}
			if !give(ids...) {
				return false
			}
		}
	}
	return true
}

// How many inputs of few tokens are written, beyond those that are there: more where
// sums are told apart that differ by rounding alone, of which some come about by few
// orders of few values.
const (
	fewTries     = 64
	roundedTries = 512
)

// tries is how many.
func (o *observer) tries() int {
	for _, s := range o.sops {
		if o.rounded[s.node] || s.own != nil && s.own.Source == facts.Mean && roundsApart(s.own) {
			return roundedTries
		}
	}
	return fewTries
}

// roundsApart reports that some states of a mean have the same sum of as many keys.
func roundsApart(v *facts.Variable) bool {
	if v.SumsRise() {
		return false
	}
	seen := map[facts.Sum]bool{}
	for state, x := range v.Sums {
		if v.Singles[state] == facts.None && seen[x] {
			return true
		}
		seen[x] = true
	}
	return false
}

// few has random inputs of two or three tokens, every other one as long as can be: sums
// and widths come together there that all tokens at random would hardly bring.
func (c *chooser) few(give func(...int) bool) bool {
	for k := range c.tries() {
		n := c.long.Length
		if k%2 == 1 {
			n = 1 + c.random.IntN(n)
		}
		letters := make([]int, 2+k%3)
		for i := range letters {
			letters[i] = c.tokens[c.random.IntN(len(c.tokens))]
		}
		ids := make([]int, n)
		for i := range ids {
			ids[i] = letters[c.random.IntN(len(letters))]
		}
		if !give(ids...) {
			return false
		}
	}
	return true
}

// tokenClasses lists a token of each class that no table tells apart.
func (o *observer) tokenClasses() (tokens []int) {
	hashes := make([][]byte, o.Token.Size)
	for _, s := range o.sops {
		if s.table == nil || s.table.Unbounded {
			continue
		}
		axis := slices.Index(s.table.Vars, o.Token)
		if axis < 0 {
			continue
		}
		for t, h := range slicesByToken(s.table, axis, o.Token.Size) {
			hashes[t] = binary.LittleEndian.AppendUint64(hashes[t], h)
		}
	}
	seen := map[string]bool{}
	for t, h := range hashes {
		if !seen[string(h)] {
			seen[string(h)] = true
			tokens = append(tokens, t)
		}
	}
	return tokens
}

// slicesByToken is a hash of the cells of each token.
func slicesByToken(r *facts.Table, axis, size int) []uint64 {
	inner := 1
	for _, v := range r.Vars[axis+1:] {
		inner *= v.Size
	}
	hashes := make([]uint64, size)
	var b [4]byte
	for t := range hashes {
		h := fnv.New64a()
		for base := t * inner; base < len(r.Cells); base += inner * size {
			for _, id := range r.Cells[base : base+inner] {
				binary.LittleEndian.PutUint32(b[:], uint32(id))
				h.Write(b[:])
			}
		}
		hashes[t] = h.Sum64()
	}
	return hashes
}

// mostMates bounds how many pairs of tokens are tried.
const mostMates = 64

// halfAlike lists pairs of tokens, or of a token and one that some side gives the same
// class, of selectors that compare the tokens with themselves: where one side tells two
// tokens apart and the other does not.
func (o *observer) halfAlike() (pairs [][]int) {
	seen := map[[2]int]bool{}
	for _, s := range o.selectors {
		if s.known == nil {
			continue
		}
		for _, g := range s.known.Groups {
			for _, sides := range [][2]facts.Side{{g.Key, g.Query}, {g.Query, g.Key}} {
				o.pairsOn(sides, func(t, u int) {
					if p := [2]int{t, u}; !seen[p] && len(pairs) < mostMates {
						seen[p] = true
						pairs = append(pairs, p[:])
					}
				})
			}
		}
	}
	return pairs
}

// pairsOn calls f with tokens that are one class on the first side, and not on the other.
func (o *observer) pairsOn(sides [2]facts.Side, f func(t, u int)) {
	one, other := o.classOfTokens(sides[0]), o.classOfTokens(sides[1])
	if one == nil || other == nil {
		return
	}
	first := map[int32]int{}
	for t, c := range one {
		if u, ok := first[c]; !ok {
			first[c] = t
		} else if other[u] != other[t] {
			f(u, t)
		}
	}
}

// classOfTokens are the classes of a side by token, at position 0 if they depend on more;
// nil if they depend on no token.
func (o *observer) classOfTokens(side facts.Side) []int32 {
	if side.Variable == o.Token {
		return side.Class
	}
	if v := side.Variable; v == nil || v.Source != facts.Computed {
		return nil
	}
	r := side.Variable.Table
	axis := slices.Index(r.Vars, o.Token)
	if axis < 0 {
		return nil
	}
	inner := 1
	for _, v := range r.Vars[axis+1:] {
		inner *= v.Size
	}
	list := make([]int32, o.Token.Size)
	for t := range list {
		list[t] = facts.None
		if id := r.Cells[t*inner]; id != facts.None {
			list[t] = side.Class[id]
		}
	}
	return list
}
