package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/runtime/generate"
	"rasp/runtime/next"
)

// errStopped ends a text that has come to one of the strings.
var errStopped = errors.New("stopped")

// written is the text that follows upon a prompt, as far as it is certain to stand before
// the strings that end it.
type written struct {
	texts  open.Texts
	stops  *generate.Stops
	before string // the prompt, then the token before
	show   func(text string) error
	ids    []int
	starts []int // by token: the bytes of the text before its name
	length int
	lead   int // bytes of a blank before the first word
	text   strings.Builder
}

// write has the text written, up to one of the strings.
func (w *written) write(ctx context.Context, f *generateFlags, g *generate.Text) (end generate.Ending, stop string, err error) {
	end, id, err := g.Write(ctx, f.form.watch(g.Prompt, func(id int) error {
		piece := w.texts.Join(w.texts.Split, w.before, id)
		if w.ids == nil {
			w.lead = len(piece) - len(w.texts.Names[id])
		}
		w.before, w.ids, w.length = piece, append(w.ids, id), w.length+len(piece)
		w.starts = append(w.starts, w.length-len(w.texts.Names[id]))
		var sure string
		if sure, stop = w.stops.Add(piece); stop != "" {
			return cmp.Or(w.add(sure), errStopped)
		}
		return w.add(sure)
	}))
	switch {
	case err == errStopped:
		w.cut()
		return generate.AtStop, stop, nil
	case err == nil && end == generate.AtStop:
		stop = w.texts.Names[id]
	}
	return end, stop, cmp.Or(err, w.add(w.stops.Rest()))
}

func (w *written) add(sure string) error {
	if sure == "" {
		return nil
	}
	w.text.WriteString(sure)
	return w.show(sure)
}

// cut leaves out the tokens of which nothing stands in the text.
func (w *written) cut() {
	for n := len(w.ids); n > 0 && w.starts[n-1] >= w.text.Len(); n-- {
		w.ids = w.ids[:n-1]
	}
}

// likely is a token that could have been written.
type likely struct {
	Token json.RawMessage `json:"token"`
	Log   float64         `json:"logprob"`
}

// likeliest are so many tokens, of the logarithms of the probabilities.
func likeliest(t open.Texts, logs []float64, most int) []likely {
	ranked := next.Ranked(logs)
	list := make([]likely, 0, min(most, len(ranked)))
	for _, id := range ranked[:cap(list)] {
		list = append(list, likely{json.RawMessage(t.Tokens[id].JSON()), rounded(logs[id])})
	}
	return list
}

// rounded is a logarithm to as many digits as the certificate of a model stands for.
func rounded(log float64) float64 { return 0 + math.Round(log*1e6)/1e6 } // not -0
