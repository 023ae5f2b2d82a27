package service

import (
	"slices"
	"strings"

	"rasp/lang/check"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// TokenTypes and TokenModifiers are what semantic tokens are numbered by.
var (
	TokenTypes     = []string{"keyword", "function", "variable", "parameter", "string", "number", "operator", "comment", "macro"}
	TokenModifiers = []string{"declaration", "defaultLibrary"}
)

const (
	declaration    = 1
	defaultLibrary = 2
)

// SemanticTokens are the words of the program with what they mean, five numbers each, as the
// protocol has them: lines and characters further than the one before, length, type,
// modifiers.
func (s *Snapshot) SemanticTokens() []int {
	numbers := make([]int, 0, 5*len(s.words))
	var last Position
	for _, w := range s.words {
		kind, modifiers := s.colour(w)
		if kind == "" {
			continue
		}
		at, end := s.Position(w.Span.Start), s.Position(w.Span.End)
		character := at.Character
		if at.Line == last.Line {
			character -= last.Character
		}
		numbers = append(numbers, at.Line-last.Line, character, end.Character-at.Character, slices.Index(TokenTypes, kind), modifiers)
		last = at
	}
	return numbers
}

// colour is the type of a word and its modifiers; "" for punctuation and what is no word.
func (s *Snapshot) colour(w syntax.Word) (kind string, modifiers int) {
	switch w.Kind {
	case syntax.NameWord:
		return s.nameColour(w)
	case syntax.CallWord:
		return "function", defaultLibrary
	case syntax.NumberWord:
		return "number", 0
	case syntax.StringWord:
		return "string", 0
	case syntax.KeywordWord:
		if slices.Contains(rules.Callable, w.Text()) {
			return "function", defaultLibrary
		}
		return "keyword", 0
	case syntax.OperatorWord:
		return "operator", 0
	case syntax.CommentWord:
		return "comment", 0
	case syntax.DirectiveWord:
		return "macro", 0
	}
	return "", 0
}

func (s *Snapshot) nameColour(w syntax.Word) (kind string, modifiers int) {
	o := s.names.At(w.Span.Start)
	if o == nil || o.Span != w.Span || len(o.Variables) == 0 {
		return "variable", 0
	}
	v := o.Variables[0]
	kind = "variable"
	switch {
	case v.Role == check.Parameter, v.Role == check.Iterator:
		kind = "parameter"
	case strings.Contains(signatureOf(v), "("):
		kind = "function"
	}
	if o.Binds {
		modifiers |= declaration
	}
	if v.Role == check.Language {
		modifiers |= defaultLibrary
	}
	return kind, modifiers
}
