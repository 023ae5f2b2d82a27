package main

import (
	"bytes"
	"context"
	"fmt"

	"rasp/cmd/rasp/open"
	"rasp/compiler/inside"
	inner "rasp/compiler/inside/picture"
	"rasp/compiler/stored"
	"rasp/lang/diag"
	"rasp/lang/value"
	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
	"rasp/runtime/model"
)

// modelAtWork is a model with inputs, to be drawn.
type modelAtWork struct {
	name   string
	model  *model.Model
	inputs []inner.Input
}

// read adds an input.
func (a *modelAtWork) read(text string) error {
	input, err := open.InputOf(a.model, text)
	if err != nil {
		return err
	}
	a.add(showInput(text, input), input)
	return nil
}

func (a *modelAtWork) add(shown string, input []value.Value) {
	a.inputs = append(a.inputs, inner.Input{Title: fmt.Sprintf("%s(%s)", a.name, shown), Tokens: input})
}

func (a *modelAtWork) picture() (*inner.Picture, error) {
	x, err := inside.New(a.model)
	if err != nil {
		return nil, err
	}
	p, err := inner.New(x, a.inputs)
	if err != nil {
		return nil, diag.Errorf(diag.Span{}, diag.Domain, "%s", err)
	}
	return p, nil
}

func (a *modelAtWork) svg() (content []byte, counts string, err error) {
	p, err := a.picture()
	if err != nil {
		return nil, "", err
	}
	return p.SVG(), p.Counts(), nil
}

// mostBeside is how many inputs a page shows beside the only one that is given.
const mostBeside = 7

// page is one for a browser.
func (a *modelAtWork) page(ctx context.Context) (content []byte, counts string, err error) {
	p, parts, err := a.parts(ctx)
	if err != nil {
		return nil, "", err
	}
	content, err = p.Page(parts)
	return content, p.Counts(), err
}

// parts are those of a page: the program, what that computes on the first input, and the
// circuit. Where there is one input, others come beside it.
func (a *modelAtWork) parts(ctx context.Context) (*inner.Picture, inner.Parts, error) {
	parts := inner.Parts{Text: a.model.Source}
	var err error
	first := a.inputs[0].Tokens
	if parts.Flow, err = a.flow(first); err != nil {
		return nil, parts, err
	}
	if len(a.inputs) == 1 {
		beside, err := open.Beside(a.model, first, mostBeside)
		if err != nil {
			return nil, parts, err
		}
		for _, input := range beside {
			a.add(showAsText(input), input)
		}
	}
	p, err := a.picture()
	if err != nil {
		return nil, parts, err
	}
	parts.Circuit, err = a.circuit(ctx)
	return p, parts, err
}

// flow draws what the program of the model computes; nil if it fails there.
func (a *modelAtWork) flow(input []value.Value) ([]byte, error) {
	program, err := stored.Program(a.model)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, o := range a.model.Outputs {
		names = append(names, o.Name)
	}
	p, err := open.Choices{Causal: &a.model.Causal}.Picture(program, names, input, showAsText(input))
	if err != nil {
		return nil, nil // the page tells why, beside what the model does then
	}
	return p.SVG(), nil
}

func (a *modelAtWork) circuit(ctx context.Context) ([]byte, error) {
	const tried = 100 // pairs of inputs, of which some may show more than the weights do
	pairs, err := open.Pairs(a.model)
	if err != nil {
		return nil, err
	}
	g, err := circuit.Of(ctx, a.model, pairs(tried, 1))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	svg, _ := format.Named("svg")
	err = svg.Write(&b, g, circuit.Moving)
	return b.Bytes(), err
}
