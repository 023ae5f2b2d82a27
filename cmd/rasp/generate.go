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
token after token as each is drawn, up to the first of --tokens, a --stop token
and the end of the model's length.

The prompt is text, characters or words (--split), or a JSON list of tokens if it
starts with [. Where the vocabulary has <s>, it is put before the prompt, which
may then be empty. White space that the vocabulary does not have is left out,
and stderr says so; other tokens that it does not have are read as <unk>, or are
an error.

Tokens are drawn by their probabilities, of which --temperature, then --top-k,
then --top-p leave some; --temperature 0 takes the likeliest. The same --seed
gives the same text.

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
	flags.Uint64Var(&f.seed, "seed", 1, "of the random numbers")
	flags.StringArrayVar(&f.stop, "stop", nil, "a `token` that ends the text and is not printed; may be repeated (default: </s> if the vocabulary has it)")
	flags.IntVar(&f.samples, "samples", 1, "how many texts to write")
	flags.StringVar(&f.atEnd, "at-end", "stop", "at the end of the model's length: stop or slide")
	f.split.register(cmd)
	flags.StringVar(&f.output, "output", "", "which output predicts, if there are several")
	registerThreads(cmd, &f.threads, "goroutines that compute")
	flags.BoolVar(&f.json, "json", false, "print one JSON object a text, when it is complete")
	f.device.register(cmd)
	f.domain.register(cmd)
	return cmd
}

func (f *generateFlags) check(cmd *cobra.Command) error {
	if err := f.choice.Validate(); err != nil {
		return usagef("", "%s", err)
	}
	switch {
	case f.tokens < 0 || f.samples < 1 || f.threads < 1:
		return usagef("", "--tokens is an int from 0, --samples and --threads are ints from 1")
	case f.atEnd != "stop" && f.atEnd != "slide":
		return usagef("", "--at-end: stop or slide, not %q", f.atEnd)
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
	if g.Stop, err = f.stops(texts); err != nil {
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
		if err := f.sample(cmd, texts, &g); err != nil {
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

// stops are the tokens that end a text.
func (f *generateFlags) stops(t open.Texts) (map[int]bool, error) {
	stop := map[int]bool{}
	if t.End >= 0 && len(f.stop) == 0 {
		stop[t.End] = true
	}
	for _, text := range f.stop {
		id, ok := t.IDs[text]
		if !ok {
			return nil, usagef("the vocabulary is "+t.List(20), "--stop: %q is not in the vocabulary", text)
		}
		stop[id] = true
	}
	return stop, nil
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
	if p.Unknown > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "rasp: read %s of the prompt as <unk>, which the vocabulary does not have\n", diag.Count(p.Unknown, "token"))
	}
	if p.Blanks > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "rasp: left out %s of white space in the prompt, which the vocabulary does not have\n", diag.Count(p.Blanks, "character"))
	}
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
	Prompt json.RawMessage `json:"prompt"`
	Tokens json.RawMessage `json:"tokens"` // without the one that ended the text
	Text   string          `json:"text"`   // the tokens as text
	End    generate.Ending `json:"end"`
	Stop   string          `json:"stop,omitempty"` // the token that ended the text
}

// sample writes one text.
func (f *generateFlags) sample(cmd *cobra.Command, t open.Texts, g *generate.Text) error {
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	shown := g.Prompt
	if len(shown) > 0 && shown[0] == t.Begin {
		shown = shown[1:]
	}
	before := t.Join(t.Split, "", shown...)
	if f.json {
		r := generated{}
		var ids []int
		end, stop, err := g.Write(ctx, f.form.watch(g.Prompt, func(id int) error {
			ids = append(ids, id)
			return nil
		}))
		if err != nil {
			return err
		}
		if r.End = end; end == generate.AtStop {
			r.Stop = t.Names[stop]
		}
		r.Prompt, r.Tokens, r.Text = listJSON(t.Values(g.Prompt)), listJSON(t.Values(ids)), t.Join(t.Split, "", ids...)
		return writeJSON(out, r)
	}
	show := func(text string) error { return writeText(out, text) }
	if err := show(before); err != nil {
		return err
	}
	_, _, err := g.Write(ctx, f.form.watch(g.Prompt, func(id int) error {
		text := t.Join(t.Split, before, id)
		before = text
		return show(text) // at once, so that it is seen
	}))
	_, failed := io.WriteString(out, "\n")
	return cmp.Or(err, failed)
}
