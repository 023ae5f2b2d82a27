package open

import (
	"slices"

	"rasp/compiler/stored"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/dataset"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

// Labelled is the inputs of a program or a model, and what it gives on them.
type Labelled struct {
	domain.Domain
	Names  []string // of the outputs
	Labels dataset.Labels
	sop    func(name string) (graph.Output, error)
}

// LabelsOf a program: of the outputs that are named, or those that it says. Of a prediction
// they are the most likely tokens.
func LabelsOf(program *lang.Program, names []string, c Choices) (*Labelled, error) {
	d, err := c.Domain(program)
	if err != nil {
		return nil, err
	}
	outputs, err := Outputs(program, names, d.Vocab)
	if err != nil {
		return nil, err
	}
	for _, o := range outputs {
		if err := unselector(o); err != nil {
			return nil, err
		}
	}
	r := Interpreted(outputs, d)
	return &Labelled{d, r.Names(), labels(r), named(program, d.Vocab)}, nil
}

// LabelsOfModel are those of all its outputs, or of the one that is named.
func LabelsOfModel(m *model.Model, output string, engine runtime.Engine) (*Labelled, error) {
	if m.Certificate.Partial {
		return nil, Faultf(diag.Domain, "take the program: inputs on which it fails are left out", "the model answers anything where its program fails, so its answers are no labels")
	}
	d, err := verify.DomainOf(m)
	if err != nil {
		return nil, err
	}
	r, err := Loaded(m, output, engine)
	if err != nil {
		return nil, err
	}
	return &Labelled{d, r.Names(), labels(r), func(name string) (graph.Output, error) {
		program, err := stored.Program(m)
		if err != nil {
			return graph.Output{}, err
		}
		return named(program, d.Vocab)(name)
	}}, nil
}

// labels runs one input at a time.
func labels(r Runner) dataset.Labels {
	return func(input []value.Value) (labels [][]value.Value, err error) {
		err = r.Run([]Given{GivenTokens(input)}, func(_ int, results []Result, err error) error {
			for _, result := range results {
				labels = append(labels, slices.Clone(result.Sequence()))
			}
			return err
		})
		return labels, err
	}
}

// named finds the s-op of a name.
func named(program *lang.Program, vocab []value.Value) func(name string) (graph.Output, error) {
	return func(name string) (graph.Output, error) {
		outputs, err := Outputs(program, []string{name}, vocab)
		if err != nil {
			return graph.Output{}, err
		}
		return outputs[0], unselector(outputs[0])
	}
}

// unselector refuses selectors.
func unselector(o graph.Output) error {
	if o.Next == nil && o.Node.IsSelector() {
		return diag.Errorf(o.Span, diag.Type, "%s is a selector; data sets have s-ops", o.Name).
			WithHint("aggregate over it, or name another")
	}
	return nil
}

// Pairs are inputs that differ in an s-op, at a position or, if that is -1, at any.
func (l *Labelled) Pairs(sop string, position int) (*dataset.Pairs, error) {
	o, err := l.sop(sop)
	if err != nil {
		return nil, err
	}
	e := predict.New([]graph.Output{o}, l.Vocab, l.Causal)
	return &dataset.Pairs{Position: position, Value: func(input []value.Value) ([]value.Value, error) {
		results, err := e.Run(input)
		if err != nil {
			return nil, err
		}
		return shown(results[0], l.Vocab), nil
	}}, nil
}
