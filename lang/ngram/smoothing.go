package ngram

import (
	"fmt"
	"strings"
)

// wittenBell interpolates with one more event for each different token.
func (c *Counts) wittenBell(m *Model) {
	c.interpolate(m, c.count, func(int, int64) float64 { return 0 }, 1)
}

// kneserNey is interpolated modified Kneser-Ney smoothing, as lmplz of KenLM has
// it (Chen and Goodman 1998, section 3; Heafield et al. 2013):
//
//	p(w | c) = (a(c w) - D(a(c w)) + (sum over v of D(a(c v))) p(w | shorter)) / sum over v of a(c v)
//
// a is the count for the longest n-grams and for those that begin with "<s>", for
// others the number of different tokens before them. Shorter than the empty
// context is the uniform 1/V. D(1), D(2) and D(3) = D(4) = ... are estimated for
// each order, see discountsOf.
//
// It returns a sentence with the discounts.
func (c *Counts) kneserNey(m *Model) string {
	order := c.trie.order()
	adjusted := c.adjusted()
	discounts := make([]discounts, order+1)
	var texts []string
	for n := 1; n <= order; n++ {
		discounts[n] = discountsOf(adjusted[n])
		texts = append(texts, fmt.Sprintf("%d-grams %s", n, discounts[n]))
	}
	c.interpolate(m, adjusted, func(n int, a int64) float64 { return discounts[n].of(a) }, 0)
	return "kneser-ney, discounts of " + strings.Join(texts, ", ")
}

// adjusted are the a of kneserNey.
func (c *Counts) adjusted() [][]int64 {
	order, begin := c.trie.order(), c.beginners()
	adjusted := make([][]int64, order+1)
	adjusted[order] = c.count[order]
	for n := 1; n < order; n++ {
		adjusted[n] = make([]int64, len(c.count[n]))
		for _, suffix := range c.trie.levels[n+1].suffix {
			adjusted[n][suffix]++
		}
		for id, begins := range begin[n] {
			if begins {
				adjusted[n][id] = c.count[n][id]
			}
		}
	}
	return adjusted
}

// interpolate gives each n-gram that is not pruned, with a its count and D its discount,
//
//	p(w | c) = (a(c w) - D + bow(c) p(w | shorter) Z) / Z,  Z = sum over v of (a(c v) + extra)
//	bow(c)   = (sum over v of (D + extra), but a for D where c v is pruned) / Z
//
// "<s>" gets nothing. Counts of zero ("<unk>") have no part in the sums. These do not
// depend on the order of the n-grams.
func (c *Counts) interpolate(m *Model, counts [][]int64, discount func(n int, a int64) float64, extra float64) {
	shorter := []float64{1 / c.choices()}
	for n := 1; n <= c.trie.order(); n++ {
		l := &c.trie.levels[n]
		left := c.left(n, counts[n], discount, extra)
		p := make([]float64, l.size())
		for id, a := range counts[n] {
			context := l.context[id]
			p[id] = left[context].weight() * shorter[l.suffix[id]]
			if n == 1 && c.PlainUnigrams {
				p[id] = 0
				if l.token[id] == unknownID {
					p[id] = left[context].weight()
				}
			}
			pruned := c.isPruned(n, id)
			if a > 0 && !pruned {
				p[id] += (float64(a) - discount(n, a)) / left[context].total
			}
			if l.token[id] != beginID && !pruned {
				m.logP[n][id] = logOf(p[id])
			}
		}
		for context := range left {
			if left[context].total > 0 {
				m.backoff[n-1][context] = logOf(left[context].weight())
			}
		}
		shorter = p
	}
}

// leftover is what a context leaves to shorter ones, of its total.
type leftover struct{ mass, total float64 }

func (l leftover) weight() float64 { return l.mass / l.total }

// left is that of each context of the n-grams of a level. How often each discount counts
// is counted first: a sum of integers is the same in any order.
func (c *Counts) left(n int, counts []int64, discount func(n int, a int64) float64, extra float64) []leftover {
	contexts := c.trie.levels[n-1].size()
	left, times := make([]leftover, contexts), make([][3]int32, contexts)
	for id, a := range counts {
		if a <= 0 {
			continue
		}
		context := c.trie.levels[n].context[id]
		left[context].total += float64(a) + extra
		left[context].mass += extra
		if c.isPruned(n, id) {
			left[context].mass += float64(a)
		} else {
			times[context][min(a, 3)-1]++
		}
	}
	for context := range left {
		for i, k := range times[context] {
			left[context].mass += float64(float64(k) * discount(n, int64(i+1)))
		}
	}
	return left
}
