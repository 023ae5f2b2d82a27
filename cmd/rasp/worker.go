package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	goruntime "runtime"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/jsonerr"
	"rasp/runtime/text"
)

// worker does what lines of JSON on stdin ask for, for an engine with many machines (docs/cluster.md).
type worker struct {
	size   any // the first line: how much there is to do
	answer func(ctx context.Context, request string) (any, error)
}

// workerFault is the answer where one fails. The worker goes on.
type workerFault struct {
	Error *rpcError `json:"error"`
}

// serveWorker answers request by request, on one core, until there are no more.
func serveWorker(cmd *cobra.Command, open func(context.Context) (worker, error)) error {
	goruntime.GOMAXPROCS(1) // there is a process for each core
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	w, err := open(ctx)
	if err != nil {
		return err
	}
	if err := writeJSON(out, w.size); err != nil {
		return err
	}
	for lines, err := range text.Lines(ctx, cmd.InOrStdin()) {
		if err != nil {
			return err
		}
		for _, line := range lines {
			answer, err := w.answer(ctx, line)
			if err != nil {
				answer = workerFault{asRPC(ctx, err)}
			}
			if err := writeJSON(out, answer); err != nil {
				return err
			}
		}
	}
	return nil
}

// readRequest reads a line into a struct, which has all that may stand there.
func readRequest(line string, into any) error {
	d := json.NewDecoder(bytes.NewReader([]byte(line)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errors.New(jsonerr.Text(err))
	}
	return nil
}

// oneOf is the error unless exactly one of the members of a request is there.
func oneOf(what string, members ...bool) error {
	n := 0
	for _, is := range members {
		if is {
			n++
		}
	}
	if n != 1 {
		return usagef("", "a request has one of %s", what)
	}
	return nil
}

// sectionsAnswer says how a file is cut.
type sectionsAnswer struct {
	Sections [][2]int64 `json:"sections"`
}

// sectionsOf cuts a file into sections of so many bytes.
func sectionsOf(file string, size int64) (sectionsAnswer, error) {
	sections, err := text.Sections(file, size)
	answer := sectionsAnswer{[][2]int64{}}
	for _, s := range sections {
		answer.Sections = append(answer.Sections, [2]int64{s.From, s.To})
	}
	return answer, err
}

// openSection opens a section of a file, which messages call by a name of its own if it is not
// the first.
func openSection(file string, from, to int64) (in *text.File, name string, err error) {
	if from < 0 || to <= from {
		return nil, "", usagef("", "no section goes from byte %d to %d", from, to)
	}
	if name = file; from > 0 {
		name = fmt.Sprintf("%s, from byte %d on", file, from)
	}
	in, err = text.Section{From: from, To: to}.Open(file)
	return in, name, err
}

// forWorkers is the help of a flag that starts one.
const forWorkers = "do what lines of JSON on stdin ask for, for an engine with many machines (docs/cluster.md)"
