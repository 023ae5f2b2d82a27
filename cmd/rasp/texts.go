package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/value"
	"rasp/runtime/model"
	"rasp/runtime/text"
)

// texts turns text into tokens of a vocabulary and back.
type texts struct {
	*vocabulary
	split text.Split
}

// splitFlag says what a token of a text is.
type splitFlag struct{ name string }

func (f *splitFlag) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.name, "split", "", "tokens of a text: chars, or words, which stand between white space (default: words if\n"+
		"the vocabulary has a token longer than a character, other than <s>, </s> and <unk>)")
}

func (f *splitFlag) check() error {
	if _, err := text.ParseSplit(f.name); err != nil && f.name != "" {
		return usagef("", "--split: chars or words, not %q", f.name)
	}
	return nil
}

// texts of a vocabulary, which tells what a token is where the flag does not.
func (f *splitFlag) texts(tokens []value.Value) texts {
	v := newVocabulary(tokens)
	split, err := text.ParseSplit(f.name)
	if err != nil {
		split = v.Split()
	}
	return texts{v, split}
}

// hintOfUnknown is what to say of a token that is not in the vocabulary.
func (t texts) hintOfUnknown() string {
	if t.split == text.Words {
		return "tokens are the words between blanks; the vocabulary is " + t.list(20)
	}
	return "the vocabulary is " + t.list(20)
}

// values of ids.
func (t texts) values(ids []int) []value.Value {
	values := make([]value.Value, len(ids))
	for i, id := range ids {
		values[i] = t.tokens[id]
	}
	return values
}

// prompt reads the beginning of a text: a JSON list if it starts with [, else
// characters or words. The token <s> is put before it where the vocabulary has one.
// unknown is how many tokens are taken for <unk>, blanks how much white space is
// left out that would be tokens.
func (t texts) prompt(from string) (ids []int, unknown, blanks int, err error) {
	if !strings.HasPrefix(from, "[") {
		ids, unknown, blanks, err := text.Tokens(from, t.Vocabulary, text.Reading{Split: t.split})
		return t.Started(ids), unknown, blanks, textFault(err)
	}
	values, err := parseInput(from, t.vocabulary)
	if err != nil {
		return nil, 0, 0, err
	}
	for i, v := range values {
		id, ok := t.ids[v]
		if !ok && t.Unknown < 0 {
			return nil, 0, 0, faultf(diag.Domain, t.hint(v), "%s (position %d) is not in the vocabulary", value.Describe(v), i)
		}
		if !ok {
			id = t.Unknown
			unknown++
		}
		ids = append(ids, id)
	}
	return t.Started(ids), unknown, 0, nil
}

// textFault gives the faults of a text a kind, a place and a hint.
func textFault(err error) error {
	var unknown *text.UnknownError
	var encoding *text.EncodingError
	switch {
	case errors.As(err, &unknown):
		return &placed{unknown.Line, unknown.Col, faultf(diag.Domain, "", "%s (token %d) is not in the vocabulary", unknown.Text, unknown.Number)}
	case errors.As(err, &encoding):
		return &placed{encoding.Line, encoding.Col, faultf(diag.Syntax, "the text must be UTF-8", "%s", err)}
	}
	return err
}

// placed is a fault at a place of a text.
type placed struct {
	line, col int
	*diag.Diagnostic
}

func (p *placed) Unwrap() error { return p.Diagnostic }

// printPlaced prints a fault at its place in a text, and says that it has.
func printPlaced(cmd *cobra.Command, err error, name, hint string) error {
	var p *placed
	if !errors.As(err, &p) {
		return err
	}
	if p.Hint == "" {
		p.Hint = hint
	}
	fmt.Fprint(cmd.ErrOrStderr(), render(p.Diagnostic, fmt.Sprintf("%s:%d:%d", name, p.line, p.col)))
	return errFailed
}

// causalOnly refuses a model that cannot predict what it has not seen.
func causalOnly(model *model.Model) error {
	if model.Causal {
		return nil
	}
	return faultf(diag.Domain, "compile it with --causal, or write #rasp:causal in the program",
		"the model is bidirectional: each position sees the tokens that come after it, which it should predict")
}

func textsOf(model *model.Model, split *splitFlag) (texts, error) {
	tokens, err := verify.Values(model.Vocab)
	if err != nil {
		return texts{}, err
	}
	return split.texts(tokens), nil
}
