package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/batch"
	"rasp/cmd/rasp/jsonerr"
	"rasp/lang/pattern"
	"rasp/runtime/text"
)

// batchFlags are those of compile, run and verify for many programs in one process.
type batchFlags struct {
	list    string // the file of jobs; "" without --batch
	threads int
	timeout time.Duration
}

const onlyWithBatch = "only with --batch"

func (f *batchFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.list, "batch", "", "a file of jobs, one a line, in place of FILE: `LIST`, or - for stdin (docs/batch.md)")
	flags.DurationVar(&f.timeout, "timeout", 0, "with --batch: give a job up after that time, such as 10s (default: never)")
}

// fileOrBatch wants a FILE, or --batch and none.
func (f *batchFlags) fileOrBatch(one cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case f.list == "":
			return one(cmd, args)
		case len(args) > 0:
			return usagef("", "--batch names the programs, and %q is one argument too many", args[0])
		}
		return nil
	}
}

// check is the usage error for flags that do not go with --batch.
func (f *batchFlags) check(cmd *cobra.Command, without ...string) error {
	if f.timeout < 0 {
		return usagef("", "--timeout: %s is less than nothing", f.timeout)
	}
	return refuse(cmd, "not with --batch", without...)
}

// job is a line of a batch: a FILE, or an object.
type job struct {
	ID string `json:"id"`
	compileParams
	Inputs []json.RawMessage `json:"inputs"` // of run

	fault error // of the line
}

// jobError is the member of a row that says why there is no result.
type jobError struct {
	ID    string    `json:"id"`
	Error *rpcError `json:"error"`
}

// do has all jobs done and prints a row for each, in their order. The error is errFailed if
// one of them failed.
func (f *batchFlags) do(cmd *cobra.Command, one func(context.Context, *job) (row any, failed bool, err error)) error {
	from, err := text.Open(f.list, cmd.InOrStdin())
	if err != nil {
		return err
	}
	defer from.Close()
	line, start, done, failed := progress{what: "programs"}, time.Now(), 0, false
	if terminal(cmd.OutOrStdout()) == nil { // where rows go, they are progress enough
		line.to = terminal(cmd.ErrOrStderr())
	}
	defer line.clear()
	type outcome struct {
		row    any
		failed bool
	}
	err = batch.Each(cmd.Context(), jobs(cmd.Context(), from), f.threads, func(j *job) outcome {
		row, bad, err := f.within(cmd.Context(), j, one)
		if err != nil {
			return outcome{jobError{j.ID, err}, true}
		}
		return outcome{row, bad}
	}, func(o outcome) error {
		failed = failed || o.failed
		done++
		line.count(done, start)
		return writeJSON(cmd.OutOrStdout(), o.row)
	})
	if err == nil && failed {
		return errFailed
	}
	return err
}

// within does a job in the time that there is for it.
func (f *batchFlags) within(ctx context.Context, j *job, one func(context.Context, *job) (any, bool, error)) (row any, failed bool, fault *rpcError) {
	if j.fault != nil {
		return nil, true, asRPC(ctx, j.fault)
	}
	limited := ctx
	if f.timeout > 0 {
		var stop func()
		limited, stop = context.WithTimeout(ctx, f.timeout)
		defer stop()
	}
	row, failed, err := one(limited, j)
	switch {
	case err == nil:
		return row, failed, nil
	case errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("it was not done within %s", f.timeout)
	}
	return nil, true, asRPC(ctx, err)
}

// jobs reads the lines of a batch. Each job gets an ID that no other one has; a fault of a
// line is that of its job.
func jobs(ctx context.Context, from io.Reader) iter.Seq2[*job, error] {
	return func(yield func(*job, error) bool) {
		number, taken := 0, map[string]int{}
		for lines, err := range text.Lines(ctx, from) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, line := range lines {
				number++
				if line = strings.TrimSpace(line); line == "" {
					continue
				}
				if !yield(jobOf(line, number, taken), nil) {
					return
				}
			}
		}
	}
}

func jobOf(line string, number int, taken map[string]int) *job {
	j := &job{}
	if strings.HasPrefix(line, "{") {
		d := json.NewDecoder(bytes.NewReader([]byte(line)))
		d.DisallowUnknownFields()
		if err := d.Decode(j); err != nil {
			j.fault = fmt.Errorf("line %d: %s", number, jsonerr.Text(err))
		} else if d.More() {
			j.fault = fmt.Errorf("line %d: there is more than one object", number)
		}
	} else {
		j.File = line
	}
	j.identify(number, taken)
	return j
}

// fileName is what an ID may be: the model file is named so.
var fileName = pattern.Of(`^[\pL\pN_][\pL\pN_.-]*$`)

const longestID = 128 // in characters

// identify gives a job an ID: the one it has, or the name of its program, with the number of
// the line if another has that. The lines of those taken are counted from 1; some file
// systems do not tell capitals from small letters.
func (j *job) identify(number int, taken map[string]int) {
	given := j.ID != ""
	if !given {
		j.ID = pageName(cmp.Or(j.Name, j.File, "program"))
		if !fileName().MatchString(j.ID) {
			j.ID = folderName(j.ID)
		}
	}
	first := taken[strings.ToLower(j.ID)]
	switch id := []rune(j.ID); {
	case len(id) > longestID:
		j.ID = string(id[:longestID]) // which is enough to find it
		j.fault = cmp.Or(j.fault, fmt.Errorf("line %d: an id has at most %d characters, not %d", number, longestID, len(id)))
	case !fileName().MatchString(j.ID):
		j.fault = cmp.Or(j.fault, fmt.Errorf("line %d: an id is a name for a file, of letters, digits, _, - and ., and %q is none", number, j.ID))
	case first > 0 && given:
		j.fault = cmp.Or(j.fault, fmt.Errorf("line %d: another line has the id %s: line %d (capitals count as small letters)", number, j.ID, first))
	}
	for taken[strings.ToLower(j.ID)] > 0 && !given {
		j.ID += "-" + strconv.Itoa(number)
	}
	if taken[strings.ToLower(j.ID)] == 0 {
		taken[strings.ToLower(j.ID)] = number
	}
}
