package ngram

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"rasp/lang/elementary"
)

// Prune leaves out the n-grams that occur at most so many times, by their length from 1,
// as lmplz of KenLM does: the last threshold holds for all longer ones, and none is below
// the one before, so that what an n-gram backs off to is there. Discounts are estimated
// from all n-grams. It is for smoothings that interpolate.
func (c *Counts) Prune(thresholds []int) error {
	switch {
	case len(thresholds) == 0:
		return nil
	case len(thresholds) > c.trie.order():
		return fmt.Errorf("%d thresholds for order %d", len(thresholds), c.trie.order())
	case thresholds[0] != 0:
		return fmt.Errorf("the first threshold, of single tokens, is 0, not %d", thresholds[0])
	}
	c.prune = make([]int64, c.trie.order()+1)
	for n := 1; n <= c.trie.order(); n++ {
		c.prune[n] = int64(thresholds[min(n, len(thresholds))-1])
		if c.prune[n] < c.prune[n-1] {
			return fmt.Errorf("the thresholds do not fall, but %d comes after %d", c.prune[n], c.prune[n-1])
		}
	}
	return nil
}

func (c *Counts) isPruned(n, id int) bool {
	return n > 1 && c.prune != nil && c.count[n][id] <= c.prune[n]
}

// leastLeft is what the seen tokens must leave of 1 for a context to be pruned: with less,
// the rounding of a file decides what a weight is.
const leastLeft = 1e-6

// PruneEntropy leaves out each n-gram without which the perplexity of the model, by its own
// distribution, would grow by less than a part of threshold, and gives contexts the weights
// with which they sum to 1 again (Stolcke 1998; -prune of SRILM). With h the context, w the
// token, h' the shorter context and bow' the weight of h without w:
//
//	D = -p(h) (p(w|h) (ln p(w|h') + ln bow'(h) - ln p(w|h)) + (1 - sum over seen v of p(v|h)) (ln bow'(h) - ln bow(h)))
//
// and w goes if e^D - 1 < threshold. The longest n-grams are pruned first; those that are
// contexts of what is kept stay, and so do single tokens. It returns how many went.
func (m *Model) PruneEntropy(threshold float64) (pruned int) {
	little := make([]map[int32]float64, m.Order()+1) // what contexts leave that are not pruned
	for n := m.Order(); n > 1; n-- {
		leads := m.leadsOn(n)
		following := m.continuations(n - 1)
		drop := make([]bool, len(m.logP[n]))
		little[n] = map[int32]float64{}
		for context := range m.backoff[n-1] {
			grams := following.of(int32(context))
			seen, lower := m.seen(n, grams)
			if 1-seen < leastLeft || 1-lower < leastLeft {
				little[n][int32(context)] = m.littleLeft(n, int32(context), lower)
				continue
			}
			p := elementary.Exp(m.ofTokens(n-1, int32(context)))
			for _, gram := range grams {
				if math.IsNaN(m.logP[n][gram]) || leads[gram] {
					continue
				}
				d := m.divergence(n, gram, m.backoff[n-1][context], 1-seen, 1-lower)
				drop[gram] = math.Expm1(p*d) < threshold
			}
		}
		for gram, is := range drop {
			if is {
				m.logP[n][gram] = math.NaN()
				pruned++
			}
		}
	}
	m.reweigh(func(n int, context int32, seen float64) float64 {
		if left, is := little[n][context]; is {
			return left
		}
		return 1 - seen
	})
	return pruned
}

// leadsOn tells which n-grams are contexts of longer ones with a probability, or of what
// is a context of these.
func (m *Model) leadsOn(n int) []bool {
	leads := make([]bool, len(m.logP[n]))
	if n == m.Order() {
		return leads
	}
	longer := m.leadsOn(n + 1)
	for id, context := range m.trie.levels[n+1].context {
		leads[context] = leads[context] || longer[id] || !math.IsNaN(m.logP[n+1][id])
	}
	return leads
}

// seen sums the probabilities of the last tokens of n-grams of one context, and those that
// they have after the shorter one.
func (m *Model) seen(n int, grams []int32) (seen, lower float64) {
	for _, gram := range grams {
		if p := m.logP[n][gram]; !math.IsNaN(p) {
			seen += elementary.Exp(p)
			lower += elementary.Exp(m.probability(n-1, m.trie.levels[n].suffix[gram]))
		}
	}
	return seen, lower
}

