package main

import (
	"slices"

	"rasp/compiler/agree"
	"rasp/lang/diag"
	"rasp/lang/interp"
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
	goal
	evaluator *interp.Evaluator
	predictor *predict.Predictor // of a prediction, in place of the evaluator
	tokens    []value.Value
	vocab     *vocabulary
}

func newInterpreted(g goal, causal bool, vocab []value.Value) interpreted {
	r := interpreted{goal: g, tokens: vocab, vocab: newVocabulary(vocab)}
	if g.prediction != nil {
		r.predictor = predict.New(g.prediction, vocab, causal)
	} else {
		r.evaluator = interp.New(causal, g.nodes()...)
	}
	return r
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
	if r.predictor != nil {
		return r.predicted(input)
	}
	if err := r.evaluator.Run(input); err != nil {
		return nil, err
	}
	results := make([]result, len(r.outputs))
	for i, o := range r.outputs {
		results[i].name = o.Name
		if o.Node.IsSelector() {
			results[i].selector = r.evaluator.Matrix(o.Node)
		} else {
			results[i].sequence = r.evaluator.Sequence(o.Node)
		}
	}
	return results, nil
}

// predicted is the most likely token at each position.
func (r interpreted) predicted(input []value.Value) ([]result, error) {
	rows, err := r.predictor.Run(input)
	if err != nil {
		return nil, err
	}
	return []result{{name: r.prediction.Name, sequence: r.mostLikely(rows)}}, nil
}

func (r interpreted) mostLikely(rows [][]float64) []value.Value {
	sequence := make([]value.Value, len(rows))
	for i, row := range rows {
		sequence[i] = r.tokens[predict.MostLikely(row)]
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
	reader  agree.Reader
	outputs []int // which of the model's outputs
}

// newLoaded takes all outputs of the model, or only the one named.
func newLoaded(model *model.Model, output string, engine runtime.Engine) (loaded, error) {
	tokens, err := agree.Values(model.Vocab)
	if err != nil {
		return loaded{}, err
	}
	r := loaded{model: model, engine: engine, reader: agree.Reader{}, tokens: tokens, vocab: newVocabulary(tokens)}
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
	faults := make([]error, len(inputs))
	var batch [][]int
	for n, input := range inputs {
		ids, err := r.vocab.encode(input, r.model.NCtx-1)
		if faults[n] = err; err == nil {
			batch = append(batch, ids)
		}
	}
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

// compared runs a program and the model compiled from it.
type compared struct {
	interpreted
	loaded loaded
}

// run takes the model first, since it refuses more inputs.
func (r compared) run(inputs [][]value.Value, show show) error {
	if r.prediction != nil {
		return r.runPrediction(inputs, show)
	}
	return r.loaded.run(inputs, func(n int, answers []result, err error) error {
		if err != nil {
			return show(n, nil, err)
		}
		results, err := r.one(inputs[n])
		for i := range results {
			results[i].model = slices.Clip(answers[i].sequence)
			results[i].position = agree.Differ(results[i].sequence, answers[i].sequence)
		}
		return show(n, results, err)
	})
}

// runPrediction shows the most likely tokens of both, and compares probabilities.
func (r compared) runPrediction(inputs [][]value.Value, show show) error {
	m := r.loaded.model
	next, err := agree.NewNext(m, m.Outputs[0])
	if err != nil {
		return err
	}
	for n, input := range inputs {
		results, err := r.onePrediction(input, next)
		if err := show(n, results, err); err != nil {
			return err
		}
	}
	return nil
}

func (r compared) onePrediction(input []value.Value, next *agree.Next) ([]result, error) {
	m := r.loaded.model
	ids, err := r.loaded.vocab.encode(input, m.NCtx-1)
	if err != nil {
		return nil, err
	}
	logits, err := r.loaded.engine.Logits(ids)
	if err != nil {
		return nil, err
	}
	rows, err := r.predictor.Run(input)
	if err != nil {
		return nil, err
	}
	answer := result{name: r.prediction.Name, sequence: r.mostLikely(rows), position: next.Differ(rows, logits)}
	for i := range rows {
		row := next.Log(logits[(i+1)*len(m.BU) : (i+2)*len(m.BU)])
		answer.model = append(answer.model, r.tokens[predict.MostLikely(row)])
	}
	return []result{answer}, nil
}
