package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/lang/diag"
	"rasp/runtime/generate"
	"rasp/runtime/next"
)

// Distribution is what may come next, as rasp next --compiled has it.
type Distribution struct {
	Text        json.RawMessage `json:"text"`
	Temperature float64         `json:"temperature"`
	EntropyBits float64         `json:"entropy_bits"`
	Next        []Candidate     `json:"next"`
	More        int             `json:"more"`       // tokens that may come next, and are not listed
	Impossible  int             `json:"impossible"` // tokens that cannot
}

// Candidate is a token that may come next.
type Candidate struct {
	Rank        int     `json:"rank"` // from 1
	Token       string  `json:"token"`
	Probability float64 `json:"probability"`
	Bits        float64 `json:"bits"`
}

const (
	mostCandidates = 100
	mostWritten    = 500 // of a text that is written
)

// predictor of a model as it was changed, and a text for it.
func (h *Host) predictor(ctx context.Context, p Program, changes []Change, text string) (c *compiled, d *open.Predictor, ids []int, err error) {
	if c, _, err = h.changed(ctx, p, changes); err != nil {
		return nil, nil, nil, err
	}
	if d, err = open.Predict(c.Model, "", open.Device{}, "", 1); err != nil {
		return nil, nil, nil, err
	}
	read, err := d.Prompt(text)
	switch {
	case err != nil:
		return nil, nil, nil, err
	case len(read.IDs) == 0:
		return nil, nil, nil, open.Faultf(diag.Value, "the vocabulary is "+d.List(20), "the text is empty")
	case len(read.IDs) > d.Longest:
		return nil, nil, nil, open.Faultf(diag.Domain, "give the end of the text", "the text has %d tokens, the model takes at most %d", len(read.IDs), d.Longest)
	}
	return c, d, read.IDs, nil
}

func (h *Host) next(ctx context.Context, p struct {
	Program     Program  `json:"program"`
	Changes     []Change `json:"changes,omitempty"`
	Text        string   `json:"text"`
	Temperature float64  `json:"temperature"`
	Top         int      `json:"top"`
}) (*Distribution, error) {
	if err := (next.Choice{Temperature: p.Temperature, TopP: 1}).Validate(); err != nil {
		return nil, rpc.Usage("", err.Error())
	}
	if p.Top < 1 || p.Top > mostCandidates {
		return nil, rpc.Usage("", fmt.Sprintf("top: from 1 to %d tokens, not %d", mostCandidates, p.Top))
	}
	_, d, ids, err := h.predictor(ctx, p.Program, p.Changes, p.Text)
	if err != nil {
		return nil, err
	}
	logs, err := d.Next(ids)
	if err != nil {
		return nil, err
	}
	next.Temper(logs, p.Temperature)
	ranked := next.Ranked(logs)
	shown := ranked[:min(p.Top, len(ranked))]
	found := &Distribution{
		Text: list(d.Values(ids)), Temperature: p.Temperature, EntropyBits: next.Entropy(logs) / math.Ln2,
		Next: []Candidate{}, More: len(ranked) - len(shown), Impossible: len(logs) - len(ranked),
	}
	for i, id := range shown {
		found.Next = append(found.Next, Candidate{i + 1, d.Names[id], math.Exp(logs[id]), 0 - logs[id]/math.Ln2})
	}
	return found, nil
}

// Generated is a text that a model wrote, as rasp generate does.
type Generated struct {
	Prompt json.RawMessage `json:"prompt"`
	Tokens json.RawMessage `json:"tokens"` // without the one that ended the text
	Text   string          `json:"text"`   // prompt and tokens, as rasp generate prints them
	End    string          `json:"end"`    // why it ends: tokens, stop or length
}

func (h *Host) generate(ctx context.Context, p struct {
	Program     Program  `json:"program"`
	Changes     []Change `json:"changes,omitempty"`
	Text        string   `json:"text"`
	Tokens      int      `json:"tokens"`
	Temperature float64  `json:"temperature"`
	Seed        uint64   `json:"seed"`
}) (*Generated, error) {
	choice := next.Choice{Temperature: p.Temperature, TopP: 1}
	if err := choice.Validate(); err != nil {
		return nil, rpc.Usage("", err.Error())
	}
	if p.Tokens < 0 || p.Tokens > mostWritten {
		return nil, rpc.Usage("", fmt.Sprintf("tokens: from 0 to %d, not %d", mostWritten, p.Tokens))
	}
	c, d, ids, err := h.predictor(ctx, p.Program, p.Changes, p.Text)
	if err != nil {
		return nil, err
	}
	prediction, err := open.Prediction(c.Model, "")
	if err != nil {
		return nil, err
	}
	g := generate.Text{Engine: c.Engine, Sampler: prediction.Sampler(choice, p.Seed, 0), Prompt: ids, Stop: map[int]bool{}, Most: p.Tokens, Longest: d.Longest}
	if d.End >= 0 {
		g.Stop[d.End] = true
	}
	shown := ids
	if shown[0] == d.Begin {
		shown = shown[1:]
	}
	var written []int
	text := d.Join(d.Split, "", shown...)
	before := text
	end, _, err := g.Write(ctx, func(id int) error {
		written = append(written, id)
		before = d.Join(d.Split, before, id)
		text += before
		return nil
	})
	var undefined *generate.UndefinedError
	if errors.As(err, &undefined) {
		return nil, open.Faultf(diag.Value, "its weights are too large for float32", "%s", err)
	}
	if err != nil {
		return nil, err
	}
	return &Generated{list(d.Values(ids)), list(d.Values(written)), text, string(end)}, nil
}
