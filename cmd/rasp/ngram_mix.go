package main

import (
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/lang/ngram"
	"rasp/lang/value"
	"rasp/runtime/text"
)

// mixFlags say how models are mixed.
type mixFlags struct {
	lambda []float64
	tune   string
	exact  bool
}

var mixNames = []string{"lambda", "tune", "exact"}

func (f *mixFlags) register(flags *pflag.FlagSet) {
	flags.Float64SliceVar(&f.lambda, "lambda", nil, "the weights of several ARPA files, one each; that of the last may be left out")
	flags.StringVar(&f.tune, "tune", "", "find the weights that make this text the likeliest, a sentence a line")
	flags.BoolVar(&f.exact, "exact", false, "every context has every token, so that nothing backs off: as exact as the mixture, and larger")
}

func (f *mixFlags) check(cmd *cobra.Command, models int) error {
	if models == 1 {
		if err := refuse(cmd, "only several ARPA files have weights", mixNames...); err != nil {
			return err
		}
		return refuse(cmd, "an ARPA file is taken as it is", "split")
	}
	switch {
	case len(f.lambda) == 0 && f.tune == "":
		return usagef("--tune TEXT finds them", "several ARPA files need weights: --lambda")
	case len(f.lambda) > 0 && f.tune != "":
		return usagef("", "both --lambda and --tune")
	case f.tune != "":
		return nil
	}
	sum := 0.0
	for _, w := range f.lambda {
		if !(w >= 0 && w <= 1) {
			return usagef("", "--lambda: a weight is from 0 to 1, not %v", w)
		}
		sum += w
	}
	if len(f.lambda) == models-1 && sum <= 1 {
		f.lambda = append(f.lambda, 1-sum)
		sum = 1
	}
	if len(f.lambda) != models || math.Abs(sum-1) > 1e-6 {
		return usagef("", "--lambda: %d weights that sum to 1, not %v", models, f.lambda)
	}
	return nil
}

// mixed is what mixing says, in JSON.
type mixed struct {
	Files   []string  `json:"files"`
	Weights []float64 `json:"weights"`
	Tuned   *tuned    `json:"tuned,omitempty"`
}

// tuned is what the text says that the weights were tuned on.
type tuned struct {
	Tokens   int        `json:"tokens"`
	Alone    []*float64 `json:"perplexities"` // of each model; null where a token is impossible
	Mixture  float64    `json:"perplexity"`   // of the mixture
	Written  *float64   `json:"written"`      // of what is written
	sentence [][]string // with <s>
}

func (f *mixFlags) mix(cmd *cobra.Command, models []*ngram.Model, files []string, split string) (*ngram.Model, *mixed, error) {
	x, err := ngram.NewMixer(models)
	if err != nil {
		return nil, nil, err
	}
	result := &mixed{Files: files, Weights: f.lambda}
	if f.tune != "" {
		if err := f.tuneOn(cmd, x, result, split); err != nil {
			return nil, nil, err
		}
	}
	m, err := x.Mix(result.Weights, f.exact)
	if err != nil {
		return nil, nil, open.Faultf(diag.Value, "without --exact only the n-grams of the files are written", "cannot mix: %s", err)
	}
	if t := result.Tuned; t != nil {
		sum := 0.0
		for _, s := range t.sentence {
			for i := 1; i < len(s); i++ {
				sum += m.Score(s[:i], s[i])
			}
		}
		t.Written = number(math.Exp(-sum / float64(t.Tokens)))
	}
	return m, result, nil
}

// tuneOn finds the weights.
func (f *mixFlags) tuneOn(cmd *cobra.Command, x *ngram.Mixer, result *mixed, split string) error {
	if !cmd.Flags().Changed("split") {
		split = ""
	}
	t, logs, err := f.score(cmd, x, len(result.Files), split)
	if err != nil {
		return err
	}
	weights, err := ngram.Tune(logs)
	if err != nil {
		return open.Faultf(diag.Value, "", "--tune: %s", err)
	}
	t.Tokens = len(logs)
	for i := range weights {
		sum := 0.0
		for _, row := range logs {
			sum += row[i]
		}
		t.Alone = append(t.Alone, number(math.Exp(-sum/float64(len(logs)))))
	}
	sum := 0.0
	for _, row := range logs {
		sum += ngram.Weighted(weights, row)
	}
	t.Mixture = math.Exp(-sum / float64(len(logs)))
	result.Weights, result.Tuned = weights, t
	return nil
}

// score is what each model says of each token of the text.
func (f *mixFlags) score(cmd *cobra.Command, x *ngram.Mixer, models int, split string) (*tuned, [][]float64, error) {
	var tokens []value.Value
	for _, name := range x.Tokens() {
		tokens = append(tokens, value.OfString(name))
	}
	texts, err := open.NewTexts(tokens, split)
	if err != nil {
		return nil, nil, usagef("", "--split: %s", err)
	}
	if texts.Begin < 0 || texts.End < 0 {
		return nil, nil, open.Faultf(diag.Domain, "", "--tune reads sentences, and no model has the tokens <s> and </s>")
	}
	from, err := text.Open(f.tune, cmd.InOrStdin())
	if err != nil {
		return nil, nil, err
	}
	defer from.Close()
	t, logs := &tuned{}, [][]float64(nil)
	r := text.NewReader(from, texts.Vocabulary.Vocabulary, text.Reading{Split: texts.Split, Sentences: true})
	for {
		token, err := r.Next()
		switch {
		case err == io.EOF && len(logs) == 0:
			return nil, nil, open.Faultf(diag.Value, "", "--tune: the text has no tokens")
		case err == io.EOF:
			return t, logs, nil
		case err != nil:
			return nil, nil, printPlaced(cmd, open.Place(err), nameOfText(f.tune), texts.HintOfUnknown())
		case token.Begins:
			t.sentence = append(t.sentence, nil)
		}
		s := &t.sentence[len(t.sentence)-1]
		if name := texts.Names[token.ID]; !token.Begins {
			row := make([]float64, models)
			x.Logs(*s, name, row)
			logs = append(logs, row)
		}
		*s = append(*s, texts.Names[token.ID])
	}
}

func (m *mixed) print(to io.Writer) {
	for i, file := range m.Files {
		fmt.Fprintf(to, "lambda\t%.6f  %s", m.Weights[i], file)
		if m.Tuned != nil {
			fmt.Fprintf(to, ", perplexity %s", perplexityText(m.Tuned.Alone[i]))
		}
		fmt.Fprintln(to)
	}
	if t := m.Tuned; t != nil {
		fmt.Fprintf(to, "perplexity\t%.6g of the mixture, %s as written (%d tokens of --tune)\n", t.Mixture, perplexityText(t.Written), t.Tokens)
	}
}

func perplexityText(p *float64) string {
	if p == nil {
		return "infinite"
	}
	return fmt.Sprintf("%.6g", *p)
}
