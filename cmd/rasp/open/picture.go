package open

import (
	"fmt"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/flow"
	"rasp/lang/flow/picture"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Picture evaluates a program on an input and draws the way to the s-op that is
// named or, if none is, to the first output. show writes the input for the title.
func (c Choices) Picture(program *lang.Program, names []string, input string, show func(text string, tokens []value.Value) string) (*picture.Picture, error) {
	d := c.lenient(program)
	name, node, err := drawn(program, names, d.Vocab)
	if err != nil {
		return nil, err
	}
	tokens, err := Input(input, NewVocabulary(d.Vocab))
	if err != nil {
		return nil, err
	}
	evaluator := interp.New(d.Causal, node)
	if err := evaluator.Run(tokens); err != nil {
		return nil, Diagnose(err)
	}
	return picture.New(fmt.Sprintf("%s(%s)", name, show(input, tokens)), flow.Of(node), evaluator, tokens), nil
}

// drawn is the s-op to draw.
func drawn(program *lang.Program, names []string, vocab []value.Value) (name string, node *graph.Node, err error) {
	outputs, err := Outputs(program, names, vocab)
	if err != nil {
		return "", nil, err
	}
	first := outputs[0]
	switch {
	case first.Next != nil && first.Next.Token != nil:
		return first.Name, first.Next.Token, nil
	case first.Next != nil:
		return "", nil, diag.Errorf(first.Span, diag.Type, "%s is a dict that predicts the next token; what is drawn is the way to an s-op", first.Name).
			WithHint("name an s-op on the way: --main NAME")
	case first.Node.IsSelector():
		return "", nil, diag.Errorf(first.Span, diag.Type, "%s is a selector; what is drawn is the way to an s-op", first.Name).
			WithHint("name an s-op that aggregates over it: --main NAME")
	}
	return first.Name, first.Node, nil
}
