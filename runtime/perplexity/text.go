package perplexity

import (
	"bufio"
	"fmt"
	"io"
	"unicode/utf8"
)

// Split says what a token of a text is.
type Split uint8

const (
	// Characters are tokens, those of white space too.
	Characters Split = iota
	// Words are what stands between white space.
	Words
)

// EncodingError is the error for a text that is not UTF-8.
type EncodingError struct{ Line, Col int }

func (e *EncodingError) Error() string { return "the text is not UTF-8" }

// isSpace tells the white space of ASCII, at which KenLM splits too.
func isSpace(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' }

// piece is a character, a word or the end of a line.
type piece struct {
	text      []byte // valid until the next one; cut off after longest+1 bytes
	space     bool   // it is white space
	line, col int    // from 1, in characters
}

// scanner reads pieces.
type scanner struct {
	from      *bufio.Reader
	split     Split
	longest   int // bytes of a word that is worth remembering
	text      []byte
	line, col int // of the next character
	started   bool
}

func newScanner(from io.Reader, split Split, longest int) *scanner {
	return &scanner{from: bufio.NewReaderSize(from, 1<<16), split: split, longest: max(longest, utf8.UTFMax), line: 1, col: 1}
}

// next is the next piece. White space other than the end of a line is one only
// among characters. The error is io.EOF at the end.
func (s *scanner) next() (piece, error) {
	s.text = s.text[:0]
	var p piece
	for {
		r, size, err := s.from.ReadRune()
		if err == io.EOF && len(s.text) > 0 {
			return s.word(p), nil
		}
		if err != nil {
			return piece{}, err
		}
		if r == utf8.RuneError && size == 1 {
			return piece{}, &EncodingError{s.line, s.col}
		}
		mark := r == '\ufeff' && !s.started // of a UTF-8 file
		if s.started = true; mark {
			continue
		}
		if isSpace(r) && len(s.text) > 0 {
			if err := s.from.UnreadRune(); err != nil {
				return piece{}, err
			}
			return s.word(p), nil
		}
		if len(s.text) == 0 {
			p = piece{line: s.line, col: s.col, space: isSpace(r)}
		}
		if s.col++; r == '\n' {
			s.line, s.col = s.line+1, 1
		}
		switch {
		case s.split == Characters || r == '\n':
			s.text = utf8.AppendRune(s.text, r)
			return s.word(p), nil
		case p.space:
		case len(s.text) <= s.longest:
			s.text = utf8.AppendRune(s.text, r)
		}
	}
}

func (s *scanner) word(p piece) piece {
	p.text = s.text
	return p
}

// show is a piece of text as messages have it.
func show(text []byte) string {
	const most = 40
	runes := []rune(string(text))
	if len(runes) > most {
		return fmt.Sprintf("%q...", string(runes[:most]))
	}
	return fmt.Sprintf("%q", string(runes))
}
