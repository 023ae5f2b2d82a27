// Package predict is the meaning of the outputs of a program: what they are on an
// input, be it values or a probability for each token of the vocabulary, at each
// position, to come next.
//
// In come outputs, whose nodes the interpreter evaluates; out go its values, and of
// a distribution natural logarithms of probabilities, in float64:
//
//	weights w   ln w(t) - ln(sum of w)
//	logits l    l(t) - ln(sum of exp l)
//	a token s   ln p where t = s, else ln((1-p) / (V-1)) for V tokens
//
// A token that is exp(Zero) times as likely as the likeliest, or less, has no
// probability at all: the softmax of a transformer in float32 has no such
// numbers.
//
//	predict.go       outputs, whatever they are
//	distribution.go  probabilities of the next token
//	sparse.go        the same, of scores of which a position changes few; changed.go: at a position
package predict

import (
	"errors"
	"math"
	"slices"

	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Evaluator evaluates outputs, over and over, in buffers that it keeps. It is not
// safe for concurrent use; several evaluators of one program are.
type Evaluator struct {
	nodes      *interp.Evaluator // nil until all nodes have to be evaluated
	causal     bool
	fixed      map[*graph.Node]map[int]value.Value
	outputs    []graph.Output
	predictors []*predictor // by output; nil if it is no distribution
	results    []Result

	coded *interp.Coded // nil until many inputs have been run, and but for outputs that are all s-ops
	runs  int

	sparse *sparse           // nil but for a single output that is such a distribution
	rows   *interp.Evaluator // of what it reads
}

// Result is what one output is on an input; one field is set.
type Result struct {
	Sequence []value.Value // of an s-op
	Matrix   [][]bool      // of a selector: [query][key]
	Next     [][]float64   // of a distribution: [position][token of the vocabulary], ln of the probability that it comes next, -Inf for none
}

// New prepares the outputs of a program, with causal selectors or not. Without
// distributions among them the vocabulary may be nil.
func New(outputs []graph.Output, vocab []value.Value, causal bool) *Evaluator {
	e := &Evaluator{causal: causal, outputs: outputs, predictors: make([]*predictor, len(outputs)), results: make([]Result, len(outputs))}
	for i, o := range outputs {
		if o.Next != nil {
			e.predictors[i] = newPredictor(o, vocab)
		}
	}
	if len(outputs) == 1 && outputs[0].Next != nil {
		if e.sparse = newSparse(e.predictors[0]); e.sparse != nil {
			e.rows = interp.New(causal, e.sparse.rows...)
		}
	}
	return e
}

// Fix gives s-ops values at positions, see interp.Evaluator.Fixed.
func (e *Evaluator) Fix(values map[*graph.Node]map[int]value.Value) {
	if e.fixed = values; e.nodes != nil {
		e.nodes.Fixed = values
	}
}

// Run evaluates the outputs on an input of at least one atom. The results, one for
// each output, are valid until the next call. The error is an *interp.Fault: the
// program fails, or what it gives at some position is no distribution.
func (e *Evaluator) Run(input []value.Value) ([]Result, error) {
	if e.sparse != nil && len(e.fixed) == 0 && e.rows.Run(input) == nil {
		if rows, ok := e.sparse.run(e.rows, len(input)); ok {
			e.results[0].Next = rows
			return e.results, nil
		}
	}
	if e.runs++; e.runs > codedFrom && len(e.fixed) == 0 && e.runCoded(input) {
		return e.results, nil
	}
	return e.runAll(input)
}

// codedFrom is after how many inputs it is worth looking for what they have in common.
const codedFrom = 64

// runCoded evaluates the outputs by codes, if that can be.
func (e *Evaluator) runCoded(input []value.Value) bool {
	if e.coded == nil {
		for _, o := range e.outputs {
			if o.Next != nil || o.Node.IsSelector() {
				e.runs = math.MinInt // no input is
				return false
			}
		}
		e.coded = interp.NewCoded(e.causal, graph.Roots(e.outputs)...)
	}
	if !e.coded.Run(input) {
		return false
	}
	for i, o := range e.outputs {
		e.results[i].Sequence = e.coded.Sequence(o.Node)
	}
	return true
}

// runAll evaluates all nodes.
func (e *Evaluator) runAll(input []value.Value) ([]Result, error) {
	if e.nodes == nil {
		e.nodes = interp.New(e.causal, graph.Roots(e.outputs)...)
		e.nodes.Fixed = e.fixed
	}
	if err := e.nodes.Run(input); err != nil {
		return nil, e.placed(err)
	}
	for i, o := range e.outputs {
		r := &e.results[i]
		switch {
		case o.Next != nil:
			rows, fault := e.predictors[i].run(e.nodes, len(input))
			if fault != nil {
				return nil, e.placed(fault)
			}
			r.Next = rows
		case o.Node.IsSelector():
			r.Matrix = e.nodes.Matrix(o.Node)
		default:
			r.Sequence = e.nodes.Sequence(o.Node)
		}
	}
	return e.results, nil
}

// placed gives a fault that no expression met the place where its output was named.
func (e *Evaluator) placed(err error) error {
	var f *interp.Fault
	if !errors.As(err, &f) || f.Node == nil || f.Span.Source != nil {
		return err
	}
	for _, o := range e.outputs {
		if slices.Contains(o.Roots(), f.Node) {
			f.Span = o.Span
			return f
		}
	}
	return err
}
