package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/perplexity"
	"rasp/runtime/text"
)

type perplexityFlags struct {
	sentences bool
	skip      bool
	stride    int
	json      bool
	tokens    bool
	predictorFlags
}

func perplexityCommand() *cobra.Command {
	var f perplexityFlags
	cmd := &cobra.Command{
		Use:   "perplexity FILE TEXT",
		Short: "Measure how well a model or program predicts a text",
		Long: `Measure how well a model or program predicts a text.

FILE is a model (.safetensors), a program (.rasp), which is interpreted, or the
name of a ready-made program. TEXT is a file, - for stdin. What is printed is
2^(-1/T sum log2 p) over the T tokens that are predicted.

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

With --tokens the surprisal -log2 p of each token stands before the result, in
bits: their mean is what is printed as bits a token. On a terminal the text is
coloured by it, with a legend (not if NO_COLOR is set); else it is a table or,
with --json, a line for each token, then the line of the result. There
"logprob" is a natural logarithm, null where the token is impossible.`,
		Example: `  rasp perplexity model.safetensors held-out.txt --sentences
  rasp perplexity program.rasp - --split chars < text`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return usagef("- is stdin", "the TEXT is missing")
			}
			return files("FILE", 2)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1]) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.sentences, "sentences", false, "a line is a sentence, between <s> and </s>")
	flags.IntVar(&f.stride, "stride", 0, "tokens from one window to the next (default: half of the model's length)")
	flags.BoolVar(&f.skip, "skip-oov", false, "leave out tokens that are not in the vocabulary")
	flags.BoolVar(&f.tokens, "tokens", false, "show the surprisal of each token")
	flags.BoolVar(&f.json, "json", false, "print one JSON object; with --tokens one a line")
	f.register(cmd)
	return cmd
}

func (f *perplexityFlags) run(cmd *cobra.Command, file, scored string) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	if f.stride < 0 || cmd.Flags().Changed("stride") && f.stride == 0 {
		return usagef("", "--stride is at least 1")
	}
	from, err := text.Open(scored, cmd.InOrStdin()) // before FILE is compiled, which may take time
	if err != nil {
		return open.Faultf(diag.Undefined, "", "could not open the text: %s", errorText(err))
	}
	defer from.Close()
	p, err := f.open(cmd, file)
	if err != nil {
		return err
	}
	if f.stride > p.Longest {
		return usagef("", "--stride: %d tokens from one window to the next, the model takes %d", f.stride, p.Longest)
	}
	if f.sentences && (p.Begin < 0 || p.End < 0) {
		return open.Faultf(diag.Domain, "without --sentences, the whole text is one", "--sentences needs the tokens <s> and </s>, and the vocabulary does not have both")
	}
	r, err := f.measure(cmd, p, from)
	switch {
	case errors.Is(err, perplexity.ErrNothing):
		hint := ""
		if p.Begin < 0 {
			hint = "without <s> in the vocabulary the first token is context only"
		}
		return open.Faultf(diag.Value, hint, "%s: %s", nameOfText(scored), err)
	case err != nil:
		return printPlaced(cmd, open.Place(err), nameOfText(scored), "--skip-oov leaves such tokens out; "+p.HintOfUnknown())
	}
	if r.Blanks > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "rasp: left out %s of white space within lines, which the vocabulary does not have\n", diag.Count(r.Blanks, "character"))
	}
	if f.json {
		return writeJSON(cmd.OutOrStdout(), f.jsonOf(p, r))
	}
	return f.print(cmd.OutOrStdout(), p, r)
}

func (f *perplexityFlags) measure(cmd *cobra.Command, p *open.Predictor, from io.Reader) (perplexity.Result, error) {
	o := perplexity.Options{Longest: p.Longest, Stride: f.stride}
	o.Split, o.Sentences, o.SkipUnknown = p.Split, f.sentences, f.skip
	line, start := progress{to: terminal(cmd.ErrOrStderr()), what: "tokens"}, time.Now()
	if f.tokens {
		line.to = nil // the tokens are progress enough
		to := bufio.NewWriter(cmd.OutOrStdout())
		defer to.Flush()
		shown := f.surprisals(to, p, wantsColor(cmd.OutOrStdout()))
		o.Each = shown.token
		defer shown.end()
	}
	defer line.clear()
	return perplexity.Measure(cmd.Context(), from, p.Vocabulary.Vocabulary, p, o, func(tokens int) { line.count(tokens, start) })
}

