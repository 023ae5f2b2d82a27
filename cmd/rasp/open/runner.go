package open

import (
	"rasp/compiler/inside"
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

// Runner turns inputs into one result for each output: the interpreter, a model,
// or both side by side.
type Runner interface {
	Names() []string
	Vocabulary() *Vocabulary // of plain text; may be nil
	// Run shows the results of each input, or why there are none, in order; the
	// error is that of show, which ends the run.
	Run(inputs []Given, show Show) error
}

// Show is told the results of input n, or the error instead; what it returns ends a run.
type Show func(n int, results []Result, err error) error

// Result of one output on one input; valid while it is shown.
type Result struct {
	Name     string
	Selector [][]bool // of a selector
	sequence []value.Value
	printed  []*value.Printed // instead of the sequence, where it was read of a model

	// Where both are compared: what the model gives for the same s-op, and where it
	// first differs, -1 if it does not.
	Model    []value.Value
	Position int
}

func (r Result) Differs() bool { return r.Model != nil && r.Position >= 0 }

// Sequence is that of an s-op.
func (r Result) Sequence() []value.Value {
	if r.printed == nil {
		return r.sequence
	}
	sequence := make([]value.Value, len(r.printed))
	for i, p := range r.printed {
		sequence[i] = p.Value
	}
	return sequence
}

// AppendSequence appends to text how the sequence prints (value.FormatSequence).
func (r Result) AppendSequence(text []byte) []byte {
	if r.printed == nil {
		return value.AppendSequence(text, r.sequence)
	}
	return value.AppendPrinted(text, r.printed)
}

// interpreted runs a program. Of a prediction it shows the most likely token.
type interpreted struct {
	outputs   []graph.Output
	evaluator *predict.Evaluator
	tokens    []value.Value
	vocab     *Vocabulary
	set       []inside.Setting
}

// Interpreted runs the outputs of a program on inputs of a domain, as far as it is known: it
// may have no vocabulary if none of them is a prediction, and no length.
func Interpreted(outputs []graph.Output, d domain.Domain) Runner {
	vocab := NewVocabulary(d.Vocab)
	if vocab != nil {
		vocab.Form = d.Form
	}
	return interpreted{outputs, predict.New(outputs, d.Vocab, d.Causal), d.Vocab, vocab, nil}
}

func (r interpreted) Names() []string {
	names := make([]string, len(r.outputs))
	for i, o := range r.outputs {
		names[i] = o.Name
	}
	return names
}

func (r interpreted) Vocabulary() *Vocabulary { return r.vocab }

func (r interpreted) Run(inputs []Given, show Show) error {
	for n := range inputs {
		results, err := r.one(&inputs[n])
		if err := show(n, results, err); err != nil {
			return err
		}
	}
	return nil
}

func (r interpreted) one(given *Given) ([]Result, error) {
	if given.fault != nil {
		return nil, given.fault
	}
	input := given.Tokens()
	if r.vocab != nil && r.vocab.Form != nil && len(input) > 0 {
		if _, err := r.vocab.encode(nil, input, len(input)); err != nil {
			return nil, err
		}
	}
	if err := within(r.set, len(input)); err != nil {
		return nil, err
	}
	found, err := r.evaluator.Run(input)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(found))
	for i, f := range found {
		results[i] = Result{Name: r.outputs[i].Name, sequence: shown(f, r.tokens), Selector: f.Matrix}
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

// Refused is a program that has no output because of a fault, which is the answer
// to every input.
func Refused(fault *diag.Diagnostic) Runner { return refused{fault} }

type refused struct{ fault *diag.Diagnostic }

func (refused) Names() []string         { return nil }
func (refused) Vocabulary() *Vocabulary { return nil }

func (r refused) Run(inputs []Given, show Show) error {
	for n := range inputs {
		fault := inputs[n].fault
		if fault == nil {
			fault = r.fault
		}
		if err := show(n, nil, fault); err != nil {
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
	vocab   *Vocabulary
	reader  *verify.Reader
	outputs []int // which of the model's outputs
	room    *room
}

// room is the memory of a run, which the next uses again.
type room struct {
	batch   [][]int
	faults  []error
	results []Result // of an input
}

// Loaded runs a model: all outputs of it, or only the one named.
func Loaded(model *model.Model, output string, engine runtime.Engine) (Runner, error) {
	return load(model, output, engine)
}

func load(model *model.Model, output string, engine runtime.Engine) (loaded, error) {
	tokens, err := verify.Values(model.Vocab)
	if err != nil {
		return loaded{}, err
	}
	f, err := model.Form()
	if err != nil {
		return loaded{}, err
	}
	r := loaded{model: model, engine: engine, reader: new(verify.Reader), tokens: tokens, vocab: NewVocabulary(tokens)}
	if r.vocab != nil {
		r.vocab.Form = f
	}
	for i, o := range model.Outputs {
		if output == "" || o.Name == output {
			r.outputs = append(r.outputs, i)
		}
	}
	if len(r.outputs) == 0 {
		hint := didYouMean(output, OutputNames(model), "rasp info shows the outputs")
		return loaded{}, Faultf(diag.Undefined, hint, "the model has no output %s", output)
	}
	r.room = &room{results: make([]Result, len(r.outputs))}
	return r, nil
}

// OutputNames of a model.
func OutputNames(model *model.Model) []string {
	names := make([]string, len(model.Outputs))
	for i, o := range model.Outputs {
		names[i] = o.Name
	}
	return names
}

func (r loaded) Names() []string {
	var names []string
	for _, i := range r.outputs {
		names = append(names, r.model.Outputs[i].Name)
	}
	return names
}

func (r loaded) Vocabulary() *Vocabulary { return r.vocab }

func (r loaded) Run(inputs []Given, show Show) error {
	batch, faults := r.encode(inputs)
	answers, err := r.engine.Run(batch)
	if err != nil {
		return err
	}
	for n, fault := range faults {
		var results []Result
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
// with each of the others; both are valid until the next call.
func (r loaded) encode(inputs []Given) (batch [][]int, faults []error) {
	room := r.room
	room.batch, room.faults = room.batch[:0], room.faults[:0]
	for n := range inputs {
		ids, err := r.idsOf(&inputs[n])
		if room.faults = append(room.faults, err); err == nil {
			room.batch = append(room.batch, ids)
		}
	}
	return room.batch, room.faults
}

// idsOf are those of an input that the model takes; or what is wrong with it.
func (r loaded) idsOf(input *Given) ([]int, error) {
	switch longest := r.model.NCtx - 1; {
	case input.fault != nil:
		return nil, input.fault
	case input.ids == nil:
		return r.vocab.encode(nil, input.tokens, longest)
	case len(input.ids) > longest:
		return nil, tooLong(len(input.ids), longest)
	}
	return input.ids, r.vocab.Outside(input.ids)
}

// results reads the answers [output][position] of a model.
func (r loaded) results(answers [][]model.Token) ([]Result, error) {
	for n, i := range r.outputs {
		printed, err := r.reader.Printed(answers[i], r.room.results[n].printed)
		if err != nil {
			return nil, err
		}
		r.room.results[n] = Result{Name: r.model.Outputs[i].Name, printed: printed}
	}
	return r.room.results, nil
}

// compared runs a program and the model compiled from it, which refuses more
// inputs. Of a prediction it shows the most likely tokens of both, and compares
// probabilities.
type compared struct {
	loaded
	comparer *verify.Comparer
}

// Compared runs a model beside the outputs that it was compiled from.
func Compared(m *model.Model, outputs []graph.Output, engine runtime.Engine) (Runner, error) {
	loaded, err := load(m, "", engine)
	if err != nil {
		return nil, err
	}
	comparer, err := verify.NewComparer(m, outputs, engine)
	return compared{loaded, comparer}, err
}

func (r compared) Run(inputs []Given, show Show) error {
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

func (r compared) sideBySide(pairs []verify.Pair) []Result {
	results := make([]Result, len(pairs))
	for i, p := range pairs {
		results[i] = Result{
			Name: r.model.Outputs[i].Name, sequence: shown(p.Interpreter, r.tokens),
			Model: shown(p.Model, r.tokens), Position: p.Position,
		}
	}
	return results
}
