package main

import (
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// goal is what a program is run or compiled for: s-ops and selectors, or its
// prediction of the next token.
type goal struct {
	outputs    []lang.Binding
	prediction *lang.Prediction // nil: the outputs
}

// goalOf a program: what is named on the command line or, if nothing is, what the
// program says. A prediction is over vocab.
func goalOf(program *lang.Program, names []string, vocab []value.Value) (goal, error) {
	var prediction *lang.Prediction
	var fault *diag.Diagnostic
	switch len(names) {
	case 0:
		prediction, fault = program.Prediction(vocab)
	case 1:
		prediction, fault = program.PredictionOf(names[0], vocab)
	}
	if fault != nil {
		return goal{}, fault
	}
	if prediction != nil {
		return goal{prediction: prediction}, nil
	}
	outputs, err := outputsOf(program, names)
	return goal{outputs: outputs}, err
}

// names of the outputs.
func (g goal) names() []string {
	if g.prediction != nil {
		return []string{g.prediction.Name}
	}
	names := make([]string, len(g.outputs))
	for i, o := range g.outputs {
		names[i] = o.Name
	}
	return names
}

// nodes of the outputs; none of a prediction.
func (g goal) nodes() []*graph.Node {
	nodes := make([]*graph.Node, len(g.outputs))
	for i, o := range g.outputs {
		nodes[i] = o.Node
	}
	return nodes
}
