package ngram

import (
	"math"

	"rasp/lang/elementary"
)

// Model has the probabilities of a language model in back-off form, natural
// logarithms throughout.
type Model struct {
	Source    string // what was counted or read, a sentence for the header of the program
	Smoothing string // how, likewise
	// Hard models give tokens that a context was never followed by no
	// probability at all: they only back off from contexts never seen.
	Hard bool

	vocab   *vocabulary
	trie    *trie
	logP    [][]float64 // [level][n-gram]: of its last token after the others; NaN where the model has none
	backoff [][]float64 // [level][n-gram]: of the n-gram as a context; -Inf where nothing backs off

	following []children // see continuations
}

func newModel(vocab *vocabulary, t *trie) *Model {
	m := &Model{vocab: vocab, trie: t}
	for n := range t.levels {
		size := t.levels[n].size()
		m.logP = append(m.logP, make([]float64, size))
		m.backoff = append(m.backoff, make([]float64, size))
		for i := range m.logP[n] {
			m.logP[n][i] = math.NaN()
		}
	}
	return m
}

// logOfNone is the logarithm that an n-gram has whose probability is 0, as in an ARPA file:
// those with a logarithm of -Inf would have no sums in a program.
const logOfNone = noProbability * math.Ln10

// logOf is the logarithm of a probability or weight, logOfNone or more.
func logOf(x float64) float64 { return max(elementary.Log(x), logOfNone) }

// Order is the length of the longest n-grams in tokens.
func (m *Model) Order() int { return m.trie.order() }

// Tokens are the vocabulary. "<s>" is among them unless no context has it,
// "</s>" and "<unk>" if they can be predicted or be a context.
func (m *Model) Tokens() []string {
	var tokens []string
	for id, name := range m.vocab.names {
		if m.inUse(int32(id)) {
			tokens = append(tokens, name)
		}
	}
	return tokens
}

func (m *Model) inUse(token int32) bool { return m.trie.levels[1].find(0, token) >= 0 }

// Predicted are the ids of the tokens that have a probability.
func (m *Model) predicted() []int32 {
	var ids []int32
	for token := range m.vocab.names {
		if id := m.trie.levels[1].find(0, int32(token)); id >= 0 && !math.IsNaN(m.logP[1][id]) {
			ids = append(ids, int32(token))
		}
	}
	return ids
}

// Grams counts the n-grams with a probability of each order, from 1.
func (m *Model) Grams() []int {
	var sizes []int
	for n := 1; n < len(m.logP); n++ {
		size := 0
		for _, p := range m.logP[n] {
			if !math.IsNaN(p) {
				size++
			}
		}
		sizes = append(sizes, size)
	}
	return sizes
}

// context is the longest n-gram that the tokens end with and that can be a
// context.
func (m *Model) context(before []int32) (n int, id int32) {
	for n = min(len(before), m.Order()-1); n > 0; n-- {
		if id = m.find(before[len(before)-n:]); id >= 0 {
			return n, id
		}
	}
	return 0, 0
}

// find is the n-gram of these tokens, -1 if there is none.
func (m *Model) find(tokens []int32) int32 {
	id := int32(0)
	for i, token := range tokens {
		if id = m.trie.levels[i+1].find(id, token); id < 0 {
			return -1
		}
	}
	return id
}

// after is the logarithm of the probability of a token after the context (n, id),
// -Inf for none: the back-off rule of the package comment.
func (m *Model) after(n int, id, token int32) float64 {
	weight := 0.0
	for ; n >= 0; n, id = n-1, m.trie.levels[n].suffix[id] {
		if gram := m.trie.levels[n+1].find(id, token); gram >= 0 && !math.IsNaN(m.logP[n+1][gram]) {
			return weight + m.logP[n+1][gram]
		}
		weight += m.backoff[n][id]
	}
	return math.Inf(-1)
}

// probability is after, of the last token of an n-gram after the others: those to back off
// to are its suffixes, which the trie has with it.
func (m *Model) probability(n int, gram int32) float64 {
	weight := 0.0
	for ; n > 0; n, gram = n-1, m.trie.levels[n].suffix[gram] {
		if p := m.logP[n][gram]; !math.IsNaN(p) {
			return weight + p
		}
		weight += m.backoff[n-1][m.trie.levels[n].context[gram]]
	}
	return math.Inf(-1)
}

// Score is the logarithm of the probability of a token after others; tokens
// without a name are "<unk>". -Inf means that it cannot come.
func (m *Model) Score(before []string, token string) float64 {
	ids := make([]int32, len(before))
	for i, name := range before {
		ids[i] = m.vocab.id([]byte(name))
	}
	n, id := m.context(ids)
	return m.after(n, id, m.vocab.id([]byte(token)))
}
