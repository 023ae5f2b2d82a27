package syntax

import (
	"iter"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/diag"
)

// Class says what a piece of text is, for those who colour it.
type Class uint8

const (
	ClassComment Class = iota
	ClassDirective
	ClassKeyword
	ClassCall // a name before a parenthesis
	ClassNumber
	ClassString
)

// Classes are the pieces of a text that have a class, in their order; what lies between them
// has none. The text need not be a program.
func Classes(text string) iter.Seq2[diag.Span, Class] {
	return func(yield func(diag.Span, Class) bool) {
		s := scan(diag.NewSource("", text))
		comments := s.comments
		for i, t := range s.tokens {
			for len(comments) > 0 && comments[0].Where.Start < t.Pos.Offset || len(comments) > 0 && t.EOF() {
				if !yield(comments[0].Where, classOfComment(comments[0].Where.Text())) {
					return
				}
				comments = comments[1:]
			}
			span := spanOf(s.src, t)
			if t.Type == fusedToken {
				span.End-- // the parenthesis has no class
			}
			if class, ok := classOf(s.tokens, i); ok && !yield(span, class) {
				return
			}
		}
	}
}

func classOfComment(text string) Class {
	if strings.HasPrefix(text, directivePrefix) {
		return ClassDirective
	}
	return ClassComment
}

// classOf token i; false if it has none.
func classOf(tokens []lexer.Token, i int) (Class, bool) {
	switch t := tokens[i]; t.Type {
	case nameToken:
		return ClassCall, isPunct(tokens[i+1], "(") && endOf(t) == tokens[i+1].Pos.Offset
	case fusedToken:
		return ClassCall, true
	case keywordToken:
		return ClassKeyword, true
	case operatorToken:
		return ClassKeyword, isLetter(t.Value[0])
	case numberToken:
		return ClassNumber, true
	case stringToken:
		return ClassString, true
	}
	return 0, false
}
