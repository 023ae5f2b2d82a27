package main

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/perplexity"
)

type perplexityFlags struct {
	sentences bool
	skip      bool
	stride    int
	json      bool
	worker    bool
	tokens    bool
	verbose   bool
	against   string
	predictorFlags
}

func perplexityCommand() *cobra.Command {
	var f perplexityFlags
	cmd := &cobra.Command{
		Use:   "perplexity FILE TEXT...",
		Short: "Measure how well a model or program predicts a text",
		Long: `Measure how well a model or program predicts a text.

FILE is a model (.safetensors), a program (.rasp), which is interpreted, the name
of a ready-made program, or the n-grams of an ARPA file (.arpa). TEXT is a file, - for stdin. What is printed is
2^(-1/T sum log2 p) over the T tokens that are predicted. Of several TEXTs each
is scored on its own, and the result is that of all their tokens.

Tokens are characters or words (--split). White space that is not in the
vocabulary, ends of lines too, is no token. Tokens that are not in the
vocabulary are scored as <unk>, if the vocabulary has it; else the first is an
error, unless --skip-oov leaves them out. The text starts with <s> if the
vocabulary has it, else its first token is context only.

A text that is longer than the model is cut into windows of the model's length,
each --stride tokens after the one before; a token is scored once, in the first
window that has it, the others there are its context.

With --sentences each line is a text of its own, as KenLM's query has it: <s>
is context only, </s> is predicted and counted.

Bits a byte and a character are of the whole text with its white space, so that
models with other tokens can be compared. The standard error of bits a token is
by sentences or, without --sentences, by blocks of 256 tokens.

With --against another FILE with the same tokens both are scored: the difference
in bits a token with its standard error, the relative entropies of their
predictions, averaged over the tokens, and at how many of them the same token is
the likeliest.

With --verbose each sentence is a line before the result, as KenLM's query has
it: "token=ID ORDER LOG10" between tabs, ORDER being the length of the n-gram of
an ARPA file that decides (- for models and programs), then the sum and the OOVs.

With --tokens the surprisal -log2 p of each token stands before the result, in
bits: their mean is what is printed as bits a token. On a terminal the text is
coloured by it, with a legend (not if NO_COLOR is set); else it is a table or,
with --json, a line for each token, then the line of the result. There
"logprob" is a natural logarithm, null where the token is impossible.`,
		Example: `  rasp perplexity model.safetensors held-out.txt --sentences
  rasp perplexity program.rasp - --split chars < text
  rasp perplexity pruned.arpa held-out.txt --sentences --against model.arpa`,
		Args: f.args,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1:]) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.sentences, "sentences", false, "a line is a sentence, between <s> and </s>")
	flags.IntVar(&f.stride, "stride", 0, "tokens from one window to the next (default: half of the model's length)")
	flags.BoolVar(&f.skip, "skip-oov", false, "leave out tokens that are not in the vocabulary")
	flags.BoolVar(&f.tokens, "tokens", false, "show the surprisal of each token")
	flags.BoolVar(&f.verbose, "verbose", false, "show each token, its n-gram and log10 probability, as KenLM's query does")
	flags.StringVar(&f.against, "against", "", "compare with this model, program or ARPA file")
	flags.BoolVar(&f.json, "json", false, "print one JSON object; with --tokens one a line")
	flags.BoolVar(&f.worker, "worker", false, forWorkers)
	f.register(cmd)
	return cmd
}

func (f *perplexityFlags) args(cmd *cobra.Command, args []string) error {
	switch {
	case f.worker && len(args) > 1:
		return usagef("", "--worker scores the texts it is told to, and %q is one", args[1])
	case f.worker:
		return files("FILE", 1)(cmd, args)
	case len(args) == 1:
		return usagef("- is stdin", "the TEXT is missing")
	}
	if err := files("FILE", max(2, len(args)))(cmd, args); err != nil {
		return err
	}
	return haveNames("TEXT", args[1:])
}

