package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/lang/ngram"
	"rasp/runtime/atomicfile"
	"rasp/runtime/text"
)

// estimate counts texts, or takes their counts.
func (f *ngramFlags) estimate(cmd *cobra.Command, args []string) (m languageModel, result counted, err error) {
	files, what, count, times := args, "text", ngram.CountAll, 1
	if len(args) == 0 {
		files, what, count, times = []string{f.counts}, "file of counts", readCounts, 2
	}
	smoothing, err := f.options(cmd)
	if err != nil {
		return nil, result, err
	}
	if err := f.checkFiles(files, what); err != nil {
		return nil, result, err
	}
	open, line, err := openTexts(cmd, files, times)
	if err != nil {
		return nil, result, err
	}
	defer line.clear()
	f.count.Name = namesOfTexts(files)
	if !cmd.Flags().Changed("order") && len(args) == 0 {
		f.count.Order = 0 // that of the counts
	}
	c, err := count(open, f.count)
	if err != nil {
		return nil, result, inTexts(files, err)
	}
	line.clear()
	if f.writeCounts != "" {
		if err := atomicfile.Write(f.writeCounts, c.Write); err != nil {
			return nil, result, err
		}
	}
	c.PlainUnigrams = !f.interpolate
	m, result, err = f.smooth(cmd, c, smoothing)
	result.Sentences, result.Tokens, result.Unknown = c.Sentences, c.Tokens, &c.Unknown
	return m, result, err
}

// smooth makes probabilities of counts, of the tokens or of their classes.
func (f *ngramFlags) smooth(cmd *cobra.Command, c *ngram.Counts, s ngram.Smoothing) (m languageModel, result counted, err error) {
	in := &ngram.ClassCounts{Counts: c}
	if f.class.classes != "" {
		if in, err = f.class.of(cmd, c, f.count.Split); err != nil {
			return nil, result, err
		}
		result.Classes = &in.Usage
	}
	if err := in.Prune(f.prune); err != nil {
		return nil, result, usagef("", "--prune: %s", err)
	}
	if f.class.classes != "" {
		m, err := in.Estimate(s, f.k)
		if err == nil {
			result.Smoothing = m.Smoothing
		}
		return m, result, err
	}
	words, err := c.Estimate(s, f.k)
	if err == nil {
		result.Smoothing = words.Smoothing
	}
	return words, result, err
}

// options checks the flags that say how to count.
func (f *ngramFlags) options(cmd *cobra.Command) (s ngram.Smoothing, err error) {
	if f.count.Split, err = text.ParseSplit(f.split); err != nil {
		return s, usagef("", "--split: %s", err)
	}
	if s, err = ngram.ParseSmoothing(f.smoothing); err != nil {
		return s, usagef("", "--smoothing: %s", err)
	}
	changed := cmd.Flags().Changed
	switch {
	case f.count.Order < 1 || f.count.Order > ngram.MaxOrder:
		return s, usagef("", "--order: the orders are 1 to %d, not %d", ngram.MaxOrder, f.count.Order)
	case !(f.k > 0 && f.k <= 1e9):
		return s, usagef("", "--k: a positive number, not %v", f.k)
	case changed("k") && s != ngram.AddK:
		return s, usagef("", "--k: only --smoothing add-k adds something to each count")
	case (s == ngram.MLE || s == ngram.AddK) && (changed("prune") || changed("interpolate-unigrams")):
		return s, usagef("", "--prune and --interpolate-unigrams are for kneser-ney and witten-bell, which back off from all contexts")
	case s == ngram.MLE && f.entropy > 0:
		return s, usagef("", "--prune-entropy: mle gives back nothing that a shorter context could take")
	case f.count.SkipSymbols && (f.count.Split == text.Chars || len(f.counts) > 0):
		return s, usagef("", "--skip-symbols: only a text of words has symbols (--split words)")
	case f.count.MinCount < 1:
		return s, usagef("", "--min-count: tokens occur at least once, not %d times", f.count.MinCount)
	case f.count.MaxGrams < 1:
		return s, usagef("", "--max-ngrams: at least 1 n-gram, not %d", f.count.MaxGrams)
	case f.count.VocabSize < 1 && changed("vocab-size"):
		return s, usagef("", "--vocab-size: at least 1 token, not %d", f.count.VocabSize)
	}
	return s, f.class.check(cmd, f.count.Order)
}

// checkFiles refuses files that would be written over before they are read, or by one
// another, and standard input where it is asked for twice.
func (f *ngramFlags) checkFiles(files []string, what string) error {
	if err := checkInputs(files, what, f.class.classes); err != nil {
		return err
	}
	for _, file := range files {
		if err := f.checkOutputs(file, what); err != nil {
			return err
		}
	}
	if _, find := f.class.number(); f.class.classes != "" && !find {
		if err := f.checkOutputs(f.class.classes, "file of classes"); err != nil {
			return err
		}
	}
	outputs := f.outputs()
	for i, a := range outputs {
		for _, b := range outputs[i+1:] {
			if a.file != "" && filepath.Clean(a.file) == filepath.Clean(b.file) || sameFile(a.file, b.file) {
				return usagef("", "%s and %s: both would be written to %s", a.flag, b.flag, a.file)
			}
		}
	}
	return nil
}

// checkInputs refuses files without a name, and standard input where it is asked for twice,
// by these or by a flag.
func checkInputs(files []string, what, other string) error {
	piped := other == "-"
	for _, file := range files {
		if file == "-" && piped {
			return usagef("", "standard input can be read once, and - stands there twice")
		}
		piped = piped || file == "-"
	}
	return haveNames(what, files)
}

// checkOutputs refuses an output that is a file to be read.
func (f *ngramFlags) checkOutputs(file, what string) error {
	for _, out := range f.outputs() {
		if sameFile(file, out.file) {
			return usagef("", "%s: %s is the %s itself", out.flag, out.file, what)
		}
	}
	return nil
}

// output is a file to be written; "" is none.
type output struct{ flag, file string }

func (f *ngramFlags) outputs() []output {
	return []output{{"-o", f.out}, {"--write-counts", f.writeCounts}, {"--write-classes", f.class.write}}
}

// readCounts reads a single file of counts.
func readCounts(open []func() (io.ReadCloser, error), o ngram.Options) (*ngram.Counts, error) {
	return ngram.ReadCounts(open[0], o)
}

// inTexts says in which of the texts a fault is, if it is in one of them.
func inTexts(files []string, err error) error {
	var in *ngram.TextError
	switch {
	case errors.As(err, &in):
		return hintOfMark(inFile(files[in.Text], in.Err))
	case len(files) == 1:
		return inFile(files[0], err)
	}
	return err
}

// hintOfMark says what to do about a text in which the marks of sentences stand as words.
func hintOfMark(err error) error {
	if errors.Is(err, ngram.ErrMark) {
		return open.Faultf(diag.Value, "--skip-symbols leaves such words out", "%s", err)
	}
	return err
}

// namesOfTexts are the names of some texts for a comment: of all, or of the first two.
func namesOfTexts(files []string) string {
	const most = 4
	var names []string
	for _, file := range files {
		names = append(names, baseName(file))
	}
	rest := ""
	if len(names) > most {
		names, rest = names[:2], fmt.Sprintf(" and %d more texts", len(names)-2)
	} else if last := len(names) - 1; last > 0 {
		names, rest = names[:last], " and "+names[last]
	}
	return strings.Join(names, ", ") + rest
}
