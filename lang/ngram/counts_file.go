package ngram

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"rasp/runtime/text"
)

// mostCounted is the largest count: float64 has all integers up to it.
const mostCounted = 1 << 53

// Write writes the counts, as ngram-count of SRILM does with -write: a line for each
// n-gram of each length, in the order of the vocabulary,
//
//	the cat	12
//
// tokens between blanks, a tab, how often they occur. The blank of a text of characters is
// <space>. The error names a token that no such line can have.
func (c *Counts) Write(to io.Writer) error {
	names, err := fields(c.vocab.names, func(int32) bool { return true })
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(to, 1<<16)
	parents := []int32{0}
	for n := 1; n <= c.trie.order(); n++ {
		following := c.trie.following(n - 1)
		var grams []int32
		for _, parent := range parents {
			grams = append(grams, following.of(parent)...)
		}
		for _, gram := range grams {
			count := c.count[n][gram]
			if n == 1 && c.trie.levels[1].token[gram] == beginID {
				count = c.Sentences
			}
			if count == 0 {
				continue
			}
			for i, token := range c.trie.tokensOf(n, gram) {
				w.WriteString(" "[:min(i, 1)])
				w.WriteString(names[token])
			}
			fmt.Fprintf(w, "\t%d\n", count)
		}
		parents = grams
	}
	return w.Flush()
}

// ReadCounts reads counts as Write writes them, in any order and from any engine: what
// Count makes of the text that they are of. Lines of one n-gram add up. With Order 0 it is
// that of the longest n-gram; longer ones are left out. The text is read twice. Errors name
// the line, or the n-gram whose count does not fit those of the others: all are needed.
func ReadCounts(open func() (io.ReadCloser, error), o Options) (*Counts, error) {
	single, longest := map[string]*int64{}, 0
	err := opened(open, func(r io.Reader) error {
		return countLines(r, func(words []string, count int64) error {
			longest = max(longest, len(words))
			if len(words) > 1 || words[0] == text.BeginName || words[0] == text.EndName || words[0] == text.UnknownName {
				return nil
			}
			name := o.unescaped(words[0])
			if single[name] == nil {
				single[name] = new(int64)
			}
			*single[name] += count
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	if o.Order == 0 {
		o.Order = min(longest, MaxOrder)
	}
	if o.Order > longest || o.Order < 1 || o.Order > MaxOrder {
		return nil, fmt.Errorf("the longest n-gram has %d tokens; the order is at most that, and %d", longest, MaxOrder)
	}
	var all []tokenCount
	for name, count := range single {
		all = append(all, tokenCount{name: name, count: *count})
	}
	vocab, _, err := o.cut(all)
	if err != nil {
		return nil, err
	}
	c := &Counts{name: o.Name, vocab: vocab, trie: newTrie(o.Order, o.mostGrams()), count: make([][]int64, o.Order+1)}
	if err := c.put([]string{text.BeginName}, 0, o); err != nil {
		return nil, err
	}
	err = opened(open, func(r io.Reader) error {
		return countLines(r, func(words []string, count int64) error { return c.put(words, count, o) })
	})
	if err != nil {
		return nil, err
	}
	return c, c.complete()
}

// countLines reads the lines "n-gram<TAB>count".
func countLines(r io.Reader, each func(words []string, count int64) error) error {
	in := bufio.NewReaderSize(r, longestToken)
	for line := 1; ; line++ {
		bytesOf, err := in.ReadSlice('\n')
		switch {
		case err == bufio.ErrBufferFull:
			return fmt.Errorf("line %d: a line of more than %d bytes", line, longestToken)
		case err == io.EOF && len(bytesOf) == 0:
			return nil
		case err != nil && err != io.EOF:
			return err
		}
		words, count, err := countLine(string(bytes.TrimRight(bytesOf, "\r\n")))
		if err == nil && words != nil {
			err = each(words, count)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// countLine has no words for an empty line.
func countLine(line string) (words []string, count int64, err error) {
	if len(asciiFields(line)) == 0 {
		return nil, 0, nil
	}
	gram, number, ok := strings.Cut(line, "\t")
	count, err = strconv.ParseInt(strings.TrimSpace(number), 10, 64)
	if !ok || err != nil || count < 1 || count > mostCounted {
		return nil, 0, fmt.Errorf("expected an n-gram, a tab and a count from 1, found %s", brief(line))
	}
	if words = asciiFields(gram); len(words) == 0 {
		return nil, 0, fmt.Errorf("expected an n-gram before the tab, found %s", brief(line))
	}
	if !utf8.ValidString(gram) || strings.IndexByte(gram, 0) >= 0 {
		return nil, 0, fmt.Errorf("the n-gram %s is not UTF-8, or has a NUL byte", brief(gram))
	}
	for i, word := range words {
		if word == text.BeginName && i > 0 || word == text.EndName && i < len(words)-1 {
			return nil, 0, fmt.Errorf("the n-gram %s has %s inside", brief(gram), word)
		}
	}
	return words, count, nil
}

// asciiFields are what stands between the white space of ASCII: in a text of words all else is
// part of a word, as a blank that does not break is.
func asciiFields(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' })
}

// put counts an n-gram.
func (c *Counts) put(words []string, count int64, o Options) error {
	if len(words) > c.trie.order() {
		return nil
	}
	tokens := make([]int32, len(words))
	for i, word := range words {
		tokens[i] = c.vocab.id([]byte(o.unescaped(word)))
	}
	id, err := c.trie.path(tokens)
	if err != nil {
		return fmt.Errorf("%w: take a lower order or a smaller vocabulary", err)
	}
	for n := range c.count {
		c.count[n] = append(c.count[n], make([]int64, c.trie.levels[n].size()-len(c.count[n]))...)
	}
	switch {
	case len(tokens) == 1 && tokens[0] == beginID:
		return nil // no event: there are as many as there are </s>
	case len(tokens) == 1:
		c.Tokens += count
		if tokens[0] == endID {
			c.Sentences += count
		}
		if tokens[0] == unknownID {
			c.Unknown += count
		}
	}
	if c.count[len(tokens)][id] += count; c.count[len(tokens)][id] > mostCounted {
		return fmt.Errorf("the counts of %s add up to more than %d", brief(strings.Join(words, " ")), int64(mostCounted))
	}
	return nil
}

// complete is the error if n-grams are missing: each token but </s> is followed by one, so
// an n-gram has the count of all that begin with it.
func (c *Counts) complete() error {
	if c.Sentences == 0 {
		return errors.New(`no count of "</s>", which ends each sentence`)
	}
	for n := 1; n < c.trie.order(); n++ {
		l := &c.trie.levels[n]
		sums := make([]int64, l.size())
		for gram, context := range c.trie.levels[n+1].context {
			sums[context] += c.count[n+1][gram]
		}
		for gram, sum := range sums {
			count := c.count[n][gram]
			switch token := l.token[gram]; {
			case token == endID && count > 0:
				continue
			case n == 1 && token == beginID:
				count = c.Sentences
			}
			if count != sum {
				name := strings.Join(c.vocab.words(c.trie.tokensOf(n, int32(gram))), " ")
				return fmt.Errorf("counts are missing: the %d-gram %s has %d, and the %d-grams that begin with it %d", n, brief(name), count, n+1, sum)
			}
		}
	}
	return nil
}

// unescaped is a token of a line.
func (o Options) unescaped(word string) string {
	if o.Split == text.Chars && word == spaceName {
		return " "
	}
	return word
}
