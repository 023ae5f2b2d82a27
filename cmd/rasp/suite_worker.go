package main

import (
	"context"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/suite"
)

// suiteRequest is a line that a worker reads: a program to make models of, what came of the
// next one, or that all have been added.
type suiteRequest struct {
	Make  *int       `json:"make"`
	Add   *suite.Set `json:"add"`
	Index bool       `json:"index"`
}

// Answers of a worker. The first line says how much there is to do.
type (
	suiteSize struct {
		Programs int `json:"programs"`
	}
	suiteMade struct {
		Made *suite.Set `json:"made"`
	}
	suiteAdded struct {
		Added bool `json:"added"`
	}
	suiteIndex struct {
		LeftOut []string `json:"left_out"` // a line for each model that is not there
		Summary string   `json:"summary"`  // what rasp suite prints
	}
)

// serve makes models as they are asked for.
func (f *suiteFlags) serve(cmd *cobra.Command, programs []suite.Program) error {
	if err := refuse(cmd, "not with --worker, of which there is one for each core", "threads"); err != nil {
		return err
	}
	return serveWorker(cmd, func(context.Context) (worker, error) {
		w, err := f.Worker(programs)
		if err != nil {
			return worker{}, err
		}
		return worker{suiteSize{w.Programs()}, func(ctx context.Context, line string) (any, error) {
			answer, err := f.answer(ctx, w, line)
			return answer, inSetConflict(err)
		}}, nil
	})
}

func (f *suiteFlags) answer(ctx context.Context, w *suite.Worker, line string) (any, error) {
	var r suiteRequest
	if err := readRequest(line, &r); err != nil {
		return nil, err
	}
	if err := oneOf(`"make", "add" and "index"`, r.Make != nil, r.Add != nil, r.Index); err != nil {
		return nil, err
	}
	switch {
	case r.Make != nil:
		set, err := w.Make(ctx, *r.Make)
		return suiteMade{set}, err
	case r.Add != nil:
		w.Add(*r.Add)
		return suiteAdded{true}, nil
	}
	set, err := w.Describe()
	if err != nil {
		return nil, err
	}
	answer := suiteIndex{LeftOut: []string{}}
	for _, l := range set.LeftOut {
		answer.LeftOut = append(answer.LeftOut, lineOfLeftOut(l))
	}
	answer.Summary, err = f.summary(set)
	return answer, err
}
