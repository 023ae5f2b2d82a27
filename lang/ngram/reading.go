package ngram

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"rasp/runtime/text"
)

// reading turns texts into the numbers of their tokens in a wordTable, each sentence between
// beginID and endID. Whether a token is a fault is asked where it comes first.
type reading struct {
	Options
	words *wordTable
	give  func(tokens []int32) error // takes some, to keep
	most  int                        // how many about

	forFile bool // tokens that no file of counts can hold are faults

	tokens  []int32
	refused error // by give: no fault of the text that is read
	begun   bool  // a sentence that no end of a line has ended
	line    int   // from 1
}

// read reads a text. Its end ends a sentence.
func (r *reading) read(from io.Reader) error {
	r.begun, r.line = false, 1
	read := r.readWords
	if r.Split == text.Chars {
		read = r.readChars
	}
	if err := read(from); err != nil {
		return err
	}
	if r.begun {
		r.end()
	}
	return nil
}

// begin begins a sentence, unless one has begun.
func (r *reading) begin() {
	if !r.begun {
		r.tokens, r.begun = append(r.tokens, beginID), true
	}
}

// end ends a sentence, which may be empty.
func (r *reading) end() {
	r.begin()
	r.words.count[endID]++
	r.tokens, r.begun = append(r.tokens, endID), false
}

// flush gives the tokens away if they are as many.
func (r *reading) flush(enough int) error {
	if len(r.tokens) < enough {
		return nil
	}
	tokens := r.tokens
	r.tokens = nil
	r.refused = r.give(tokens)
	return r.refused
}

func (r *reading) readChars(from io.Reader) error {
	in := newSentences(from, text.Chars)
	for {
		token, end, err := in.next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case end:
			r.end()
		default:
			if r.line = in.line; r.known(token) {
				break
			}
			if err := r.learn(token); err != nil {
				return err
			}
		}
		if err := r.flush(r.most); err != nil {
			return err
		}
	}
}

// What a byte is in a text of words.
const (
	inWord uint8 = iota
	between
	lineBreak
)

var bytesOfWords = [256]uint8{' ': between, '\t': between, '\v': between, '\f': between, '\r': between, '\n': lineBreak}

func (r *reading) readWords(from io.Reader) error {
	in := pieces{from: from, buffer: make([]byte, 4*longestToken)}
	for {
		piece, err := in.next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := r.wordsOf(piece); err != nil {
			return err
		}
		if err := r.flush(r.most); err != nil {
			return err
		}
	}
}

// wordsOf reads the words of a piece of the text.
func (r *reading) wordsOf(piece []byte) error {
	for i := 0; i < len(piece); {
		switch bytesOfWords[piece[i]] {
		case lineBreak:
			r.end()
			r.line++
			i++
		case between:
			i++
		default:
			from := i
			for i++; i < len(piece) && bytesOfWords[piece[i]] == inWord; i++ {
			}
			if word := piece[from:i]; !r.known(word) {
				if err := r.learn(word); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// known adds a token to the sentence, if it has a number and is not one that no text should
// contain.
func (r *reading) known(token []byte) bool {
	slot, _ := r.words.find(token)
	number := int32(slot.behind) - 1
	if number < firstWord {
		return false
	}
	r.begin()
	r.words.count[number]++
	r.tokens = append(r.tokens, number)
	return true
}

// learn adds a token that is not known. The error says why it cannot be one.
func (r *reading) learn(token []byte) error {
	slot, hash := r.words.find(token)
	switch {
	case slot.behind == 0:
		if err := r.check(token); err != nil {
			return err
		}
		r.words.add(slot, hash, token)
		r.known(token)
		return nil
	case r.SkipSymbols:
		r.begin() // it is part of a sentence
		return nil
	case slot.behind-1 != uint32(unknownID):
		return r.errorf("the word %q, %w", token, ErrMark)
	}
	r.begin()
	r.words.count[unknownID]++ // the text says itself that it does not know
	r.tokens = append(r.tokens, unknownID)
	return nil
}

// check is the error for what is no token of a text, or one too many.
func (r *reading) check(token []byte) error {
	for i := 0; i < min(len(token), 2*longestToken); { // a longer one may be cut within a character
		c, size := utf8.DecodeRune(token[i:])
		if c == utf8.RuneError && size == 1 {
			return r.errorf("byte 0x%02x is not UTF-8", token[i])
		}
		i += size
	}
	switch {
	case len(token) > longestToken:
		return r.errorf("a word of more than %d bytes; is this a text?", longestToken)
	case bytes.IndexByte(token, 0) >= 0:
		return r.errorf("a NUL byte; is this a text?")
	case r.words.size()-int(firstWord) == maxWords:
		return r.errorf("more than %d different tokens; split by characters or count part of the text", maxWords)
	}
	if r.forFile {
		if _, err := r.nameInFile(token); err != nil {
			return r.errorf("%w", err)
		}
	}
	return nil
}

func (r *reading) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: "+format, append([]any{r.line}, args...)...)
}

// pieces cuts a text between words.
type pieces struct {
	from   io.Reader
	buffer []byte // longer than a word
	have   int    // bytes of it that have been read
	given  int    // of them
	begun  bool
	err    error // that ended the text
}

// next is the next piece, valid until the next call. It ends with white space or the text; or
// is part of a word that is too long.
func (p *pieces) next() ([]byte, error) {
	p.have, p.given = copy(p.buffer, p.buffer[p.given:p.have]), 0
	for p.err == nil && p.have < len(p.buffer) {
		var n int
		n, p.err = p.from.Read(p.buffer[p.have:])
		p.have += n
	}
	piece := p.buffer[:p.have]
	switch {
	case p.err == io.EOF && p.have > 0:
	case p.err != nil:
		return nil, p.err
	default:
		end := len(piece)
		for end > 0 && bytesOfWords[piece[end-1]] == inWord {
			end--
		}
		if end > 0 {
			piece = piece[:end]
		}
	}
	p.given = len(piece)
	if !p.begun {
		p.begun = true
		piece = bytes.TrimPrefix(piece, []byte("\ufeff"))
	}
	return piece, nil
}
