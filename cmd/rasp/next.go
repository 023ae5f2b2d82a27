package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/next"
)

type nextFlags struct {
	top         int
	temperature float64
	json        bool
	predictorFlags
}

func nextCommand() *cobra.Command {
	var f nextFlags
	cmd := &cobra.Command{
		Use:   "next FILE TEXT",
		Short: "Show which tokens may come next, and how likely they are",
		Long: `Show which tokens may come next, and how likely they are.

FILE is a model (.safetensors), a program (.rasp), which is interpreted, the name
of a ready-made program, or the n-grams of an ARPA file (.arpa); it must be
causal. TEXT is read as the prompt of
rasp generate is: characters or words (--split), or a JSON list if it starts
with [, after <s> where the vocabulary has it; then TEXT may be empty.

The likeliest token stands first, equals as they stand in the vocabulary. Beside
each are its probability and its surprisal -log2 p, in bits; the entropy is the
mean surprisal. Tokens that cannot come next are counted only. On a terminal a
bar shows the probability, the longest that of the likeliest.

With --json, "logprob" is the natural logarithm of the probability, "bits" the
surprisal, and "entropy" in nats.`,
		Example: `  rasp next model.safetensors "once upon"
  rasp next program.rasp abab --top 3 --temperature 0.5 --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return usagef(`"" is the beginning of a text, where the vocabulary has <s>`, "the TEXT is missing")
			}
			return files("FILE", 2)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1]) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.IntVar(&f.top, "top", 10, "how many tokens to show at most; 0: all")
	flags.Float64Var(&f.temperature, "temperature", 1, "what logits are divided by; at 0 the likeliest token is sure")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	f.register(cmd)
	return cmd
}

func (f *nextFlags) run(cmd *cobra.Command, file, text string) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	if err := (next.Choice{Temperature: f.temperature, TopP: 1}).Validate(); err != nil {
		return usagef("", "%s", err)
	}
	if f.top < 0 {
		return usagef("", "--top is an int from 0 (all tokens), not %d", f.top)
	}
	p, err := f.open(cmd, file)
	if err != nil {
		return err
	}
	ids, err := f.read(cmd, p, text)
	if err != nil {
		return err
	}
	logs, err := p.Next(ids)
	if err != nil {
		return err
	}
	next.Temper(logs, f.temperature)
	d := f.distribution(p, ids, logs)
	if f.json {
		return writeJSON(cmd.OutOrStdout(), d)
	}
	return d.print(cmd.OutOrStdout())
}

// read is the text, as the program or model takes it.
func (f *nextFlags) read(cmd *cobra.Command, p *open.Predictor, text string) ([]int, error) {
	read, err := p.Prompt(text)
	switch {
	case err != nil:
		return nil, printPlaced(cmd, err, "text", p.HintOfUnknown())
	case len(read.IDs) == 0:
		return nil, open.Faultf(diag.Value, "without <s> in the vocabulary a text begins with a token; the vocabulary is "+p.List(20), "the text is empty")
	case len(read.IDs) > p.Longest:
		return nil, open.Faultf(diag.Domain, "give the end of the text, or compile with a larger --length", "the text has %d tokens, the model takes at most %d", len(read.IDs), p.Longest)
	}
	warnOfReading(cmd.ErrOrStderr(), read, "text")
	return read.IDs, nil
}

// distribution of the next token, in JSON.
type distribution struct {
	Text        json.RawMessage `json:"text"`
	Temperature float64         `json:"temperature"`
	Entropy     float64         `json:"entropy"` // in nats
	EntropyBits float64         `json:"entropy_bits"`
	Next        []candidate     `json:"next"`
	More        int             `json:"more"`       // tokens that may come next, and are not shown
	Impossible  int             `json:"impossible"` // tokens that cannot
}

// candidate is a token that may come next.
type candidate struct {
	Rank        int             `json:"rank"` // from 1
	Token       json.RawMessage `json:"token"`
	Probability float64         `json:"probability"`
	Log         float64         `json:"logprob"`
	Bits        float64         `json:"bits"`
}

func (f *nextFlags) distribution(p *open.Predictor, ids []int, logs []float64) distribution {
	ranked := next.Ranked(logs)
	shown := ranked
	if f.top > 0 {
		shown = ranked[:min(f.top, len(ranked))]
	}
	entropy := next.Entropy(logs)
	d := distribution{
		Text: listJSON(p.Values(ids)), Temperature: f.temperature, Entropy: entropy, EntropyBits: entropy / math.Ln2,
		More: len(ranked) - len(shown), Impossible: len(logs) - len(ranked),
	}
	for i, id := range shown {
		l := logs[id]
		d.Next = append(d.Next, candidate{i + 1, json.RawMessage(p.Tokens[id].JSON()), math.Exp(l), l, 0 - l/math.Ln2})
	}
	return d
}

// widestBar is how many characters the bar of the likeliest token has.
const widestBar = 40

func (d distribution) print(to io.Writer) error {
	widest := 0
	for _, c := range d.Next {
		widest = max(widest, utf8.RuneCount(c.Token))
	}
	var b strings.Builder
	rest := 1.0
	for _, c := range d.Next {
		rest -= c.Probability
		line := fmt.Sprintf("%-*s  %-9.4g  %6.3f bits", widest, diag.Visible(string(c.Token)), c.Probability, c.Bits)
		if terminal(to) != nil {
			line += "  " + bar(c.Probability/d.Next[0].Probability*widestBar)
		}
		fmt.Fprintln(&b, line)
	}
	if d.More > 0 {
		fmt.Fprintf(&b, "%d more, together %.4g\n", d.More, max(rest, 0))
	}
	if d.Impossible > 0 {
		fmt.Fprintf(&b, "%s cannot come next\n", diag.Count(d.Impossible, "token"))
	}
	fmt.Fprintf(&b, "entropy %.3f bits\n", d.EntropyBits)
	_, err := io.WriteString(to, b.String())
	return err
}

// bar is so many characters long, to an eighth.
func bar(length float64) string {
	const eighths = "▏▎▍▌▋▊▉"
	n := int(math.Round(8 * length))
	text := strings.Repeat("█", n/8)
	if n%8 > 0 {
		text += string([]rune(eighths)[n%8-1])
	}
	return text
}
