package ngram

import (
	"math"

	"rasp/lang/elementary"
)

// relative gives each n-gram its relative frequency after its context. Nothing
// backs off from a context that occurs.
func (c *Counts) relative(m *Model) {
	m.Hard = true
	for n := 1; n <= c.trie.order(); n++ {
		total := c.totals(n)
		for id, count := range c.count[n] {
			if context := c.trie.levels[n].context[id]; count > 0 {
				m.logP[n][id] = elementary.Log(float64(count) / total[context])
				m.backoff[n-1][context] = math.Inf(-1)
			}
		}
	}
}

// totals are the n(c) of the contexts of the n-grams of a level.
func (c *Counts) totals(n int) []float64 {
	total := make([]float64, c.trie.levels[n-1].size())
	for id, context := range c.trie.levels[n].context {
		total[context] += float64(c.count[n][id])
	}
	return total
}

// addK looks at the longest contexts only, and at shorter ones where a sentence
// begins. In back-off form the empty context is uniform, 1/V, and
//
//	bow(c) = k V / (n(c) + k V)
//
// is the weight at which bow(c) / V = k / (n(c) + k V) is left for what was not
// seen. Contexts of other lengths have no probabilities, and bow = 1.
func (c *Counts) addK(m *Model, k float64) {
	order, choices, begin := c.trie.order(), c.choices(), c.beginners()
	for id, token := range c.trie.levels[1].token {
		if token != beginID {
			m.logP[1][id] = -elementary.Log(choices)
		}
	}
	for n := 1; n <= order; n++ {
		total := c.totals(n)
		l := &c.trie.levels[n]
		for id, count := range c.count[n] {
			if n < order && !begin[n][id] || l.token[id] == beginID {
				continue
			}
			all := total[l.context[id]] + float64(k*choices)
			m.logP[n][id] = logOf((float64(count) + k) / all)
			m.backoff[n-1][l.context[id]] = logOf(k * choices / all)
		}
	}
}
