package ngram

import (
	"math"
	"slices"
)

// Query asks a model about tokens by their place in Tokens. It may be used by one
// goroutine at a time.
type Query struct {
	*Model
	ids    []int32   // of the model, by place
	alone  []float64 // logarithms of the probabilities of single tokens, by place
	places []int     // by id of the model; -1 for none
	before []int32
}

// NewQuery of a model.
func NewQuery(m *Model) *Query {
	q := &Query{Model: m, places: make([]int, len(m.vocab.names))}
	for id := range m.vocab.names {
		q.places[id] = -1
		if token := int32(id); m.inUse(token) {
			q.places[id] = len(q.ids)
			q.ids = append(q.ids, token)
			q.alone = append(q.alone, m.after(0, 0, token))
		}
	}
	return q
}

// Log is the natural logarithm of the probability of a token after others, -Inf if it
// cannot come, and the length of the n-gram that says so, as KenLM's query prints it: 1
// where the token alone decides.
func (q *Query) Log(before []int, token int) (log float64, order int) {
	n, id := q.read(before)
	weight := 0.0
	for ; n >= 0; n, id = n-1, q.trie.levels[n].suffix[id] {
		if gram := q.trie.levels[n+1].find(id, q.ids[token]); gram >= 0 && !math.IsNaN(q.logP[n+1][gram]) {
			return weight + q.logP[n+1][gram], n + 1
		}
		weight += q.backoff[n][id]
	}
	return math.Inf(-1), 0
}

// read is the longest context that some tokens end with.
func (q *Query) read(tokens []int) (n int, id int32) {
	q.before = q.before[:0]
	for _, place := range tokens[max(len(tokens)-q.Order()+1, 0):] {
		q.before = append(q.before, q.ids[place])
	}
	return q.context(q.before)
}

// Next sets the natural logarithms of the probabilities of all tokens after some:
// logs[len(Tokens)].
func (q *Query) Next(before []int, logs []float64) {
	n, id := q.read(before)
	copy(logs, q.alone)
	var chain []int32 // the context and its suffixes, the shortest first
	for ; n > 0; n, id = n-1, q.trie.levels[n].suffix[id] {
		chain = append(chain, id)
	}
	slices.Reverse(chain)
	for n, id := range chain {
		n++
		for place := range logs {
			logs[place] += q.backoff[n][id]
		}
		for _, gram := range q.continuations(n).of(id) {
			if p := q.logP[n+1][gram]; !math.IsNaN(p) {
				logs[q.places[q.trie.levels[n+1].token[gram]]] = p
			}
		}
	}
}

// continuations are the n-grams of n+1 tokens by context, found once.
func (m *Model) continuations(n int) children {
	if m.following == nil {
		m.following = make([]children, m.Order())
	}
	if m.following[n].start == nil {
		m.following[n] = m.trie.following(n)
	}
	return m.following[n]
}

// following are the n-grams of n+1 tokens by context; there may be none.
func (t *trie) following(n int) children {
	if t.levels[n+1].size() == 0 {
		return children{start: make([]int32, t.levels[n].size()+1)}
	}
	return t.children(n + 1)
}
