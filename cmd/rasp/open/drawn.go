package open

import (
	"bytes"
	"context"
	"fmt"

	"rasp/compiler/inside"
	inner "rasp/compiler/inside/picture"
	"rasp/compiler/stored"
	"rasp/lang/diag"
	"rasp/lang/value"
	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
	"rasp/runtime/model"
)

// AtWork is a model with inputs, to be drawn.
type AtWork struct {
	Name   string // of the model, in titles
	Model  *model.Model
	inputs []inner.Input
}

// Read adds an input.
func (a *AtWork) Read(text string) error {
	input, err := InputOf(a.Model, text)
	if err != nil {
		return err
	}
	a.Add(ShowInput(text, input), input)
	return nil
}

// Add adds an input that is shown as a text.
func (a *AtWork) Add(shown string, input []value.Value) {
	a.inputs = append(a.inputs, inner.Input{Title: fmt.Sprintf("%s(%s)", a.Name, shown), Tokens: input})
}

func (a *AtWork) picture() (*inner.Picture, error) {
	x, err := inside.New(a.Model)
	if err != nil {
		return nil, err
	}
	p, err := inner.New(x, a.inputs)
	if err != nil {
		return nil, diag.Errorf(diag.Span{}, diag.Domain, "%s", err)
	}
	return p, nil
}

// SVG is a drawing of the first input; counts says of how many layers and heads.
func (a *AtWork) SVG() (content []byte, counts string, err error) {
	p, err := a.picture()
	if err != nil {
		return nil, "", err
	}
	return p.SVG(), p.Counts(), nil
}

// mostBeside is how many inputs a page shows beside the only one that is given.
const mostBeside = 7

// Page is one for a browser, with a drawing of what the program computes or, for nil, without.
func (a *AtWork) Page(ctx context.Context, flow []byte) (content []byte, counts string, err error) {
	p, parts, err := a.Parts(ctx, flow)
	if err != nil {
		return nil, "", err
	}
	content, err = p.Page(parts)
	return content, p.Counts(), err
}

// Parts are those of a page: the program, what that computes on the first input, and the
// circuit. Where there is one input, others come beside it.
func (a *AtWork) Parts(ctx context.Context, flow []byte) (*inner.Picture, inner.Parts, error) {
	parts := inner.Parts{Text: a.Model.Source, Flow: flow}
	first := a.inputs[0].Tokens
	if len(a.inputs) == 1 {
		beside, err := Beside(a.Model, first, mostBeside)
		if err != nil {
			return nil, parts, err
		}
		for _, input := range beside {
			a.Add(ShowAsText(input), input)
		}
	}
	p, err := a.picture()
	if err != nil {
		return nil, parts, err
	}
	parts.Circuit, err = a.circuit(ctx)
	return p, parts, err
}

// Flow draws what the program of the model computes on the first input; nil if it fails
// there.
func (a *AtWork) Flow() ([]byte, error) {
	input := a.inputs[0].Tokens
	program, err := stored.Program(a.Model)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, o := range a.Model.Outputs {
		names = append(names, o.Name)
	}
	p, err := Choices{Causal: &a.Model.Causal}.Picture(program, names, input, ShowAsText(input))
	if err != nil {
		return nil, nil // the page tells why, beside what the model does then
	}
	return p.SVG(), nil
}

func (a *AtWork) circuit(ctx context.Context) ([]byte, error) {
	const tried = 100 // pairs of inputs, of which some may show more than the weights do
	pairs, err := Pairs(a.Model)
	if err != nil {
		return nil, err
	}
	g, err := circuit.Of(ctx, a.Model, pairs(tried, 1))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	svg, _ := format.Named("svg")
	err = svg.Write(&b, g, circuit.Moving)
	return b.Bytes(), err
}
