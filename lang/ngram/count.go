package ngram

import (
	"errors"
	"fmt"
	"io"

	"rasp/runtime/text"
)

// MaxOrder is the longest n-gram, in tokens.
const MaxOrder = 16

// Options say what to count.
type Options struct {
	Name      string // of the text, for the header of the program
	Order     int    // 1 to MaxOrder
	Split     text.Split
	MinCount  int // tokens that occur less often are "<unk>"
	VocabSize int // only the so many most frequent tokens have a name; 0: all
	// SkipSymbols leaves out the words "<s>", "</s>" and "<unk>" of a text; else the first
	// two are errors, and the third is what has no name.
	SkipSymbols bool
}

// Counts are the n-grams of a text, of all orders up to one. Each sentence counts
// with "<s>" before it and "</s>" behind it, an empty line too.
type Counts struct {
	Sentences int64
	Tokens    int64 // predicted ones: with "</s>", without "<s>"
	Unknown   int64 // of them "<unk>"

	// PlainUnigrams keeps the mixture with a uniform distribution from single tokens: what
	// is left of them is all for "<unk>", as with SRILM.
	PlainUnigrams bool

	name  string
	vocab *vocabulary
	trie  *trie
	count [][]int64 // [level][n-gram]
	prune []int64   // by level: n-grams that occur at most so often get no probability; nil: all do
}

// Count reads a text twice: for the vocabulary, then for the n-grams. It takes
// linear time, and memory for each different token and n-gram; too many of them
// are an error. Other errors name the line, or are those of the text.
func Count(open func() (io.ReadCloser, error), o Options) (*Counts, error) {
	if o.Order < 1 || o.Order > MaxOrder {
		return nil, fmt.Errorf("the order is 1 to %d, not %d", MaxOrder, o.Order)
	}
	var c *Counts
	err := reading(open, func(r io.Reader) error {
		vocab, err := findVocabulary(r, o)
		c = &Counts{name: o.Name, vocab: vocab, trie: newTrie(o.Order), count: make([][]int64, o.Order+1)}
		return err
	})
	if err == nil {
		err = reading(open, func(r io.Reader) error { return c.read(r, o) })
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

func reading(open func() (io.ReadCloser, error), read func(io.Reader) error) error {
	r, err := open()
	if err != nil {
		return err
	}
	return errors.Join(read(r), r.Close())
}

func (c *Counts) read(r io.Reader, o Options) error {
	in := o.sentences(r)
	s := state{Counts: c}
	if err := s.begin(); err != nil {
		return err
	}
	for {
		token, end, err := in.next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		id := endID
		if !end {
			id = c.vocab.id(token)
		}
		if id == unknownID {
			c.Unknown++
		}
		if err := s.add(id); err != nil {
			return in.errorf("%w: take a lower order or a smaller vocabulary", err)
		}
		c.Tokens++
		if !end {
			continue
		}
		c.Sentences++
		if err := s.begin(); err != nil {
			return err
		}
	}
}

// state is where counting stands: the n-grams that end here.
type state struct {
	*Counts
	ending [MaxOrder + 1]int32 // [n]: the last n tokens
	length int                 // the longest of them
}

// begin starts a sentence. Its "<s>" is no event, but contexts have it.
func (s *state) begin() error {
	id, err := s.trie.add(1, 0, beginID, 0)
	s.grow(1)
	s.ending[1], s.length = id, 1
	return err
}

// add counts a token with each of its contexts.
func (s *state) add(token int32) error {
	longest := min(s.length+1, s.trie.order())
	shorter := int32(0)
	for n := 1; n <= longest; n++ {
		id, err := s.trie.add(n, s.ending[n-1], token, shorter)
		if err != nil {
			return err
		}
		s.ending[n-1], shorter = shorter, id
		s.grow(n)
		s.count[n][id]++
	}
	s.ending[longest], s.length = shorter, longest
	return nil
}

// grow makes room for the newest n-gram of n tokens.
func (s *state) grow(n int) {
	if l := &s.trie.levels[n]; len(s.count[n]) < l.size() {
		s.count[n] = append(s.count[n], 0)
	}
}
