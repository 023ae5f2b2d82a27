package api

import (
	"context"
	"encoding/json"
	"fmt"

	"rasp/cmd/rasp/open"
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

// mostAtOnce is how many inputs a request compares, and atOnce how many between two looks at
// the context.
const mostAtOnce, atOnce = 2000, 50

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
		return nil, usagef("", fmt.Sprintf("from is at least 0, most from 1 to %d, samples up to a million", mostAtOnce))
	}
	c, _, err := h.changed(ctx, p.Program, p.Changes)
	if err != nil {
		return nil, err
	}
	comparer, err := verify.NewComparer(c.Model, c.Compiled.Outputs, c.Engine)
	if err != nil {
		return nil, err
	}
	d, err := verify.DomainOf(c.Model)
	if err != nil {
		return nil, err
	}
	inputs, allUpTo, err := verify.Choose(d, verify.Options{Samples: p.Samples, Seed: 1})
	if err != nil {
		return nil, err
	}
	v := &Verified{From: p.From, Done: p.From, Total: inputs.Len(), Exhaustive: inputs.Random == 0, AllUpTo: allUpTo}
	end := min(p.From+p.Most, v.Total)
	var wrong []int
	for v.Done < end && wrong == nil {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var batch [][]int
		for k := v.Done; k < min(v.Done+atOnce, end); k++ {
			batch = append(batch, inputs.IDs(k, nil))
		}
		if wrong, err = v.compare(comparer, batch); err != nil {
			return nil, err
		}
	}
	if wrong != nil {
		return v, v.describe(c, comparer, wrong)
	}
	return v, nil
}

// compare returns the first input on which the model is wrong.
func (v *Verified) compare(c *verify.Comparer, batch [][]int) (wrong []int, err error) {
	err = c.Compare(batch, func(k int, pairs []verify.Pair, fault error) error {
		switch {
		case wrong != nil:
			return nil
		case fault != nil:
			v.Faulted++
		case verify.Wrong(pairs) >= 0:
			wrong = batch[k]
		}
		v.Done++
		return nil
	})
	return wrong, err
}

func (v *Verified) describe(c *compiled, comparer *verify.Comparer, wrong []int) error {
	names := open.OutputNames(c.Model)
	found, err := verify.Shrink(comparer, names, wrong)
	if err != nil {
		return err
	}
	v.Counterexample = &Counterexample{
		list(found.Input), entered(found.Input), found.Output, found.Position, list(found.Interpreter), list(found.Model),
	}
	return nil
}

// list is values as JSON.
func list(values []value.Value) json.RawMessage {
	return json.RawMessage("[" + open.JoinJSON(values, ",") + "]")
}

// entered is an input as somebody enters it: text if all tokens are characters.
func entered(input []value.Value) string {
	shown := open.ShowAsText(input)
	var text string
	if json.Unmarshal([]byte(shown), &text) == nil {
		return text
	}
	return shown
}
