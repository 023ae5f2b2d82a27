package ngram

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rasp/lang/elementary"
	"rasp/runtime/text"
)

// Mixer adds up the probabilities of several models,
//
//	p(w | h) = sum over i of weight(i) p(i)(w | h)
//
// over the tokens that any of them has. A token that a model does not have has no
// probability there; as context it is "<unk>" for that model.
type Mixer struct {
	models []*Model
	vocab  *vocabulary
	trie   *trie
	here   [][]int32 // [model][token of the mixture]: the token of the model, -1 for none
}

// NewMixer of models, one at least.
func NewMixer(models []*Model) (*Mixer, error) {
	var words []string
	known := map[string]bool{text.BeginName: true, text.EndName: true, text.UnknownName: true}
	order := 0
	for _, m := range models {
		order = max(order, m.Order())
		for _, name := range m.Tokens() {
			if !known[name] {
				known[name] = true
				words = append(words, name)
			}
		}
	}
	x := &Mixer{models: models, vocab: newVocabulary(words), trie: newTrie(order, mostGrams)}
	for _, m := range models {
		here := make([]int32, len(x.vocab.names))
		for token, name := range x.vocab.names {
			here[token] = -1
			if id, ok := m.vocab.ids[name]; ok && m.inUse(id) {
				here[token] = id
			}
		}
		x.here = append(x.here, here)
		for n := 1; n <= m.Order(); n++ {
			for id := range m.trie.levels[n].token {
				if _, err := x.trie.path(x.tokens(m, n, int32(id))); err != nil {
					return nil, err
				}
			}
		}
	}
	return x, nil
}

// tokens of an n-gram of a model, in the mixture.
func (x *Mixer) tokens(m *Model, n int, id int32) []int32 {
	tokens := m.trie.tokensOf(n, id)
	for i, token := range tokens {
		tokens[i] = x.vocab.ids[m.vocab.names[token]]
	}
	return tokens
}

// Tokens are those of all models.
func (x *Mixer) Tokens() []string { return (&Model{vocab: x.vocab, trie: x.trie}).Tokens() }

// Logs sets logs [model] to the natural logarithms of what each model gives a token after
// others, by names.
func (x *Mixer) Logs(before []string, token string, logs []float64) {
	ids := make([]int32, len(before))
	for i, name := range before {
		ids[i] = x.vocab.id([]byte(name))
	}
	x.logs(ids, x.vocab.id([]byte(token)), logs)
}

func (x *Mixer) logs(before []int32, token int32, logs []float64) {
	context := make([]int32, 0, len(before))
	for i, m := range x.models {
		logs[i] = math.Inf(-1)
		if x.here[i][token] < 0 {
			continue
		}
		context = x.in(i, before, context[:0])
		n, id := m.context(context)
		logs[i] = m.after(n, id, x.here[i][token])
	}
}

// Weighted is the natural logarithm of a weighted sum of probabilities.
func Weighted(weights, logs []float64) float64 {
	sum := 0.0
	for i, w := range weights {
		sum += float64(w * elementary.Exp(logs[i]))
	}
	return elementary.Log(sum)
}

// Tune finds the weights with which a text is the most likely, by expectation maximisation
// from equal ones: its likelihood is concave in them (Jelinek and Mercer 1980). logs
// [token][model] are those of the text. The error names a token that no model has any
// probability for, by its number from 1.
func Tune(logs [][]float64) (weights []float64, err error) {
	const close, most = 1e-10, 10_000
	models := len(logs[0])
	weights = slices.Repeat([]float64{1 / float64(models)}, models)
	before := math.Inf(-1)
	for range most {
		sum, parts := 0.0, make([]float64, models)
		for t, row := range logs {
			all := Weighted(weights, row)
			if math.IsInf(all, -1) {
				return nil, fmt.Errorf("no model has a probability for token %d", t+1)
			}
			sum += all
			for i, w := range weights {
				parts[i] += float64(w * elementary.Exp(row[i]-all))
			}
		}
		for i := range weights {
			weights[i] = parts[i] / float64(len(logs))
		}
		if sum-before <= close*float64(len(logs)) {
			break
		}
		before = sum
	}
	return weights, nil
}

// Mix makes one back-off model of the mixture. The n-grams of all models have the
// probabilities of the mixture, and contexts the weights with which they sum to 1 (-mix-lm
// of SRILM): what is not seen after a context in any model has those of the mixture only
// nearly. An exact one has all tokens after each context, so that nothing backs off there,
// and contexts with "<unk>" for each token that a model lacks; the error says that these are
// too many.
func (x *Mixer) Mix(weights []float64, exact bool) (*Model, error) {
	if exact {
		if err := x.fill(); err != nil {
			return nil, err
		}
	}
	m := newModel(x.vocab, x.trie)
	var sources, texts []string
	for i, w := range weights {
		sources = append(sources, strings.TrimSuffix(strings.TrimPrefix(x.models[i].Source, "Read from "), "."))
		texts = append(texts, strconv.FormatFloat(w, 'g', 6, 64))
	}
	m.Source = "Mixed from " + strings.Join(sources, ", ") + "."
	m.Smoothing = "those of the files, by weights of " + strings.Join(texts, ", ")
	logs := make([]float64, len(weights))
	for n := 1; n <= m.Order(); n++ {
		for gram := range m.logP[n] {
			tokens := x.trie.tokensOf(n, int32(gram))
			m.backoff[n][gram] = x.weight(tokens, weights)
			if !exact && !x.seen(tokens) {
				continue
			}
			x.logs(tokens[:n-1], tokens[n-1], logs)
			if p := Weighted(weights, logs); !math.IsInf(p, -1) {
				m.logP[n][gram] = p
			}
		}
	}
	if len(m.predicted()) == 0 {
		return nil, errors.New("no token has a probability")
	}
	m.reweigh(x.left(m, weights))
	return m, nil
}

