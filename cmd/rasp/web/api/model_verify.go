package api

import (
	"context"
	"encoding/json"
	"fmt"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/compiler/verify"
	"rasp/lang/value"
)

// Verified is what came of some of the inputs of a verification, up to the first on which the
// model is wrong.
type Verified struct {
	From           int             `json:"from"`
	Done           int             `json:"done"`  // the number of the next input
	Total          int             `json:"total"` // inputs of the whole verification
	Exhaustive     bool            `json:"exhaustive"`
	AllUpTo        int             `json:"all_up_to"` // every input up to this length is among them
	Faulted        int             `json:"faulted"`   // inputs on which the program fails
	Counterexample *Counterexample `json:"counterexample,omitempty"`
}

// Counterexample is an input on which model and program differ, made small.
type Counterexample struct {
	Input       json.RawMessage `json:"input"`
	Text        string          `json:"text"` // the input, as it is entered
	Output      string          `json:"output"`
	Position    int             `json:"position"`
	Interpreter json.RawMessage `json:"interpreter"`
	Model       json.RawMessage `json:"model"`
}

// mostAtOnce is how many inputs a request compares.
const mostAtOnce = 2000

// verify compares a model, with the weights that were changed, with its program on the inputs
// of rasp verify, from one on.
func (h *Host) verify(ctx context.Context, p struct {
	Program Program  `json:"program"`
	Changes []Change `json:"changes,omitempty"`
	From    int      `json:"from"`
	Most    int      `json:"most"`
	Samples int      `json:"samples"`
}) (*Verified, error) {
	if p.From < 0 || p.Most < 1 || p.Most > mostAtOnce || p.Samples < 0 || p.Samples > 1_000_000 {
		return nil, rpc.Usage("", fmt.Sprintf("from is at least 0, most from 1 to %d, samples up to a million", mostAtOnce))
	}
	c, _, err := h.changed(ctx, p.Program, p.Changes)
	if err != nil {
		return nil, err
	}
	engine := func() verify.Engine { return c.Engine }
	t, err := verify.NewTrial(c.Model, c.Compiled.Outputs, verify.Options{Samples: p.Samples, Seed: 1, Engine: engine, Workers: 1})
	if err != nil {
		return nil, err
	}
	from := min(p.From, t.Len())
	r, err := t.Range(ctx, from, min(from+p.Most, t.Len()))
	if err != nil {
		return nil, err
	}
	v := &Verified{From: from, Done: from + r.Inputs, Total: t.Len(), Exhaustive: t.Whole(0, 0).Exhaustive, AllUpTo: r.AllUpTo, Faulted: r.Faulted}
	if found := r.Counterexample; found != nil {
		text, err := c.typed(found.Input)
		if err != nil {
			return nil, err
		}
		v.Counterexample = &Counterexample{
			list(found.Input), text, found.Output, found.Position, list(found.Interpreter), list(found.Model),
		}
	}
	return v, nil
}

// list is values as JSON.
func list(values []value.Value) json.RawMessage {
	return json.RawMessage("[" + open.JoinJSON(values, ",") + "]")
}
