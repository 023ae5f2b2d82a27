package open

import (
	"errors"
	"slices"
	"strings"

	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/value"
	"rasp/runtime/model"
	"rasp/runtime/text"
)

// Texts turns text into tokens of a vocabulary and back.
type Texts struct {
	*Vocabulary
	Split text.Split
}

// NewTexts takes the tokens to be what split names or, if that is empty, what the
// vocabulary looks like.
func NewTexts(tokens []value.Value, split string) (Texts, error) {
	v := NewVocabulary(tokens)
	if split == "" {
		return Texts{v, v.Split()}, nil
	}
	s, err := text.ParseSplit(split)
	return Texts{v, s}, err
}

// TextsOf a model.
func TextsOf(model *model.Model, split string) (Texts, error) {
	tokens, err := verify.Values(model.Vocab)
	if err != nil {
		return Texts{}, err
	}
	return NewTexts(tokens, split)
}

// HintOfUnknown is what to say of a token that is not in the vocabulary.
func (t Texts) HintOfUnknown() string {
	if t.Split == text.Words {
		return "tokens are the words between blanks; the vocabulary is " + t.List(20)
	}
	return "the vocabulary is " + t.List(20)
}

// Foreign is the first character of a text that no text of these tokens has.
func (t Texts) Foreign(from string) (character string, is bool) {
	for _, r := range from {
		has := func(name string) bool { return strings.ContainsRune(name, r) }
		if !slices.ContainsFunc(t.Names, has) && !(t.Split == text.Words && r == ' ') {
			return string(r), true
		}
	}
	return "", false
}

// Values of ids.
func (t Texts) Values(ids []int) []value.Value {
	values := make([]value.Value, len(ids))
	for i, id := range ids {
		values[i] = t.Tokens[id]
	}
	return values
}

// Prompt is the beginning of a text.
type Prompt struct {
	IDs     []int
	Unknown int // tokens that are taken for <unk>
	Blanks  int // white space that is left out, though it would be tokens
}

// Prompt reads a JSON list if from starts with [, else characters or words. The
// token <s> is put before it where the vocabulary has one. The error is a fault of
// the prompt, *Placed where it is one at a place of a text.
func (t Texts) Prompt(from string) (p Prompt, err error) {
	if !strings.HasPrefix(from, "[") {
		p.IDs, p.Unknown, p.Blanks, err = text.Tokens(from, t.Vocabulary.Vocabulary, text.Reading{Split: t.Split})
		p.IDs = t.Started(p.IDs)
		return p, Place(err)
	}
	values, err := Input(from, t.Vocabulary)
	if err != nil {
		return p, err
	}
	for i, v := range values {
		id, ok := t.ids[v]
		if !ok && t.Unknown < 0 {
			return p, t.absent(v, i)
		}
		if !ok {
			id = t.Unknown
			p.Unknown++
		}
		p.IDs = append(p.IDs, id)
	}
	p.IDs = t.Started(p.IDs)
	return p, nil
}

// Placed is a fault at a place of a text.
type Placed struct {
	Line, Col int
	*diag.Diagnostic
}

func (p *Placed) Unwrap() error { return p.Diagnostic }

// Place gives the faults of a text a kind, a place and a hint; other errors stay.
func Place(err error) error {
	var unknown *text.UnknownError
	var encoding *text.EncodingError
	switch {
	case errors.As(err, &unknown):
		return &Placed{unknown.Line, unknown.Col, Faultf(diag.Domain, "", "%s (token %d) is not in the vocabulary", unknown.Text, unknown.Number)}
	case errors.As(err, &encoding):
		return &Placed{encoding.Line, encoding.Col, Faultf(diag.Syntax, "the text must be UTF-8", "%s", err)}
	}
	return err
}
