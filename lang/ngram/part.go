package ngram

import (
	"fmt"
	"io"
	"strings"

	"rasp/runtime/text"
)

// mostHeld is how many different n-grams of a part are held before they are given away.
const mostHeld = 1 << 18

// CountPart counts the n-grams of a part of a text, which begins and ends where sentences do,
// for an engine that adds up the counts of all parts: what it gives away are the lines of
// Counts.Write, n-grams beside their counts, some of them in several pieces. They are valid
// during the call. The other tokens of a vocabulary that is not nil are "<unk>"; MinCount and
// VocabSize, which no part can know, are not looked at. Memory does not grow with the part.
// Errors name the line within the part, or are those of r and give.
func CountPart(r io.Reader, o Options, vocabulary map[string]bool, give func(grams []string, counts []int64) error) error {
	if o.Order < 1 || o.Order > MaxOrder {
		return fmt.Errorf("the order is 1 to %d, not %d", MaxOrder, o.Order)
	}
	p := part{order: o.Order, number: map[string]int{}, give: give}
	p.begin()
	for in := o.sentences(r); ; {
		token, end, err := in.next()
		switch {
		case err == io.EOF:
			return p.flush()
		case err != nil:
			return err
		}
		name := text.EndName
		if !end {
			if name, err = o.nameInFile(token); err != nil {
				return in.errorf("%w", err)
			}
			if vocabulary != nil && !vocabulary[name] {
				name = text.UnknownName
			}
		}
		if err := p.add(name); err != nil {
			return err
		}
		if end {
			p.begin()
		}
	}
}

// nameInFile is a token as a file of counts has it.
func (o Options) nameInFile(token []byte) (string, error) {
	name := string(token)
	switch {
	case o.Split == text.Words && (name == text.BeginName || name == text.EndName):
		return "", fmt.Errorf("the word %q, %w", name, ErrMark)
	case name == " ":
		return spaceName, nil
	case strings.ContainsAny(name, "\t\r\n\v\f"):
		return "", fmt.Errorf("a file of counts cannot hold the token %s, since its tokens stand between blanks", brief(name))
	}
	return name, nil
}

// part is where counting stands.
type part struct {
	order int
	// line has the tokens of the sentence so far, or the last of them, between blanks; starts
	// are where the last of them begin, order at most.
	line   []byte
	starts []int

	number map[string]int // of the n-grams that are held
	grams  []string
	counts []int64
	give   func(grams []string, counts []int64) error
}

// begin starts a sentence.
func (p *part) begin() {
	p.line, p.starts = append(p.line[:0], text.BeginName...), append(p.starts[:0], 0)
}

// add counts the n-grams that end with a token.
func (p *part) add(name string) error {
	if len(p.starts) == p.order {
		p.starts = p.starts[:copy(p.starts, p.starts[1:])]
	}
	if len(p.line) > longestToken {
		p.shorten()
	}
	p.line = append(p.line, ' ')
	p.starts = append(p.starts, len(p.line))
	p.line = append(p.line, name...)
	if name == text.EndName {
		p.count([]byte(text.BeginName)) // as many as there are sentences
	}
	for _, start := range p.starts {
		p.count(p.line[start:])
	}
	if len(p.grams) < mostHeld {
		return nil
	}
	return p.flush()
}

// shorten forgets what no n-gram to come can have.
func (p *part) shorten() {
	from := len(p.line)
	if len(p.starts) > 0 {
		from = p.starts[0]
	}
	p.line = p.line[:copy(p.line, p.line[from:])]
	for i := range p.starts {
		p.starts[i] -= from
	}
}

func (p *part) count(gram []byte) {
	i, ok := p.number[string(gram)]
	if !ok {
		i = len(p.grams)
		name := string(gram)
		p.number[name] = i
		p.grams, p.counts = append(p.grams, name), append(p.counts, 0)
	}
	p.counts[i]++
}

// flush gives away what is held.
func (p *part) flush() error {
	if len(p.grams) == 0 {
		return nil
	}
	err := p.give(p.grams, p.counts)
	clear(p.number)
	p.grams, p.counts = p.grams[:0], p.counts[:0]
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
