package api

import (
	"context"
	"fmt"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/service"
	"rasp/cmd/rasp/web/rpc"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/elementary"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// running is what programs compute, by the interpreter.
func (h *Host) running() rpc.Methods {
	return rpc.Methods{
		"run":  rpc.Typed(h.run),
		"flow": rpc.Typed(h.flow),
	}
}

// Bounds of what is run for a picture: tokens of an input, nodes of a drawn flow, rows of
// values, cells of all matrices, tokens that are offered.
const (
	longestInput = 256
	longestDrawn = 64
	mostDrawn    = 3000
	mostRows     = 400
	mostCells    = 1 << 20
	mostTokens   = 128
)

// OnInput is a program and an input: text of one token a character, or a JSON list.
type OnInput struct {
	Program
	Input string `json:"input"`
}

// Ran is what a program computes on an input.
type Ran struct {
	Input    []string   `json:"input"`            // as it is shown
	Tokens   []Token    `json:"tokens"`           // of the vocabulary; none if the program has none
	Length   int        `json:"length"`           // of the longest input of a model, 0 if the program does not say
	Causal   bool       `json:"causal"`           //
	Examples []string   `json:"examples"`         // inputs that the program gives
	Beside   string     `json:"beside,omitempty"` // why a model does not take the input
	Rows     []Row      `json:"rows"`             // in the order of evaluation
	Left     int        `json:"left,omitempty"`   // rows that are too many
	Next     *Chances   `json:"next,omitempty"`   // of a prediction
	Fault    *rpc.Fault `json:"fault,omitempty"`  // why there is no output
}

// Token of the vocabulary: as it is shown, and as an item of a JSON list. Plain text has it
// as a character, if it can.
type Token struct {
	Shown string `json:"shown"`
	JSON  string `json:"json"`
	Plain string `json:"plain,omitempty"`
}

// Chances are the probabilities of what comes next: [position][token].
type Chances struct {
	Tokens []string    `json:"tokens"`
	Rows   [][]float64 `json:"rows"`
}

func (h *Host) run(ctx context.Context, p OnInput) (*Ran, error) {
	x, err := p.prepare(ctx)
	if err != nil {
		return nil, err
	}
	d := x.domain
	ran := &Ran{
		Input: shownAll(x.input), Tokens: tokensOf(d.Vocab), Length: d.Length, Causal: d.Causal,
		Examples: examplesOf(p.Text), Beside: beside(d, x.input), Rows: []Row{},
	}
	outputs, fault := x.program.Outputs(p.Outputs, d.Vocab)
	if fault != nil {
		ran.Fault = &rpc.Faults(diag.List{fault})[0]
	}
	e := interp.New(d.Causal)
	e.Interrupted = func() bool { return ctx.Err() != nil }
	if err := e.Run(x.input); err != nil {
		return nil, err
	}
	w := &writer{OnInput: p, program: x.program, text: service.NewText(p.Text, service.UTF16), evaluator: e, input: x.input, cells: mostCells}
	ran.Rows, ran.Left = w.rows(x.seen, outputs)
	if len(outputs) == 1 && outputs[0].Next != nil {
		if err := ran.predict(outputs[0], x, w); err != nil {
			return nil, err
		}
	}
	return ran, ctx.Err()
}

// predict adds what comes next: the most likely token of each position, as rasp run shows
// it, and how likely each is.
func (ran *Ran) predict(o graph.Output, x *prepared, w *writer) error {
	results, err := predict.New([]graph.Output{o}, x.domain.Vocab, x.domain.Causal).Run(x.input)
	if err != nil {
		f := rpc.Faults(diag.List{open.Diagnose(err)})[0]
		ran.Fault = &f
		return nil
	}
	row := Row{Name: o.Name, Kind: sop, Type: "most likely next", Range: w.rangeOf(o.Span), Output: true}
	ran.Next = &Chances{}
	for _, t := range x.domain.Vocab[:min(mostTokens, len(x.domain.Vocab))] {
		ran.Next.Tokens = append(ran.Next.Tokens, shownToken(t))
	}
	for _, logs := range results[0].Next {
		row.Values = append(row.Values, shownToken(x.domain.Vocab[predict.MostLikely(logs)]))
		probabilities := make([]float64, len(ran.Next.Tokens))
		for i := range probabilities {
			probabilities[i] = elementary.Exp(logs[i])
		}
		ran.Next.Rows = append(ran.Next.Rows, probabilities)
	}
	ran.Rows = append(ran.Rows, row)
	return nil
}

// Flow is a picture of how a program computes its output, in layers and heads.
type Flow struct {
	SVG    string `json:"svg"`
	Counts string `json:"counts"` // such as "layers 2, heads 2 1"
}

func (h *Host) flow(ctx context.Context, p OnInput) (*Flow, error) {
	c, err := p.choices(ctx)
	if err != nil {
		return nil, err
	}
	program, _, err := p.read()
	if err != nil {
		return nil, err
	}
	input, err := c.InputOf(program, p.Input)
	if err != nil {
		return nil, err
	}
	if err := drawable(program, input); err != nil {
		return nil, err
	}
	shown := value.OfString(p.Input).JSON()
	if len(p.Input) > 0 && p.Input[0] == '[' {
		shown = p.Input
	}
	picture, err := c.Picture(program, p.Outputs, input, shown)
	if err != nil {
		return nil, err
	}
	return &Flow{string(picture.SVG()), picture.Counts()}, nil
}

// drawable is an error where a picture would be too large to look at.
func drawable(program *lang.Program, input []value.Value) error {
	if len(input) > longestDrawn {
		return rpc.Usage("a shorter input shows as much", fmt.Sprintf("the flow is drawn for up to %d tokens, not %d", longestDrawn, len(input)))
	}
	if n := len(program.Graph.Nodes); n > mostDrawn {
		return rpc.Usage("rasp draw FILE INPUT -o flow.svg draws it", fmt.Sprintf("the program has %d steps: more than %d are too many for a picture here", n, mostDrawn))
	}
	return nil
}
