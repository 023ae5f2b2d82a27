package main

import (
	"context"

	"github.com/spf13/cobra"

	"rasp/lang/ngram"
	"rasp/runtime/text"
)

// ngramRequest is a line that a worker reads: a file to cut into sections, or one of them to
// count.
type ngramRequest struct {
	Sections   *string `json:"sections"` // a file
	Count      *string `json:"count"`    // a file
	From       int64   `json:"from"`     // with count: the section
	To         int64   `json:"to"`
	Vocabulary string  `json:"vocabulary"` // with count: a file of the tokens that are not "<unk>"
}

// Answers of a worker. The first line says what it counts.
type (
	ngramSize struct {
		Order int `json:"order"`
	}
	// ngramCounts are some n-grams. Several lines may answer a request, then ngramDone.
	ngramCounts struct {
		Grams  []string `json:"grams"`
		Counts []int64  `json:"counts"`
	}
	ngramDone struct {
		Done bool `json:"done"`
	}
)

// sectionBytes is how much of a text is counted at a time: some seconds' work.
const sectionBytes = 1 << 23

// ngramWorker counts sections as they are asked for.
type ngramWorker struct {
	*ngramFlags
	cmd        *cobra.Command
	named      string          // the file of the vocabulary
	vocabulary map[string]bool // nil: all tokens
}

func (f *ngramFlags) serve(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("", "--worker counts the files it is told to, and %q is one", args[0])
	}
	if err := refuse(cmd, "not with --worker, which counts and no more", append(mixNames, "out", "smoothing", "k", "min-count", "vocab-size",
		"interpolate-unigrams", "max-ngrams", "prune", "prune-entropy", "length", "arpa", "counts", "write-counts", "json")...); err != nil {
		return err
	}
	if _, err := f.options(cmd); err != nil {
		return err
	}
	return serveWorker(cmd, func(context.Context) (worker, error) {
		w := &ngramWorker{ngramFlags: f, cmd: cmd}
		return worker{ngramSize{f.count.Order}, w.answer}, nil
	})
}

func (w *ngramWorker) answer(ctx context.Context, line string) (any, error) {
	var r ngramRequest
	if err := readRequest(line, &r); err != nil {
		return nil, err
	}
	if err := oneOf(`"sections" and "count"`, r.Sections != nil, r.Count != nil); err != nil {
		return nil, err
	}
	if r.Sections != nil {
		return sectionsOf(*r.Sections, sectionBytes)
	}
	if err := w.know(r.Vocabulary); err != nil {
		return nil, err
	}
	return ngramDone{true}, w.section(ctx, *r.Count, r.From, r.To)
}

// know reads a vocabulary, unless it is that of the request before.
func (w *ngramWorker) know(file string) (err error) {
	if file == w.named {
		return nil
	}
	w.named, w.vocabulary = "", nil
	if file == "" {
		return nil
	}
	from, err := text.Open(file, nil)
	if err != nil {
		return err
	}
	defer from.Close()
	if w.vocabulary, err = ngram.ReadVocabulary(from); err != nil {
		return inFile(file, err)
	}
	w.named = file
	return nil
}

// section counts.
func (w *ngramWorker) section(ctx context.Context, file string, from, to int64) error {
	in, name, err := openSection(file, from, to)
	if err != nil {
		return err
	}
	defer in.Close()
	out := w.cmd.OutOrStdout()
	err = ngram.CountPart(in, w.count, w.vocabulary, func(grams []string, counts []int64) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return writeJSON(out, ngramCounts{grams, counts})
	})
	if err != nil {
		return hintOfMark(inFile(name, err))
	}
	return nil
}
