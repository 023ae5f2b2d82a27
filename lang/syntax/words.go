package syntax

import (
	"cmp"
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/diag"
)

// WordKind says what a word of a text is, whether or not the text parses.
type WordKind uint8

// The kinds of words.
const (
	NameWord      WordKind = iota
	CallWord               // select, aggregate, range, zip or len, right before its parenthesis
	NumberWord             // an int or a float
	StringWord             // with its quotes
	KeywordWord            // also and, or, in, s-op, full seq display
	OperatorWord           // + - * / % ^ == != <= >= < >
	PunctWord              // ( ) [ ] { } , ; : =
	CommentWord            // from # to the end of the line
	DirectiveWord          // a comment that starts with #rasp:
	BadWord                // no token
)

// Word is a token or a comment. The parenthesis of a CallWord is a word of its own.
type Word struct {
	Kind WordKind
	Span diag.Span
}

// Text is that of the word.
func (w Word) Text() string { return w.Span.Text() }

// Is reports whether w is one of these words; names, strings and comments are none.
func (w Word) Is(texts ...string) bool {
	return (w.Kind == PunctWord || w.Kind == KeywordWord || w.Kind == OperatorWord) && slices.Contains(texts, w.Text())
}

// Words are the words of a text, in its order.
func Words(src *diag.Source) []Word {
	s := scan(src)
	words := make([]Word, 0, len(s.tokens)+len(s.comments))
	for _, t := range s.tokens[:len(s.tokens)-1] {
		span := spanOf(src, t)
		if t.Type == fusedToken {
			paren := diag.Span{Source: src, Start: span.End - 1, End: span.End}
			span.End--
			words = append(words, Word{CallWord, span}, Word{PunctWord, paren})
			continue
		}
		words = append(words, Word{kindOfWord(t), span})
	}
	for _, c := range s.comments {
		kind := CommentWord
		if strings.HasPrefix(c.Where.Text(), directivePrefix) {
			kind = DirectiveWord
		}
		words = append(words, Word{kind, c.Where})
	}
	slices.SortStableFunc(words, func(a, b Word) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return words
}

func kindOfWord(t lexer.Token) WordKind {
	switch t.Type {
	case nameToken:
		return NameWord
	case numberToken:
		return NumberWord
	case stringToken:
		return StringWord
	case keywordToken:
		return KeywordWord
	case operatorToken:
		if keywords[t.Value] != 0 {
			return KeywordWord
		}
		return OperatorWord
	case punctToken:
		if t.Value == "!=" {
			return OperatorWord
		}
		return PunctWord
	}
	return BadWord
}

// IsName reports whether text can be a name: an identifier that is no keyword.
func IsName(text string) bool { return identifier().MatchString(text) && keywords[text] == 0 }

// DirectiveNames are the words after #rasp:, in alphabetical order.
func DirectiveNames() []string {
	var names []string
	for name := range directives {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
