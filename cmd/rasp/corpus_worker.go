package main

import (
	"context"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/corpus"
)

// corpusRequest is a line that a worker reads: one of find, write and card.
type corpusRequest struct {
	Find       *int                  `json:"find"`       // a block
	Write      *int                  `json:"write"`      // a block
	Keep       []int                 `json:"keep"`       // with write: the candidates that are distinct
	Card       map[corpus.Reason]int `json:"card"`       // counts of all that were left out before they were compiled
	Candidates *int                  `json:"candidates"` // with write and card: so many there are, from the first on
}

// Answers of a worker. The first line says how much there is to do.
type (
	corpusSize struct {
		Candidates int `json:"candidates"`
		Block      int `json:"block"` // candidates in one, but for the last
		Blocks     int `json:"blocks"`
		Rows       int `json:"rows,omitempty"` // that are asked for: of no more candidates than give so many
	}
	corpusFound struct {
		Block int    `json:"block"`
		Found []byte `json:"found"` // 17 bytes a candidate; base64
	}
	corpusWritten struct {
		Block int                   `json:"block"`
		Rows  int                   `json:"rows"`
		Left  map[corpus.Reason]int `json:"left_out"`
	}
	corpusCard struct {
		Summary string `json:"summary"`
	}
)

// serveCorpus does blocks as they are asked for.
func serveCorpus(cmd *cobra.Command, c *corpus.Corpus) error {
	return serveWorker(cmd, func(ctx context.Context) (worker, error) {
		w, err := c.Worker(ctx)
		if err != nil {
			return worker{}, err
		}
		return worker{corpusSize{w.Candidates, w.Block, w.Blocks(), w.Rows}, func(ctx context.Context, line string) (any, error) {
			return answerCorpus(ctx, w, line)
		}}, nil
	})
}

func answerCorpus(ctx context.Context, worker *corpus.Worker, line string) (any, error) {
	var r corpusRequest
	if err := readRequest(line, &r); err != nil {
		return nil, err
	}
	if err := oneOf(`"find", "write" and "card"`, r.Find != nil, r.Write != nil, r.Card != nil); err != nil {
		return nil, err
	}
	if r.Candidates != nil {
		if r.Find != nil {
			return nil, usagef("", `"candidates" goes with "write" and "card"`)
		}
		var err error
		if worker, err = worker.Cut(*r.Candidates); err != nil {
			return nil, err
		}
	}
	switch {
	case (r.Keep != nil) != (r.Write != nil):
		return nil, usagef("", `"keep" goes with "write": the numbers of the candidates whose rows are written, or []`)
	case r.Find != nil:
		found, err := worker.Find(ctx, *r.Find)
		return corpusFound{*r.Find, found}, err
	case r.Write != nil:
		rows, left, err := worker.Write(ctx, *r.Write, r.Keep)
		return corpusWritten{*r.Write, rows, left}, err
	}
	report, err := worker.Card(r.Card)
	if err != nil {
		return nil, err
	}
	return corpusCard{report.Summary(worker.Rows)}, nil
}
