package ngram

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"rasp/runtime/text"
)

// longestToken bounds the memory of a file that is no text, in bytes.
const longestToken = 1 << 16

// sentences reads a text token by token, a sentence a line.
type sentences struct {
	pieces *text.Scanner
	held   *text.Piece // one that has been read already
	line   int         // of the token, from 1
	begun  bool        // a sentence that no end of a line has ended
}

func newSentences(r io.Reader, split text.Split) *sentences {
	return &sentences{pieces: text.NewScanner(r, split, longestToken)}
}

// next is the next token, valid until the next call, or the end of the sentence.
// The error is io.EOF after the last sentence, or says the line and what is
// wrong.
func (s *sentences) next() (token []byte, end bool, err error) {
	p, err := s.piece()
	switch {
	case err == io.EOF && s.begun:
		s.begun = false
		return nil, true, nil
	case err != nil:
		return nil, false, err
	case p.EndsLine():
		s.begun = false
		return nil, true, nil
	}
	s.begun = true
	switch {
	case p.Text[0] == '\r':
		if err := s.lineEnds(); err != nil {
			return nil, false, err
		}
		return s.next()
	case len(p.Text) > longestToken:
		return nil, false, s.errorf("a word of more than %d bytes; is this a text?", longestToken)
	case bytes.IndexByte(p.Text, 0) >= 0:
		return nil, false, s.errorf("a NUL byte; is this a text?")
	}
	return p.Text, false, nil
}

// lineEnds is the error if more stands on the line after a carriage return.
func (s *sentences) lineEnds() error {
	p, err := s.piece()
	switch {
	case err == io.EOF:
		return nil
	case err != nil:
		return err
	case !p.EndsLine():
		return s.errorf("a carriage return that does not end the line")
	}
	s.held = p
	return nil
}

func (s *sentences) piece() (*text.Piece, error) {
	if p := s.held; p != nil {
		s.held = nil
		return p, nil
	}
	p, err := s.pieces.Next()
	if err != nil {
		return nil, s.placed(err)
	}
	s.line = p.Line
	return p, nil
}

// placed is an error of the scanner, with the line if the text is at fault.
func (s *sentences) placed(err error) error {
	var encoding *text.EncodingError
	if !errors.As(err, &encoding) {
		return err
	}
	s.line = encoding.Line
	return s.errorf("byte 0x%02x is not UTF-8", encoding.Byte)
}

func (s *sentences) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: "+format, append([]any{s.line}, args...)...)
}