// measured is the result in JSON. What is infinite is null.
type measured struct {
	Tokens     int      `json:"tokens"`
	OOV        int      `json:"oov"`
	Bits       *float64 `json:"bits_per_token"`
	Perplexity *float64 `json:"perplexity"`
	WithoutOOV *float64 `json:"perplexity_without_oov"`
	Infinite   bool     `json:"infinite,omitempty"`
	Zeros      int      `json:"zeros,omitempty"` // tokens that were said to be impossible
	FirstZero  *zero    `json:"first_zero,omitempty"`
	Split      string   `json:"split"` // what a token is: chars or words
	Sentences  bool     `json:"sentences"`
	Window     int      `json:"window"` // tokens
	Stride     int      `json:"stride"` // from one window to the next
}

// zero is a token that was said to be impossible.
type zero struct {
	Token  string `json:"token"`
	Line   int    `json:"line"`
	Col    int    `json:"col"`
	Number int    `json:"number"` // in the text, from 1
}

func (f *perplexityFlags) jsonOf(p *open.Predictor, r perplexity.Result) measured {
	m := measured{Split: p.Split.String(), Sentences: f.sentences, Window: p.Longest, Stride: f.strideOf(p), Tokens: r.Tokens, OOV: r.Unknown, Bits: number(r.Bits()), Perplexity: number(r.Perplexity()),
		WithoutOOV: number(r.KnownPerplexity()), Infinite: math.IsInf(r.Bits(), 1), Zeros: r.Zeros}
	if t := r.First; t != nil {
		m.FirstZero = &zero{p.Tokens[t.ID].String(), t.Line, t.Col, t.Number}
	}
	return m
}

// number is x, if JSON has it.
func number(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

// strideOf is how far each window is from the one before, in tokens.
func (f *perplexityFlags) strideOf(p *open.Predictor) int {
	if f.stride == 0 {
		return perplexity.DefaultStride(p.Longest)
	}
	return f.stride
}

// rule says how the text was read and scored; the same model gives other numbers by
// another rule.
func (f *perplexityFlags) rule(p *open.Predictor) string {
	windows := fmt.Sprintf("windows of %d tokens, %d apart", p.Longest, f.strideOf(p))
	switch {
	case f.sentences:
		return fmt.Sprintf("%s; each line a sentence from <s> to </s>; %s", p.Split, windows)
	case p.Begin >= 0:
		return fmt.Sprintf("%s; one text from <s>; %s", p.Split, windows)
	}
	return fmt.Sprintf("%s; one text, its first token context only; %s", p.Split, windows)
}

func (f *perplexityFlags) print(to io.Writer, p *open.Predictor, r perplexity.Result) error {
	table := newTable(to)
	fmt.Fprintf(table, "text\t%s\n", f.rule(p))
	fmt.Fprintf(table, "tokens\t%d\n", r.Tokens)
	switch {
	case r.Unknown == 0:
		fmt.Fprintln(table, "oov\t0")
	case f.skip:
		fmt.Fprintf(table, "oov\t%d, left out\n", r.Unknown)
	default:
		fmt.Fprintf(table, "oov\t%d, scored as <unk>\n", r.Unknown)
	}
	if t := r.First; t != nil {
		fmt.Fprintf(table, "bits a token\tinfinite\nperplexity\tinfinite: probability 0 for %d of %d tokens, the first is %s, token %d (line %d, column %d)\n",
			r.Zeros, r.Tokens, p.Tokens[t.ID].JSON(), t.Number, t.Line, t.Col)
	} else {
		fmt.Fprintf(table, "bits a token\t%.6g\nperplexity\t%.6g\n", r.Bits(), r.Perplexity())
	}
	if known := r.KnownPerplexity(); r.UnknownTokens > 0 && number(known) != nil {
		fmt.Fprintf(table, "without oov\t%.6g\n", known)
	}
	return table.Flush()
}
