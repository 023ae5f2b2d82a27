package ngram

import (
	"errors"
	"fmt"
	"io"

	"rasp/runtime/text"
)

// ErrMark is what is wrong with "<s>" and "</s>" in a text, unless Options.SkipSymbols leaves them out.
var ErrMark = errors.New("which marks where sentences begin and end, stands in the text")

// MaxOrder is the longest n-gram, in tokens.
const MaxOrder = 16

// Options say what to count.
type Options struct {
	Name      string // of the text, for the header of the program
	Order     int    // 1 to MaxOrder
	Split     text.Split
	MinCount  int // tokens that occur less often are "<unk>"
	VocabSize int // only the so many most frequent tokens have a name; 0: all
	MaxGrams  int // more n-grams are an error; 0: the constant of that name
	// SkipSymbols leaves out the words "<s>", "</s>" and "<unk>" of a text; else the first
	// two are errors, and the third is what has no name.
	SkipSymbols bool
}

// mostGrams is MaxGrams.
func (o Options) mostGrams() int {
	if o.MaxGrams == 0 {
		return MaxGrams
	}
	return min(o.MaxGrams, mostGrams)
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

// Count counts the n-grams of a text. It takes linear time, and memory for each different
// token and n-gram; too many of them are an error. Other errors name the line, or are those of
// the text, which is opened twice if it is very long.
func Count(open func() (io.ReadCloser, error), o Options) (*Counts, error) {
	c, err := CountAll([]func() (io.ReadCloser, error){open}, o)
	if in := (*TextError)(nil); errors.As(err, &in) {
		err = in.Err
	}
	return c, err
}

// TextError is what is wrong with one of several texts.
type TextError struct {
	Text int // its number, from 0
	Err  error
}

func (e *TextError) Error() string { return fmt.Sprintf("text %d: %v", e.Text+1, e.Err) }

func (e *TextError) Unwrap() error { return e.Err }

// CountAll counts texts one behind the other, as Count does; the end of a text is that of a
// sentence. A fault of one of them is a TextError.
func CountAll(open []func() (io.ReadCloser, error), o Options) (*Counts, error) {
	return usual.count(open, o)
}

// memory says how much of the texts is held, in tokens.
type memory struct {
	block int // whose n-grams are found together, more or less
	held  int // blocks; texts with more are read twice
}

// A block is sorted in 24 bytes for each token, and one that is held takes 4.
var usual = memory{block: 1 << 24, held: 4}

// count is CountAll in so much memory. Which tokens have a name is known at the end of the
// texts alone.
func (m memory) count(open []func() (io.ReadCloser, error), o Options) (*Counts, error) {
	if o.Order < 1 || o.Order > MaxOrder {
		return nil, fmt.Errorf("the order is 1 to %d, not %d", MaxOrder, o.Order)
	}
	var held [][]int32
	all := true
	r := &reading{Options: o, words: newWordTable(), most: max(m.block, o.Order), give: func(tokens []int32) error {
		if all = all && len(held) < m.held; all {
			held = append(held, tokens)
		} else {
			held = nil
		}
		return nil
	}}
	if err := r.readAll(open); err != nil {
		return nil, err
	}
	vocab, named, err := o.cut(r.words.tokens())
	if err != nil {
		return nil, err
	}
	b := blocks{Counts: &Counts{name: o.Name, vocab: vocab}, order: o.Order, most: o.mostGrams(), ids: r.words.ids(named)}
	if r.give = b.add; all {
		for i, tokens := range held {
			held[i] = nil
			if err := b.add(tokens); err != nil {
				return nil, err
			}
		}
	} else if err := r.readAll(open); err != nil {
		return nil, err
	}
	if err := b.end(); err != nil {
		return nil, err
	}
	return b.Counts, nil
}

// errChanged is found by what takes the tokens, but is a fault of the text.
var errChanged = errors.New("the text changed while it was read")

// readAll reads texts from the beginning.
func (r *reading) readAll(open []func() (io.ReadCloser, error)) error {
	for i, open := range open {
		switch err := opened(open, r.read); {
		case r.refused != nil && r.refused != errChanged:
			return r.refused
		case err != nil:
			return &TextError{i, err}
		}
	}
	return r.flush(1)
}

func opened(open func() (io.ReadCloser, error), read func(io.Reader) error) error {
	r, err := open()
	if err != nil {
		return err
	}
	return errors.Join(read(r), r.Close())
}

// blocks counts a text block by block.
type blocks struct {
	*Counts
	order   int
	most    int     // n-grams
	ids     []int32 // in the vocabulary, of the numbers of tokens
	pending []int32 // the last block
}

// add counts the block before, whose last n-grams go on in this one.
func (b *blocks) add(tokens []int32) error {
	for i, number := range tokens {
		if int(number) >= len(b.ids) {
			return errChanged
		}
		tokens[i] = b.ids[number]
	}
	before := b.pending
	b.pending = tokens
	if before == nil {
		return nil
	}
	return b.count(append(before, tokens[:min(len(tokens), b.order-1)]...), len(before))
}

// end counts the last block, and sums up.
func (b *blocks) end() error {
	if err := b.count(b.pending, len(b.pending)); err != nil {
		return err
	}
	single := &b.trie.levels[1]
	for gram, count := range b.Counts.count[1] {
		b.Tokens += count
		switch single.token[gram] {
		case endID:
			b.Sentences = count
		case unknownID:
			b.Unknown = count
		}
	}
	return nil
}

// count counts the n-grams that begin among the first of some tokens.
func (b *blocks) count(tokens []int32, first int) error {
	t, counts, err := sortedGrams(tokens, len(b.vocab.names), b.order, first, b.most)
	if err == nil && b.trie == nil {
		b.trie, b.Counts.count = t, counts
	} else if err == nil {
		err = b.merge(t, counts)
	}
	if err != nil {
		return fmt.Errorf("%w: take a lower order or a smaller vocabulary", err)
	}
	return nil
}
