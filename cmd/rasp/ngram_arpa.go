package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/lang/ngram"
)

func (f *ngramFlags) checkARPA(cmd *cobra.Command, args []string) error {
	const why = "an ARPA file is taken as it is"
	if len(args) > 0 {
		return usagef(why, "both --arpa and a text: %q", args[0])
	}
	if err := refuse(cmd, why, "order", "smoothing", "k", "min-count", "vocab-size", "skip-symbols", "interpolate-unigrams", "prune", "max-ngrams", "write-counts", "classes", "write-classes"); err != nil {
		return err
	}
	if err := checkInputs(f.arpa, "ARPA file", f.mix.tune); err != nil {
		return err
	}
	for _, file := range f.arpa {
		if sameFile(file, f.out) {
			return usagef("", "-o: %s is the ARPA file itself", f.out)
		}
	}
	return f.mix.check(cmd, len(f.arpa))
}

// read is the model of an ARPA file, or the mixture of several; contexts that do not sum
// to 1 are reported.
func (f *ngramFlags) read(cmd *cobra.Command) (languageModel, counted, error) {
	var models []*ngram.Model
	for _, file := range f.arpa {
		m, err := readARPA(cmd, file)
		if err != nil {
			return nil, counted{}, err
		}
		models = append(models, m)
	}
	if len(models) == 1 {
		return models[0], counted{}, nil
	}
	m, mixed, err := f.mix.mix(cmd, models, f.arpa, f.split)
	return m, counted{mixed: mixed}, err
}

func readARPA(cmd *cobra.Command, file string) (*ngram.Model, error) {
	source, line, err := openText(cmd, file, 1)
	if err != nil {
		return nil, err
	}
	defer line.clear()
	in, err := source.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	m, err := ngram.ReadARPA(in, baseName(file))
	if err != nil {
		return nil, inFile(file, err)
	}
	line.clear()
	warnOfSums(cmd.ErrOrStderr(), file, m)
	return m, nil
}

// warnOfSums says where softmax changes the probabilities of the file.
func warnOfSums(to io.Writer, file string, m *ngram.Model) {
	const tolerance, shown = 1e-3, 5
	sums := m.Sums(tolerance)
	for i, s := range sums {
		if i == shown {
			fmt.Fprintf(to, "%s: and after %d more contexts\n", file, len(sums)-shown)
			break
		}
		after := "without context"
		if len(s.Context) > 0 {
			after = fmt.Sprintf("after %q", strings.Join(s.Context, " "))
		}
		d := open.Faultf(diag.Value, "", "%s the probabilities sum to %.6g, not to 1", after, s.Sum)
		d.Severity = diag.Warning
		if i == 0 {
			d.Hint = "the model divides by the sum, so its perplexity will differ from that of the file"
		}
		fmt.Fprint(to, render(to, d, file))
	}
}
