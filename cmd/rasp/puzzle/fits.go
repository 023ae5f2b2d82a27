package puzzle

import (
	"cmp"
	"fmt"
	"slices"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/spell"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// fits has the answer of a program, or says why it is none for this puzzle. What the
// program does not say of its inputs is as the puzzle has it.
func (p *Puzzle) fits(program *lang.Program) ([]graph.Output, *diag.Diagnostic) {
	says := program.File.Directives
	if fault := p.domainFits(says); fault != nil {
		return nil, fault
	}
	if names := says.Outputs; len(names) > 0 && !slices.Equal(names, []string{p.Output}) {
		return nil, diag.Errorf(says.Where["output"], diag.Domain, "the puzzle asks for %s, and nothing else", p.Output).
			WithHint("#rasp:output %s", p.Output)
	}
	if _, bound := program.Lookup(p.Output); !bound {
		return nil, p.missing(program)
	}
	outputs, fault := program.Outputs([]string{p.Output}, p.Domain.Vocab)
	if fault != nil {
		return nil, fault
	}
	switch o := outputs[0]; {
	case p.Next && o.Next == nil:
		return nil, diag.Errorf(o.Span, diag.Type, "%s is no distribution of the next token", p.Output).
			WithHint("a distribution is a dict from tokens to weights: %s = %s;", p.Output, p.anything())
	case !p.Next && o.Next != nil:
		return nil, diag.Errorf(o.Span, diag.Type, "%s is a distribution of the next token, and the puzzle asks for an s-op", p.Output)
	case !p.Next && o.Node.IsSelector():
		return nil, diag.Errorf(o.Span, diag.Type, "%s is a selector, and the puzzle asks for an s-op", p.Output).
			WithHint("aggregate(%s, ..) fetches what it selects, selector_width(%s) counts it", p.Output, p.Output)
	}
	return outputs, nil
}

// domainFits compares what directives say with the inputs of the puzzle.
func (p *Puzzle) domainFits(says syntax.Directives) *diag.Diagnostic {
	forms := make([]string, len(says.Inputs))
	for i, f := range says.Inputs {
		forms[i] = f.Text
	}
	switch {
	case says.Vocab != nil && !slices.Equal(says.Vocab, p.Domain.Vocab):
		return p.other(says.Where["vocab"], "is over "+textOf(p.Domain.Vocab))
	case says.Length != 0 && says.Length != p.Domain.Length:
		return p.other(says.Where["length"], fmt.Sprintf("has inputs of up to %d tokens", p.Domain.Length))
	case says.Causal && !p.Domain.Causal:
		return p.other(says.Where["causal"], "is not causal: each position sees all others")
	case len(forms) > 0 && !slices.Equal(forms, p.forms):
		return p.other(says.Where["inputs"], "has inputs of another form")
	}
	return nil
}

// other is the fault of a program for other inputs.
func (p *Puzzle) other(where diag.Span, has string) *diag.Diagnostic {
	return diag.Errorf(where, diag.Domain, "puzzle %s %s", p.Name, has).
		WithHint("remove the line; the puzzle says for which inputs it is")
}

// missing is the fault of a program without an answer.
func (p *Puzzle) missing(program *lang.Program) *diag.Diagnostic {
	d := diag.Errorf(diag.Span{}, diag.Undefined, "the program has no %s, which is what the puzzle asks for", p.Output)
	var names []string
	for _, b := range program.Bindings {
		names = append(names, b.Name)
	}
	if len(names) == 0 {
		return d.WithHint("end it with %s = ..;", p.Output)
	}
	meant := cmp.Or(spell.Nearest(p.Output, names), names[len(names)-1])
	return d.WithHint("is it %s? then end with %s = %s;", meant, p.Output, meant)
}

// textOf an input is what can be typed: a string if each token is one character.
func textOf(input []value.Value) string {
	text := ""
	for _, t := range input {
		text += t.Text()
	}
	return value.OfString(text).JSON()
}
