package verify

import (
	"slices"
	"sync"

	"rasp/compiler/agree"
	"rasp/lang/interp"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

// worker compares inputs, one after the other.
type worker struct {
	target    Target
	vocab     []value.Value
	evaluator *interp.Evaluator
	engine    runtime.Engine
	reader    agree.Reader

	predictor *predict.Predictor // of a prediction, in place of the evaluator
	next      *agree.Next
	width     int // of the logits

	batch [][]int       // inputs of a chunk
	input []value.Value // of the evaluator
	got   []value.Value // of the model
}

// answer of the model to an input: of each output the tokens, or of a prediction
// the logits [len(input)+1, width].
type answer struct {
	tokens [][]model.Token
	logits []float32
}

func newWorker(target Target, vocab []value.Value, engine func() runtime.Engine) *worker {
	w := &worker{target: target, vocab: vocab, engine: engine(), reader: agree.Reader{}, width: len(target.Model.BU)}
	if target.Prediction != nil {
		w.predictor = predict.New(target.Prediction, vocab, target.Model.Causal)
		w.next, _ = agree.NewNext(target.Model, target.Model.Outputs[0]) // its classes are tokens: the model is valid
	} else {
		w.evaluator = interp.New(target.Model.Causal, target.Outputs...)
	}
	return w
}

// ask runs the model on a batch.
func (w *worker) ask(batch [][]int) ([]answer, error) {
	answers := make([]answer, len(batch))
	if w.predictor == nil {
		tokens, err := w.engine.Run(batch)
		for i := range tokens {
			answers[i].tokens = tokens[i]
		}
		return answers, err
	}
	for i, input := range batch {
		answers[i].logits = make([]float32, (len(input)+1)*w.width)
	}
	err := w.engine.Each(batch, func(input, position int, logits []float32) {
		copy(answers[input].logits[position*w.width:], logits)
	})
	return answers, err
}

// shared is an engine that many workers use.
type shared struct {
	runtime.Engine
	mutex sync.Mutex
}

func (s *shared) Run(batch [][]int) ([][][]model.Token, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.Engine.Run(batch)
}

func (s *shared) Each(batch [][]int, visit runtime.Visit) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.Engine.Each(batch, visit)
}

// chunk compares a chunk of inputs, up to the first on which the model is
// wrong; false if there is no such chunk.
func (w *worker) chunk(inputs inputs, number int) (result, bool) {
	size := inputs.chunk()
	if number > (inputs.total-1)/size {
		return result{}, false
	}
	begin := number * size
	count := min(size, inputs.total-begin)
	w.batch = append(w.batch, make([][]int, max(0, count-len(w.batch)))...)
	for i := range count {
		w.batch[i] = inputs.input(begin+i, w.batch[i])
	}
	r := result{chunk: number}
	answers, err := w.ask(w.batch[:count])
	if err != nil {
		r.err = err
		return r, true
	}
	for i := range count {
		r.inputs++
		faulted, wrong, err := w.compare(w.batch[i], answers[i])
		if faulted {
			r.faulted++
		}
		if wrong != nil {
			r.wrong = slices.Clone(w.batch[i])
		}
		if err != nil || wrong != nil {
			r.err = err
			break
		}
	}
	return r, true
}

// difference is where a model is wrong; token is that of a prediction.
type difference struct{ output, position, token int }

// compare interprets an input and looks at the model's answer to it: the program
// itself may fail, or the model be wrong.
func (w *worker) compare(ids []int, answer answer) (faulted bool, wrong *difference, err error) {
	w.input = w.input[:0]
	for _, id := range ids {
		w.input = append(w.input, w.vocab[id])
	}
	if w.predictor != nil {
		rows, err := w.predictor.Run(w.input)
		if err != nil {
			return true, nil, nil
		}
		for i, row := range rows {
			if token := w.next.DifferAt(row, answer.logits[(i+1)*w.width:(i+2)*w.width]); token >= 0 {
				return false, &difference{position: i, token: token}, nil
			}
		}
		return false, nil, nil
	}
	if w.evaluator.Run(w.input) != nil {
		return true, nil, nil
	}
	for output, node := range w.target.Outputs {
		if w.got, err = w.reader.Values(answer.tokens[output], w.got); err != nil {
			return false, nil, err
		}
		if position := agree.Differ(w.evaluator.Sequence(node), w.got); position >= 0 {
			return false, &difference{output: output, position: position}, nil
		}
	}
	return false, nil, nil
}
