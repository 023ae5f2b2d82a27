package text

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Reading says how a text becomes tokens.
type Reading struct {
	Split Split
	// Sentences makes each line a sentence: it begins with Begin, which is
	// context only, and ends with End, which is scored. Otherwise the text is one,
	// which starts with Begin if the vocabulary has it.
	Sentences bool
	// SkipUnknown leaves out tokens that are not in the vocabulary, even where
	// they could be scored as Unknown.
	SkipUnknown bool
}

// Token of a text.
type Token struct {
	ID        int
	Number    int // in the text, from 1; 0 for the beginning of a sentence
	Line, Col int
	Begins    bool // a text or a sentence; context only
	Unknown   bool // not in the vocabulary, or written as the unknown token is
}

// UnknownError is the error for a token that is not in the vocabulary.
type UnknownError struct {
	Text      string // in quotes, cut short if it is long
	Number    int
	Line, Col int
}

func (e *UnknownError) Error() string { return fmt.Sprintf("%s is not in the vocabulary", e.Text) }

// Tokens reads all tokens of a text that is not long. It counts those that are
// unknown, and the white space that would be tokens but that the vocabulary does
// not have. The errors are those of Reader.Next.
func Tokens(text string, v Vocabulary, how Reading) (ids []int, unknown, blanks int, err error) {
	r := NewReader(strings.NewReader(text), v, how)
	for {
		t, err := r.Next()
		if err == io.EOF {
			if how.Split == Chars {
				r.Blanks += r.breaks
			}
			return ids, r.Unknown, r.Blanks, nil
		}
		if err != nil {
			return nil, 0, 0, err
		}
		ids = append(ids, t.ID)
	}
}

// Reader reads the tokens of a text.
type Reader struct {
	Unknown int // tokens so far that are not in the vocabulary
	Blanks  int // white space that was left out, within lines

	pieces *Scanner
	vocab  Vocabulary
	how    Reading
	held   *Piece // one that has been read already
	number int
	breaks int  // white space that was left out at the ends of lines
	begun  bool // a text or a sentence
}

// Size is how many bytes and characters have been read, white space among them.
func (r *Reader) Size() (bytes, chars int64) { return r.pieces.bytes, r.pieces.chars }

// Passed tells how many lines have ended, and the largest Number of a token.
func (r *Reader) Passed() (lines, number int) { return r.pieces.line - 1, r.number }

// NewReader reads tokens of the vocabulary from a text.
func NewReader(from io.Reader, v Vocabulary, how Reading) *Reader {
	longest := max(v.longest(), utf8.UTFMax*(mostShown+1)) // of what messages show, all is kept
	return &Reader{pieces: NewScanner(from, how.Split, longest), vocab: v, how: how}
}

// Next is the next token. White space that is not in the vocabulary, and that
// between words, is none; nor is the end of a line if it ends a sentence. The error
// is io.EOF at the end, an *UnknownError, an *EncodingError or that of the reader.
func (r *Reader) Next() (Token, error) {
	for {
		p, err := r.piece()
		if err == io.EOF && r.how.Sentences && r.begun {
			return r.end(r.pieces.line, r.pieces.col), nil
		}
		if err != nil {
			return Token{}, err
		}
		if !r.begun && (r.how.Sentences || r.vocab.Begin >= 0) {
			r.begun, r.held = true, p
			return Token{ID: r.vocab.Begin, Line: p.Line, Col: p.Col, Begins: true}, nil
		}
		if p.EndsLine() && r.how.Sentences {
			return r.end(p.Line, p.Col), nil
		}
		id, known := r.vocab.IDs[string(p.Text)]
		if !known && p.Space {
			if p.Text[0] == '\n' || p.Text[0] == '\r' {
				r.breaks++
			} else {
				r.Blanks++
			}
			continue
		}
		r.number++
		unknown := !known || id == r.vocab.Unknown
		if unknown {
			if r.Unknown++; r.how.SkipUnknown {
				continue
			}
			if id = r.vocab.Unknown; id < 0 {
				return Token{}, &UnknownError{quote(p.Text), r.number, p.Line, p.Col}
			}
		}
		begins := !r.begun
		r.begun = true
		return Token{ID: id, Number: r.number, Line: p.Line, Col: p.Col, Begins: begins, Unknown: unknown}, nil
	}
}

// end of a sentence.
func (r *Reader) end(line, col int) Token {
	r.begun = false
	r.number++
	return Token{ID: r.vocab.End, Number: r.number, Line: line, Col: col}
}

func (r *Reader) piece() (*Piece, error) {
	if p := r.held; p != nil {
		r.held = nil
		return p, nil
	}
	return r.pieces.Next()
}

// mostShown is how many characters of a token messages have.
const mostShown = 40

// quote is a piece of text as messages have it.
func quote(text []byte) string {
	runes := []rune(string(text))
	if len(runes) > mostShown {
		return fmt.Sprintf("%q...", string(runes[:mostShown]))
	}
	return fmt.Sprintf("%q", string(runes))
}
