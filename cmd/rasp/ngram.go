package main

import (
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

type ngramFlags struct {
	out       string
	arpa      string
	split     string
	smoothing string
	k         float64
	length    int
	json      bool
	count     ngram.Options
}

func ngramCommand() *cobra.Command {
	var f ngramFlags
	cmd := &cobra.Command{
		Use:   "ngram TEXT -o FILE.rasp",
		Short: "Write a program that predicts the next token, from counts of a text",
		Long: `Write a program that predicts the next token, from counts of a text or from
the ARPA file of another tool (KenLM, SRILM, IRSTLM).

A line of TEXT (- for stdin) is a sentence, an empty one too. "<s>" stands
before it and is never predicted, "</s>" behind it is. Tokens that are too rare
are "<unk>", and so is the word <unk> in the text; all smoothings but mle leave
a probability for it.`,
		Example: `  rasp ngram shakespeare.txt -o lm.rasp --order 4
  rasp ngram corpus.txt -o lm.rasp --split words --vocab-size 5000
  rasp ngram --arpa model.arpa -o lm.rasp`,
		Args: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("arpa") {
				return nil
			}
			return files("text", 1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVarP(&f.out, "out", "o", "", "the program to write (.rasp)")
	flags.IntVar(&f.count.Order, "order", 3, "a token is predicted from the order-1 tokens before it: 1 to 6")
	flags.StringVar(&f.split, "split", "chars", `what a token is: "chars" or "words" (between blanks)`)
	flags.StringVar(&f.smoothing, "smoothing", "kneser-ney", `"mle", "add-k", "witten-bell" or "kneser-ney"`)
	flags.Float64Var(&f.k, "k", 1, "what add-k adds to each count")
	flags.IntVar(&f.count.MinCount, "min-count", 1, `tokens that occur less often are "<unk>"`)
	flags.IntVar(&f.count.VocabSize, "vocab-size", 0, `only so many tokens, the most frequent ones, are not "<unk>" (default: all)`)
	flags.IntVar(&f.length, "length", 64, "of the longest input that the model takes, in tokens")
	flags.StringVar(&f.arpa, "arpa", "", "read this ARPA file instead of counting a text")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	return cmd
}

// counted is the result in JSON.
type counted struct {
	Order      int    `json:"order"`
	Smoothing  string `json:"smoothing,omitempty"`
	Sentences  int64  `json:"sentences,omitempty"`
	Tokens     int64  `json:"tokens,omitempty"`
	Unknown    *int64 `json:"unknown,omitempty"`
	Vocabulary int    `json:"vocabulary"`
	Grams      []int  `json:"ngrams"`
}

func (f *ngramFlags) run(cmd *cobra.Command, args []string) error {
	switch {
	case f.out == "":
		return usagef("give the program to write: -o FILE.rasp", "-o is missing")
	case filepath.Ext(f.out) == open.ModelSuffix:
		return usagef("rasp compile makes a model of it", "-o: what is written is a program, not a model: %s", f.out)
	case f.length < 1:
		return usagef("", "--length: the longest input has at least 1 token, not %d", f.length)
	}
	var m *ngram.Model
	var result counted
	var err error
	if cmd.Flags().Changed("arpa") {
		m, err = f.read(cmd, args)
	} else {
		m, result, err = f.estimate(cmd, args[0])
	}
	if err != nil {
		return err
	}
	result.Order, result.Vocabulary, result.Grams = m.Order(), len(m.Tokens()), m.Grams()
	write := func(w io.Writer) error { return m.Program(&stopped{ctx: cmd.Context(), w: w}, f.length) }
	if err := atomicfile.Write(f.out, write); err != nil {
		return err
	}
	if f.json {
		return writeJSON(cmd.OutOrStdout(), result)
	}
	return result.print(cmd.OutOrStdout())
}

// read is the model of an ARPA file; contexts that do not sum to 1 are reported.
func (f *ngramFlags) read(cmd *cobra.Command, args []string) (*ngram.Model, error) {
	const why = "an ARPA file is taken as it is"
	if len(args) > 0 {
		return nil, usagef(why, "both --arpa and a text: %q", args[0])
	}
	if err := refuse(cmd, why, "order", "split", "smoothing", "k", "min-count", "vocab-size"); err != nil {
		return nil, err
	}
	if sameFile(f.arpa, f.out) {
		return nil, usagef("", "-o: %s is the ARPA file itself", f.out)
	}
	source, line, err := openText(cmd, f.arpa, 1)
	if err != nil {
		return nil, err
	}
	defer line.clear()
	in, err := source.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	m, err := ngram.ReadARPA(in, baseName(f.arpa))
	if err != nil {
		return nil, inFile(f.arpa, err)
	}
	line.clear()
	warnOfSums(cmd.ErrOrStderr(), f.arpa, m)
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

// estimate counts a text.
func (f *ngramFlags) estimate(cmd *cobra.Command, file string) (m *ngram.Model, result counted, err error) {
	smoothing, err := f.options(cmd)
	if err != nil {
		return nil, result, err
	}
	if sameFile(file, f.out) {
		return nil, result, usagef("", "-o: %s is the text itself", f.out)
	}
	source, line, err := openText(cmd, file, 2)
	if err != nil {
		return nil, result, err
	}
	defer line.clear()
	f.count.Name = baseName(file)
	c, err := ngram.Count(source.Open, f.count)
	if err != nil {
		return nil, result, inFile(file, err)
	}
	if m, err = c.Estimate(smoothing, f.k); err != nil {
		return nil, result, err
	}
	result = counted{Smoothing: m.Smoothing, Sentences: c.Sentences, Tokens: c.Tokens, Unknown: &c.Unknown}
	return m, result, nil
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
	case f.count.MinCount < 1:
		return s, usagef("", "--min-count: tokens occur at least once, not %d times", f.count.MinCount)
	case f.count.VocabSize < 1 && changed("vocab-size"):
		return s, usagef("", "--vocab-size: at least 1 token, not %d", f.count.VocabSize)
	}
	return s, nil
}

func (r counted) print(to io.Writer) error {
	table := newTable(to)
	fmt.Fprintf(table, "order\t%d\n", r.Order)
	if r.Unknown != nil {
		fmt.Fprintf(table, "smoothing\t%s\n", r.Smoothing)
		fmt.Fprintf(table, "sentences\t%d\n", r.Sentences)
		fmt.Fprintf(table, "tokens\t%d (a </s> for each sentence among them)\n", r.Tokens)
		fmt.Fprintf(table, "unknown\t%d\n", *r.Unknown)
	}
	fmt.Fprintf(table, "vocabulary\t%d\n", r.Vocabulary)
	for i, n := range r.Grams {
		fmt.Fprintf(table, "%d-grams\t%d\n", i+1, n)
	}
	return table.Flush()
}