// seen says whether a model has the probability of an n-gram.
func (x *Mixer) seen(tokens []int32) bool {
	for i, m := range x.models {
		if gram, ok := x.find(i, tokens); ok && !math.IsNaN(m.logP[len(tokens)][gram]) {
			return true
		}
	}
	return false
}

// weight of a context is the mean of those of the models; reweigh has the last word.
func (x *Mixer) weight(tokens []int32, weights []float64) float64 {
	sum := 0.0
	for i, m := range x.models {
		bow := 0.0
		if gram, ok := x.find(i, tokens); ok {
			bow = m.backoff[len(tokens)][gram]
		}
		sum += float64(weights[i] * elementary.Exp(bow))
	}
	return logOf(sum)
}

// left is what a context leaves in the mixture, for reweigh: what each model has for the
// tokens that are not seen, where that is so little that 1 less the others does not say it.
func (x *Mixer) left(mixture *Model, weights []float64) func(n int, context int32, seen float64) float64 {
	return func(n int, context int32, _ float64) (sum float64) {
		before := x.trie.tokensOf(n-1, context)
		for i, m := range x.models {
			seen := map[int32]bool{}
			for _, gram := range mixture.continuations(n - 1).of(context) {
				if token := x.here[i][x.trie.levels[n].token[gram]]; token >= 0 && !math.IsNaN(mixture.logP[n][gram]) {
					seen[token] = true
				}
			}
			of, id := m.context(x.in(i, before, nil))
			sum += float64(weights[i] * m.unseen(of, id, seen))
		}
		return sum
	}
}

// in appends the tokens of a context in a model.
func (x *Mixer) in(model int, before, tokens []int32) []int32 {
	for _, token := range before {
		if token = x.here[model][token]; token < 0 {
			token = unknownID
		}
		tokens = append(tokens, token)
	}
	return tokens
}

// find is an n-gram of the mixture in a model.
func (x *Mixer) find(model int, tokens []int32) (gram int32, ok bool) {
	m := x.models[model]
	if len(tokens) > m.Order() {
		return 0, false
	}
	for n, token := range tokens {
		if token = x.here[model][token]; token < 0 {
			return 0, false
		}
		if gram = m.trie.levels[n+1].find(gram, token); gram < 0 {
			return 0, false
		}
	}
	return gram, true
}

// spell adds, for each n-gram of a model with "<unk>" before its last token, those that it
// stands for: with the tokens there that the model lacks.
func (x *Mixer) spell() error {
	for i, m := range x.models {
		var lacking []int32
		for token, here := range x.here[i] {
			if here < 0 {
				lacking = append(lacking, int32(token))
			}
		}
		for n := 2; n <= m.Order() && len(lacking) > 0; n++ {
			for id := range m.trie.levels[n].token {
				if err := x.spelled(x.tokens(m, n, int32(id)), 0, lacking); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// spelled adds an n-gram with each of some tokens in each place, from one on, where "<unk>"
// is not the last.
func (x *Mixer) spelled(gram []int32, from int, tokens []int32) error {
	for ; from < len(gram)-1; from++ {
		if gram[from] != unknownID {
			continue
		}
		for _, token := range tokens {
			other := slices.Clone(gram)
			other[from] = token
			if _, err := x.trie.path(other); err != nil {
				return err
			}
			if err := x.spelled(other, from+1, tokens); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill adds each token after each context. The error is there before n-grams are added that
// would be too many anyway.
func (x *Mixer) fill() error {
	predicted := x.predicted()
	if err := x.fits(x.contexts(), predicted); err != nil {
		return err
	}
	x.trie.most = max(x.trie.grams, MaxGrams)
	if err := x.spell(); err != nil {
		return err
	}
	contexts := x.contexts()
	if err := x.fits(contexts, predicted); err != nil {
		return err
	}
	for _, context := range contexts {
		for _, token := range predicted {
			if _, err := x.trie.path(append(context[:len(context):len(context)], token)); err != nil {
				return err
			}
		}
	}
	return nil
}

// predicted are the tokens that have a probability in a model.
func (x *Mixer) predicted() (tokens []int32) {
	for token := range x.vocab.names {
		for i, m := range x.models {
			if id := x.here[i][token]; id >= 0 && !math.IsInf(m.after(0, 0, id), -1) {
				tokens = append(tokens, int32(token))
				break
			}
		}
	}
	return tokens
}

// contexts are the n-grams that begin a longer one.
func (x *Mixer) contexts() (contexts [][]int32) {
	for n := 1; n < x.trie.order(); n++ {
		leads := make([]bool, x.trie.levels[n].size())
		for _, context := range x.trie.levels[n+1].context {
			leads[context] = true
		}
		for id, is := range leads {
			if is {
				contexts = append(contexts, x.trie.tokensOf(n, int32(id)))
			}
		}
	}
	return contexts
}

// fits is the error that each token after each context would be too many n-grams.
func (x *Mixer) fits(contexts [][]int32, predicted []int32) error {
	if len(contexts)*len(predicted) > MaxGrams {
		return fmt.Errorf("an exact mixture has each of %d tokens after each of %d contexts: more than %d n-grams", len(predicted), len(contexts), MaxGrams)
	}
	return nil
}
