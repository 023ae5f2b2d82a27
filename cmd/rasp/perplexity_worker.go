package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/perplexity"
)

// perplexityRequest is a line that a worker reads: a file to cut into sections, one of them or
// all of it to score, results to add up, or what to say of the sum.
type perplexityRequest struct {
	Sections *string `json:"sections"` // a file
	Score    *string `json:"score"`    // a file
	From     int64   `json:"from"`     // with score: the section
	To       int64   `json:"to"`       // 0: all of the file

	Sum    []perplexity.Result `json:"sum"` // results of texts, of their sections, or sums, in the order of the texts
	Report *perplexityReport   `json:"report"`
}

// perplexityReport is the sum over texts with these names.
type perplexityReport struct {
	Texts  []string          `json:"texts"`
	Result perplexity.Result `json:"result"`
}

// Answers of a worker. The first line has nothing to say but that FILE is open.
type (
	perplexityReady struct {
		Longest int `json:"longest"` // input of the model, in tokens
	}
	// perplexityResult is a text, or a section of one, with all digits and infinities.
	perplexityResult struct {
		Result perplexity.Result `json:"result"`
	}
	perplexityWhole struct {
		Measured measured `json:"measured"` // what rasp perplexity --json prints
		Summary  string   `json:"summary"`  // what rasp perplexity prints
		Warning  string   `json:"warning,omitempty"`
	}
)

// serve scores texts as they are asked for.
func (f *perplexityFlags) serve(cmd *cobra.Command, file string) error {
	if err := refuse(cmd, "not with --worker, which scores the texts it is told to", "json", "tokens", "verbose", "against"); err != nil {
		return err
	}
	if err := f.checkFlags(cmd); err != nil {
		return err
	}
	return serveWorker(cmd, func(context.Context) (worker, error) {
		p, _, err := f.predictors(cmd, file)
		if err != nil {
			return worker{}, err
		}
		return worker{perplexityReady{p.Longest}, func(_ context.Context, line string) (any, error) {
			return f.answer(cmd, p, line)
		}}, nil
	})
}

func (f *perplexityFlags) answer(cmd *cobra.Command, p *open.Predictor, line string) (any, error) {
	var r perplexityRequest
	if err := readRequest(line, &r); err != nil {
		return nil, err
	}
	if err := oneOf(`"sections", "score", "sum" and "report"`, r.Sections != nil, r.Score != nil, r.Sum != nil, r.Report != nil); err != nil {
		return nil, err
	}
	switch {
	case r.Sections != nil && f.sentences:
		return sectionsOf(*r.Sections, scoredBytes)
	case r.Sections != nil: // a token has all before it for its context
		return sectionsOf(*r.Sections, math.MaxInt64)
	case r.Score != nil && r.To == 0:
		return f.scored(cmd, p, *r.Score, 0, math.MaxInt64)
	case r.Score != nil:
		return f.scored(cmd, p, *r.Score, r.From, r.To)
	case r.Sum != nil:
		var sum perplexity.Result
		for _, next := range r.Sum {
			sum.Add(next)
		}
		return perplexityResult{sum}, nil
	}
	return f.whole(p, r.Report.Texts, r.Report.Result)
}

// scoredBytes is how much of a text of sentences is scored at a time.
const scoredBytes = 1 << 20

// scored is what a section of a text amounts to, which may have no token to score.
func (f *perplexityFlags) scored(cmd *cobra.Command, p *open.Predictor, file string, from, to int64) (any, error) {
	if from > 0 && !f.sentences {
		return nil, usagef("with --sentences each line is a text of its own", "score: a text is scored from its beginning, not from byte %d", from)
	}
	in, name, err := openSection(file, from, to)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r, _, err := f.measure(cmd, p, nil, in)
	if from > 0 {
		r.Continue()
	}
	var placed *open.Placed
	switch err = open.Place(err); {
	case errors.Is(err, perplexity.ErrNothing):
		err = nil
	case errors.As(err, &placed):
		d := placed.Diagnostic
		d.Hint = cmp.Or(d.Hint, f.hintOfUnknown(p))
		err = &rpcError{codeFault, d.Message, &errorData{Text: rendered(diag.Paint{}, d, fmt.Sprintf("%s:%d:%d", name, placed.Line, placed.Col))}}
	}
	return perplexityResult{r}, err
}

// whole is what one machine would have said.
func (f *perplexityFlags) whole(p *open.Predictor, texts []string, r perplexity.Result) (any, error) {
	if r.Texts != len(texts) {
		return nil, usagef("", "report: a result of %d texts, and %d names", r.Texts, len(texts))
	}
	if r.Tokens == 0 {
		return nil, nothingScored(p, texts)
	}
	var summary strings.Builder
	if err := f.print(&summary, p, r, nil, texts); err != nil {
		return nil, err
	}
	return perplexityWhole{f.jsonOf(p, r, nil, texts), summary.String(), f.warning(r)}, nil
}
