package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/lang/ngram"
	"rasp/runtime/atomicfile"
)

type ngramFlags struct {
	out         string
	arpa        []string
	counts      string
	writeCounts string
	split       string
	smoothing   string
	k           float64
	prune       []int
	entropy     float64
	interpolate bool
	length      int
	json        bool
	worker      bool
	count       ngram.Options
	mix         mixFlags
	class       classFlags
}

// languageModel is one of n-grams of tokens, or of their classes.
type languageModel interface {
	Order() int
	Tokens() []string
	Grams() []int
	PruneEntropy(threshold float64) (pruned int)
	Program(to io.Writer, length int) error
	ARPA(to io.Writer) error
}

func ngramCommand() *cobra.Command {
	var f ngramFlags
	cmd := &cobra.Command{
		Use:   "ngram TEXT... -o FILE.rasp",
		Short: "Write a program that predicts the next token, from counts of texts",
		Long: `Write a program that predicts the next token, from counts of texts, from
counts that another engine made of them (--counts), or from ARPA files (KenLM,
SRILM, IRSTLM). With -o FILE.arpa what is written is an ARPA file; the blank of a
model of characters is <space> there.

A line of TEXT (- for stdin) is a sentence, an empty one too. "<s>" stands
before it and is never predicted, "</s>" behind it is. Tokens that are too rare
are "<unk>", and so is the word <unk> in the text; all smoothings but mle leave
a probability for it. Several texts, each of which may be packed with gzip or
Zstandard, are counted one behind the other; the end of a text ends a sentence.

--prune leaves out n-grams that occur at most so often, by their length, as lmplz
of KenLM does; --prune-entropy those without which the model's perplexity would
grow by less than that part (Stolcke 1998), as -prune of SRILM does.

Several ARPA files are mixed: with --lambda, or with the weights that make the
text of --tune the likeliest. N-grams of any of the files have the probability of
the mixture, what backs off has it nearly; with --exact every context has every
token, and all have it.

Counts are lines "the cat<TAB>12", as ngram-count -write of SRILM makes them, with
<s> and </s>: n-grams of all lengths, in any order; equal ones add up.

With --classes the n-grams are of classes of words (Brown et al. 1992): a word has
the probability of its class after the classes of the words before it, times its
own in the class, its part of the class's occurrences. The lines of the file are
"word class", "class probability word" (SRILM; the probabilities are taken as they
are) or "bits word count" (brown-cluster). A word that is in no class is one of its
own, and so are <s>, </s> and <unk>. --classes 100 finds so many classes, by
exchanges that make the text likelier. -o FILE.arpa has the n-grams of all words of
the classes.

More than --max-ngrams n-grams of a text, or of all words of the classes, are an error.`,
		Example: `  rasp ngram shakespeare.txt -o lm.rasp --order 4
  rasp ngram corpus.txt -o lm.rasp --split words --vocab-size 5000
  rasp ngram news.txt talk.txt.gz -o lm.rasp --split words
  rasp ngram corpus.txt -o lm.arpa --split words --order 5 --prune 0,0,1
  rasp ngram --arpa model.arpa -o lm.rasp --prune-entropy 1e-7
  rasp ngram --arpa news.arpa --arpa talk.arpa --tune held-out.txt -o lm.arpa
  rasp ngram corpus.txt -o lm.rasp --split words --classes 200
  rasp ngram --counts counts.gz -o lm.rasp --split words`,
		Args: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("arpa") || cmd.Flags().Changed("counts") || f.worker {
				return nil
			}
			return files("text", anyNumber)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return tooMany(f.run(cmd, args)) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVarP(&f.out, "out", "o", "", "the program, or ARPA file, to write (.rasp, .arpa)")
	flags.IntVar(&f.count.Order, "order", 3, "a token is predicted from the order-1 tokens before it: 1 to 16")
	flags.StringVar(&f.split, "split", "chars", `what a token is: "chars" or "words" (between blanks)`)
	flags.StringVar(&f.smoothing, "smoothing", "kneser-ney", `"mle", "add-k", "witten-bell" or "kneser-ney"`)
	flags.Float64Var(&f.k, "k", 1, "what add-k adds to each count")
	flags.IntVar(&f.count.MinCount, "min-count", 1, `tokens that occur less often are "<unk>"`)
	flags.IntVar(&f.count.VocabSize, "vocab-size", 0, `only so many tokens, the most frequent ones, are not "<unk>" (default: all)`)
	flags.BoolVar(&f.count.SkipSymbols, "skip-symbols", false, "leave out the words <s>, </s> and <unk> of the text, which else are errors or unknown")
	flags.BoolVar(&f.interpolate, "interpolate-unigrams", true, "mix the probabilities of single tokens with equal ones, as lmplz does; =false leaves what they\nleave to <unk> alone, as SRILM does")
	flags.IntSliceVar(&f.prune, "prune", nil, "leave out n-grams that occur at most so often, from 1-grams (0) on; the last is for all longer ones, too")
	flags.Float64Var(&f.entropy, "prune-entropy", 0, "leave out n-grams without which the perplexity grows by less than this part, 1e-8 or so")
	flags.IntVar(&f.length, "length", 64, "of the longest input that the model takes, in tokens")
	flags.StringArrayVar(&f.arpa, "arpa", nil, "read this ARPA file instead of counting a text; several are mixed")
	f.mix.register(flags)
	f.class.register(flags)
	flags.StringVar(&f.counts, "counts", "", "read these counts of a text instead of the text")
	flags.IntVar(&f.count.MaxGrams, "max-ngrams", ngram.MaxGrams, "how many n-grams to hold, at some 110 bytes of memory each")
	flags.StringVar(&f.writeCounts, "write-counts", "", "write the counts of the text to this file")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	flags.BoolVar(&f.worker, "worker", false, forWorkers)
	return cmd
}

// counted is the result in JSON.
type counted struct {
	Order      int               `json:"order"`
	Smoothing  string            `json:"smoothing,omitempty"`
	Sentences  int64             `json:"sentences,omitempty"`
	Tokens     int64             `json:"tokens,omitempty"`
	Unknown    *int64            `json:"unknown,omitempty"`
	Vocabulary int               `json:"vocabulary"`
	Grams      []int             `json:"ngrams"`
	Classes    *ngram.ClassUsage `json:"classes,omitempty"` // of which the n-grams are
	Pruned     int               `json:"pruned,omitempty"`  // by entropy
	*mixed
}

func (f *ngramFlags) run(cmd *cobra.Command, args []string) error {
	if f.worker {
		return f.serve(cmd, args)
	}
	if err := f.check(cmd, args); err != nil {
		return err
	}
	var m languageModel
	var result counted
	var err error
	if len(f.arpa) > 0 {
		m, result, err = f.read(cmd)
	} else {
		m, result, err = f.estimate(cmd, args)
	}
	if err != nil {
		return err
	}
	if f.entropy > 0 {
		result.Pruned = m.PruneEntropy(f.entropy)
	}
	result.Order, result.Vocabulary, result.Grams = m.Order(), len(m.Tokens()), m.Grams()
	write := func(w io.Writer) error {
		w = &stopped{ctx: cmd.Context(), w: w}
		if open.IsARPA(f.out) {
			return m.ARPA(w)
		}
		return m.Program(w, f.length)
	}
	if f.out != "" {
		if err := atomicfile.Write(f.out, write); err != nil {
			return err
		}
	}
	if f.json {
		return writeJSON(cmd.OutOrStdout(), result)
	}
	return result.print(cmd.OutOrStdout())
}

// tooMany says what takes more n-grams.
func tooMany(err error) error {
	if many := (*ngram.TooManyError)(nil); errors.As(err, &many) {
		return open.Faultf(diag.Limit, fmt.Sprintf("--max-ngrams takes more than %d, at some 110 bytes of memory each", many.Most), "%s", err)
	}
	return err
}

// check refuses flags that do not go together, before anything is read.
func (f *ngramFlags) check(cmd *cobra.Command, args []string) error {
	changed := cmd.Flags().Changed
	switch {
	case f.out == "" && f.writeCounts == "" && f.class.write == "":
		return usagef("give the program to write: -o FILE.rasp", "-o is missing")
	case filepath.Ext(f.out) == open.ModelSuffix:
		return usagef("rasp compile makes a model of it", "-o: what is written is a program, not a model: %s", f.out)
	case open.IsARPA(f.out) && filepath.Ext(f.out) != open.ARPASuffix:
		return usagef("", "-o: an ARPA file is written as it is, not packed: %s", f.out)
	case open.IsARPA(f.out) && changed("length"):
		return usagef("", "--length: an ARPA file has none")
	case f.length < 1:
		return usagef("", "--length: the longest input has at least 1 token, not %d", f.length)
	case !(f.entropy >= 0 && f.entropy < 1):
		return usagef("", "--prune-entropy: from 0 to 1, not %v", f.entropy)
	case len(f.arpa) > 0 && changed("counts"):
		return usagef("", "both --arpa and --counts")
	case len(f.arpa) > 0:
		return f.checkARPA(cmd, args)
	case changed("counts") && len(args) > 0:
		return usagef("", "both --counts and a text: %q", args[0])
	}
	return refuse(cmd, "only with --arpa", mixNames...)
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
	if r.Classes != nil {
		printClasses(table, r.Classes)
	}
	for i, n := range r.Grams {
		fmt.Fprintf(table, "%d-grams\t%d\n", i+1, n)
	}
	if r.Pruned > 0 {
		fmt.Fprintf(table, "pruned\t%d n-grams, by entropy\n", r.Pruned)
	}
	if r.mixed != nil {
		r.mixed.print(table)
	}
	return table.Flush()
}
