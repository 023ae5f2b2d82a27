package ngram

import (
	"bufio"
	"fmt"
	"io"
	"unicode/utf8"
)

// Split says what the tokens of a line are.
type Split int

const (
	// Chars are the characters of the line, blanks included.
	Chars Split = iota
	// Words stand between blanks: spaces, tabs, carriage returns, form feeds
	// and vertical tabs, as KenLM has it.
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

// longestToken bounds the memory of a file that is no text, in bytes.
const longestToken = 1 << 16

// tokens reads a text token by token; a line of any length takes no memory.
type tokens struct {
	in    *bufio.Reader
	split Split
	line  int // of the token, from 1
	begun bool
	buf   []byte
}

func newTokens(r io.Reader, split Split) *tokens {
	t := &tokens{in: bufio.NewReaderSize(r, 1<<16), split: split, line: 1}
	if bom, err := t.in.Peek(3); err == nil && string(bom) == "\ufeff" {
		t.in.Discard(3)
	}
	return t
}

// next is the next token, valid until the next call, or the end of the sentence.
// The error is io.EOF after the last sentence, or says the line and what is
// wrong.
func (t *tokens) next() (token []byte, end bool, err error) {
	t.buf = t.buf[:0]
	for {
		c, err := t.in.ReadByte()
		switch {
		case err == io.EOF && len(t.buf) > 0:
			return t.word()
		case err == io.EOF && t.begun:
			t.begun = false
			return nil, true, nil
		case err != nil:
			return nil, false, err
		case c == '\n' && len(t.buf) > 0:
			t.in.UnreadByte()
			return t.word()
		case c == '\n':
			t.line++
			t.begun = false
			return nil, true, nil
		}
		t.begun = true
		if t.split == Chars {
			if c == '\r' && t.atNewline() {
				continue
			}
			return t.char(c)
		}
		if !isBlank(c) {
			if len(t.buf) == longestToken {
				return nil, false, t.errorf("a word of more than %d bytes; is this a text?", longestToken)
			}
			t.buf = append(t.buf, c)
		} else if len(t.buf) > 0 {
			return t.word()
		}
	}
}

func isBlank(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' && c != '\n' }

func (t *tokens) atNewline() bool {
	next, err := t.in.Peek(1)
	return err == io.EOF || err == nil && next[0] == '\n'
}

// char is the character that starts with c.
func (t *tokens) char(c byte) ([]byte, bool, error) {
	t.buf = append(t.buf, c)
	for c >= utf8.RuneSelf && !utf8.FullRune(t.buf) {
		more, err := t.in.ReadByte()
		if err != nil {
			break
		}
		t.buf = append(t.buf, more)
	}
	if c == '\r' {
		return nil, false, t.errorf("a carriage return that does not end the line")
	}
	return t.word()
}

// word is the token in the buffer.
func (t *tokens) word() ([]byte, bool, error) {
	for i := 0; i < len(t.buf); {
		r, size := utf8.DecodeRune(t.buf[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return nil, false, t.errorf("byte 0x%02x is not UTF-8", t.buf[i])
		case r == 0:
			return nil, false, t.errorf("a NUL byte; is this a text?")
		}
		i += size
	}
	return t.buf, false, nil
}

func (t *tokens) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: "+format, append([]any{t.line}, args...)...)
}
