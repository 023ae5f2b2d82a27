package text

import (
	"bufio"
	"fmt"
	"io"
	"unicode/utf8"
)

// Split says what a token of a text is.
type Split uint8

const (
	// Chars are the characters, those of white space too.
	Chars Split = iota
	// Words are what stands between white space: spaces, tabs, ends of lines,
	// carriage returns, form feeds and vertical tabs, as KenLM has it.
	Words
)

func (s Split) String() string { return [...]string{"chars", "words"}[s] }

// ParseSplit reads the name of a Split.
func ParseSplit(name string) (Split, error) {
	for _, s := range []Split{Chars, Words} {
		if name == s.String() {
			return s, nil
		}
	}
	return 0, fmt.Errorf("no split %q: chars or words", name)
}

// EncodingError is the error for a text that is not UTF-8.
type EncodingError struct {
	Line, Col int
	Byte      byte
}

func (e *EncodingError) Error() string { return "the text is not UTF-8" }

// isSpace tells the white space of ASCII.
func isSpace(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' }

// Piece is a character, a word or the end of a line.
type Piece struct {
	Text      []byte
	Space     bool // it is white space
	Line, Col int  // from 1, in characters
}

// EndsLine says that the piece is the end of a line.
func (p *Piece) EndsLine() bool { return p.Space && p.Text[0] == '\n' }

// Scanner reads the pieces of a text.
type Scanner struct {
	from      *bufio.Reader
	split     Split
	longest   int
	piece     Piece
	line, col int // of the next character
	started   bool

	bytes, chars int64 // that were read
}

// NewScanner reads from r. Words are cut short once they have more than longest
// bytes, so that a file that is no text takes no memory.
func NewScanner(from io.Reader, split Split, longest int) *Scanner {
	return &Scanner{from: bufio.NewReaderSize(from, 1<<16), split: split, longest: longest, line: 1, col: 1}
}

// Next is the next piece, valid until the next call. White space other than the
// end of a line is one only among characters, and the mark that a UTF-8 file may
// begin with is none. The error is io.EOF at the end, an *EncodingError or that of
// the reader.
func (s *Scanner) Next() (*Piece, error) {
	p := &s.piece
	p.Text = p.Text[:0]
	for {
		r, size, err := s.rune()
		switch {
		case err == io.EOF && len(p.Text) > 0:
			return p, nil
		case err != nil:
			return nil, err
		case r == utf8.RuneError && size == 1:
			return nil, s.encodingError()
		}
		mark := r == '\ufeff' && !s.started
		if s.started = true; mark {
			continue
		}
		space := isSpace(r)
		if space && len(p.Text) > 0 {
			return p, s.from.UnreadByte()
		}
		if len(p.Text) == 0 {
			p.Line, p.Col, p.Space = s.line, s.col, space
		}
		s.bytes, s.chars = s.bytes+int64(size), s.chars+1
		if s.col++; r == '\n' {
			s.line, s.col = s.line+1, 1
		}
		switch {
		case s.split == Chars || r == '\n':
			p.Text = utf8.AppendRune(p.Text, r)
			return p, nil
		case space:
		case len(p.Text) <= s.longest:
			p.Text = utf8.AppendRune(p.Text, r)
		}
	}
}

// rune is ReadRune, faster for ASCII.
func (s *Scanner) rune() (rune, int, error) {
	c, err := s.from.ReadByte()
	if err != nil || c < utf8.RuneSelf {
		return rune(c), 1, err
	}
	if err := s.from.UnreadByte(); err != nil {
		return 0, 0, err
	}
	return s.from.ReadRune()
}

// encodingError is about the byte that was read last.
func (s *Scanner) encodingError() error {
	if err := s.from.UnreadRune(); err != nil {
		return err
	}
	b, err := s.from.ReadByte()
	if err != nil {
		return err
	}
	return &EncodingError{s.line, s.col, b}
}
