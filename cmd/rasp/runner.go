package main

import (
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/spell"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

// runner turns inputs into one result for each output: the interpreter, a model,
// or both side by side.
type runner interface {
	names() []string
	vocabulary() *vocabulary // of plain text; may be nil
	// run shows the results of each input, or why there are none, in order; the
	// error is that of show, which ends the run.
	run(inputs [][]value.Value, show show) error
}

type show func(n int, results []result, err error) error

// result of one output on one input; valid while it is shown.
type result struct {
	name     string
	sequence []value.Value // of an s-op
	selector [][]bool      // of a selector

	// With --compiled: what the model gives for the same s-op, and where it
	// first differs, -1 if it does not.
	model    []value.Value
	position int
}

func (r result) differs() bool { return r.model != nil && r.position >= 0 }

// interpreted runs a program. Of a prediction it shows the most likely token.
type interpreted struct {
	outputs   []graph.Output
	evaluator *predict.Evaluator
	tokens    []value.Value
	vocab     *vocabulary
}

func newInterpreted(outputs []graph.Output, causal bool, vocab []value.Value) interpreted {
	return interpreted{outputs, predict.New(outputs, vocab, causal), vocab, newVocabulary(vocab)}
}

func (r interpreted) names() []string {
	names := make([]string, len(r.outputs))
	for i, o := range r.outputs {
		names[i] = o.Name
	}
	return names
}

func (r interpreted) vocabulary() *vocabulary { return r.vocab }

func (r interpreted) run(inputs [][]value.Value, show show) error {
	for n, input := range inputs {
		results, err := r.one(input)
		if err := show(n, results, err); err != nil {
			return err
		}
	}
	return nil
}

func (r interpreted) one(input []value.Value) ([]result, error) {
	found, err := r.evaluator.Run(input)
	if err != nil {
		return nil, err
	}
	results := make([]result, len(found))
	for i, f := range found {
		results[i] = result{name: r.outputs[i].Name, sequence: shown(f, r.tokens), selector: f.Matrix}
	}
	return results, nil
}

// shown is the sequence of an s-op, or the most likely tokens of a distribution.
func shown(r predict.Result, vocab []value.Value) []value.Value {
	if r.Next == nil {
		return r.Sequence
	}
	sequence := make([]value.Value, len(r.Next))
	for i, row := range r.Next {
		sequence[i] = vocab[predict.MostLikely(row)]
	}
	return sequence
}

// refused is a program that has no output because of a fault, which is the
// answer to every input.
type refused struct{ fault *diag.Diagnostic }

func (refused) names() []string         { return nil }
func (refused) vocabulary() *vocabulary { return newVocabulary(nil) }

func (r refused) run(inputs [][]value.Value, show show) error {
	for n := range inputs {
		if err := show(n, nil, r.fault); err != nil {
			return err
		}
	}
	return nil
}

// loaded runs a model.
type loaded struct {
	model   *model.Model
	engine  runtime.Engine
	tokens  []value.Value // the vocabulary of the model
	vocab   *vocabulary
	reader  verify.Reader
	outputs []int // which of the model's outputs
}

// newLoaded takes all outputs of the model, or only the one named.
func newLoaded(model *model.Model, output string, engine runtime.Engine) (loaded, error) {
	tokens, err := verify.Values(model.Vocab)
	if err != nil {
		return loaded{}, err
	}
	r := loaded{model: model, engine: engine, reader: verify.Reader{}, tokens: tokens, vocab: newVocabulary(tokens)}
	for i, o := range model.Outputs {
		if output == "" || o.Name == output {
			r.outputs = append(r.outputs, i)
		}
	}
	if len(r.outputs) == 0 {
		names := outputNames(model)
		hint := didYouMean("", spell.Nearest(output, names))
		if hint == "" {
			hint = "rasp info shows the outputs"
		}
		return loaded{}, faultf(diag.Undefined, hint, "the model has no output %s", output)
	}
	return r, nil
}

func outputNames(model *model.Model) []string {
	names := make([]string, len(model.Outputs))
	for i, o := range model.Outputs {
		names[i] = o.Name
	}
	return names
}

func (r loaded) names() []string {
	var names []string
	for _, i := range r.outputs {
		names = append(names, r.model.Outputs[i].Name)
	}
	return names
}

func (r loaded) vocabulary() *vocabulary { return r.vocab }

func (r loaded) run(inputs [][]value.Value, show show) error {
	batch, faults := r.encode(inputs)
	answers, err := r.engine.Run(batch)
	if err != nil {
		return err
	}
	for n, fault := range faults {
		var results []result
		if fault == nil {
			results, fault = r.results(answers[0])
			answers = answers[1:]
		}
		if err := show(n, results, fault); err != nil {
			return err
		}
	}
	return nil
}

// encode makes a batch of the inputs that the model takes, and says what is wrong
// with each of the others.
func (r loaded) encode(inputs [][]value.Value) (batch [][]int, faults []error) {
	faults = make([]error, len(inputs))
	for n, input := range inputs {
		ids, err := r.vocab.encode(input, r.model.NCtx-1)
		if faults[n] = err; err == nil {
			batch = append(batch, ids)
		}
	}
	return batch, faults
}

// results reads the answers [output][position] of a model.
func (r loaded) results(answers [][]model.Token) ([]result, error) {
	var results []result
	for _, i := range r.outputs {
		sequence, err := r.reader.Values(answers[i], nil)
		if err != nil {
			return nil, err
		}
		results = append(results, result{name: r.model.Outputs[i].Name, sequence: sequence})
	}
	return results, nil
}

// compared runs a program and the model compiled from it, which refuses more
// inputs. Of a prediction it shows the most likely tokens of both, and compares
// probabilities.
type compared struct {
	loaded
	comparer *verify.Comparer
}

func (r compared) run(inputs [][]value.Value, show show) error {
	batch, faults := r.encode(inputs)
	n := 0
	refused := func() error { // shows those before the next of the batch
		for ; n < len(faults) && faults[n] != nil; n++ {
			if err := show(n, nil, faults[n]); err != nil {
				return err
			}
		}
		return nil
	}
	err := r.comparer.Compare(batch, func(_ int, pairs []verify.Pair, fault error) error {
		if err := refused(); err != nil {
			return err
		}
		n++
		return show(n-1, r.sideBySide(pairs), fault)
	})
	if err != nil {
		return err
	}
	return refused()
}

func (r compared) sideBySide(pairs []verify.Pair) []result {
	results := make([]result, len(pairs))
	for i, p := range pairs {
		results[i] = result{
			name: r.model.Outputs[i].Name, sequence: shown(p.Interpreter, r.tokens),
			model: shown(p.Model, r.tokens), position: p.Position,
		}
	}
	return results
}
