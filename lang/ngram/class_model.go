package ngram

import (
	"errors"
	"fmt"
	"io"
	"math"

	"rasp/lang/elementary"
)

// ClassCounts are the n-grams of the classes of a text.
type ClassCounts struct {
	*Counts             // of the classes, which are the tokens there
	words   *vocabulary // the tokens of the text
	class   []int32     // [word]
	within  []float64   // [word]: ln p(w | class of w), -Inf for none
	Usage   ClassUsage
}

// ClassUsage says what became of the classes.
type ClassUsage struct {
	Classes int `json:"classes"` // those that words of the text are put into
	Words   int `json:"words"`   // of the vocabulary that are in one of these
	Single  int `json:"single"`  // of the vocabulary that are classes of their own, without <s>, </s> and <unk>
	Unseen  int `json:"unseen"`  // of the file that have no probability: the vocabulary lacks them
}

// InClasses counts classes instead of words: the count of an n-gram of classes is the sum
// of those of its words. A word that is in no class is one of its own, and so are "<s>",
// "</s>" and "<unk>".
//
//	p(w | class of w) = n(w) / n(class of w)
//
// if the classes have no probabilities of their words; with them a word that the text lacks
// is known, too, if its class occurs. The counts of the words stay as they are. Errors are
// those of names that do not fit the words of the text, and of too many n-grams.
func (c *Counts) InClasses(classes *Classes) (*ClassCounts, error) {
	names, of, err := classes.ofWords(c.vocab)
	if err != nil {
		return nil, err
	}
	in := *c
	in.vocab, in.trie, in.count = names, newTrie(c.trie.order(), c.trie.most), make([][]int64, c.trie.order()+1)
	k := &ClassCounts{Counts: &in, words: c.vocab, class: of}
	if err := k.sum(c); err != nil {
		return nil, err
	}
	if k.use(classes, c); k.Usage.Words == 0 {
		return nil, errors.New("none of the words is in the vocabulary of the text")
	}
	return k, nil
}

// sum adds up the counts of n-grams of words.
func (k *ClassCounts) sum(c *Counts) error {
	shorter := []int32{0} // the n-grams of classes, by those of words
	for n := 1; n <= c.trie.order(); n++ {
		l := &c.trie.levels[n]
		here := make([]int32, l.size())
		for gram, token := range l.token {
			id, err := k.trie.add(n, shorter[l.context[gram]], k.class[token], shorter[l.suffix[gram]])
			if err != nil {
				return err
			}
			if here[gram] = id; int(id) == len(k.count[n]) {
				k.count[n] = append(k.count[n], 0)
			}
			k.count[n][id] += c.count[n][gram]
		}
		shorter = here
	}
	return nil
}

// use finds the probabilities of words in their classes.
func (k *ClassCounts) use(classes *Classes, c *Counts) {
	named := map[int32]bool{}
	for id, word := range k.words.names {
		m, is := classes.of[word]
		p := 1.0
		switch {
		case id < int(firstWord):
		case !is:
			k.Usage.Single++
		case classes.given:
			p = m.probability
		default:
			p = float64(c.single(int32(id))) / float64(k.single(k.class[id]))
		}
		if is {
			named[k.class[id]] = true
			k.Usage.Words++
		}
		k.within = append(k.within, elementary.Log(p))
	}
	k.Usage.Classes = len(named)
	words := newVocabulary(k.words.names[firstWord:])
	for _, word := range classes.words {
		m := classes.of[word]
		class, occurs := k.vocab.ids[m.class]
		switch _, is := words.ids[word]; {
		case is:
		case classes.given && occurs:
			words.put(word)
			k.class, k.within = append(k.class, class), append(k.within, elementary.Log(m.probability))
			k.Usage.Words++
		default:
			k.Usage.Unseen++
		}
	}
	k.words = words
}

// single is how often a token occurs.
func (c *Counts) single(token int32) int64 {
	if gram := c.trie.levels[1].find(0, token); gram >= 0 {
		return c.count[1][gram]
	}
	return 0
}

// Estimate makes probabilities of the counts, as Counts.Estimate does, of classes.
func (k *ClassCounts) Estimate(s Smoothing, add float64) (*ClassModel, error) {
	m, err := k.Counts.Estimate(s, add)
	if err != nil {
		return nil, err
	}
	return &ClassModel{Model: m, words: k.words, class: k.class, within: k.within}, nil
}

// ClassModel predicts the class of the next token from the classes of those before it, and
// the token from its class alone (Brown et al. 1992):
//
//	p(w | h) = p(class of w | classes of h) p(w | class of w)
type ClassModel struct {
	*Model // of classes
	words  *vocabulary
	class  []int32   // [word]
	within []float64 // [word]: ln p(w | class of w)
}

