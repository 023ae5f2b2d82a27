package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/perplexity"
	"rasp/runtime/text"
)

// checkTexts refuses what says something of one text, where there are several.
func (f *perplexityFlags) checkTexts(scored []string) error {
	if len(scored) == 1 {
		return nil
	}
	for _, flag := range []struct {
		name string
		is   bool
	}{{"tokens", f.tokens}, {"verbose", f.verbose}, {"against", f.against != ""}} {
		if flag.is {
			return usagef("", "--%s: of one TEXT, and not of %d", flag.name, len(scored))
		}
	}
	for i, name := range scored {
		if name == "-" && slices.Contains(scored[:i], name) {
			return usagef("", "stdin can be read once")
		}
	}
	return nil
}

func openScored(cmd *cobra.Command, name string) (*text.File, error) {
	from, err := text.Open(name, cmd.InOrStdin())
	if err != nil {
		return nil, open.Faultf(diag.Undefined, "", "could not open the text: %s", errorText(err))
	}
	return from, nil
}

// scoreFile is what a text amounts to.
func (f *perplexityFlags) scoreFile(cmd *cobra.Command, p *open.Predictor, name string) (perplexity.Result, error) {
	from, err := openScored(cmd, name)
	if err != nil {
		return perplexity.Result{}, err
	}
	defer from.Close()
	r, _, err := f.score(cmd, p, nil, name, from)
	return r, err
}

// score is what a text amounts to, which may have no token to score. A fault at a place in the
// text has been printed.
func (f *perplexityFlags) score(cmd *cobra.Command, p, other *open.Predictor, name string, from io.Reader) (perplexity.Result, *perplexity.Comparison, error) {
	r, c, err := f.measure(cmd, p, other, from)
	if err != nil && !errors.Is(err, perplexity.ErrNothing) {
		return r, c, printPlaced(cmd, open.Place(err), nameOfText(name), f.hintOfUnknown(p))
	}
	return r, c, nil
}

func (f *perplexityFlags) hintOfUnknown(p *open.Predictor) string {
	return "--skip-oov leaves such tokens out; " + p.HintOfUnknown()
}

// nothingScored is the fault if no text has a token to score.
func nothingScored(p *open.Predictor, scored []string) error {
	hint := ""
	if p.Begin < 0 {
		hint = "without <s> in the vocabulary the first token is context only"
	}
	return open.Faultf(diag.Value, hint, "%s: %s", nameOfText(scored[0]), perplexity.ErrNothing)
}

// warning says what of the text was no token.
func (f *perplexityFlags) warning(r perplexity.Result) string {
	if r.Blanks == 0 {
		return ""
	}
	return fmt.Sprintf("rasp: left out %s of white space within lines, which the vocabulary does not have\n", diag.Count(r.Blanks, "character"))
}
