package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/generate"
	"rasp/runtime/model"
	"rasp/runtime/next"
)

type generateFlags struct {
	prompt  string
	tokens  int
	choice  next.Choice
	seed    uint64
	stop    []string
	logs    int // so many likeliest tokens beside each that is written
	samples int
	atEnd   string
	output  string
	threads int
	json    bool
	split   splitFlag
	device  deviceFlag
	domain  domainFlags
	form    *watched // of the model
}

func generateCommand() *cobra.Command {
	var f generateFlags
	cmd := &cobra.Command{
		Use:   "generate FILE",
		Short: "Write text with a model that predicts the next token",
		Long: `Write text with a model that predicts the next token.

FILE is a model (.safetensors), or a program (.rasp) or the name of a ready-made
one, which is compiled first. It must be causal. The prompt is printed, then
token after token as each is drawn, up to the first of --tokens, a --stop and the
end of the model's length.

The prompt is text, characters or words (--split), or a JSON list of tokens if it
starts with [. Where the vocabulary has <s>, it is put before the prompt, which
may then be empty. White space that the vocabulary does not have is left out,
and stderr says so; other tokens that it does not have are read as <unk>, or are
an error.

Tokens are drawn by their probabilities, of which --temperature, then --top-k,
then --top-p, then --min-p leave some; --temperature 0 takes the likeliest. The
same --seed gives the same text.

A --stop that is a token ends the text where that token is drawn. Any other ends
it where the text that was written comes to it, be it in one token or over
several, and within tokens too; blanks between words count. The text ends before
it; of several the one that is complete first counts, of those the longest.

With --json, "logprobs" are the natural logarithms of the probabilities of the
tokens, as the model gives them: before temperature and the rules after it.

At the end of the model's length, --at-end stop ends the text. With slide, the
model forgets all but the newest half of its length, reads that anew, and goes
on.`,
		Example: `  rasp generate model.safetensors --prompt "once upon" --tokens 50
  rasp generate program.rasp --temperature 0.7 --top-p 0.9 --samples 5 --seed 3`,
		Args: files("FILE", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.prompt, "prompt", "", "how the text begins")
	flags.IntVar(&f.tokens, "tokens", 100, "how many tokens to write at most")
	flags.Float64Var(&f.choice.Temperature, "temperature", 1, "what logits are divided by; 0 takes the likeliest token")
	flags.IntVar(&f.choice.TopK, "top-k", 0, "draw from so many of the likeliest tokens; 0: from all")
	flags.Float64Var(&f.choice.TopP, "top-p", 1, "draw from the fewest tokens whose probabilities add up to this")
	flags.Float64Var(&f.choice.MinP, "min-p", 0, "draw from the tokens that are at least so many times as likely as the likeliest; 0: from all")
	flags.Uint64Var(&f.seed, "seed", 1, "of the random numbers")
	flags.StringArrayVar(&f.stop, "stop", nil, "`text` before which the text ends, a token or more; may be repeated (default: </s> if the vocabulary has it)")
	flags.IntVar(&f.samples, "samples", 1, "how many texts to write")
	flags.StringVar(&f.atEnd, "at-end", "stop", "at the end of the model's length: stop or slide")
	f.split.register(cmd)
	flags.StringVar(&f.output, "output", "", "which output predicts, if there are several")
	registerThreads(cmd, &f.threads, "goroutines that compute")
	flags.BoolVar(&f.json, "json", false, "print one JSON object a text, when it is complete")
	flags.IntVar(&f.logs, "top-logprobs", 0, "with --json: the log-probabilities of so many of the likeliest tokens at each place, too")
	f.device.register(cmd)
	f.domain.register(cmd)
	return cmd
}

func (f *generateFlags) check(cmd *cobra.Command) error {
	if err := f.choice.Validate(); err != nil {
		return usagef("", "%s", err)
	}
	switch {
	case f.tokens < 0 || f.samples < 1:
		return usagef("", "--tokens is an int from 0, --samples one from 1")
	case f.atEnd != "stop" && f.atEnd != "slide":
		return usagef("", "--at-end: stop or slide, not %q", f.atEnd)
	case f.logs < 0:
		return usagef("", "--top-logprobs is an int from 0, not %d", f.logs)
	case f.logs > 0 && !f.json:
		return usagef("", "--top-logprobs: with --json")
	}
	if err := f.split.check(); err != nil {
		return err
	}
	return f.device.check(cmd)
}

func (f *generateFlags) run(cmd *cobra.Command, file string) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	m, err := f.domain.model(cmd, file, f.output)
	if err != nil {
		return err
	}
	prediction, err := open.Prediction(m, f.output)
	if err != nil {
		return err
	}
	texts, err := open.TextsOf(m, f.split.name)
	if err != nil {
		return err
	}
	g := generate.Text{Slide: f.atEnd == "slide", Longest: m.NCtx - 1, Most: f.tokens}
	var strings []string
	if g.Stop, strings, err = f.stops(texts); err != nil {
		return err
	}
	if g.Prompt, err = f.read(cmd, texts, g.Longest); err != nil {
		return err
	}
	if g.Engine, err = f.device.choice().Engine(m, f.threads); err != nil {
		return err
	}
	if f.form, err = formOf(cmd, m, texts, g); err != nil {
		return err
	}
	for n := range f.samples {
		g.Sampler = prediction.Sampler(f.choice, f.seed, uint64(n))
		if err := f.sample(cmd, texts, &g, generate.NewStops(strings)); err != nil {
			return undefinedLogits(err)
		}
	}
	return nil
}

