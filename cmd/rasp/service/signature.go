package service

import (
	"strings"

	"rasp/lang/syntax"
)

// SignatureHelp says what the call around a position takes.
type SignatureHelp struct {
	Signatures      []Signature `json:"signatures"`
	ActiveSignature int         `json:"activeSignature"`
	ActiveParameter int         `json:"activeParameter"`
}

// Signature of a function.
type Signature struct {
	Label         string          `json:"label"`
	Documentation Markup          `json:"documentation"`
	Parameters    []ParameterText `json:"parameters"`
}

// ParameterText is a part of a signature.
type ParameterText struct {
	Label string `json:"label"`
}

// Signature is that of the innermost call around a position, nil if there is none.
func (s *Snapshot) Signature(p Position) *SignatureHelp {
	offset := s.Offset(p)
	if i := s.wordsBefore(offset) - 1; i >= 0 && offset <= s.words[i].Span.End && isComment(s.words[i]) {
		return nil
	}
	callee, argument := s.callAround(offset)
	if callee == nil {
		return nil
	}
	label, doc := s.signatureOfWord(*callee)
	open := strings.Index(label, "(")
	if open < 0 || !strings.HasSuffix(label, ")") {
		return nil
	}
	var parameters []ParameterText
	for _, name := range strings.Split(label[open+1:len(label)-1], ",") {
		parameters = append(parameters, ParameterText{strings.TrimSpace(name)})
	}
	if callee.Text() == "lookup" { // lookup(table, s, .., default): as many s as one likes
		argument = min(argument, 2)
	}
	return &SignatureHelp{[]Signature{{label, markdown(doc), parameters}}, 0, argument}
}

func isComment(w syntax.Word) bool {
	return w.Kind == syntax.CommentWord || w.Kind == syntax.DirectiveWord
}

// callAround is the word that is called around an offset, and the number of the argument
// there. Only words are looked at, so that it is found in a statement that is being written.
func (s *Snapshot) callAround(offset int) (callee *syntax.Word, argument int) {
	commas, depth := 0, 0
	for i := s.wordsBefore(offset) - 1; i >= 0; i-- {
		w := s.words[i]
		switch {
		case w.Span.End > offset, isComment(w):
		case w.Is(")", "]", "}"):
			depth++
		case w.Is(";") && depth == 0:
			return nil, 0
		case w.Is("(", "[", "{") && depth > 0:
			depth--
		case w.Is("("):
			if i > 0 && isCallee(s.words[i-1]) && !(i > 1 && s.words[i-2].Is("def")) {
				return &s.words[i-1], commas
			}
			commas = 0
		case w.Is("[", "{"):
			commas = 0
		case w.Is(",") && depth == 0:
			commas++
		}
	}
	return nil, 0
}

func isCallee(w syntax.Word) bool {
	return w.Kind == syntax.NameWord || w.Kind == syntax.CallWord || w.Is("round", "indicator")
}

// signatureOfWord is that of what a name stands for, if that is known.
func (s *Snapshot) signatureOfWord(w syntax.Word) (label, doc string) {
	if w.Kind != syntax.NameWord {
		known := reference()[w.Text()]
		return known.Signature, known.Doc
	}
	for _, v := range s.names.InSight(w.Span.Start) {
		if v.Name == w.Text() {
			return signatureOf(v), docOf(v)
		}
	}
	return "", ""
}
