package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	goruntime "runtime"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/corpus"
	"rasp/cmd/rasp/jsonerr"
	"rasp/runtime/text"
)

// corpusRequest is a line that a worker reads: one of find, write and card.
type corpusRequest struct {
	Find  *int                  `json:"find"`  // a block
	Write *int                  `json:"write"` // a block
	Keep  []int                 `json:"keep"`  // with write: the candidates that are distinct
	Card  map[corpus.Reason]int `json:"card"`  // counts of all that were left out before they were compiled
}

// Answers of a worker. The first line says how much there is to do.
type (
	corpusSize struct {
		Candidates int `json:"candidates"`
		Block      int `json:"block"` // candidates in one, but for the last
		Blocks     int `json:"blocks"`
	}
	corpusFound struct {
		Block int    `json:"block"`
		Found []byte `json:"found"` // 17 bytes a candidate; base64
	}
	corpusWritten struct {
		Block int                   `json:"block"`
		Left  map[corpus.Reason]int `json:"left_out"`
	}
	corpusCard struct {
		Summary string `json:"summary"`
	}
	corpusFault struct {
		Error *rpcError `json:"error"`
	}
)

// serveCorpus does blocks as they are asked for, on one core, until there are no more requests.
func serveCorpus(cmd *cobra.Command, c *corpus.Corpus) error {
	goruntime.GOMAXPROCS(1) // there is a process for each core
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	worker, err := c.Worker(ctx)
	if err != nil {
		return err
	}
	if err := writeJSON(out, corpusSize{worker.Candidates, worker.Block, worker.Blocks()}); err != nil {
		return err
	}
	for lines, err := range text.Lines(ctx, cmd.InOrStdin()) {
		if err != nil {
			return err
		}
		for _, line := range lines {
			answer, err := answerCorpus(ctx, worker, line)
			if err != nil {
				answer = corpusFault{asRPC(ctx, err)}
			}
			if err := writeJSON(out, answer); err != nil {
				return err
			}
		}
	}
	return nil
}

func answerCorpus(ctx context.Context, worker *corpus.Worker, line string) (any, error) {
	var r corpusRequest
	d := json.NewDecoder(bytes.NewReader([]byte(line)))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, errors.New(jsonerr.Text(err))
	}
	asked := 0
	for _, is := range []bool{r.Find != nil, r.Write != nil, r.Card != nil} {
		if is {
			asked++
		}
	}
	switch {
	case asked != 1:
		return nil, usagef("", `a request has one of "find", "write" and "card"`)
	case (r.Keep != nil) != (r.Write != nil):
		return nil, usagef("", `"keep" goes with "write": the numbers of the candidates whose rows are written, or []`)
	case r.Find != nil:
		found, err := worker.Find(ctx, *r.Find)
		return corpusFound{*r.Find, found}, err
	case r.Write != nil:
		left, err := worker.Write(ctx, *r.Write, r.Keep)
		return corpusWritten{*r.Write, left}, err
	}
	report, err := worker.Card(r.Card)
	if err != nil {
		return nil, err
	}
	return corpusCard{report.Summary()}, nil
}
