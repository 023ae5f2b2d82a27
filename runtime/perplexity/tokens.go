package perplexity

import (
	"fmt"
	"io"
	"strings"
)

// Vocabulary finds the ids of tokens by their text.
type Vocabulary struct {
	IDs map[string]int
	// The ids of the tokens that stand for the beginning and the end of a
	// sentence, and for all tokens that are not in the vocabulary; -1 for none.
	Begin, End, Unknown int
}

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
// not have. The errors are those of Measure.
func Tokens(text string, v Vocabulary, how Reading) (tokens []Token, unknown, blanks int, err error) {
	r := newReader(strings.NewReader(text), v, how)
	for {
		t, err := r.next()
		if err == io.EOF {
			if how.Split == Characters {
				r.blanks += r.breaks
			}
			return tokens, r.unknown, r.blanks, nil
		}
		if err != nil {
			return nil, 0, 0, err
		}
		tokens = append(tokens, t)
	}
}

// reader reads tokens.
type reader struct {
	*scanner
	Vocabulary
	Reading
	held    *piece // a piece that has been read already
	number  int
	unknown int  // tokens so far that are not in the vocabulary
	blanks  int  // white space that was left out, within lines
	breaks  int  // and that at their ends
	begun   bool // a text or a sentence
}

func newReader(text io.Reader, v Vocabulary, how Reading) *reader {
	longest := 0
	for token := range v.IDs {
		longest = max(longest, len(token))
	}
	return &reader{scanner: newScanner(text, how.Split, longest), Vocabulary: v, Reading: how}
}

// next is the next token. White space that is not in the vocabulary, and that
// between words, is none; nor is the end of a line if it ends a sentence. The error
// is io.EOF at the end.
func (r *reader) next() (Token, error) {
	for {
		p, err := r.piece()
		if err == io.EOF && r.Sentences && r.begun {
			r.begun = false
			r.number++
			return Token{ID: r.End, Number: r.number, Line: r.line, Col: r.col}, nil
		}
		if err != nil {
			return Token{}, err
		}
		if !r.begun && (r.Sentences || r.Begin >= 0) {
			r.begun, r.held = true, &p
			return Token{ID: r.Begin, Line: p.line, Col: p.col, Begins: true}, nil
		}
		if p.space && p.text[0] == '\n' && r.Sentences {
			r.begun = false
			r.number++
			return Token{ID: r.End, Number: r.number, Line: p.line, Col: p.col}, nil
		}
		id, known := r.IDs[string(p.text)]
		if !known && p.space {
			if p.text[0] == '\n' || p.text[0] == '\r' {
				r.breaks++
			} else {
				r.blanks++
			}
			continue
		}
		r.number++
		unknown := !known || id == r.Unknown
		if unknown {
			if r.unknown++; r.SkipUnknown {
				continue
			}
			if id = r.Unknown; id < 0 {
				return Token{}, &UnknownError{show(p.text), r.number, p.line, p.col}
			}
		}
		begins := !r.begun
		r.begun = true
		return Token{ID: id, Number: r.number, Line: p.line, Col: p.col, Begins: begins, Unknown: unknown}, nil
	}
}

func (r *reader) piece() (piece, error) {
	if p := r.held; p != nil {
		r.held = nil
		return *p, nil
	}
	return r.scanner.next()
}
