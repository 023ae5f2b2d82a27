package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/corpus"
	"rasp/cmd/rasp/jsonerr"
	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/text"
)

type corpusFlags struct {
	out     string
	format  string
	shard   string
	threads int
	worker  bool
	check   int
}

func corpusCommand() *cobra.Command {
	var f corpusFlags
	cmd := &cobra.Command{
		Use:   "corpus SPEC -o DIR",
		Short: "Make a corpus: programs by the thousand, no two of which do the same, with their models",
		Long: `Make a corpus: programs by the thousand, no two of which do the same, with their models.

SPEC is a file of JSON (docs/corpus.md); {} takes what is usual, - is stdin.
Programs are drawn from a grammar, run, and told apart by what they give on many
inputs; those that are constant, give the tokens back, fail, or do what one
before does are left out. The others are compiled, compared with the interpreter
and written as rows: text, domain, sizes, weights, circuit.

DIR gets data/ with the rows, in files of as many candidates as SPEC says, and a
report of what there is: README.md with a picture, report.json. The same SPEC
gives the same bytes, whatever the threads and shards. What broke off goes on
with the same command.

With --shard 2/16 one process of 16 does its part. Each is started twice: the
first time it finds its programs, the second time, when all have found theirs, it
writes its rows. On a cluster python -m rasp.spark does both.

--check reads rows again, makes a model file of each from what the row has, and
runs it beside the program on other inputs, by plain loops over all weights.`,
		Example: `  echo '{"rows": 10000}' | rasp corpus - -o corpus
  rasp corpus spec.json -o corpus --format jsonl
  rasp corpus spec.json -o corpus --check 1000
  rasp corpus spec.json -o /shared/corpus --shard 2/16`,
		Args: files("SPEC", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVarP(&f.out, "out", "o", "", "the folder to write")
	flags.StringVar(&f.format, "format", "parquet", "of the rows: parquet, jsonl or safetensors")
	flags.StringVar(&f.shard, "shard", "", "do the part `I/N`, I from 1 to N (default: all)")
	registerThreads(cmd, &f.threads, "blocks of programs at a time")
	flags.IntVar(&f.check, "check", 0, "in place of making rows, check so many of those that are there")
	flags.BoolVar(&f.worker, "worker", false, "do what lines of JSON on stdin ask for, for an engine with many machines (docs/corpus.md)")
	return cmd
}

func (f *corpusFlags) run(cmd *cobra.Command, file string) error {
	switch {
	case f.out == "":
		return usagef("give the folder to write: -o DIR", "-o is missing")
	case cmd.Flags().Changed("check") && f.check < 1:
		return usagef("", "--check: 1 row at least, not %d", f.check)
	case !slices.Contains(corpus.Formats(), "."+f.format):
		return usagef("", "--format: %s is none of %s", f.format, strings.ReplaceAll(strings.Join(corpus.Formats(), ", "), ".", ""))
	}
	if f.worker {
		if err := refuse(cmd, "not with --worker, which does the block it is told to", "shard", "threads", "check"); err != nil {
			return err
		}
		if file == "-" {
			return usagef("", "--worker reads requests from stdin, so SPEC is a file")
		}
	}
	shard, err := shardOf(f.shard)
	if err != nil {
		return err
	}
	spec, err := readSpec(cmd, file)
	if err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(min(debug.SetMemoryLimit(-1), roomy)))
	line := progress{to: terminal(cmd.ErrOrStderr())}
	c := &corpus.Corpus{Spec: spec, Folder: f.out, Format: "." + f.format, Workers: f.threads, Shard: shard, Progress: func(what string, done, total int) {
		if line.to != nil {
			line.what = what
			line.show(done, total)
		}
	}}
	if f.worker {
		return inConflict(serveCorpus(cmd, c))
	}
	if f.check > 0 {
		done, err := c.Check(cmd.Context(), f.check)
		line.clear()
		if err != nil {
			return inConflict(err)
		}
		return printChecked(cmd.OutOrStdout(), done)
	}
	report, err := c.Make(cmd.Context())
	line.clear()
	var others *corpus.Others
	switch {
	case errors.As(err, &others):
		done := "found its programs; run it again when all others have"
		if others.Written {
			done = "written its rows; when all others have, run one again for the report"
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "shard %s has %s\n", f.shard, done)
		return err
	case err != nil:
		return inConflict(err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", diag.Visible(filepath.Join(f.out, "data")), report.Summary(spec.Rows))
	return err
}

// garbage is how much may be thrown away until it is collected, in percent of what is in use:
// there are 20 MB in use for a thread, and collecting less often takes a fifth less time.
const garbage = 400

// roomy is in how many bytes garbage may lie about: one program of a million has a model for
// which the compiler takes hundreds of megabytes, before it is refused or left out.
const roomy = 1 << 30

// printChecked says what came of a check. A row that is wrong is a failure.
func printChecked(to io.Writer, done *corpus.Checked) error {
	_, err := fmt.Fprintf(to, "%s on %s: %d wrong\n", diag.Count(int(done.Rows), "row"), diag.Count(int(done.Inputs), "input"), done.Wrong)
	if err == nil && done.Wrong > 0 {
		return fmt.Errorf("the model of program %s is not its program: the row was changed, or it is a fault of rasp; please report it", done.First)
	}
	return err
}

const longestSpec = 1 << 20 // in bytes

// inConflict says what to do about a folder of another specification.
func inConflict(err error) error {
	var conflict *corpus.Conflict
	if errors.As(err, &conflict) {
		return open.Faultf(diag.Value, "give another folder with -o, or the same SPEC", "%s", err)
	}
	return err
}

func readSpec(cmd *cobra.Command, file string) (*corpus.Spec, error) {
	from, err := text.Open(file, cmd.InOrStdin())
	if err != nil {
		return nil, err
	}
	defer from.Close()
	content, err := io.ReadAll(io.LimitReader(from, longestSpec+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) > longestSpec:
		return nil, inFile(file, fmt.Errorf("it has more than %d bytes, no specification has", longestSpec))
	}
	spec, err := corpus.ReadSpec(content)
	if err != nil {
		return nil, inFile(file, errors.New(jsonerr.Text(err)))
	}
	return spec, nil
}

// shardOf reads I/N.
func shardOf(flag string) (corpus.Shard, error) {
	if flag == "" {
		return corpus.All, nil
	}
	first, second, _ := strings.Cut(flag, "/")
	i, err1 := strconv.Atoi(first)
	n, err2 := strconv.Atoi(second)
	if err1 != nil || err2 != nil || n < 1 || i < 1 || i > n {
		return corpus.Shard{}, usagef("", "--shard: write 2/16 for the second of 16, not %s", flag)
	}
	return corpus.Shard{Index: i - 1, Of: n}, nil
}