// divergence is D for p(h) = 1, in nats.
func (m *Model) divergence(n int, gram int32, bow, left, lowerLeft float64) float64 {
	p, lower := m.logP[n][gram], m.probability(n-1, m.trie.levels[n].suffix[gram])
	without := elementary.Log((left + elementary.Exp(p)) / (lowerLeft + elementary.Exp(lower)))
	return -(float64(elementary.Exp(p)*(lower+without-p)) + float64(left*(without-bow)))
}

// ofTokens is the logarithm of the probability of the tokens of an n-gram, each after those
// before it; "<s>" is sure to begin.
func (m *Model) ofTokens(n int, id int32) (log float64) {
	for ; n > 0; n-- {
		l := &m.trie.levels[n]
		if l.token[id] != beginID {
			log += m.probability(n, id)
		}
		id = l.context[id]
	}
	return log
}

// reweigh gives the contexts the weights with which they sum to 1, the shorter ones first;
// 1 where nothing is seen. A context of n-1 tokens leaves 1 less what is seen, but where
// next to nothing is left, here or after the shorter context, what left says.
func (m *Model) reweigh(left func(n int, context int32, seen float64) float64) {
	for n := 2; n <= m.Order(); n++ {
		following := m.continuations(n - 1)
		for context := range m.backoff[n-1] {
			seen, lower := m.seen(n, following.of(int32(context)))
			here, below := 1-seen, 1-lower
			if seen == 0 {
				m.backoff[n-1][context] = 0
				continue
			}
			if here < leastLeft || below < leastLeft {
				if here = left(n, int32(context), seen); here <= 0 {
					continue // whatever the weight
				}
				below = m.leftBelow(n, int32(context), lower)
			}
			if below > 0 {
				m.backoff[n-1][context] = logOf(here / below)
			}
		}
	}
}

// littleLeft is what a context of n-1 tokens leaves by its weight; 0 where that is as good
// as none, as after all contexts of relative frequencies.
func (m *Model) littleLeft(n int, context int32, lower float64) float64 {
	weight := m.backoff[n-1][context]
	if weight < -tooFar {
		return 0
	}
	return elementary.Exp(weight) * m.leftBelow(n, context, lower)
}

// leftBelow is the probability, after the shorter context, of what is not seen after a
// context of n-1 tokens; lower is that of what is seen.
func (m *Model) leftBelow(n int, context int32, lower float64) float64 {
	if 1-lower >= leastLeft {
		return 1 - lower
	}
	seen := map[int32]bool{}
	for _, gram := range m.continuations(n - 1).of(context) {
		if !math.IsNaN(m.logP[n][gram]) {
			seen[m.trie.levels[n].token[gram]] = true
		}
	}
	return m.unseen(n-2, m.trie.levels[n-1].suffix[context], seen)
}

// unseen sums the probabilities, after the context (n, id), of the tokens that are not among
// the seen. 1 less those of the seen would be but rounding where it is small.
func (m *Model) unseen(n int, id int32, seen map[int32]bool) float64 {
	sum, weight := 0.0, 1.0
	done := maps.Clone(seen)
	for ; n > 0; n, id = n-1, m.trie.levels[n].suffix[id] {
		for _, gram := range m.continuations(n).of(id) {
			token := m.trie.levels[n+1].token[gram]
			if p := m.logP[n+1][gram]; !math.IsNaN(p) && !done[token] {
				sum += float64(weight * elementary.Exp(p))
				done[token] = true
			}
		}
		weight *= elementary.Exp(m.backoff[n][id])
	}
	return sum + float64(weight*m.unseenAlone(done))
}

// unseenAlone is unseen after no context.
func (m *Model) unseenAlone(seen map[int32]bool) float64 {
	rest := 1.0
	for _, token := range slices.Sorted(maps.Keys(seen)) {
		if gram := m.trie.levels[1].find(0, token); gram >= 0 && !math.IsNaN(m.logP[1][gram]) {
			rest -= elementary.Exp(m.logP[1][gram])
		}
	}
	if rest >= leastLeft {
		return rest
	}
	rest = 0
	for gram, p := range m.logP[1] {
		if !math.IsNaN(p) && !seen[m.trie.levels[1].token[gram]] {
			rest += elementary.Exp(p)
		}
	}
	return rest
}