func (f *perplexityFlags) run(cmd *cobra.Command, file string, scored []string) error {
	if f.worker {
		return f.serve(cmd, file)
	}
	if err := f.checkTexts(scored); err != nil {
		return err
	}
	if err := f.checkFlags(cmd); err != nil {
		return err
	}
	first, err := openScored(cmd, scored[0]) // before FILE is compiled, which may take time
	if err != nil {
		return err
	}
	defer first.Close()
	p, other, err := f.predictors(cmd, file)
	if err != nil {
		return err
	}
	r, c, err := f.score(cmd, p, other, scored[0], first)
	for _, name := range scored[1:] {
		if err != nil {
			break
		}
		var next perplexity.Result
		next, err = f.scoreFile(cmd, p, name)
		r.Add(next)
	}
	switch {
	case err != nil:
		return err
	case r.Tokens == 0:
		return nothingScored(p, scored)
	}
	if warning := f.warning(r); warning != "" {
		fmt.Fprint(cmd.ErrOrStderr(), warning)
	}
	if f.json {
		return writeJSON(cmd.OutOrStdout(), f.jsonOf(p, r, c, scored))
	}
	return f.print(cmd.OutOrStdout(), p, r, c, scored)
}

func (f *perplexityFlags) checkFlags(cmd *cobra.Command) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	if f.stride < 0 || cmd.Flags().Changed("stride") && f.stride == 0 {
		return usagef("", "--stride is at least 1")
	}
	if f.verbose && (f.tokens || f.json) {
		return usagef("--tokens --json has all that --verbose prints, but for the order", "--verbose: not with --tokens or --json")
	}
	return nil
}

// predictors opens FILE, and what it is compared with.
func (f *perplexityFlags) predictors(cmd *cobra.Command, file string) (p, other *open.Predictor, err error) {
	if p, err = f.open(cmd, file); err != nil {
		return nil, nil, err
	}
	if f.against != "" {
		if other, err = f.open(cmd, f.against); err != nil {
			return nil, nil, err
		}
		p.Longest = min(p.Longest, other.Longest)
		if other.Order == 0 {
			p.Order = 0 // both have the windows of a model
		}
	}
	if f.stride > 0 && p.Order > 0 {
		return nil, nil, usagef("", "--stride: an ARPA file takes texts of any length, in one window")
	}
	if other != nil && p.Order > 0 {
		f.stride = p.Longest - max(p.Order, other.Order) + 1 // both see whole n-grams
	}
	if f.stride > p.Longest {
		return nil, nil, usagef("", "--stride: %d tokens from one window to the next, the model takes %d", f.stride, p.Longest)
	}
	if f.sentences && (p.Begin < 0 || p.End < 0) {
		return nil, nil, open.Faultf(diag.Domain, "without --sentences, the whole text is one", "--sentences needs the tokens <s> and </s>, and the vocabulary does not have both")
	}
	return p, other, nil
}

func (f *perplexityFlags) measure(cmd *cobra.Command, p, other *open.Predictor, from io.Reader) (perplexity.Result, *perplexity.Comparison, error) {
	o := perplexity.Options{Longest: p.Longest, Stride: f.strideOf(p)}
	o.Split, o.Sentences, o.SkipUnknown = p.Split, f.sentences, f.skip
	line, start := progress{to: terminal(cmd.ErrOrStderr()), what: "tokens"}, time.Now()
	var shown surprisals
	if f.tokens || f.verbose {
		line.to = nil // the tokens are progress enough
		to := bufio.NewWriter(cmd.OutOrStdout())
		defer to.Flush()
		shown = f.surprisals(to, p, wantsColor(cmd.OutOrStdout()))
		o.Each = shown.token
		defer shown.end()
	}
	defer line.clear()
	scorer := perplexity.Scorer(p)
	var pair *perplexity.Pair
	if other != nil {
		inB, err := sameTokens(p, other, f.against)
		if err != nil {
			return perplexity.Result{}, nil, err
		}
		pair = perplexity.NewPair(p, other, inB, f.sentences)
		scorer, o.Each = pair, counting(pair, o.Each)
	}
	r, err := perplexity.Measure(cmd.Context(), from, p.Vocabulary.Vocabulary, scorer, o, func(tokens int) { line.count(tokens, start) })
	if pair == nil || err != nil {
		return r, nil, err
	}
	c := pair.Comparison()
	return r, &c, nil
}