// watched is a form that texts should be of.
type watched struct {
	*open.Vocabulary
	warn io.Writer
}

// formOf a model, which the prompt has to be of; nil if it has none.
func formOf(cmd *cobra.Command, m *model.Model, t open.Texts, g generate.Text) (*watched, error) {
	of, err := m.Form()
	if err != nil || of == nil {
		return nil, err
	}
	if g.Slide {
		return nil, usagef("a form speaks of whole texts, and what slides begins anywhere", "--at-end slide: the model is for inputs %s", of.Described())
	}
	w := &watched{open.NewVocabulary(t.Tokens), cmd.ErrOrStderr()}
	w.Form = of
	return w, w.Outside(g.Prompt)
}

// watch warns of the first token with which a text leaves the form: from there on nothing
// is promised.
func (w *watched) watch(prompt []int, show func(id int) error) func(id int) error {
	if w == nil {
		return show
	}
	read, state, of := slices.Clone(prompt), w.Form.StateAfter(prompt), true
	return func(id int) error {
		if of {
			if state, of = w.Form.Step(state, id); !of {
				fmt.Fprintf(w.warn, "rasp: %s; from here on the model promises nothing\n", open.Diagnose(w.Left(read, id)).Message)
			}
			read = append(read, id)
		}
		return show(id)
	}
}

// stops are the tokens that end a text, and the strings.
func (f *generateFlags) stops(t open.Texts) (stop map[int]bool, strings []string, err error) {
	stop = map[int]bool{}
	if t.End >= 0 && len(f.stop) == 0 {
		stop[t.End] = true
	}
	for _, text := range f.stop {
		id, token := t.IDs[text]
		switch odd, is := t.Foreign(text); {
		case token:
			stop[id] = true
		case text == "":
			return nil, nil, usagef("", "--stop: the text is empty")
		case is:
			return nil, nil, usagef("the vocabulary is "+t.List(20), "--stop: %q is not in the vocabulary", odd)
		default:
			strings = append(strings, text)
		}
	}
	return stop, strings, nil
}

// read is the prompt, as the model takes it.
func (f *generateFlags) read(cmd *cobra.Command, t open.Texts, longest int) ([]int, error) {
	p, err := t.Prompt(f.prompt)
	switch {
	case err != nil:
		return nil, printPlaced(cmd, err, "prompt", t.HintOfUnknown())
	case len(p.IDs) == 0:
		return nil, open.Faultf(diag.Value, "begin the text with --prompt; the vocabulary is "+t.List(20), "the prompt is empty")
	case len(p.IDs) > longest && f.atEnd != "slide":
		return nil, open.Faultf(diag.Domain, "--at-end slide keeps the end of the prompt",
			"the prompt has %d tokens, the model takes at most %d", len(p.IDs), longest)
	}
	warnOfReading(cmd.ErrOrStderr(), p, "prompt")
	return p.IDs, nil
}

// undefinedLogits gives an error of generating a hint.
func undefinedLogits(err error) error {
	var undefined *generate.UndefinedError
	if errors.As(err, &undefined) {
		return open.Faultf(diag.Value, "its weights are too large for float32", "%s", err)
	}
	return err
}

// generated is a text in JSON.
type generated struct {
	Prompt    json.RawMessage `json:"prompt"`
	Tokens    json.RawMessage `json:"tokens"` // without the one that ended the text; the last may go on behind the text
	Text      string          `json:"text"`   // the tokens as text, up to where it ends
	End       generate.Ending `json:"end"`
	Stop      string          `json:"stop,omitempty"` // what ended the text
	Logs      []float64       `json:"logprobs"`       // by token
	Likeliest [][]likely      `json:"top_logprobs,omitempty"`
}

// sample writes one text.
func (f *generateFlags) sample(cmd *cobra.Command, t open.Texts, g *generate.Text, stops *generate.Stops) error {
	shown := g.Prompt
	if len(shown) > 0 && shown[0] == t.Begin {
		shown = shown[1:]
	}
	w := &written{texts: t, stops: stops, before: t.Join(t.Split, "", shown...), show: func(string) error { return nil }}
	if !f.json {
		out := &gathered{to: cmd.OutOrStdout()}
		w.show = out.show
		if err := w.show(w.before); err != nil {
			return err
		}
		_, _, err := w.write(cmd.Context(), f, g)
		return cmp.Or(err, out.show("\n"), out.flush())
	}
	r := generated{Logs: []float64{}}
	row := make([]float64, len(t.Tokens))
	g.Look = func(id int, logits []float32) {
		g.Sampler.Log(row, logits)
		r.Logs = append(r.Logs, rounded(row[id]))
		if f.logs > 0 {
			r.Likeliest = append(r.Likeliest, likeliest(t, row, f.logs))
		}
	}
	line := wait(cmd.ErrOrStderr(), "generate")
	var err error
	r.End, r.Stop, err = w.write(cmd.Context(), f, g)
	if line.done(); err != nil {
		return err
	}
	r.Logs = r.Logs[:len(w.ids)]
	if f.logs > 0 {
		r.Likeliest = r.Likeliest[:len(w.ids)]
	}
	r.Prompt, r.Tokens, r.Text = listJSON(t.Values(g.Prompt)), listJSON(t.Values(w.ids)), w.text.String()[min(w.lead, w.text.Len()):]
	return writeJSON(cmd.OutOrStdout(), r)
}
