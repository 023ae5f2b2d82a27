package runtime

import (
	"math"
	"slices"

	"rasp/runtime/model"
	"rasp/runtime/panel"
)

// A head of the first layer whose queries and keys are those of the token alone, wherever it
// stands, attends alike at all positions with the same token, and to all positions with the
// same token alike: a histogram, a mean, the length. Of T positions with k different tokens it
// takes k x k weights, and not T x T.
//
// With n_c positions of token c, whose values add up to S_c, and s_ac the score of c for a query
// of token a, what becomes of that query is
//
//	z_a = (sum_c e_ac S_c) / (sum_c e_ac n_c),  e_ac = exp(s_ac - max_c s_ac)
//
// over the tokens c that are there, in float64 from the weights on, rounded once.

// kinds is such a head.
type kinds struct {
	head
	tokens int       // with BOS
	scores []float32 // [query, key], by token
	// of each query the largest score of all keys, and exp(score - largest), which are e_ac
	// where a key with that score is there, as mostly one is
	largest []float32
	weights []float64 // [query, key]
}

// mostKinds is for how many tokens the scores are kept: 256 kB.
const mostKinds = 256

// worthKinds is how many positions there are for each different token, or more, where going
// through tokens is faster than panel.Attend, which takes panel.Lanes queries at once.
const worthKinds = 4

// findKinds is by head of the first layer what it is if it looks at tokens alone, else nil;
// nil if there is none. In a causal model each position sees other keys.
func findKinds(m *model.Model, l *layer, e *embedding) []*kinds {
	tokens := len(m.Vocab) + 1
	if m.Causal || tokens > mostKinds || l.query.sparse == nil || l.key.sparse == nil {
		return nil
	}
	x := panel.New(m.DModel, tokens)
	for id := range tokens {
		for d, v := range m.WE.Row(id) {
			x.Row(d)[id] = v
		}
	}
	q, k := panel.New(l.dims, tokens), panel.New(l.dims, tokens)
	l.query.sparse.Apply(q, x, tokens, panel.Store)
	l.key.sparse.Apply(k, x, tokens, panel.Store)
	placed := l.placed(e.moved)
	list, any := make([]*kinds, len(l.heads)), false
	for n, h := range l.heads {
		if slices.Contains(placed[h.dim:h.dim+h.dims], true) {
			continue
		}
		if scores := scoresOf(h, q, k, tokens); scores != nil {
			list[n], any = newKinds(h, tokens, scores), true
		}
	}
	if !any {
		return nil
	}
	return list
}

func newKinds(h head, tokens int, scores []float32) *kinds {
	k := &kinds{head: h, tokens: tokens, scores: scores, weights: make([]float64, len(scores))}
	for query := range tokens {
		own := row(scores, query, tokens)
		largest := slices.Max(own)
		k.largest = append(k.largest, largest)
		for key, score := range own {
			k.weights[query*tokens+key] = weight(score - largest)
		}
	}
	return k
}

// weight is exp(below) of a score that is so much below the largest.
func weight(below float32) float64 {
	switch {
	case below <= panel.Cut:
		return 0
	case below == 0:
		return 1
	}
	return math.Exp(float64(below))
}

// placed is which dims of the queries or the keys read some of the features.
func (l *layer) placed(features []int32) []bool {
	list := make([]bool, l.dims)
	for _, s := range []*panel.Sparse{l.query.sparse, l.key.sparse} {
		for o := range s.Outputs {
			for _, e := range o.Entries {
				list[o.Index] = list[o.Index] || slices.Contains(features, e.In)
			}
		}
	}
	return list
}

// scoresOf is nil if some are no finite numbers.
func scoresOf(h head, q, k panel.Panel, tokens int) []float32 {
	scores := make([]float32, tokens*tokens)
	for d := h.dim; d < h.dim+h.dims; d++ {
		for a, x := range q.Row(d)[:tokens] {
			for c, y := range k.Row(d)[:tokens] {
				scores[a*tokens+c] += float32(x * y)
			}
		}
	}
	for _, s := range scores {
		if s-s != 0 {
			return nil
		}
	}
	return scores
}

// census is what the heads that look at tokens alone make of a sequence.
type census struct {
	of      span // the sequence
	present []int
	counts  []float64   // by token
	sums    []float64   // [token, values] of a head
	total   []float64   // [values]
	means   [][]float32 // of a head: [token, values]
}

var nobody = span{from: -1}

// take computes the means of a sequence of a block, unless it did.
func (c *census) take(b *block, s span, heads []*kinds, v panel.Panel) {
	if heads == nil || c.of == s {
		return
	}
	c.of = s
	ids := b.ids[s.from:s.to]
	if c.count(ids, heads); !c.few() {
		return
	}
	for n, k := range heads {
		if k == nil {
			continue
		}
		c.sum(k, ids, v.From(s.from))
		for _, query := range c.present {
			c.mean(k, query, row(c.means[n], query, k.values))
		}
	}
}

// few reports whether the sequence has few tokens for its length.
func (c *census) few() bool { return worthKinds*len(c.present) <= c.of.to-c.of.from }

// count goes no further than to where there are too many different tokens.
func (c *census) count(ids []int, heads []*kinds) {
	if c.means == nil {
		c.reserve(heads)
	}
	clear(c.counts)
	c.present = c.present[:0]
	for _, id := range ids {
		if c.counts[id] == 0 {
			if c.present = append(c.present, id); !c.few() {
				return
			}
		}
		c.counts[id]++
	}
}

// reserve makes room for heads.
func (c *census) reserve(heads []*kinds) {
	values, tokens := 0, 0
	c.means = make([][]float32, len(heads))
	for n, k := range heads {
		if k != nil {
			values, tokens = max(values, k.values), k.tokens
			c.means[n] = make([]float32, k.tokens*k.values)
		}
	}
	c.counts, c.total, c.sums = make([]float64, tokens), make([]float64, values), make([]float64, tokens*values)
}

// sum adds up the values of each token.
func (c *census) sum(k *kinds, ids []int, v panel.Panel) {
	clear(c.sums)
	for n := range k.values {
		sums := c.sums[n:]
		for i, x := range v.Rows(k.value + n).Data[:len(ids)] {
			sums[ids[i]*k.values] += float64(x)
		}
	}
}

// mean is what becomes of the queries of a token: z [values].
func (c *census) mean(k *kinds, query int, z []float32) {
	scores, largest := row(k.scores, query, k.tokens), float32(math.Inf(-1))
	for _, id := range c.present {
		largest = max(largest, scores[id])
	}
	total, denominator, known := c.total[:k.values], 0.0, k.weights[query*k.tokens:][:k.tokens]
	clear(total)
	for _, id := range c.present {
		e := known[id]
		if largest != k.largest[query] {
			e = weight(scores[id] - largest)
		}
		if e == 0 {
			continue
		}
		denominator += e * c.counts[id]
		for n := range total {
			total[n] += float64(e * c.sums[id*k.values+n])
		}
	}
	for n, t := range total {
		z[n] = float32(t / denominator)
	}
}

// show writes what becomes of the queries of a head at positions with these tokens to z.
func (c *census) show(n int, k *kinds, ids []int, z panel.Panel) {
	means := c.means[n]
	for v := range k.values {
		out := z.Rows(k.value + v).Data[:len(ids)]
		for i, id := range ids {
			out[i] = means[id*k.values+v]
		}
	}
}
