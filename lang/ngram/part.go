package ngram

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"rasp/runtime/text"
)

const (
	// mostGiven is how many n-grams of a part are given away at a time.
	mostGiven = 1 << 18
	// mostSorted is how many n-grams of a part are found together, at most and equal ones counted
	// each, so that a worker takes 100 to 150 MB.
	mostSorted = 1 << 20
)

// CountPart counts the n-grams of a part of a text, which begins and ends where sentences do,
// for an engine that adds up the counts of all parts: what it gives away are the lines of
// Counts.Write, n-grams beside their counts, some of them in several pieces. They are valid
// during the call. The other tokens of a vocabulary that is not nil are "<unk>"; MinCount and
// VocabSize, which no part can know, are not looked at. Memory does not grow with the part.
// Errors name the line within the part, or are those of r and give.
func CountPart(r io.Reader, o Options, vocabulary map[string]bool, give func(grams []string, counts []int64) error) error {
	return countPart(r, o, vocabulary, mostSorted, give)
}

func countPart(r io.Reader, o Options, vocabulary map[string]bool, held int, give func(grams []string, counts []int64) error) error {
	if o.Order < 1 || o.Order > MaxOrder {
		return fmt.Errorf("the order is 1 to %d, not %d", MaxOrder, o.Order)
	}
	p := &part{reading: reading{Options: o, words: newWordTable(), most: held/o.Order + o.Order, forFile: true}, vocabulary: vocabulary, out: outgoing{give: give}}
	p.reading.give = p.block
	if err := p.read(r); err != nil {
		return err
	}
	return p.count(p.tokens, len(p.tokens))
}

// nameInFile is a token as a file of counts has it.
func (o Options) nameInFile(token []byte) (string, error) {
	name := string(token)
	switch {
	case o.Split == text.Chars && name == " ":
		return spaceName, nil
	case strings.ContainsAny(name, "\t\r\n\v\f"):
		return "", fmt.Errorf("a file of counts cannot hold the token %s, since its tokens stand between blanks", brief(name))
	}
	return name, nil
}

// part is a part of a text, counted block by block. Each block numbers its tokens anew, so that
// what is known of one is forgotten.
type part struct {
	reading
	out        outgoing
	vocabulary map[string]bool
}

// block counts the n-grams that begin in a block, but those at its end, which may go on: they
// begin the next one.
func (p *part) block(tokens []int32) error {
	first, before := len(tokens)-p.Order+1, p.words
	again := slices.Clone(tokens[first:])
	if err := p.count(tokens, first); err != nil {
		return err
	}
	p.words = newWordTable()
	for _, token := range again {
		p.tokens = append(p.tokens, p.words.number(before.name(int(token))))
	}
	return nil
}

// count gives away the n-grams that begin among the first of some tokens, which it changes.
func (p *part) count(tokens []int32, first int) error {
	ids := make([]int32, p.words.size())
	p.out.names = make([]string, len(ids))
	for number := range ids {
		name, err := p.nameInFile(p.words.name(number))
		if err != nil {
			return err
		}
		if ids[number], p.out.names[number] = int32(number), name; p.vocabulary != nil && number >= int(firstWord) && !p.vocabulary[name] {
			ids[number] = unknownID
		}
	}
	for i, number := range tokens {
		tokens[i] = ids[number]
	}
	t, counts, err := sortedGrams(tokens, len(ids), p.Order, first, math.MaxInt)
	if err != nil {
		return err
	}
	p.out.trie, p.out.counts = t, counts
	if err := p.out.behind(0, 0); err != nil {
		return err
	}
	if end := t.levels[1].find(0, endID); end >= 0 {
		if err := p.out.add([]byte(text.BeginName), counts[1][end]); err != nil { // as many as there are sentences
			return err
		}
	}
	return p.out.flush()
}

// outgoing are n-grams on their way out, beside their counts.
type outgoing struct {
	names  []string // of tokens
	trie   *trie
	counts [][]int64 // [level][n-gram]

	gram  []byte // the one that is written
	texts []byte // of those that are not given away, one behind the other
	ends  []int  // of them there
	times []int64
	give  func(grams []string, counts []int64) error
}

// behind goes through all n-grams that begin with one of n tokens, which stands in gram.
func (w *outgoing) behind(n int, of int32) error {
	l, size := &w.trie.levels[n+1], len(w.gram)
	defer func() { w.gram = w.gram[:size] }()
	for id := l.start[of]; id < l.start[of+1]; id++ {
		if w.gram = w.gram[:size]; n > 0 {
			w.gram = append(w.gram, ' ')
		}
		w.gram = append(w.gram, w.names[l.token[id]]...)
		if err := w.add(w.gram, w.counts[n+1][id]); err != nil {
			return err
		}
		if n+1 < w.trie.order() {
			if err := w.behind(n+1, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// add adds an n-gram, if it occurs.
func (w *outgoing) add(gram []byte, count int64) error {
	if count == 0 {
		return nil
	}
	w.texts = append(w.texts, gram...)
	w.ends, w.times = append(w.ends, len(w.texts)), append(w.times, count)
	if len(w.times) < mostGiven {
		return nil
	}
	return w.flush()
}

// flush gives away what is held.
func (w *outgoing) flush() error {
	if len(w.times) == 0 {
		return nil
	}
	all, from := string(w.texts), 0
	grams := make([]string, len(w.ends))
	for i, end := range w.ends {
		grams[i], from = all[from:end], end
	}
	err := w.give(grams, w.times)
	w.texts, w.ends, w.times = w.texts[:0], w.ends[:0], w.times[:0]
	return err
}

// ReadVocabulary reads the names of a file of counts: those that CountPart is to leave as they
// are.
func ReadVocabulary(r io.Reader) (map[string]bool, error) {
	names := map[string]bool{}
	err := countLines(r, func(words []string, _ int64) error {
		if len(words) > 1 {
			return fmt.Errorf("a vocabulary has single tokens, and not %s", brief(strings.Join(words, " ")))
		}
		names[words[0]] = true
		return nil
	})
	return names, err
}