// Tokens are the words that can come next or be a context.
func (m *ClassModel) Tokens() []string {
	var tokens []string
	for id, name := range m.words.names {
		if m.Model.inUse(m.class[id]) {
			tokens = append(tokens, name)
		}
	}
	return tokens
}

// Score is the logarithm of the probability of a word after others; words without a name
// are "<unk>". -Inf means that it cannot come.
func (m *ClassModel) Score(before []string, word string) float64 {
	context := make([]int32, len(before))
	for i, name := range before {
		context[i] = m.class[m.words.id([]byte(name))]
	}
	id := m.words.id([]byte(word))
	n, gram := m.context(context)
	return m.after(n, gram, m.class[id]) + m.within[id]
}

// ARPA writes the model as an ARPA file of words, see Expand.
func (m *ClassModel) ARPA(to io.Writer) error {
	words, err := m.Expand()
	if err != nil {
		return err
	}
	return words.ARPA(to)
}

// Expand makes a model of words with the same probabilities: an n-gram of classes becomes
// those of all words that are in them,
//
//	p(w | h) = p(class of w | classes of h) p(w | class of w)    bow(h) = bow(classes of h)
//
// so that what backs off in the one does in the other. The error says that these are too
// many.
func (m *ClassModel) Expand() (*Model, error) {
	members := make([][]int32, len(m.vocab.names))
	for id, class := range m.class {
		members[class] = append(members[class], int32(id))
	}
	needed := m.needed()
	if m.expandedGrams(needed, members) > m.trie.most {
		return nil, fmt.Errorf("with all words of the classes, %w; a program has those of classes", &TooManyError{m.trie.most})
	}
	t := newTrie(m.Order(), m.trie.most)
	of := [][][]int32{{{0}}} // [level][n-gram of classes]: those of words
	for n := 1; n <= m.Order(); n++ {
		l := &m.trie.levels[n]
		of = append(of, make([][]int32, l.size()))
		for gram, token := range l.token {
			if !needed[n][gram] {
				continue
			}
			for _, context := range of[n-1][l.context[gram]] {
				for _, word := range members[token] {
					id, err := t.add(n, context, word, t.without(n-1, context, word))
					if err != nil {
						return nil, err
					}
					of[n][gram] = append(of[n][gram], id)
				}
			}
		}
	}
	words := newModel(m.words, t)
	words.Source, words.Smoothing, words.Hard = m.Source, m.Smoothing, m.Hard
	for n := range of {
		for gram, ids := range of[n] {
			for _, id := range ids {
				words.backoff[n][id] = m.backoff[n][gram]
				if n > 0 {
					words.logP[n][id] = m.logP[n][gram] + m.within[t.levels[n].token[id]]
				}
			}
		}
	}
	return words, nil
}

// without is what an n-gram is without its oldest token, given its context of n tokens and
// its last token.
func (t *trie) without(n int, context, token int32) int32 {
	if n == 0 {
		return 0
	}
	return t.levels[n].find(t.levels[n].suffix[context], token)
}

// needed tells the n-grams that have a probability, and those that they begin and end with.
func (m *ClassModel) needed() [][]bool {
	needed := make([][]bool, m.Order()+1)
	for n := m.Order(); n >= 0; n-- {
		if needed[n] == nil {
			needed[n] = make([]bool, m.trie.levels[n].size())
		}
		if n == 0 {
			break
		}
		needed[n-1] = make([]bool, m.trie.levels[n-1].size())
		for gram, p := range m.logP[n] {
			if needed[n][gram] = needed[n][gram] || !math.IsNaN(p) || n == 1; needed[n][gram] {
				needed[n-1][m.trie.levels[n].context[gram]] = true
				needed[n-1][m.trie.levels[n].suffix[gram]] = true
			}
		}
	}
	return needed
}

// expandedGrams is how many n-grams of words the model has, or the first number above
// what may be that is met on the way.
func (m *ClassModel) expandedGrams(needed [][]bool, members [][]int32) (total int) {
	shorter := []int{1}
	for n := 1; n <= m.Order(); n++ {
		l := &m.trie.levels[n]
		here := make([]int, l.size())
		for gram, token := range l.token {
			if !needed[n][gram] {
				continue
			}
			here[gram] = shorter[l.context[gram]] * len(members[token])
			if total += here[gram]; total > m.trie.most {
				return total
			}
		}
		shorter = here
	}
	return total
}
