package ngram

import (
	"fmt"
	"strings"

	"rasp/lang/elementary"
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

// interpolate gives each n-gram, with a its count and D its discount,
//
//	p(w | c) = (a(c w) - D + bow(c) p(w | shorter) Z) / Z,  Z = sum over v of (a(c v) + extra)
//	bow(c)   = (sum over v of (D + extra)) / Z
//
// "<s>" gets nothing. Counts of zero ("<unk>") have no part in the sums.
func (c *Counts) interpolate(m *Model, counts [][]int64, discount func(n int, a int64) float64, extra float64) {
	shorter := []float64{1 / c.choices()}
	for n := 1; n <= c.trie.order(); n++ {
		l := &c.trie.levels[n]
		total, left := make([]float64, len(shorter)), make([]float64, len(shorter))
		for id, a := range counts[n] {
			if a > 0 {
				total[l.context[id]] += float64(a) + extra
				left[l.context[id]] += discount(n, a) + extra
			}
		}
		p := make([]float64, l.size())
		for id, a := range counts[n] {
			context := l.context[id]
			p[id] = left[context] / total[context] * shorter[l.suffix[id]]
			if a > 0 {
				p[id] += (float64(a) - discount(n, a)) / total[context]
			}
			if l.token[id] != beginID {
				m.logP[n][id] = elementary.Log(p[id])
			}
		}
		for context := range total {
			if total[context] > 0 {
				m.backoff[n-1][context] = elementary.Log(left[context] / total[context])
			}
		}
		shorter = p
	}
}
